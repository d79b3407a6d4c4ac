"""Whatever comes, in whatever order and however often: no crash, no storm of wake-ups, a bounded row."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from nudging.days import KEPT
from nudging.presence import EVIDENCE
from nudging.pulse_rows import MAX_COURSES, PulseRow
from nudging.reference_rows import CourseRow
from nudging.remember import remember
from schemas.activity import (
    ActivitySeen,
    AttemptFailed,
    AttemptPassed,
    AwardGranted,
    ModuleCompleted,
    ProgressReached,
)
from schemas.advice import AdviceGiven, AdviceWithdrawn, EpisodeClosed, EpisodeOpened
from schemas.fact import Fact, Moment
from schemas.learners import CourseCompleted, CourseJoined
from schemas.study import (
    CheckinAnswered,
    HintUsed,
    PlanMade,
    QuestionAnswered,
    QuestionAsked,
    ToolFailed,
    ToolOpened,
)
from tests.memory import START, only
from tests.nudging import mentor
from tests.nudging.life import (
    ANA,
    COURSE,
    POLICY,
    Life,
    active,
    allowed,
    alone,
    day,
    deadline,
    failed,
    graded,
    heard,
    joined,
    late,
    left,
    made,
    matched,
    met,
    passed,
    submitted,
    told,
    wrote,
)

OF_ANA: tuple[tuple[type[Fact], dict[str, Any]], ...] = (
    (AttemptFailed, {"course": COURSE, "item": "q"}),
    (AttemptPassed, {"course": COURSE, "item": "q"}),
    (HintUsed, {"course": COURSE, "item": "q"}),
    (ToolFailed, {"course": COURSE, "tool": "lab"}),
    (ToolOpened, {"course": COURSE, "tool": "lab"}),
    (QuestionAsked, {"course": COURSE, "thread": "t"}),
    (CheckinAnswered, {"domain": "time", "level": 5}),
    (CheckinAnswered, {"domain": "time", "level": 2}),
    (PlanMade, {"course": COURSE}),
    (ProgressReached, {"course": COURSE, "progress_permille": 800}),
    (ModuleCompleted, {"course": COURSE, "module": "m"}),
    (AwardGranted, {"course": COURSE, "award": "a"}),
    (CourseCompleted, {"course": COURSE, "outcome": "passed"}),
)


def of_ana(at: float, which: int) -> Fact:
    cls, fields = OF_ANA[which % len(OF_ANA)]
    return made(cls, day(at), which, learner=ANA, **fields)  # type: ignore[no-any-return]


DAYS = st.integers(0, 80).map(lambda half: half / 2)
FACTS = st.one_of(
    st.builds(active, DAYS),
    st.builds(of_ana, DAYS, st.integers(0, 40)),
    st.builds(joined, DAYS),
    st.builds(left, DAYS),
    st.builds(lambda at, ahead: deadline(at + ahead, f"d{at}", told=at), DAYS, st.integers(-3, 20)),
    st.builds(lambda at, item: submitted(at, f"d{item}"), DAYS, DAYS),
    st.builds(lambda at, score: graded(at, f"g{at}", score), DAYS, st.integers(0, 1000)),
    st.builds(lambda at, rev, state: matched(at, rev, state), DAYS, st.integers(1, 5), st.sampled_from(["proposed", "confirmed", "ended"])),
    st.builds(wrote, DAYS, st.sampled_from(["learner", "mentor"])),
    st.builds(met, DAYS),
    st.builds(allowed, DAYS, st.booleans(), st.sampled_from(["UTC", "Asia/Tokyo", "nowhere"])),
    st.builds(lambda at: made(QuestionAnswered, day(at), course=COURSE, thread="t"), DAYS),
    st.builds(mentor.loaded, DAYS, st.integers(0, 2000), st.integers(1, 9)),
    st.builds(mentor.away, DAYS, st.one_of(st.none(), st.integers(0, 60))),
    st.builds(mentor.copied, DAYS, st.sampled_from(["learner", "mentor"])),
    st.builds(mentor.meeting, DAYS, st.sampled_from([None, "mentor", "learner"])),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(st.tuples(FACTS, st.integers(0, 20)), max_size=25))
def test_any_life_told_late_and_twice_opens_and_closes_in_pairs(life_of: list[tuple[Fact, int]]) -> None:
    """Every close follows an open; no rung fires twice; what is told again says nothing new.

    Where a learner leaves and comes back at once, what stood stands again, its rungs too, once they were taken back.
    """
    life = Life(every=24)
    said: list[Fact] = []
    for fact, delay in sorted(
        life_of, key=lambda each: (each[0].at + timedelta(days=each[1]), str(each[0].id))
    ):
        seen = late(fact, (fact.at - START) / timedelta(days=1) + delay)
        said += life.tell(seen)
        assert only(life.tell(seen), AdviceGiven) == []
    said += life.live((life.now - START) / timedelta(days=1) + 60)
    open_now, standing = set[UUID](), set[UUID]()
    for fact in said:
        match fact:
            case EpisodeOpened():
                assert fact.episode not in open_now
                open_now.add(fact.episode)
            case EpisodeClosed():
                open_now.remove(fact.episode)
            case AdviceGiven():
                assert fact.advice not in standing
                standing.add(fact.advice)
            case AdviceWithdrawn():
                standing.remove(fact.advice)
            case _:
                pass


def test_ten_thousand_clicks_of_one_learner_are_one_row_of_one_size() -> None:
    life = Life()
    life.tell(joined(0))
    sizes = set()
    for number in range(10_000):
        fact = active(1 + number / 100_000)
        assert told(life.fold(life.rows, Moment(fact, fact.at, POLICY, "pulses"))) == []
        if number >= 10:
            sizes.add(len(life.rows.stored[next(key for key in life.rows.stored if key.routing == ANA)]))
    assert max(sizes) - min(sizes) < 20


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(-60, 60), st.sampled_from([COURSE, None])), min_size=1, max_size=4))
def test_a_click_changes_nothing_but_fields_of_fixed_size_so_no_number_of_them_does_more(
    clicks: list[tuple[float, str | None]],
) -> None:
    """Whatever the row holds before, and whenever the click is: ten million are ten million of these."""
    row = PulseRow(evidence=tuple(made(ActivitySeen, day(n), learner=ANA).id for n in range(EVIDENCE)))
    for fact in (joined(0), active(1), submitted(2), graded(3, "g", 400), failed(4), wrote(5, "mentor")):
        row = remember(row, fact)
    for days, course in clicks:
        after = remember(row, active(days).model_copy(update={"course": course}))
        before, now = (one.model_dump() for one in (row, after))
        changed = {name for name in now if now[name] != before[name]} - {"evidence", "courses"}
        assert changed == set()
        assert len(after.evidence) == EVIDENCE
        course_before, course_now = before["courses"].pop(COURSE), now["courses"].pop(COURSE)
        assert before["courses"] == now["courses"]
        assert {n for n in course_now if course_now[n] != course_before[n]} <= {"first_at", "last_at", "days"}
        assert course_now["days"][1] <= KEPT
        row = after


def test_a_year_of_study_leaves_a_row_no_larger_than_its_first_months() -> None:
    life = Life(hear=False)  # heard at each fact, so that no look waits to hear more
    life.tell(joined(0), matched(0), met(0.5), allowed(0.6))
    sizes = []
    for number in range(1, 360):
        life.tell(heard(number), active(number), *(failed(number, n, f"q{number % 40}") for n in range(2)))
        life.tell(passed(number + 0.1, f"q{number % 40}"), submitted(number + 0.2, f"w{number}"))
        life.tell(graded(number + 0.3, f"w{number}", 600 + number % 400))
        pulse = life.rows.find(PulseRow, ANA)
        assert pulse is not None
        sizes.append(len(pulse.model_dump_json(exclude_none=True)))
    assert max(sizes[60:]) < max(sizes[:60]) + 400
    assert max(sizes) < 6_000


def in_courses(many: int) -> Life:
    """Each joined and seen an hour after the one before."""
    life = Life(alone("L2"), every=24)
    for n in range(many):
        seen = {"learner": ANA, "course": f"C{n:02}"}
        life.tell(made(CourseJoined, day(n / 24), programme="P", **seen))
        life.tell(made(ActivitySeen, day((n + 0.5) / 24), kind="view", **seen))
    return life


def test_ten_courses_at_once_are_all_looked_after() -> None:
    said = in_courses(10).live(9)
    assert [fact.course for fact in only(said, AdviceGiven)] == [f"C{n:02}" for n in range(10)]  # type: ignore[attr-defined]


def test_of_more_than_fit_the_one_unseen_for_longest_goes_and_its_course_counts_one_fewer() -> None:
    life = in_courses(MAX_COURSES)
    life.live(6)
    more = {"learner": ANA, "course": "more"}
    said = life.tell(made(ActivitySeen, day(6), kind="view", **more))
    assert "more" not in pulse_of(life).courses  # never joined
    said = life.tell(made(CourseJoined, day(6.1), programme="P", **more))
    assert "C00" not in pulse_of(life).courses
    assert [(f.course, f.reason) for f in only(said, EpisodeClosed)] == [("C00", "ended")]  # type: ignore[attr-defined]
    learners = [life.rows.find(CourseRow, name).learners for name in ("C00", "C01", "more")]  # type: ignore[union-attr]
    assert learners == [0, 1, 1]


def pulse_of(life: Life) -> PulseRow:
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    return pulse


def test_a_clock_a_day_behind_and_a_zone_changed_in_mid_episode_break_nothing() -> None:
    life = Life()
    life.tell(joined(0), matched(0), met(0.1), allowed(0.2), active(1))
    life.live(9)
    life.tell(allowed(9.1, zone="America/New_York"), late(active(8.1), 9.2))
    life.tell(allowed(9.3, zone="Asia/Tokyo"), active(10))
    assert life.live(12) is not None
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    assert pulse.own is not None
    assert pulse.own.time_zone == "Asia/Tokyo"


def test_joining_leaving_and_joining_again_in_any_order_end_the_same() -> None:
    facts = [joined(0), left(2), joined(4)]
    assert {_active_after(order) for order in permutations(facts)} == {True}


def _active_after(order: tuple[Fact, ...]) -> bool:
    life = Life()
    life.tell(*(late(fact, 5) for fact in order))
    pulse = life.rows.find(PulseRow, ANA)
    assert pulse is not None
    return pulse.courses[COURSE].active
