"""What happened to one learner, and who was told what of it?  Folded from facts in any order, bounded.

`hear` takes every fact of the person, of the person's courses, and advice and nudges about them; the rest
it leaves.  Advice must be heard before the nudges it led to.
"""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from nudging.course_rows import Deadline
from nudging.dates import told_date
from nudging.hand_ins import handed_in
from nudging.pulse_rows import PulseRow
from schemas.activity import (
    ActivitySeen,
    AttemptFailed,
    BreakDeclared,
    DeadlineRemoved,
    DeadlineSet,
    MeetingHeld,
    MessageSent,
    ModuleCompleted,
    WorkGraded,
    WorkSubmitted,
)
from schemas.advice import AdviceGiven, EpisodeClosed, EpisodeOpened
from schemas.erasure import PersonForgotten
from schemas.fact import Fact
from schemas.learners import (
    CourseCompleted,
    CourseJoined,
    CourseLeft,
    LearnerCompleted,
    LearnerEnrolled,
    LearnerWithdrew,
)
from schemas.matches import LearnerWaitlisted, MatchConfirmed, MatchEnded, MatchProposed
from schemas.nudges import NudgeHeld, NudgeItem, NudgeSent, NudgeSuppressed
from schemas.study import CheckinAnswered, HintUsed, PlanMade, QuestionAsked, ToolFailed
from schemas.terms import EARLIEST, LATEST
from streams.sentences import BINDING
from streams.timeline.marks import JOINED, LEFT, MOST, OVER, Course, Episode, Pair, Word, about_of

NOTED = {
    AttemptFailed: "failed a try", HintUsed: "took a hint", QuestionAsked: "asked a question", PlanMade: "made a plan",
    CheckinAnswered: "answered a check-in", ToolFailed: "a tool failed", ModuleCompleted: "finished a module",
    MessageSent: "a message in the pair", MeetingHeld: "a meeting of the pair", BreakDeclared: "declared a break",
}  # fmt: skip


