"""Which signals are there?  One line each: what it is called, how much it matters, and what says that it stands.

Priority decides who goes first over a cap: help before deadlines before silence before praise.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from nudging.course_rows import Course
from nudging.ladder import Ladder
from nudging.pulse_rows import PulseRow
from nudging.sight import Sight
from nudging.signals import (
    accept,
    balance,
    career,
    cover,
    digital,
    dip,
    due_soon,
    first_contact,
    missed,
    overload,
    plan,
    reply,
    silence,
    stalled,
    start,
    struggling,
    stuck,
    support,
    unanswered,
)
from schemas.terms import CloseReason, Kind

OfCourse = Callable[[Sight, str, Course], Ladder | None]
OfPerson = Callable[[Sight], Iterator[Ladder]]


class Signal(NamedTuple):
    """`met`, `lapsed`, `ran_out`: how it ended where a fact, a look or its time ended it."""

    name: str
    kind: Kind
    priority: int  # 0 to 100
    of_course: OfCourse | None = None
    of_person: OfPerson | None = None
    of_mentor: OfPerson | None = None
    met: CloseReason = "recovered"
    lapsed: CloseReason = "expired"
    ran_out: CloseReason = "expired"
    of_pair: bool = False
    by_activity: bool = False  # mere activity may end it
    weighed: bool = False  # says little alone: a mentor hears of it by the learner's risk
    outlives: bool = False  # a course that is over does not end it
    # how it ended, by course and scope, where the signal itself can tell
    ended: Callable[[Sight, str, str], CloseReason] | None = None
    after: Callable[[PulseRow, str], PulseRow] | None = None  # what its end changes in the pulse, by course


SIGNALS: tuple[Signal, ...] = (
    Signal("L11", "support", 95, of_person=support.ladders),
    Signal("dead_feed", "dead_feed", 90),
    Signal("M6", "cover", 85, of_mentor=cover.ladders, ran_out="recovered"),
    Signal("L6", "help", 82, stuck.ladder),
    Signal("L8", "unanswered", 82, unanswered.ladder, lapsed="recovered"),
    Signal("M1", "accept", 80, of_person=accept.ladders, of_pair=True),
    Signal("M2", "first_contact", 80, of_person=first_contact.ladders, of_pair=True),
    Signal("M3", "reply", 80, of_person=reply.ladders, of_pair=True),
    Signal("M4", "stalled", 78, of_person=stalled.ladders, of_pair=True),
    Signal("M5", "overload", 76, of_mentor=overload.ladders, lapsed="recovered", ran_out="recovered"),
    Signal("storm", "storm", 75),
    Signal("L7", "struggling", 72, struggling.ladder, weighed=True),
    Signal("L5", "missed", 70, missed.ladder, weighed=True),
    Signal("L4", "due_soon", 60, due_soon.ladder, ended=due_soon.ended),
    Signal("L14", "digital", 55, digital.ladder, lapsed="recovered"),
    Signal("L2", "reengage", 50, silence.ladder, by_activity=True, weighed=True),
    Signal("L1", "start", 45, start.ladder, by_activity=True, weighed=True),
    Signal("L3", "dip", 40, dip.ladder, ended=dip.ended, after=dip.let_go, weighed=True),
    Signal("L12", "plan", 35, plan.ladder, met="done"),
    Signal("L10", "balance", 35, of_person=balance.ladders, lapsed="recovered"),
    Signal("L9", "celebrate", 30),
    Signal("L13", "career", 25, career.ladder, ran_out="done", outlives=True, after=career.asked),
    Signal("M7", "impact", 20),
)
BY_NAME = {signal.name: signal for signal in SIGNALS}
OF_COURSE = tuple((s.name, s.of_course, s.outlives) for s in SIGNALS if s.of_course is not None)
OF_PERSON = tuple((s.name, s.of_person) for s in SIGNALS if s.of_person is not None)
OF_MENTOR = tuple((s.name, s.of_mentor) for s in SIGNALS if s.of_mentor is not None)
ENDED_BY_ACTIVITY = frozenset(f"{s.name}/" for s in SIGNALS if s.by_activity)
