"""Does the auditor find each breach of restraint, and none in a programme as it is lived?"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from nudging.inbox_rows import InboxRow
from nudging.person_rows import Profile, Quiet, Word
from schemas.fact import Fact
from schemas.nudges import (
    ConsentWithdrawn,
    NudgeItem,
    NudgeSent,
    PersonOptedIn,
    PersonOptedOut,
    PersonProfiled,
    QuietHoursSet,
)
from schemas.policy import Policy
from streams.replay import Replay
from streams.restraint import Audit
from streams.settings import Settings
from streams.simulate import Shape, lives
from tests.operators.conftest import Run, run
from tests.replay import ou

__all__ = ["run"]

NAMES = UUID("5b0d3f0e-2d1c-5c5e-9a54-61d5a4f3a001")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def nudge(number: int, at: datetime = NOON, **fields: Any) -> NudgeSent:
    """One of its own episode, in another wording each time."""
    own = {"variant": number % 3, "template": "L2.1.learner", "kind": "reengage", **fields.pop("item", {})}
    episode = own.pop("episode", uuid5(NAMES, f"episode/{number}"))
    item = NudgeItem(advice=uuid5(NAMES, str(number)), episode=episode, signal="L2", rung=1, **own)
    told = {"recipient": "a:ana", "role": "learner", "expires_at": at + DAY, **fields}
    return NudgeSent(
        id=uuid5(NAMES, f"{number}/{at}"), at=at, seen_at=at, source="inboxes", nudge=uuid5(NAMES, f"n{number}"),
        channel="platform", language="en", items=told.pop("items", (item,)), priority=50,
        local_day=at.date().isoformat(), **told,
    )  # fmt: skip


def word(cls: type[Any], at: datetime, **fields: Any) -> Fact:
    found: Fact = cls(
        id=uuid5(NAMES, f"{cls}/{at}/{fields}"), at=at, seen_at=at, source="a", person="a:ana", **fields
    )
    return found


def breaches(*facts: Fact) -> list[str]:
    audit = Audit(Policy())
    for fact in facts:
        audit.hear(fact)
    return sorted(audit.breaches)


def of(zone: str, **fields: Any) -> Fact:
    return word(PersonProfiled, NOON - DAY, role="learner", time_zone=zone, language="en", **fields)


def test_one_a_day_and_three_a_week_at_noon_is_well() -> None:
    assert breaches(*(nudge(n, NOON + 2 * n * DAY) for n in range(3)), nudge(3, NOON + 7 * DAY)) == []


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([nudge(0), nudge(1, NOON + timedelta(hours=1))], "learner: more than 1 a day"),
        ([nudge(n, NOON + n * DAY) for n in range(4)], "learner: more than a week allows"),
        ([nudge(n, NOON, role="mentor") for n in range(4)], "mentor: more than 3 a day"),
        ([nudge(n, NOON, role="mentor", digest=True) for n in range(2)], "digest: more than 1 a day"),
        ([nudge(0, role="mentor", digest=True, items=nudge(0).items * 21)], "digest: too long"),
        ([nudge(0, NOON, expires_at=NOON)], "after its time"),
        ([nudge(0, NOON + timedelta(hours=9))], "in quiet hours"),
        ([of("Asia/Tokyo"), nudge(0)], "in quiet hours"),
        (
            [word(QuietHoursSet, NOON - DAY, from_minute=700, to_minute=760, days=(0,)), nudge(0)],
            "in quiet hours",
        ),
        ([word(PersonOptedOut, NOON - DAY, kind="reengage"), nudge(0)], "opted out of reengage"),
        ([word(PersonOptedOut, NOON - DAY, kind="all"), nudge(0)], "opted out of reengage"),
        ([word(ConsentWithdrawn, NOON - DAY, scope="nudges"), nudge(0)], "without consent"),
        ([of("UTC", nudges_consent=False), nudge(0)], "without consent"),
        (
            [nudge(n, NOON + 3 * n * DAY, item={"episode": NAMES}) for n in range(3)],
            "learner: too many rungs of an episode",
        ),
        ([nudge(0), nudge(3, NOON + DAY)], "the same wording twice in a row"),
    ],
)
def test_each_breach_is_found(facts: list[Fact], found: str) -> None:
    assert found in breaches(*facts)


def test_what_a_person_allowed_is_no_breach() -> None:
    assert breaches(of("Asia/Tokyo"), nudge(0, NOON - timedelta(hours=9))) == []
    assert breaches(nudge(0, NOON + timedelta(hours=9), critical=True)) == []
    out, back = (
        word(PersonOptedOut, NOON - DAY, kind="all"),
        word(PersonOptedIn, NOON - DAY / 2, kind="reengage"),
    )
    assert breaches(out, back, nudge(0)) == []
    assert breaches(word(PersonOptedOut, NOON + DAY, kind="all"), nudge(0)) == []  # said later
    evening = word(QuietHoursSet, NOON - DAY, from_minute=700, to_minute=760, days=(1,))
    assert breaches(evening, nudge(0)) == []  # quiet on Tuesdays, and this is a Monday


# --- words that are no longer held, as their topic keeps 30 days and that of nudges a year ---

SINCE = NOON - 30 * DAY
LONG_AGO = NOON - 90 * DAY
IN_TOKYO = InboxRow(profile=Profile(role="learner", time_zone="Asia/Tokyo", language="en", at=LONG_AGO))


def held_from(row: InboxRow | None, *facts: Fact) -> tuple[list[str], int]:
    """The breaches, and how many nudges are not held against what was said."""
    audit = Audit(Policy())
    audit.words.remember("a:ana", row)
    for fact in facts:
        audit.hear(fact, SINCE)
    return sorted(audit.breaches), audit.unknown


def test_an_enrolment_that_tells_no_zone_takes_none_away() -> None:
    told = word(
        PersonProfiled, NOON - 2 * DAY, role="learner", time_zone="Asia/Tokyo", language="ja", derived=True
    )
    bare = word(
        PersonProfiled, NOON - DAY, role="learner", time_zone="UTC", language="en", derived=True, assumed=("time_zone", "language")
    )  # fmt: skip
    assert breaches(told, bare, nudge(0)) == breaches(told, nudge(0)) == ["in quiet hours"]
    assert breaches(bare, nudge(0)) == []
    row = InboxRow(
        profile=Profile(
            role="learner", time_zone="Asia/Tokyo", language="ja", at=bare.at, told=False, earlier={"time_zone": LONG_AGO}
        )
    )  # fmt: skip
    assert held_from(row, bare, nudge(0)) == (["in quiet hours"], 0)


def test_what_a_person_said_before_all_that_is_held_is_known_from_the_row() -> None:
    morning = nudge(0, NOON - timedelta(hours=9))  # noon in Tokyo
    assert held_from(IN_TOKYO, morning) == ([], 0)
    assert held_from(IN_TOKYO, nudge(0)) == (["in quiet hours"], 0)
    at_noon = InboxRow(quiet=Quiet(from_minute=700, to_minute=760, days=(0,), at=LONG_AGO))
    assert held_from(at_noon, nudge(0)) == (["in quiet hours"], 0)
    out = InboxRow(kinds={"reengage": Word(yes=False, at=LONG_AGO)})
    assert held_from(out, nudge(0)) == (["opted out of reengage"], 0)
    assert held_from(InboxRow(consent=Word(yes=False, at=LONG_AGO)), nudge(0)) == (["without consent"], 0)


def test_nobody_is_accused_by_what_is_usual_where_what_was_said_is_lost() -> None:
    night = NOON + timedelta(hours=12)
    assert held_from(IN_TOKYO, nudge(0, night - 40 * DAY)) == ([], 1)  # what was said by then is lost
    assert held_from(None, nudge(0, night)) == ([], 1)  # erased
    # moved since: where they lived before is lost
    moved = InboxRow(profile=Profile(role="learner", time_zone="UTC", language="en", at=NOON - DAY))
    told = of("UTC")
    assert held_from(moved, told, nudge(0, night - 9 * DAY), nudge(1, night)) == (["in quiet hours"], 1)


def test_what_is_lost_hides_no_breach_of_the_caps() -> None:
    old = NOON - 40 * DAY
    assert held_from(IN_TOKYO, nudge(0, old), nudge(1, old)) == (["learner: more than 1 a day"], 2)
    assert held_from(IN_TOKYO, nudge(0, old, expires_at=old)) == (["after its time"], 1)


def test_a_programme_as_it_is_lived_breaches_nothing() -> None:
    audit, zones = Audit(Policy()), set()

    def told(topic: str, fact: Fact, line: Any) -> None:
        audit.hear(fact)
        if isinstance(fact, PersonProfiled):
            zones.add(fact.time_zone)

    replay = Replay(Settings(partitions=2), Policy(), told, overheard=("person-facts",))
    replay.run(lives(Shape(seed=5, learners=16, mentors=5, days=30), NOON), timedelta(hours=6))
    assert audit.as_json()["breaches by kind"] == {}
    assert audit.nudges > 50
    assert zones >= {"Europe/London", "Asia/Kolkata"}


def test_mentors_of_the_real_term_hear_by_their_own_clock(run: Run, tmp_path: Path) -> None:
    """In British summer 8:00 is 7:00 in UTC: an auditor who did not hear where they live would count it as night."""
    folder, decisions = str(ou.write(tmp_path / "ou", learners=12)), tmp_path / "decisions.jsonl"
    said = run(
        {"MENTORWAY_PARTITIONS": "2"}, "oulad", folder, "--replay", "--mentors", "4", "--days", "220", "--tick-hours", "24", "--json",
        "--decisions", str(decisions),
    )  # fmt: skip
    found = json.loads(said.out)
    assert found["all accounted for"]
    assert found["matched"] == 12
    assert found["wait_hours_p50"] == 0
    assert (found["restraint"]["breaches by kind"], said.code) == ({}, 0)
    assert "deploy/oulad.toml" in said.err  # as nobody's messages are in the data
    sent = [
        line for line in map(json.loads, decisions.read_text().splitlines()) if line[1] == "nudge.sent.v1"
    ]
    assert found["restraint"]["nudges"] == len(sent)
    assert any(line[2][11:13] == "07" for line in sent)
