"""L14: a tool failed the first time it was used, or one the course needs was never opened.  A proposal."""

from nudging.course_rows import NO_WORK, Course, Tool
from nudging.ladder import DAY, Ladder, Step
from nudging.sight import Sight

NEVER = Tool()


def ladder(sight: Sight, name: str, course: Course) -> Ladder | None:
    """Stands until the tool opens; one tool at a time."""
    tools = (course.work or NO_WORK).tools
    required = sight.course(name).tools
    if not tools and not required:
        return None
    policy, begun = sight.policy, course.first_at
    if begun is not None and course.begins_at is not None:
        begun = max(begun, course.begins_at)
    found = []
    for tool in sorted({*tools, *required}):
        known = tools.get(tool, NEVER)
        if known.opened_at is not None:
            continue
        since = known.failed_at or begun
        if since is None:
            continue
        failed = known.failed_at is not None
        told = since if failed else since + policy.digital_unopened_days * DAY
        until = since + policy.digital_keep_days * DAY
        if until <= sight.now and f"L14/{name}/{tool}" not in sight.pulse.episodes:
            continue
        found.append(
            Ladder(
                "L14", f"{name}/{tool}", name, since, told, (Step(1, told, ("learner",)),),
                (("tool", tool), ("what", "failed" if failed else "not opened")),
                absence=not failed, storms=False, until=until,
            )
        )  # fmt: skip
    return sight.first(found)