class Life:
    def __init__(self, person: str) -> None:
        self.person = person
        self.forgotten = self.partial = False
        self.since: datetime | None = None  # from when what the person did is held; None = from the first
        self.courses: dict[str, Course] = {}
        self.turns: dict[str, set[tuple[datetime, str]]] = {}  # by course, each joining and each end
        self.clicks: Counter[date] = Counter()
        self.shared: dict[tuple[str, str], Deadline] = {}  # by course and item
        self.own: dict[tuple[str, str], Deadline] = {}
        self.handed_in: dict[tuple[str, str], datetime] = {}
        self.long_ago: dict[tuple[str, str], bool] = {}  # handed in, as a pulse knows without the time: late?
        self.grades: dict[tuple[str, str], tuple[datetime, int]] = {}
        self.notes: list[tuple[datetime, str]] = []
        self.waits: list[tuple[datetime, str]] = []
        self.pairs: dict[UUID, Pair] = {}
        self.asked: dict[UUID, tuple[str, datetime]] = {}  # by the pair proposed: its mentor, and when
        self.episodes: dict[UUID, Episode] = {}
        self.words: dict[UUID, Word] = {}

    @property
    def due(self) -> dict[tuple[str, str], datetime]:
        """By course and item, as the pulse has it: a date of one's own goes before that of the course."""
        dates = {**self.shared, **self.own}
        return {key: date.due_at for key, date in dates.items() if not date.removed}

    def late(self, key: tuple[str, str], due: datetime) -> bool | None:
        """None = not handed in, as far as is known."""
        at = self.handed_in.get(key)
        return self.long_ago.get(key) if at is None else at > due

    @property
    def mentors(self) -> set[str]:
        """Of every pair, and who was asked to accept the learner."""
        return {pair.mentor for pair in self.pairs.values()} | {mentor for mentor, _ in self.asked.values()}

    def hear(self, fact: Fact) -> None:
        match fact:
            case DeadlineSet() | DeadlineRemoved() if fact.learner in (None, self.person):
                self._dated(fact)
            case AdviceGiven() if self.person in (fact.learner, fact.recipient):
                self._word(fact.advice, fact.role, fact.recipient, fact.signal, about_of(fact), fact.at)
            case NudgeSent():
                for item in fact.items:
                    if self.person in (item.learner, fact.recipient):
                        self._sent(fact, item)
            case NudgeHeld() | NudgeSuppressed():
                self._unsaid(fact)
            case PersonForgotten() if fact.person == self.person:
                self.__init__(self.person)  # type: ignore[misc]
                self.forgotten = True
            case _ if getattr(fact, "learner", None) == self.person and not self.forgotten:
                self._own(fact)
            case _:
                pass

    def _dated(self, fact: DeadlineSet | DeadlineRemoved) -> None:
        """The word told last counts, whenever it is heard."""
        dates, key = self.shared if fact.learner is None else self.own, (fact.course, fact.item)
        date = told_date(dates.get(key), fact)
        if date is not None and (key in dates or len(dates) < MOST):
            dates[key] = date

    def _own(self, fact: Fact) -> None:
        match fact:
            case ActivitySeen():
                self.clicks[fact.at.date()] += fact.count
            case WorkSubmitted():
                known = self.handed_in.get((fact.course, fact.item))
                if known is None or fact.at < known:
                    self.handed_in[fact.course, fact.item] = fact.at
            case WorkGraded() if fact.item is not None:
                self.grades[fact.course, fact.item] = (fact.at, fact.score_permille)
            case LearnerEnrolled() | CourseJoined():
                words = self._turned(fact.course, fact.at, JOINED)
                self.courses.setdefault(fact.course, Course(fact.at, fact.starts_at, fact.ends_at, words))
            case LearnerWithdrew() | CourseLeft():
                self._turned(fact.course, fact.at, LEFT)
            case LearnerCompleted() | CourseCompleted():
                self._turned(fact.course, fact.at, fact.outcome)
            case MatchProposed() if len(self.asked) < MOST:
                self.asked[fact.pair] = fact.mentor, fact.at
            case MatchConfirmed():
                self.pairs[fact.pair] = Pair(fact.mentor, fact.at)
            case MatchEnded() if fact.pair in self.pairs:
                self.pairs[fact.pair].ended_at, self.pairs[fact.pair].reason = fact.at, fact.reason
            case LearnerWaitlisted() if len(self.waits) < MOST:
                self.waits.append((fact.at, BINDING[fact.binding]))
            case EpisodeOpened() if len(self.episodes) < MOST:
                self.episodes.setdefault(fact.episode, Episode(fact.signal, fact.at))
            case EpisodeClosed() if len(self.episodes) < MOST:
                known_as = self.episodes.setdefault(fact.episode, Episode(fact.signal, fact.opened_at))
                known_as.closed_at, known_as.reason = fact.at, fact.reason
            case _ if type(fact) in NOTED and len(self.notes) < MOST:
                self.notes.append((fact.at, NOTED[type(fact)]))
            case _:
                pass

    def _turned(self, name: str, at: datetime, what: str) -> set[tuple[datetime, str]]:
        words = self.turns.get(name, set())
        if len(words) < MOST and len(self.turns) < MOST:
            words.add((at, what))
            self.turns[name] = words
        return words

    def remember(self, pulse: PulseRow) -> None:
        """Adds, after all facts, the courses and hand-ins that the pulse still remembers and the topics hold no more."""
        for (name, item), due in () if self.forgotten else self.due.items():
            at = handed_in(pulse.courses[name], item, due) if name in pulse.courses else None
            if at in (EARLIEST, LATEST):
                self.long_ago[name, item] = at == LATEST
            elif at is not None:
                self.handed_in.setdefault((name, item), at)
        for name, known in pulse.courses.items():
            if known.joined_at is None or self.forgotten or name in self.courses:
                continue
            words = self._turned(name, known.joined_at, JOINED)
            if known.over_at is not None and not known.active and not any(w != JOINED for _, w in words):
                self._turned(name, known.over_at, OVER.get(known.over, "over"))
            self.courses[name] = Course(known.joined_at, known.starts_at, known.ends_at, words)

    def _word(
        self, advice: UUID, role: str, recipient: str, signal: str, about: str, at: datetime
    ) -> Word | None:
        if advice not in self.words and len(self.words) < MOST and not self.forgotten:
            self.words[advice] = Word(role, recipient, signal, about, at)
        return self.words.get(advice)

    def _sent(self, fact: NudgeSent, item: NudgeItem) -> None:
        word = self._word(item.advice, fact.role, fact.recipient, item.signal, about_of(item), fact.at)
        if word is not None:
            word.about, word.signal = about_of(item), item.signal
            word.ended_at, word.how, word.why = fact.at, "sent", "in a digest" if fact.digest else ""

    def _unsaid(self, fact: NudgeHeld | NudgeSuppressed) -> None:
        word = self.words.get(fact.advice)
        if word is None and fact.recipient == self.person:
            word = self._word(fact.advice, "learner", fact.recipient, fact.kind, fact.kind, fact.at)
        if word is None:
            return
        if isinstance(fact, NudgeHeld):
            word.held.append((fact.at, fact.reason))
        else:
            word.ended_at, word.how, word.why = fact.at, "unsaid", fact.reason.replace("_", " ")
