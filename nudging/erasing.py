"""What do pulses and inboxes forget when a person is erased?

A pulse closes what is open, which takes back what was advised, and is gone; others forget their match with
the person and look again at once.  An inbox drops what waits for the person, or is about them, as a fact.
"""

from typing import Any, TypeVar

from nudging.inbox_rows import InboxRow
from nudging.mentor_rows import Load, Mentoring
from nudging.outgoing import suppressed
from nudging.pending import PendingRow
from nudging.pulse_rows import PulseRow
from nudging.reference import counted
from nudging.reference_rows import ForumRow, HeardRow
from nudging.settled import Settled, close
from schemas.advice import AdviceGiven
from schemas.erased import begin, naming
from schemas.erasure import InboxesErased, PersonErased, PersonForgotten, PulsesErased
from schemas.fact import Fact, Moment
from schemas.nudges import NudgeSuppressed
from schemas.rows import Rows, blank, changed
from schemas.terms import Person

L = TypeVar("L", bound=Load)

# --- pulses --------------------------------------------------------------------------------


def from_pulses(rows: Rows, moment: Moment, fact: PulsesErased) -> list[Fact]:
    return clear_pulses(rows, moment, fact.person) if begin(rows, moment, fact.person) else []


def clear_pulses(rows: Rows, moment: Moment, person: Person) -> list[Fact]:
    said: list[Fact] = []
    for kind, routing, _ in naming(rows, moment, person):
        if kind == ForumRow.KIND:
            row = rows.find(ForumRow, routing) or blank(ForumRow)
            askers = {thread: who for thread, who in row.askers.items() if who[0] != person}
            early = {thread: who for thread, who in row.early.items() if who[0] != person}
            rows.put(changed(row, askers=askers, early=early), routing)
        elif kind == HeardRow.KIND:
            heard = rows.find(HeardRow, routing) or blank(HeardRow)
            told = {
                source: tuple(who for who in known if who != person) for source, known in heard.told.items()
            }
            rows.put(changed(heard, told=told), routing)
        elif kind == PulseRow.KIND and routing == person:
            said += _end(rows, moment, person)
        elif kind == PulseRow.KIND:
            pulse = rows.find(PulseRow, routing) or blank(PulseRow)
            rows.put(changed(_without(pulse, person), wake_at=moment.now), routing)
    return said


def _end(rows: Rows, moment: Moment, person: Person) -> list[Fact]:
    pulse = rows.find(PulseRow, person) or blank(PulseRow)
    out = Settled(pulse, person, moment)
    for name, episode in pulse.episodes.items():
        close(out, name, episode, "erased")
    for name, course in pulse.courses.items():
        if course.active:
            counted(rows, name, -1)
    rows.drop(PulseRow, person)
    return out.said


def _without(pulse: PulseRow, person: Person) -> PulseRow:
    news: dict[str, Any] = {}
    if pulse.match.mentor == person:
        news["match"] = changed(pulse.match, state="ended", mentor=None)
    mentoring: Mentoring | None = pulse.mentoring
    if mentoring is not None:
        others = {pool: _unpaired(load, person) for pool, load in mentoring.others.items()}
        news["mentoring"] = changed(_unpaired(mentoring, person), others=others)
    news["episodes"] = {name: episode.without(person) for name, episode in pulse.episodes.items()}
    return changed(pulse, **news)


def _unpaired(load: L, person: Person) -> L:
    if load.pairs is None:
        return load
    return changed(load, pairs=tuple(pair for pair in load.pairs if pair[1] != person))


# --- inboxes -------------------------------------------------------------------------------


def from_inboxes(rows: Rows, moment: Moment, fact: PersonErased | InboxesErased) -> list[Fact]:
    """The person's own word goes on to readers outside, each time it is said."""
    said: list[Fact] = []
    if isinstance(fact, PersonErased):
        said.append(moment.fact(PersonForgotten, person=fact.person))
    return [*said, *clear_inboxes(rows, moment, fact.person)] if begin(rows, moment, fact.person) else said


def clear_inboxes(rows: Rows, moment: Moment, person: Person) -> list[Fact]:
    said: list[Fact] = []
    for kind, recipient, id in naming(rows, moment, person):
        if kind == PendingRow.KIND:
            item = rows.find(PendingRow, recipient, id)
            inbox = rows.find(InboxRow, recipient)
            rows.drop(PendingRow, recipient, id)
            if item is not None:
                said.append(suppressed(moment, recipient, item, "erased"))
            if inbox is not None:
                rows.put(changed(inbox, waiting=max(0, inbox.waiting - 1)), recipient)
    if rows.find(InboxRow, person) is not None:
        rows.drop(InboxRow, person)
    return said


def unsaid(moment: Moment, fact: Fact) -> list[Fact]:
    """Advice to somebody erased, or about them, that came too late."""
    if not isinstance(fact, AdviceGiven):
        return []
    fields = {"advice": fact.advice, "recipient": fact.recipient, "kind": fact.kind, "reason": "erased"}
    return [moment.fact(NudgeSuppressed, str(fact.advice), **fields)]
