"""Would an absence now fire for far more of a course than is usual?  Then the feed is suspect, not the learners."""

from datetime import timedelta

from nudging.ladder import Ladder
from nudging.reference_rows import CourseRow
from nudging.settled import EPISODES, Settled, programme_of, recipients_of
from nudging.table import BY_NAME
from schemas.advice import AdviceGiven
from schemas.ids import named
from schemas.rows import Rows, changed


def storm(out: Settled, ladder: Ladder, rows: Rows) -> bool:
    """Would this absence now fire for far more of a course than is usual?  Then it is held, and told once a day.

    A dead feed or a moved deadline must not become 20,000 nudges.
    """
    if not ladder.absence or not ladder.storms or not ladder.course:
        return False
    policy, today = out.moment.policy.pulse, out.moment.now.date().isoformat()
    course = rows.find(CourseRow, ladder.course)
    if course is None or course.learners < policy.storm_least:
        return False
    count = course.opened.get(ladder.signal, 0) if course.opened_on.get(ladder.signal) == today else 0
    if count < max(1, policy.storm_permille * course.learners // 1000):  # one alone is no storm
        rows.put(
            changed(
                course,
                opened_on={**course.opened_on, ladder.signal: today},
                opened={**course.opened, ladder.signal: count + 1},
            ),
            ladder.course,
        )
        return False
    if course.stormed_on != today:
        rows.put(changed(course, stormed_on=today), ladder.course)
        _tell_storm(out, ladder, course, today)
    return True


def _tell_storm(out: Settled, ladder: Ladder, course: CourseRow, today: str) -> None:
    found = next(recipients_of(out, ladder, "operator"), None)
    if found is None:
        return
    episode = named(EPISODES, f"storm/{ladder.course}/{ladder.signal}/{today}")
    about = BY_NAME["storm"]
    out.said.append(
        out.moment.fact(
            AdviceGiven, str(episode), advice=named(episode, found[0]), episode=episode, signal="storm", rung=1,
            recipient=found[0], role=found[1], kind=about.kind, course=ladder.course, priority=about.priority,
            programme=programme_of(out, ladder) or None,
            expires_at=out.moment.now + timedelta(days=2),
            figures=(("signal", ladder.signal), ("learners", course.learners)),
        )
    )  # fmt: skip
