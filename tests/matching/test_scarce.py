"""Is what one more hour with a mentor would save what it does save?"""

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.market import Market, open_market
from matching.rows import LearnerRow, MentorRow
from matching.seats import Seats
from matching.table import Table
from matching.views import learner_view, mentor_view
from schemas.matches import MatchProposed
from schemas.policy import Policy
from schemas.pool_policy import PoolPolicy, Weights
from schemas.rounds import RoundReported
from tests.matching.people import Pool, enrolled, joined, pool_policy, profiled
from tests.memory import START

POLICY = Policy(pool=PoolPolicy(told_hours=0, told_skills=0, weights=Weights(load=0)))
WAIT = 100_000
skills = st.dictionaries(st.sampled_from(["java", "art", "ink"]), st.integers(1, 5), min_size=1)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    mentors = [
        mentor_view(
            f"m{number}",
            MentorRow(
                here=True, skills=tuple(draw(skills).items()), capacity_minutes=60 * draw(st.integers(0, 2))
            ),
            POLICY,
            START,
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    learners = [
        learner_view(f"l{number}", LearnerRow(skills_wanted=tuple(draw(skills).items())), POLICY, START)
        for number in range(draw(st.integers(1, 6)))
    ]
    return open_market(learners, Table(mentors), POLICY.pool)


@settings(max_examples=70)
@given(market=markets())
def test_one_more_seat_saves_what_is_said(market: Market) -> None:
    waits = [WAIT] * len(market.learners)
    outcome = market.solve(waits)
    said = market.savings(waits, outcome)
    for at in range(len(market.mentors)):
        count = int(market.seats.count[at]) if market.offers[0].wished[at] and _open(market, at) else 0
        wider = Market(
            market.learners, market.mentors, market.table, market.policy,
            Seats(market.mentors, market.policy, {at: count + 1}),
            [each._replace(open=_with(each.open, at, bool(each.wished[at]))) for each in market.offers],
        )  # fmt: skip
        assert outcome.objective - wider.solve(waits).objective == said[at]


def _open(market: Market, at: int) -> bool:
    return any(bool(offer.open[at]) for offer in market.offers)


def _with(flags, at: int, on: bool):  # type: ignore[no-untyped-def]
    changed = flags.copy()
    changed[at] = on
    return changed


def test_the_round_says_with_whom_an_hour_more_would_help_most() -> None:
    pool = Pool(pool_policy(told_hours=0, told_skills=0))
    said = pool.after(
        joined("full", languages=("de",), capacity_minutes=60), joined("free", languages=("en",), capacity_minutes=600),
        *(profiled(name, languages=("de",)) for name in ("a", "b")), enrolled("a"), enrolled("b"), enrolled("c"),
    )  # fmt: skip
    (report,) = [fact for fact in said if isinstance(fact, RoundReported)]
    assert [name for name, _ in report.scarce] == ["full"]
    prices = {fact.mentor: fact.hour_price for fact in said if isinstance(fact, MatchProposed)}
    assert prices["free"] is not None
    assert prices["full"] is not None
    assert prices["full"] > prices["free"]
