"""Is everybody who waits seen as they are now, however much is taken up from the round before?"""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from matching.rows import LearnerRow
from matching.viewed import views_of
from matching.views import learner_view
from tests.matching.people import pool_policy
from tests.memory import START

rows = st.builds(
    LearnerRow,
    waiting_since=st.just(START),
    time_zone=st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns"]),
    available_hours=st.lists(st.integers(0, 167), max_size=4).map(tuple),
    languages=st.sampled_from([("en",), ("de", "en")]),
)
POLICIES = [pool_policy(), pool_policy(told_hours=0)]


@given(
    rounds=st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from("abcd"), rows, max_size=4),
            st.booleans(),
            st.integers(0, 400).map(lambda days: timedelta(days=days, minutes=days)),
            st.sampled_from(POLICIES),
        ),
        max_size=5,
    )
)
def test_a_view_is_that_of_the_present_row_hour_and_policy(rounds) -> None:  # type: ignore[no-untyped-def]
    waits: dict[str, LearnerRow] = {}
    for news, afresh, later, policy in rounds:
        waits = dict(news) if afresh else {**waits, **news}
        now = START + later
        found = views_of("a pool", waits, policy, now)
        assert found == [learner_view(id, row, policy, now) for id, row in waits.items()]
