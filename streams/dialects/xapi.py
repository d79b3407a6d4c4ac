"""xAPI statements as a learning record store takes them: one or a list, each part alone.

Only what the tables below name is kept: no names, no addresses, no URLs, no text.
"""

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

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
from schemas.learners import CourseCompleted, CourseJoined, CourseLeft
from schemas.policy import Policy
from streams.dialects.reading import MAX_PARTS, Raw, Read, build, event_id, instant

DIALECT = "xapi"
ADL, TINCAN, VIDEO = (
    "http://adlnet.gov/expapi/verbs/",
    "http://id.tincanapi.com/verb/",
    "https://w3id.org/xapi/video/verbs/",
)
ACROSSX, NAVIGATED = "https://w3id.org/xapi/acrossx/verbs/", "https://w3id.org/xapi/dod-isd/verbs/navigated"
SAFE = re.compile(r"^[A-Za-z0-9._+=:-]{1,100}$")
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"

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
NO_INTEREST = {
    "http://adlnet.gov/expapi/verbs/failed",  # no completion is undone, and a failure may be mended
    "https://w3id.org/xapi/openedx/verb/voted",
    "https://w3id.org/xapi/adl/verbs/logged-out",
    "https://w3id.org/xapi/adl/verbs/logged-in",
}


def read(raw: Raw, policy: Policy, key: bytes) -> Read:
    try:
        body = orjson.loads(raw.value or b"")
    except orjson.JSONDecodeError as error:
        return Read(rejects=(f"not JSON: {error}"[:200],), dialect=DIALECT)
    parts = body if isinstance(body, list) else [body]
    if len(parts) > MAX_PARTS:
        return Read(rejects=(f"more than {MAX_PARTS} statements in one record",), dialect=DIALECT)
    facts: list[Fact] = []
    ignored: list[str] = []
    rejects: list[str] = []
    source = ""
    for part in parts:
        found = _statement(raw, part, key)
        if isinstance(found, Reject):
            rejects.append(found.reason)
        elif isinstance(found, str):
            ignored.append(found)
        else:
            facts += found
            source = found[0].source
    return Read(facts, ignored, rejects, source, DIALECT)


def _statement(raw: Raw, part: object, key: bytes) -> list[Fact] | str | Reject:
    """Facts, or the verb that is of no interest, or why the statement is parked."""
    if not isinstance(part, dict):
        return Reject("a statement is not a JSON object")
    verb = _text(part, "verb", "id")
    if verb is None:
        return Reject("no verb.id")
    if verb == ADL + "voided":
        return Reject("voided: a fact is not unsaid")
    if verb not in _KNOWN:
        return f"xapi {_short(verb)}"
    actor = _actor(part.get("actor"), key)
    if isinstance(actor, Reject):
        return actor
    platform, learner = actor
    at = instant(part.get("timestamp"))
    if isinstance(at, str):
        return Reject(at)
    target = _text(part, "object", "id")
    if target is None:
        return Reject("no object.id")
    id = event_id(platform, f"{_name_of(part)}\n{target}")
    found: list[Fact] = []
    for cls, fields in _facts(verb, part, target):
        fact = build(
            cls, raw, event_id(platform, f"{id}/{cls.TYPE}"), at, platform, {"learner": learner, **fields}
        )
        if isinstance(fact, Reject):
            return fact
        found.append(fact)
    return found if found else f"xapi {_short(verb)}"


