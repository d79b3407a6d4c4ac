"""What one person or one broken clock may do to the whole pipeline: rows stay small, nobody is flooded, nothing falls."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from schemas.activity import ActivitySeen, DeadlineSet, WorkSubmitted
from schemas.advice import AdviceGiven
from schemas.control import FactParked
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled, LearnerProfiled
from schemas.nudges import NudgeSent, NudgeSuppressed
from schemas.policy import Policy
from streams.dialects.reading import event_id
from streams.log import Stored
from streams.replay import TICK, Replay
from streams.restraint import Audit
from streams.settings import Settings

START = datetime(2026, 1, 5, tzinfo=UTC)
ANA, BEN, COURSE = "lms:ana", "lms:ben", "algebra"
LARGEST = 2_048  # bytes of a person's row


def made(cls: type[Any], days: float, *name: object, **fields: object) -> Any:
    at = START + timedelta(days=days)
    id = event_id("lms", f"{cls.TYPE}/{name}/{at.isoformat()}")
    return cls(id=id, at=at, seen_at=at, source="lms", **fields)


def enrolled(days: float, learner: str, course: str = COURSE) -> Fact:
    fact: Fact = made(LearnerEnrolled, days, learner, learner=learner, programme="p", course=course)
    return fact


def click(days: float, learner: str = ANA, name: object = "", course: str = COURSE) -> Fact:
    fact: Fact = made(ActivitySeen, days, learner, name, learner=learner, course=course, item=f"page-{name}")
    return fact


class Lived(NamedTuple):
    replay: Replay
    said: list[Fact]
    audit: Audit

    def rows(self) -> dict[str, int]:
        """The largest row of each kind, in bytes."""
        found: dict[str, int] = {}
        for ledger in self.replay.ledgers.values():
            for part in ledger.owned.values():
                for key, raw in part.stored.items():
                    found[key.kind] = max(found.get(key.kind, 0), len(raw))
        return found

    def sent(self, to: str = ANA) -> list[NudgeSent]:
        return [fact for fact in self.said if isinstance(fact, NudgeSent) and fact.recipient == to]

    def step(self, days: float, facts: Iterable[Fact] = ()) -> None:
        self.replay.step(START + timedelta(days=days), facts)


def life(facts: Iterable[Fact], days: float, off: float = 0) -> Lived:
    """All of it lived through tick by tick; `off`: days by which what is told lies ahead of the clock it is told at."""
    policy, said = Policy(), list[Fact]()
    audit = Audit(policy)

    def hear(topic: str, fact: Fact, line: Stored) -> None:
        said.append(fact)
        audit.hear(fact)

    found = Lived(Replay(Settings(partitions=1), policy, hear, overheard=("person-facts",)), said, audit)
    waiting = sorted(facts, key=lambda fact: fact.at)
    now, shift = START - timedelta(days=2), timedelta(days=off)
    found.replay.step(now, ())
    while now < START + timedelta(days=days):
        now += TICK
        held = [fact for fact in waiting if fact.at - shift <= now]
        del waiting[: len(held)]
        found.replay.step(now, held)
    return found


def test_a_flood_of_clicks_by_one_learner_changes_no_size_of_any_row() -> None:
    """What grew with clicks would grow tenfold; ten million by hand: `python -m tests.benchmarks flood`."""
    found = life([enrolled(0, ANA)], 1)
    sizes = list[dict[str, int]]()
    for many in (1_000, 9_000):
        found.step(1.5 + len(sizes), (click(1.3 + len(sizes) + n / 1e6, ANA, n) for n in range(many)))
        sizes.append(found.rows())
    assert all(abs(sizes[1][kind] - sizes[0].get(kind, 0)) < 40 for kind in sizes[1]), sizes
    assert sizes[1]["pulse"] < LARGEST
    assert len(found.sent()) <= 1  # the word on a plan in the first week


@pytest.fixture(scope="module")
def crowded() -> Lived:
    """A thousand deadlines open at once, 50 due on each of the days from the fourth on; Ben keeps the platform heard."""
    dates = [
        made(DeadlineSet, 0.1, n, course=COURSE, item=f"t{n}", due_at=START + timedelta(days=4 + n / 50))
        for n in range(1_000)
    ]
    clicks = [click(0.3 + day, BEN, day, "geometry") for day in range(12)]
    return life([enrolled(0, ANA), enrolled(0, BEN, "geometry"), click(0.4), *dates, *clicks], 12)


def test_of_a_thousand_open_deadlines_a_learner_hears_of_the_next_within_the_caps(crowded: Lived) -> None:
    told = [item for nudge in crowded.sent() for item in nudge.items if item.signal == "L4"]
    assert told
    assert dict(told[0].figures)["item"] == "t0"
    assert (crowded.audit.as_json()["breaches"], len(crowded.sent()) <= 6) == (0, True)
    ends = Counter(fact.advice for fact in crowded.said if isinstance(fact, NudgeSuppressed))
    ends += Counter(item.advice for nudge in crowded.sent() for item in nudge.items)
    advised = {
        fact.advice for fact in crowded.said if isinstance(fact, AdviceGiven) and fact.recipient == ANA
    }
    assert set(ends) == advised  # all has one end, sent or suppressed with a reason
    assert set(ends.values()) == {1}


def test_a_thousand_open_deadlines_leave_rows_of_bounded_size(crowded: Lived) -> None:
    rows = crowded.rows()
    assert rows["pulse"] < LARGEST
    assert rows["inbox"] < 8_000  # with 200 words it has heard and must know again
    assert rows["course"] < 30_000  # a calendar of the 200 that are next: one a course and partition


def test_a_platform_whose_clock_is_a_day_behind_frightens_nobody() -> None:
    facts = [enrolled(-1, ANA), *(click(day - 0.6) for day in range(15))]
    found = life(facts, 15, off=-1)
    assert {item.signal for nudge in found.sent() for item in nudge.items} <= {"L9", "L12"}
    assert found.audit.as_json()["breaches"] == 0


def test_what_a_clock_far_ahead_tells_is_parked_with_the_reason_and_the_next_is_read() -> None:
    """A day ahead is far on the wall's clock (`tests/intake`); on the facts' the feed itself may run so far ahead."""
    found = life([enrolled(0, ANA), click(0.2)], 1)
    found.step(1.25, [click(9), click(1.2)])
    reasons = [fact.reason for fact in found.said if isinstance(fact, FactParked)]
    assert reasons == ["the event time lies more than 5 minutes ahead of our clock"]


def test_a_time_zone_that_changes_every_day_makes_nobody_hear_more() -> None:
    """Eastward and back again over the date line, in the middle of a silence and of missed work."""
    zones = ("Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Tokyo", "America/Lima", "Europe/Berlin")
    moves = [
        made(LearnerProfiled, day / 2, day, learner=ANA, programme="p", time_zone=zones[day % 5])
        for day in range(1, 60)
    ]
    work = [
        made(DeadlineSet, 0.1, n, course=COURSE, item=f"t{n}", due_at=START + timedelta(days=6 + n))
        for n in range(20)
    ]
    clicks = [click(0.3 + day, BEN, day, "geometry") for day in range(30)]
    found = life([enrolled(0, ANA), enrolled(0, BEN, "geometry"), click(0.4), *moves, *work, *clicks], 30)
    times = [nudge.at for nudge in found.sent()]
    assert len(times) > 3
    for first in times:
        week = [at for at in times if first <= at < first + timedelta(days=6)]
        assert len(week) <= Policy().inbox.learner_a_week
    assert found.rows()["inbox"] < LARGEST


def test_a_learner_who_hands_in_everything_early_is_never_told_to_have_missed_it() -> None:
    dates = [
        made(DeadlineSet, 0.1, n, course=COURSE, item=f"t{n}", due_at=START + timedelta(days=4 + n / 20))
        for n in range(100)
    ]
    work = [
        made(WorkSubmitted, 1 + n / 1000, n, learner=ANA, course=COURSE, item=f"t{n}") for n in range(100)
    ]
    clicks = [click(0.3 + day, ANA, day) for day in range(12)]
    found = life([enrolled(0, ANA), *dates, *work, *clicks], 12)
    told = {item.signal for fact in found.said if isinstance(fact, NudgeSent) for item in fact.items}
    assert not told & {"L4", "L5"}
    assert not [fact for fact in found.said if isinstance(fact, AdviceGiven) and fact.signal in ("L4", "L5")]
