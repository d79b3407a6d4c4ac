"""How is a fact shown on the console?  The name it counts under, its line of a list, and a pool's latest round."""

import re
from typing import Any

from schemas.control import FactParked
from schemas.fact import PREFIX, Fact
from schemas.matches import LearnerWaitlisted, MatchEnded, MatchProposed
from schemas.nudges import NudgeHeld, NudgeItem, NudgeSent, NudgeSuppressed, NudgeUndelivered
from schemas.pairs import CoverOffered, PinRefused
from schemas.rounds import RoundReported
from streams.sentences import BINDING, DISCREET, SENSITIVE_KINDS, runner_up, sentence, terms, why

_CODE = re.compile(
    r"[a-z_]{1,32}|[a-z_]{0,16}[0-9]{3}"
)  # what a service says beyond that may hold an address


def counted_as(fact: Fact) -> str:
    """What a fact is counted as."""
    match fact:
        case MatchProposed():
            return "matches"
        case MatchEnded():
            return f"ended: {fact.reason}"
        case NudgeSent():
            return f"nudges to {fact.role}"
        case NudgeHeld():
            return f"held: {fact.reason}"
        case NudgeSuppressed():
            return f"unsaid: {fact.reason}"
        case NudgeUndelivered():
            code = fact.code if _CODE.fullmatch(fact.code) else "other"
            return f"undelivered: {fact.webhook or fact.channel}: {code}"[:160]
        case FactParked():
            # a type is whatever its sender wrote, an address too
            reason = "unknown type" if fact.reason.startswith("unknown type ") else fact.reason
            return f"parked: {fact.topic}: {reason}"[:160]
        case _:
            return fact.TYPE.removeprefix(PREFIX).partition(".v")[0].replace(".", " ")


def listed(fact: Fact) -> tuple[str, dict[str, Any]] | None:
    """Its list, `match` or `nudge`, and its line there; None = it is in none."""
    match fact:
        case MatchProposed():
            row = {
                "what": "matched", "learner": fact.learner, "mentor": fact.mentor, "why": f"costs {terms(fact)}",
                "second": runner_up(fact) or "none",
            }  # fmt: skip
            return "match", row
        case MatchEnded():
            return "match", {
                "what": "ended", "learner": fact.learner, "mentor": fact.mentor,
                "why": fact.reason.replace("_", " "), "second": "",
            }  # fmt: skip
        case CoverOffered():
            return "match", {
                "what": "covered", "learner": fact.learner, "mentor": fact.cover, "why": f"{fact.mentor} is away", "second": "",
            }  # fmt: skip
        case PinRefused():
            return "match", {
                "what": "pin refused", "learner": fact.learner, "mentor": fact.mentor, "why": BINDING[fact.reason], "second": "",
            }  # fmt: skip
        case LearnerWaitlisted():
            return "match", {
                "what": "waits", "learner": fact.learner, "mentor": "", "why": BINDING[fact.binding], "second": "",
            }  # fmt: skip
        case NudgeSent():
            return "nudge", {
                "what": "sent", "role": fact.role, "to": fact.recipient, "why": "; ".join(_discreet(i) for i in fact.items)[:600],
            }  # fmt: skip
        case NudgeHeld() | NudgeSuppressed() | NudgeUndelivered():
            said = sentence(fact) or ""
            about = said.partition(": ")[2]
            if (kind := getattr(fact, "kind", None)) in SENSITIVE_KINDS:
                about = DISCREET + about.removeprefix(str(kind))
            return "nudge", {
                "what": said.split()[0], "role": getattr(fact, "role", None) or "", "to": fact.recipient, "why": about,
            }  # fmt: skip
        case _:
            return None


def _discreet(item: NudgeItem) -> str:
    return DISCREET if item.kind in SENSITIVE_KINDS else why(item)


def round_of(fact: RoundReported) -> dict[str, Any]:
    return {
        "pool": fact.pool, "at": fact.at.isoformat(), "trigger": fact.trigger, "placed": fact.placed,
        "waiting": fact.left_waiting, "mentors": fact.mentors, "free": fact.mentors_free,
        "load_p50": fact.load_p50_permille, "load_max": fact.load_max_permille, "wait_p50": fact.wait_p50_minutes,
        "wait_p95": fact.wait_p95_minutes, "cut_off": fact.cut_off,
        "unmatched": [[BINDING.get(name, name), count] for name, count in fact.unmatched],
    }  # fmt: skip
