"""The load of a chaos run: numbered events of many learners, each learner's in order, at a steady rate."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from schemas.activity import ActivitySeen, ModuleCompleted
from schemas.fact import F, Fact
from schemas.learners import CourseJoined, LearnerEnrolled, LearnerWithdrew
from schemas.mentors import MentorJoined
from streams.dialects.reading import event_id
from streams.feed import Feed
from streams.settings import Settings

SOURCE, PROGRAMME, COURSE = "chaos", "p", "c"
LEARNERS_A_MENTOR = 4
QUIET_EVERY_S, QUIET_S = 60.0, 10.0  # then nothing is sent, and only wake-ups fire
SLEEPERS_A_COURSE = 10  # too few for a storm
SLEEPER_DUE_S = (5, 40)
START_DAYS = 3  # of the default policy: a learner who did nothing by then has an episode (L1)


class Load(threading.Thread):
    """Sends until `seconds` have passed; `sent` holds the ids per learner in order, `truth` what must come of it."""

    def __init__(self, settings: Settings, seconds: float, rate: int, learners: int) -> None:
        super().__init__(name="load")
        self.feed = Feed(settings)
        self.seconds, self.rate, self.learners = seconds, rate, learners
        self.chance = Random(11)
        self.sent: dict[str, list[str]] = {}
        self.kinds: Counter[str] = Counter()
        self.count = 0
        self.enrolled: set[str] = set()
        self.modules: set[str] = set()
        self.withdrawn: set[str] = set()
        self.modules_while_there: set[str] = set()
        self.capacity: dict[str, int] = {}
        self.sleepers: set[str] = set()
        self.last_sleeper = self.last_due = 0.0
        self.quiet = False
        self.failure: Exception | None = None

    def _make(self, cls: type[F], **fields: object) -> F:
        self.count += 1
        at = datetime.now(UTC)
        id = event_id(SOURCE, f"{cls.TYPE}/{self.count}")
        return cls(id=id, at=at, seen_at=at, source=SOURCE, **fields)  # type: ignore[arg-type]

    def run(self) -> None:
        try:
            self._run()
        except Exception as error:  # told by the main thread, which waits for us
            self.failure = error

    def _run(self) -> None:
        for number in range(self.learners // LEARNERS_A_MENTOR):
            mentor = f"chaos:m{number}"
            self.capacity[mentor] = 60 * (1 + number % 5)
            self._send(
                self._make(
                    MentorJoined, mentor=mentor, programme=PROGRAMME, capacity_minutes=self.capacity[mentor]
                )
            )
        started = time.monotonic()
        self.last_sleeper = started + self.seconds - 1.5 * SLEEPER_DUE_S[1]
        while (passed := time.monotonic() - started) < self.seconds:
            self.quiet = passed % QUIET_EVERY_S > QUIET_EVERY_S - QUIET_S
            while not self.quiet and self.count < passed * self.rate:
                self._send(self._next())
            time.sleep(0.01)
        self.quiet = False
        self.feed.flush()

    def _next(self) -> Fact:
        due = len(self.enrolled) < self.learners and self.chance.random() < 0.03
        if due or not self.enrolled:
            learner = f"chaos:l{len(self.enrolled)}"
            self.enrolled.add(learner)
            return self._make(LearnerEnrolled, learner=learner, programme=PROGRAMME, course=COURSE)
        if self.chance.random() < 0.004 and time.monotonic() < self.last_sleeper:
            return self._sleeper()
        learner = f"chaos:l{self.chance.randrange(len(self.enrolled))}"
        if learner not in self.modules and self.chance.random() < 0.05:
            self.modules.add(learner)
            if learner not in self.withdrawn:
                self.modules_while_there.add(learner)
            return self._make(ModuleCompleted, learner=learner, course=COURSE, module="m1")
        if self.chance.random() < 0.0005:
            self.withdrawn.add(learner)
            return self._make(LearnerWithdrew, learner=learner, programme=PROGRAMME, course=COURSE)
        return self._make(ActivitySeen, learner=learner, course=COURSE, item="i", kind="view")

    def _sleeper(self) -> Fact:
        """Somebody who joined almost three days ago and never did a thing: a wake-up is due within a minute."""
        number = len(self.sleepers)
        learner = f"chaos:s{number}"
        self.sleepers.add(learner)
        fact = self._make(
            CourseJoined,
            learner=learner,
            programme=PROGRAMME,
            course=f"{COURSE}{number // SLEEPERS_A_COURSE}",
        )
        due = self.chance.uniform(*SLEEPER_DUE_S)
        self.last_due = max(self.last_due, time.monotonic() + due)
        began = fact.at - timedelta(days=START_DAYS) + timedelta(seconds=due)
        return fact.model_copy(update={"at": began})

    @staticmethod
    def inner(id: str) -> str:
        """The id intake gives an outside event, computed here anew: uuid5 of source and source id."""
        return str(event_id(SOURCE, id))

    def _send(self, fact: Fact) -> None:
        self.kinds[fact.TYPE] += 1
        if isinstance(fact, ActivitySeen | ModuleCompleted):
            self.sent.setdefault(fact.learner, []).append(str(fact.id))
        self.feed.send(fact)
