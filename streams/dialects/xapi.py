"""xAPI statements as a learning record store takes them: one or a list, each part alone.

Only what the tables below name is kept: no names, no addresses, no URLs, no text.
"""

from collections import Counter
from typing import Any

import orjson

from schemas.activity import (
    ActivitySeen,
    AttemptFailed,
    AttemptPassed,
    ModuleCompleted,
    ProgressReached,
    WorkGraded,
    WorkSubmitted,
)
from schemas.codec import Reject
from schemas.fact import Fact
from schemas.learners import CourseJoined, LearnerCompleted, LearnerWithdrew
from schemas.policy import Policy
from streams.dialects import statement
from streams.dialects.outside import may_not
from streams.dialects.reading import MAX_PARTS, Raw, Read, build, event_id, instant

DIALECT = "xapi"
ADL, TINCAN, VIDEO = (
    "http://adlnet.gov/expapi/verbs/",
    "http://id.tincanapi.com/verb/",
    "https://w3id.org/xapi/video/verbs/",
)
ACROSSX, NAVIGATED = "https://w3id.org/xapi/acrossx/verbs/", "https://w3id.org/xapi/dod-isd/verbs/navigated"

VIDEO_VERBS = {VIDEO + v for v in ("played", "paused", "seeked")} | {
    ADL + v for v in ("initialized", "terminated")
}
SEEN = (
    {
        ADL + v
        for v in ("experienced", "launched", "interacted", "attempted", "asked", "answered", "progressed")
    }
    | {TINCAN + v for v in ("viewed", "downloaded")}
    | {ACROSSX + "posted", ACROSSX + "evaluated", NAVIGATED}
)
GRADED = {ADL + "scored", TINCAN + "earned"}
JUDGED = {ADL + "answered", ACROSSX + "evaluated"}
KNOWN = (
    SEEN
    | VIDEO_VERBS
    | GRADED
    | {ADL + v for v in ("registered", "passed", "completed")}
    | {TINCAN + "unregistered"}
)
Made = tuple[type[Fact], dict[str, Any]]


def read(raw: Raw, policy: Policy, key: bytes) -> Read:
    try:
        body = orjson.loads(raw.value or b"")
    except orjson.JSONDecodeError as error:
        return Read(rejects=(f"not JSON: {error}"[:200],), dialect=DIALECT)
    parts = body if isinstance(body, list) else [body]
    if not parts:
        return Read(rejects=("an empty list of statements",), dialect=DIALECT)
    if len(parts) > MAX_PARTS:
        return Read(rejects=(f"more than {MAX_PARTS} statements in one record",), dialect=DIALECT)
    facts: list[Fact] = []
    ignored: list[str] = []
    rejects: Counter[str] = Counter()
    source = ""
    for part in parts:
        found = _statement(raw, part, policy, key)
        if isinstance(found, Reject):
            rejects[found.reason] += 1
        elif isinstance(found, str):
            ignored.append(found)
        else:
            facts += found
            source = found[0].source
    return Read(facts, ignored, [_told(*each) for each in rejects.items()], source, DIALECT)


def _told(reason: str, count: int) -> str:
    """One reason, one dead letter: each holds the whole record, so a long list must not park a thousand."""
    return reason if count == 1 else f"{reason} ({count} statements)"


def _statement(raw: Raw, part: object, policy: Policy, key: bytes) -> list[Fact] | str | Reject:
    """Facts, or the verb that is of no interest, or why the statement is parked."""
    if not isinstance(part, dict):
        return Reject("a statement is not a JSON object")
    verb = statement.text(part, "verb", "id")
    if verb is None:
        return Reject("no verb.id")
    if verb == ADL + "voided":
        return Reject("voided: a fact is not unsaid")
    if verb not in KNOWN:
        return f"xapi {statement.short(verb)}"
    actor = statement.actor(part.get("actor"), key)
    if isinstance(actor, Reject):
        return actor
    platform, learner = actor
    at = instant(part.get("timestamp"))
    if isinstance(at, str):
        return Reject(at)
    target = statement.text(part, "object", "id")
    if target is None:
        return Reject("no object.id")
    name = statement.name_of(part)
    if isinstance(name, Reject):
        return name
    id = event_id(platform, f"{name}\n{target}")
    found: list[Fact] = []
    for cls, fields in _facts(verb, part, target):
        if (why := may_not(cls, platform, policy)) is not None:
            return Reject(why)
        fact = build(
            cls, raw, event_id(platform, f"{id}/{cls.TYPE}"), at, platform, {"learner": learner, **fields}
        )
        if isinstance(fact, Reject):
            return fact
        found.append(fact)
    return found


def _facts(verb: str, part: dict[str, Any], target: str) -> list[Made]:
    """The rows of the table for one verb: classes and their own fields; at least one."""
    item, course = statement.shorten(target), statement.course(part)
    kind = statement.text(part, "object", "definition", "type") or ""
    is_course = kind.endswith("/course")
    place = {"course": item, "programme": item}  # policy.pools may give the course's programme a pool
    if verb == ADL + "registered":
        return [(CourseJoined, place)]
    if verb == TINCAN + "unregistered":
        return [(LearnerWithdrew, place)]
    if is_course and verb in (ADL + "passed", ADL + "completed"):
        return [(LearnerCompleted, {**place, "outcome": verb.removeprefix(ADL)})]
    if verb == ADL + "completed" and kind.endswith("/module") and course is not None:
        return [(ModuleCompleted, {"course": course, "module": item})]
    result = part.get("result")
    result = result if isinstance(result, dict) else {}
    score = statement.score(result)
    own = {"course": course or item, "item": None if is_course else item}
    grade: Made = (
        WorkGraded,
        {**own, "scope": "course" if is_course else "item", "score_permille": score},
    )
    if verb in GRADED and score is not None and (course or is_course):
        return [grade]
    if verb in JUDGED and isinstance(result.get("success"), bool):
        cls = AttemptPassed if result["success"] else AttemptFailed
        return [(cls, {"course": course, "item": item, "score_permille": score})]
    video = "video" in kind or verb in VIDEO_VERBS
    found: list[Made] = [
        (ActivitySeen, {"course": course, "item": item, "kind": "video" if video else "other"})
    ]
    if verb == ADL + "terminated" and kind.endswith("/assessment") and course is not None:
        found.append((WorkSubmitted, own))
    if verb == ADL + "attempted" and score is not None and course is not None and not is_course:
        found += [(WorkSubmitted, own), grade]
    if verb == ADL + "progressed" and is_course and (progress := statement.progress(result)) is not None:
        found.append((ProgressReached, {"course": item, "progress_permille": progress}))
    return found
