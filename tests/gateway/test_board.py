"""Do the outside facts fold into a bounded board, once each, whatever they hold?"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from schemas.codec import encode, unknown
from schemas.control import FactParked
from schemas.erasure import PersonForgotten
from schemas.fact import Fact
from schemas.matches import LearnerWaitlisted, MatchProposed
from schemas.nudges import NudgeHeld, NudgeItem, NudgeSent, NudgeSuppressed, NudgeUndelivered
from schemas.rounds import RoundReported
from streams.gateway import board, console
from streams.gateway.shown import counted_as

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVIL = "<script>alert('x')</script>\"&"


def context(minutes: int = 0) -> dict[str, Any]:
    at = AT + timedelta(minutes=minutes)
    return {"id": uuid4(), "at": at, "seen_at": at, "source": "test"}


def proposed(minutes: int = 0, learner: str = "lms:7", mentor: str = "lms:m1") -> MatchProposed:
    return MatchProposed(
        **context(minutes), pool="p", pair=uuid4(), learner=learner, mentor=mentor, answer_by=AT, minutes=60,
        terms=(("shared_hours", 30), ("skills", 12)), runner_up="lms:m2", runner_up_gap=9, round=uuid4(),
    )  # fmt: skip


def sent(learner: str = "lms:7") -> NudgeSent:
    item = NudgeItem(
        advice=uuid4(), episode=uuid4(), kind="reengage", signal="L2", rung=1, learner=learner, template="t",
        figures=(("silent_days", 9),),
    )  # fmt: skip
    return NudgeSent(
        **context(1), nudge=uuid4(), recipient="lms:m1", role="mentor", channel="platform", language="en",
        items=(item,), expires_at=AT, priority=50, local_day="2026-03-02",
    )  # fmt: skip


def held() -> NudgeHeld:
    return NudgeHeld(
        **context(2), advice=uuid4(), recipient="lms:7", kind="reengage", until=AT, reason="quiet_hours"
    )


def round_of(pool: str = "p", waiting: int = 3) -> RoundReported:
    return RoundReported(
        **context(), pool=pool, trigger="demand", waiting=5, placed=2, left_waiting=waiting,
        unmatched=(("no_capacity", 3),), mentors=4, mentors_free=1, load_p50_permille=500, load_max_permille=1000,
    )  # fmt: skip


def put(rows: dict[str, Any], fact: Fact, topic: str, offset: int, partition: int = 0) -> None:
    wire = encode(fact)
    board.take(rows, topic, partition, offset, wire.value, wire.headers)


def test_a_match_says_why_in_words_and_points() -> None:
    rows: dict[str, Any] = {}
    put(rows, proposed(), "matches", 0)
    row = board.picture(rows, {})["matches"][0]
    assert "shared hours 30" in row["why"]
    assert "skills 12" in row["why"]
    assert row["second"] == "next best lms:m2 at 9 more"


def test_a_record_delivered_again_changes_nothing() -> None:
    rows: dict[str, Any] = {}
    facts: list[tuple[Fact, str]] = [
        (proposed(), "matches"),
        (sent(), "nudges"),
        (held(), "nudges"),
        (round_of(), "rounds"),
    ]
    records = [(fact, topic, offset) for offset, (fact, topic) in enumerate(facts)]
    for record in records:
        put(rows, *record)
    once = board.picture(rows, {})
    for record in records:
        put(rows, *record)
    assert board.picture(rows, {}) == once
    assert once["counts"] == {
        "held: quiet_hours": 1,
        "matches": 1,
        "nudges to mentor": 1,
        "round reported": 1,
    }


def test_the_lists_keep_the_latest_and_stay_bounded() -> None:
    rows: dict[str, Any] = {}
    for n in range(3 * board.KEPT):
        put(rows, proposed(n, learner=f"lms:{n}"), "matches", 2 * n)  # markers take every other offset
    found = board.picture(rows, {})["matches"]
    assert [row["learner"] for row in found] == [
        f"lms:{n}" for n in range(3 * board.KEPT - 1, 2 * board.KEPT - 1, -1)
    ]
    assert len(rows) < board.KEPT + 5


def test_a_pool_shows_its_last_round() -> None:
    rows: dict[str, Any] = {}
    put(rows, round_of(waiting=3), "rounds", 5)
    put(rows, round_of(waiting=1), "rounds", 6)
    put(rows, round_of(waiting=3), "rounds", 5)
    [pool] = board.picture(rows, {})["pools"]
    assert (pool["waiting"], pool["placed"], pool["load_max"]) == (1, 2, 1000)
    assert pool["unmatched"] == [["every eligible mentor's hours are full", 3]]


def test_a_learner_who_waits_and_advice_left_unsaid_say_why() -> None:
    rows: dict[str, Any] = {}
    waits = LearnerWaitlisted(**context(), pool="p", learner="lms:7", since=AT, binding="no_skill")
    unsaid = NudgeSuppressed(
        **context(), advice=uuid4(), recipient="lms:7", kind="reengage", reason="opted_out"
    )
    put(rows, waits, "matches", 0)
    put(rows, unsaid, "nudges", 0)
    found = board.picture(rows, {})
    assert found["matches"][0]["why"] == "no mentor has a skill that is a must"
    assert "opted" in found["nudges"][0]["why"]


@pytest.mark.parametrize("kind", ["balance", "support"])
def test_what_rests_on_a_consent_of_its_own_is_told_to_the_recipient_alone(kind: Any) -> None:
    rows: dict[str, Any] = {}
    one = sent()
    item = one.items[0].model_copy(
        update={"kind": kind, "signal": "L11", "figures": (("domain", "health"), ("level", 5))}
    )
    put(
        rows,
        one.model_copy(update={"items": (item, one.items[0].model_copy(update={"learner": "lms:8"}))}),
        "nudges",
        0,
    )
    put(rows, held().model_copy(update={"kind": kind, "recipient": "lms:m1"}), "nudges", 1)
    found = board.picture(rows, {})["nudges"]
    assert [row["why"] for row in found] == [
        "a personal matter, for the recipient alone, by quiet hours until 2026-03-02 09:00",
        "a personal matter, for the recipient alone; silent: lms:8 (silent days 9)",
    ]


def test_nudges_that_did_not_arrive_are_counted_by_webhook_and_reason_and_shown() -> None:
    rows: dict[str, Any] = {}
    for offset, webhook in enumerate(("academy", "academy", None)):
        lost = NudgeUndelivered(
            **context(offset),
            nudge=uuid4(),
            recipient="lms:7",
            channel="mail",
            webhook=webhook,
            code="http_500",
        )
        put(rows, lost, "nudges", offset)
    lane = {"name": "academy", "delivered": 9, "failed": 2, "waiting": 1, "last": "http_500"}
    found = board.picture(rows, {}, [lane])
    assert found["counts"] == {"undelivered: academy: http_500": 2, "undelivered: mail: http_500": 1}
    assert [(row["what"], row["why"]) for row in found["nudges"]][-1] == ("lost", "http 500")
    page = console.page(found)
    assert "<dt>undelivered</dt><dd>3</dd>" in page
    assert '<th scope="row">academy</th><td data-label="delivered">9</td>' in page


def test_what_an_operator_should_know_stands_above_all() -> None:
    assert 'class="note"' not in console.page(board.picture({}, {}))
    page = console.page(board.picture({}, {}, note="nobody <hears>"))
    assert page.index('<p class="note">Nobody &lt;hears&gt;.</p>') < page.index('class="tiles"')


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("http_500", "http_500"),
        ("550", "550"),
        ("timeout", "timeout"),
        ("no such box ana@example.org", "other"),
    ],
)
def test_a_code_that_may_hold_an_address_is_counted_as_other(code: str, shown: str) -> None:
    fact = NudgeUndelivered(**context(), nudge=uuid4(), recipient="ou:ana", channel="mail", code=code)
    assert counted_as(fact) == f"undelivered: mail: {shown}"


def test_an_unknown_type_is_counted_without_the_name_its_sender_gave_it() -> None:
    for name in ("ana@example.org", "org.mentorway.ana@example.org.v1"):
        fact = FactParked(**context(), topic="pool-facts", partition=1, offset=9, reason=unknown(name).reason)
        assert counted_as(fact) == "parked: pool-facts: unknown type"


def test_dead_letters_show_their_reason_and_never_their_content() -> None:
    rows: dict[str, Any] = {}
    parked = FactParked(**context(), topic="pool-facts", partition=1, offset=9, reason="bad time")
    headers = [
        *encode(parked).headers, ("parked_topic", b"pool-facts"), ("parked_partition", b"1"),
        ("parked_offset", b"9"), ("parked_reason", b"bad time"),
    ]  # fmt: skip
    board.take(rows, "dead-letters", 0, 0, b"\xffa secret", headers)
    found = board.picture(rows, {})
    assert found["parked"] == {"pool-facts: bad time": 1}
    assert "secret" not in repr(rows)


def test_hostile_records_are_counted_and_left() -> None:
    rows: dict[str, Any] = {}
    hostile: list[tuple[bytes | None, list[tuple[str, bytes]]]] = [
        (None, []), (b"", []), (b"\xff\xfe", [("ce_type", b"\xff")]), (b"[" * 10_000, [("ce_type", b"org.mentorway.match.proposed.v1")]),
        (b"{}", [("ce_type", b"org.mentorway.match.proposed.v9")]),
    ]  # fmt: skip
    for offset, (value, headers) in enumerate(hostile):
        board.take(rows, "matches", 0, offset, value, headers)
    board.take(rows, "dead-letters", 0, 0, b"", [("parked_partition", b"one")])
    assert board.picture(rows, {})["counts"] == {"unreadable": len(hostile) + 1}


def test_reasons_without_end_make_no_counters_without_end() -> None:
    rows: dict[str, Any] = {}
    for n in range(3 * board.NAMES):
        headers = [
            *encode(FactParked(**context(), topic="t", partition=0, offset=n, reason="r")).headers,
            ("parked_topic", b"t"), ("parked_reason", b"reason %d" % n),
        ]  # fmt: skip
        board.take(rows, "dead-letters", 0, n, b"", headers)
    counts = board.picture(rows, {})["counts"]
    assert len(counts) == board.NAMES + 1
    assert sum(counts.values()) == 3 * board.NAMES


def test_who_was_erased_is_on_no_list_whichever_topic_is_read_first() -> None:
    rows: dict[str, Any] = {}
    put(rows, proposed(0, learner="lms:7"), "matches", 0)
    put(rows, proposed(1, learner="lms:77"), "matches", 1)
    put(rows, sent(learner="lms:7"), "nudges", 0)
    put(rows, PersonForgotten(**context(3), person="lms:7"), "nudges", 1)
    put(rows, proposed(4, learner="lms:7"), "matches", 2)
    put(rows, held(), "nudges", 2)
    found = board.picture(rows, {})
    assert [row["learner"] for row in found["matches"]] == ["lms:77"]
    assert found["nudges"] == []
    assert '"lms:7"' not in str(rows)


def test_who_would_fit_better_alone_was_needed_more_elsewhere() -> None:
    rows: dict[str, Any] = {}
    put(rows, proposed().model_copy(update={"runner_up_gap": -5}), "matches", 0)
    row = board.picture(rows, {})["matches"][0]
    assert row["second"] == "lms:m2 would cost 5 less, and others need those hours more"


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (119, "119 min"), (120, "2 h"), (2879, "47 h"), (19_440, "13 days")]
)
def test_a_wait_is_told_as_a_person_would(minutes: int, said: str) -> None:
    rows: dict[str, Any] = {}
    report = round_of().model_copy(update={"wait_p50_minutes": minutes})
    put(rows, report, "rounds", 0)
    assert f"median {said}," in console.page(board.picture(rows, {}))


def test_a_pool_says_of_when_it_is() -> None:
    rows: dict[str, Any] = {}
    put(rows, round_of(), "rounds", 0)
    at = round_of().at
    day = f'As of <time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M} UTC</time>'
    found = board.picture(rows, {})
    for ago, said in [
        (timedelta(seconds=9), f"{day}, just now: 4 mentors"),
        (timedelta(hours=3), f"{day}, 3 h ago: 4"),
        (timedelta(days=21), f"{day}, 21 days ago: 4"),
        (timedelta(days=-1), f"{day}: 4"),
    ]:
        assert said in console.page(found, now=at + ago)
    assert f"{day}: 4" in console.page(found)