def _facts(verb: str, part: dict[str, Any], target: str) -> list[tuple[type[Fact], dict[str, Any]]]:
    """The rows of the table for one verb: classes and their own fields."""
    item, course = shorten(target), _course(part)
    kind = _text(part, "object", "definition", "type") or ""
    is_course = kind.endswith("/course")
    seen: dict[str, Any] = {
        "course": course,
        "item": item,
        "kind": "video" if "video" in kind or verb in VIDEO_VERBS else "other",
    }
    if verb == ADL + "registered":
        return [(CourseJoined, {"course": item, "programme": item})]
    if verb == TINCAN + "unregistered":
        return [(CourseLeft, {"course": item})]
    if verb == ADL + "passed" and is_course:
        return [(CourseCompleted, {"course": item, "outcome": "passed"})]
    if verb == ADL + "completed":
        if is_course:
            return [(CourseCompleted, {"course": item, "outcome": "completed"})]
        if kind.endswith("/module") and course is not None:
            return [(ModuleCompleted, {"course": course, "module": item})]
        return [(ActivitySeen, seen)]
    result = part.get("result")
    result = result if isinstance(result, dict) else {}
    found: list[tuple[type[Fact], dict[str, Any]]] = []
    score = _score(result)
    if verb in GRADED and score is not None and (course or is_course):
        return [
            (
                WorkGraded,
                {
                    "course": course or item,
                    "item": None if is_course else item,
                    "scope": "course" if is_course else "item",
                    "score_permille": score,
                },
            )
        ]
    if verb in JUDGED and isinstance(result.get("success"), bool):
        cls = AttemptPassed if result["success"] else AttemptFailed
        return [(cls, {"course": course, "item": item, "score_permille": score})]
    if verb == ADL + "terminated" and kind.endswith("/assessment") and course is not None:
        found.append((WorkSubmitted, {"course": course, "item": item}))
    if verb == ADL + "progressed" and is_course and (progress := _progress(result)) is not None:
        found.append((ProgressReached, {"course": item, "progress_permille": progress}))
    if verb in SEEN or verb in VIDEO_VERBS or verb in GRADED or verb == ADL + "passed":
        found.append((ActivitySeen, seen))
    return found


_KNOWN = (
    SEEN
    | VIDEO_VERBS
    | GRADED
    | JUDGED
    | {ADL + v for v in ("registered", "passed", "completed")}
    | {TINCAN + "unregistered"}
)


def _actor(actor: object, key: bytes) -> tuple[str, str] | Reject:
    """Platform and learner id; an address is hidden by a keyed hash."""
    if not isinstance(actor, dict):
        return Reject("no actor")
    account = actor.get("account")
    if isinstance(account, dict):
        home, name = account.get("homePage"), account.get("name")
        if not isinstance(home, str) or not isinstance(name, str) or not name:
            return Reject("actor.account needs homePage and name")
        platform = (urlsplit(home).hostname if "//" in home else home) or ""
        if not SAFE.match(platform):
            return Reject("actor.account.homePage names no host")
        opaque = name if SAFE.match(name) and "@" not in name else _hidden(name, key)
        return platform, f"{platform}:{opaque}"
    for field in ("mbox", "mbox_sha1sum", "openid"):
        text = actor.get(field)
        if isinstance(text, str) and text:
            return "xapi", f"xapi:{_hidden(text, key)}"
    return Reject("no learner: the actor has no account, mbox or openid")


def _hidden(text: str, key: bytes) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16, key=key[:64]).hexdigest()


def shorten(id: str) -> str:
    """An item's id without its URL: the last path segment where that is a plain token, else a hash."""
    if SAFE.match(id) and "//" not in id and "@" not in id:
        return id
    tail = id.rstrip("/").rpartition("/")[2]
    if SAFE.match(tail) and len(tail) >= 8:
        return tail
    return hashlib.blake2b(id.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _short(verb: str) -> str:
    tail = verb.rstrip("/").rpartition("/")[2]
    return tail if SAFE.match(tail) else "unnamed"


def _course(part: dict[str, Any]) -> str | None:
    context = part.get("context")
    activities = context.get("contextActivities") if isinstance(context, dict) else None
    if not isinstance(activities, dict):
        return None
    for place in ("parent", "grouping"):
        listed = activities.get(place)
        for one in listed if isinstance(listed, list) else [listed]:
            if isinstance(one, dict) and (_text(one, "definition", "type") or "").endswith("/course"):
                id = one.get("id")
                if isinstance(id, str) and id:
                    return shorten(id)
    return None


def _name_of(part: dict[str, Any]) -> str:
    """The statement's own id, else a hash of its content."""
    id = part.get("id")
    if isinstance(id, str) and id:
        return id[:256]
    return hashlib.blake2b(orjson.dumps(part, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def _score(result: dict[str, Any]) -> int | None:
    score = result.get("score")
    scaled = score.get("scaled") if isinstance(score, dict) else None
    if not isinstance(scaled, int | float) or isinstance(scaled, bool):
        return None
    return round(1000 * min(1.0, max(0.0, float(scaled))))


def _progress(result: dict[str, Any]) -> int | None:
    extensions = result.get("extensions")
    progress = extensions.get(PROGRESS) if isinstance(extensions, dict) else None
    if not isinstance(progress, int | float) or isinstance(progress, bool):
        return None
    return round(10 * min(100.0, max(0.0, float(progress))))


def _text(part: object, *path: str) -> str | None:
    for name in path:
        if not isinstance(part, dict):
            return None
        part = part.get(name)
    return part if isinstance(part, str) and part else None
