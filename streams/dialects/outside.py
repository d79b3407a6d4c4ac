"""May this source say this, and is it fit to pass?  Ids of persons are opaque, text is short, no URLs.

What passes here is copied into values, keys and headers of several topics, so its size is bounded.
"""

import re
from functools import lru_cache
from typing import get_args, get_origin

from schemas.activity import MeetingHeld, MessageSent
from schemas.fact import CONTEXT, PREFIX, Fact
from schemas.learners import LearnerEnrolled, OfPool
from schemas.policy import Policy
from schemas.study import MeetingMissed

MENTORS_SAY = ("mentor.", "match.", "pair.", "person.", "quiet_hours.", "consent.")
PERSON_SAYS = ("person.", "consent.", "quiet_hours.")
BOTH_SAY = (MessageSent, MeetingHeld, MeetingMissed)
PERSONS = frozenset({"learner", "mentor", "person", "prefers", "avoids", "by"})
LONGEST = 128  # characters of one text
# Open edX names items block-v1:...+type@problem+block@id: what holds a colon or a plus is no address
MAIL = re.compile(r"[^@\s:/+]+@[^@\s:/+]+\.[^@\s.]{2,}")
MOST = 168  # entries of a list: the hours of a week
FEWER = {
    "languages": 8, "skills_wanted": 16, "skills": 64, "goals": 6, "guides": 6, "prefers": 5, "avoids": 64,
    "courses": 64,
}  # fmt: skip


def may_not(cls: type[Fact], source: str, policy: Policy) -> str | None:
    """Why this source may not say this, by the table of policy.toml."""
    if not cls.FROM_OUTSIDE:
        return f"{cls.TYPE.removeprefix(PREFIX)} is decided by a ledger: no source may say it"
    may = policy.sources.get(source)
    if may is None or may == "trusted":
        return None
    name = cls.TYPE.removeprefix(PREFIX)
    of_mentors = name.startswith(MENTORS_SAY)
    if may == "platform" and of_mentors and not name.startswith(PERSON_SAYS):
        return f"this source is a platform and may not say {name}"
    if may == "mentors" and not of_mentors and cls not in BOTH_SAY:
        return f"this source is a mentors' system and may not say {name}"
    return None


def unfit(fact: Fact) -> str | None:
    """Why a fact of a known form must not pass all the same."""
    fields = fact.__dict__
    for name in _looked_at(type(fact)):
        value = fields[name]
        if value is None:
            continue
        if type(value) is tuple:
            if len(value) > FEWER.get(name, MOST):
                return f"{name}: more than {FEWER.get(name, MOST)} entries"
            texts = [each[0] if type(each) is tuple else each for each in value]
        else:
            texts = [value]
        for text in texts:
            if type(text) is str and (why := _text(name, text)) is not None:
                return f"{name}: {why}"
    if isinstance(fact, OfPool) and not fact.programme:
        if isinstance(fact, LearnerEnrolled):
            return "programme: an enrolment names its programme"
        if not fact.pool:
            return "neither a programme nor a pool is named"
    return None


@lru_cache(maxsize=16_384)  # the same people and courses again and again
def _text(name: str, text: str) -> str | None:
    if len(text) > LONGEST:
        return f"longer than {LONGEST} characters"
    if name in PERSONS:
        platform, colon, rest = text.partition(":")
        if not (platform and colon and rest):
            return "an id is <platform>:<stable id>"
        if "@" in text or "//" in text:
            return "an id must be opaque, not an address"
    elif "://" in text:
        return "an id must not be a URL"
    elif MAIL.fullmatch(text):
        return "must not be an address"
    if not text.isprintable():
        return "holds a character that cannot be shown"
    return None


@lru_cache(maxsize=256)
def _looked_at(cls: type[Fact]) -> tuple[str, ...]:
    """The fields of a fact's own that may hold text or a list."""
    fields = cls.model_fields.items()
    return tuple(name for name, field in fields if name not in CONTEXT and _open(field.annotation))


def _open(annotation: object) -> bool:
    return (
        annotation is str
        or get_origin(annotation) is tuple
        or any(_open(one) for one in get_args(annotation))
    )
