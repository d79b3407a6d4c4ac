"""How does a person read a match or a nudge?  One line each, made from the data of the fact alone."""

from nudging.table import BY_NAME
from schemas.fact import Fact
from schemas.matches import LearnerWaitlisted, MatchConfirmed, MatchEnded, MatchMoved, MatchProposed
from schemas.nudges import NudgeHeld, NudgeItem, NudgeSent, NudgeSuppressed, NudgeUndelivered
from schemas.pairs import CoverEnded, CoverOffered, PinRefused

BINDING = {
    "no_capacity": "every eligible mentor's hours are full",
    "no_eligible_mentor": "no mentor passes the hard rules",
    "no_shared_language": "no mentor speaks the learner's languages",
    "no_shared_hours": "no mentor is free in the learner's hours",
    "no_skill": "no mentor has a skill that is a must",
    "below_floor": "the best mentor is a worse match than none",
    "blocked": "the mentors left are blocked",
    "no_consent": "the learner gave no consent to be matched",
    "holdout": "an experiment has the learner wait a while",
}
SIGNAL = {
    "L1": "joined and not yet started",
    "L2": "silent",
    "L3": "far less active this week than usual",
    "L4": "a deadline is near",
    "L5": "missed a deadline",
    "L6": "stuck on one item",
    "L7": "a poor grade",
    "L8": "a question waits for an answer",
    "L9": "reached something",
    "L10": "works through the night or on too much at once",
    "L11": "says it is very challenging",
    "L12": "time for a plan of one's own",
    "L13": "time to speak of what comes next",
    "L14": "a tool does not work yet",
    "M1": "a proposed match waits for its answer",
    "M2": "no first contact yet",
    "M3": "a message waits for its answer",
    "M4": "a pair has fallen silent",
    "M5": "a mentor bears too much",
    "M6": "a mentor is away",
    "M7": "a mentor's word helped",
    "match": "a match",
    "storm": "far more learners absent than usual: held",
    "dead_feed": "a platform has told nothing, so who is absent there goes unnoticed",
}

# L10 and L11 need a consent of their own: only who hears of them may know about whom, so no console names the learner
SENSITIVE_SIGNALS = frozenset({"L10", "L11"})
SENSITIVE_KINDS = frozenset(BY_NAME[signal].kind for signal in SENSITIVE_SIGNALS)
DISCREET = "a personal matter, for the recipient alone"


def why(item: NudgeItem) -> str:
    """The reason of one piece of advice, with its figures."""
    figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in item.figures)
    person = item.mentor if item.signal in ("M5", "M6") else item.learner
    about = f": {person}" if person else ""
    return f"{SIGNAL.get(item.signal, item.signal)}{about}" + (f" ({figures})" if figures else "")


def terms(fact: MatchProposed) -> str:
    """What the match costs, the dearest term first; what costs nothing is not named."""
    dear = sorted(((cost, name) for name, cost in fact.terms if cost), key=lambda term: -abs(term[0]))
    return ", ".join(f"{name.replace('_', ' ')} {cost}" for cost, name in dear) or "nothing"


def runner_up(fact: MatchProposed) -> str:
    """The next best mentor; who would fit better alone was needed more by somebody else."""
    gap = fact.runner_up_gap
    if gap is None:
        return ""
    if gap < 0:
        return f"{fact.runner_up} would cost {-gap} less, and others need those hours more"
    return f"next best {fact.runner_up} at {gap} more"


def sentence(fact: Fact) -> str | None:
    """One line, or None for what is no news to a person."""
    match fact:
        case MatchProposed():
            second = runner_up(fact)
            return f"match  {fact.learner} with {fact.mentor}: costs {terms(fact)}{second and '; '}{second}"
        case MatchConfirmed():
            return None
        case MatchEnded():
            return f"ended  {fact.learner} and {fact.mentor}: {fact.reason.replace('_', ' ')}"
        case MatchMoved():
            return (
                f"moved  {fact.learner} from {fact.from_mentor} to {fact.to_mentor}: gains {fact.gain} points "
                f"beyond the price of {fact.price}"
            )
        case CoverOffered():
            return f"cover  {fact.learner} by {fact.cover} while {fact.mentor} is away"
        case CoverEnded():
            return f"ended  cover of {fact.learner} by {fact.cover}: {fact.reason.replace('_', ' ')}"
        case PinRefused():
            return f"pinned {fact.learner} and {fact.mentor} are not matched: {fact.reason.replace('_', ' ')}"
        case LearnerWaitlisted():
            return f"waits  {fact.learner}: {BINDING[fact.binding]}"
        case NudgeSent():
            what = "; ".join(why(item) for item in fact.items)
            return f"nudge  to {fact.role} {fact.recipient}: {what}"
        case NudgeHeld():
            what, by = fact.kind.replace("_", " "), fact.reason.replace("_", " ")
            return f"held   for {fact.recipient}: {what}, by {by} until {fact.until:%Y-%m-%d %H:%M}"
        case NudgeSuppressed():
            what, by = fact.kind.replace("_", " "), fact.reason.replace("_", " ")
            return f"unsaid to {fact.recipient}: {what}, as {by}"
        case NudgeUndelivered():
            by = fact.webhook or fact.channel
            return f"lost   to {fact.recipient} by {by}: {fact.code.replace('_', ' ')}"
        case _:
            return None
