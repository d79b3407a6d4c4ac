"""Where does what a platform tells of a person beside the id end up?  In its raw topic and in dead letters, and nowhere else."""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import orjson
import pytest

from schemas.topics import DEAD_LETTERS, MATCHES, NUDGES, PLATFORM_EVENTS, ROUNDS, TOPICS
from streams.gateway import board
from streams.gateway.door import Door
from streams.gateway.writer import Record
from streams.settings import Settings
from tests.ledger.remembered import BEGINS, PARTITIONS, Site

NAME, MAIL, PHONE, STREET, ADDRESS, WORDS = MARKERS = (
    "Zadie.Marker", "zmail@example.org", "+447700900123", "Zmarker Street", "203.0.113.77", "Zsecretword",
)  # fmt: skip
KEYED = {"door_token": "t", "id_key": "k"}
TOLD = {"name": NAME, "email": MAIL, "phone": PHONE, "address": STREET, "ip": ADDRESS, "text": WORDS}
LEARNER = {"learner": "academy:1"}
PLACE = {**LEARNER, "programme": "p", "course": "c"}
SOUND: list[tuple[str, dict[str, Any]]] = [
    ("learner.enrolled.v1", PLACE),
    ("learner.profiled.v1", {**LEARNER, "programme": "p", "languages": ["en"], "time_zone": "UTC"}),
    ("mentor.joined.v1", {"mentor": "academy:m", "programme": "p", "capacity_minutes": 300}),
    ("consent.given.v1", {"person": "academy:1", "scope": "sensitive"}),
    ("checkin.answered.v1", {**LEARNER, "domain": "health", "level": 5}),
    ("question.asked.v1", {**LEARNER, "course": "c", "thread": "t"}),
    ("attempt.failed.v1", {**LEARNER, "course": "c", "item": "i"}),
]
UNSOUND: list[dict[str, Any]] = [  # what stands in the place of the event's own
    {"data": {"learner": MAIL}}, {"data": {**LEARNER, "kind": WORDS}}, {"data": {**LEARNER, "count": WORDS}},
    {"data": {**LEARNER, "item": f"https://x/{MAIL}"}}, {"data": {WORDS: 1}}, {"time": WORDS}, {"type": MAIL},
    {"type": f"org.mentorway.{WORDS}.v1"}, {"type": f"org.mentorway.{MAIL}"}, {"source": MAIL, "data": {}},
    {"source": MAIL}, {"source": f"mailto:{MAIL}"}, {"data": {**LEARNER, "course": "c", "item": MAIL}},
]  # fmt: skip
STATEMENTS: list[dict[str, Any]] = [
    {}, {"actor": {"account": {"homePage": "https://lms.example", "name": MAIL}, "name": NAME}},
    {"actor": {"account": {"homePage": "https://lms.example", "name": f"{WORDS} {STREET}"}}},
    {"actor": {"openid": f"https://{MAIL}"}}, {"actor": {"name": NAME}}, {"actor": MAIL}, {"id": MAIL},
    {"object": {"id": f"mailto:{MAIL}"}}, {"object": {"id": f"https://x/profile?name={WORDS}"}},
    {"verb": {"id": f"http://x/{MAIL}"}}, {"timestamp": WORDS},
]  # fmt: skip


class Kept:
    """A writer that keeps what the door would have written."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    async def written(self, records: Sequence[Record]) -> bool:
        self.records += records
        return True


def posted() -> list[Record]:
    kept = Kept()
    door, number = Door(Settings(**KEYED), kept), count()  # type: ignore[arg-type]
    told: Mapping[str, str] = {
        "Content-Type": "application/cloudevents+json",
        "User-Agent": WORDS,
        "ce-subject": MAIL,
    }
    for type_, data in SOUND:
        asyncio.run(door.events(told, orjson.dumps(event(next(number), type_, {**TOLD, **data}))))
    for wrong in UNSOUND:
        sound = event(next(number), "activity.seen.v1", {**TOLD, **LEARNER})
        asyncio.run(door.events(told, orjson.dumps({**sound, **wrong})))
    for wrong in STATEMENTS:
        asyncio.run(door.statements(orjson.dumps({**statement(), **wrong})))
    assert door.counts["refused"] == 0
    return kept.records


def event(number: int, name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": f"e-{number}", "source": "academy", "type": f"org.mentorway.{name}", "subject": MAIL,
        "time": BEGINS.isoformat(), "data": data, "user": NAME,
    }  # fmt: skip


def statement() -> dict[str, Any]:
    person = {"name": NAME, "mbox": f"mailto:{MAIL}"}
    return {
        "actor": person, "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": WORDS}},
        "object": {"id": "http://x/o", "definition": {"name": {"en": WORDS}}}, "timestamp": BEGINS.isoformat(),
        "context": {"instructor": person, "extensions": {"http://x": ADDRESS}}, "result": {"response": WORDS, "success": False},
    }  # fmt: skip


def test_what_is_told_of_a_person_beside_the_id_goes_no_further_than_intake(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    site = Site()
    site.settings = Settings(partitions=PARTITIONS, **KEYED)  # type: ignore[arg-type]
    for record in posted():
        number = sum(record.key) % PARTITIONS
        site.broker.append(PLATFORM_EVENTS.name, number, record.key, record.value, list(record.headers))
    site.live(minutes=1)
    site.live(hours=25)  # of a hard check-in the operator hears after a day

    rows: dict[str, Any] = {}
    for topic in TOPICS:
        written = [(r.key() or b"", r.value() or b"", r.headers() or []) for r in site.all(topic.name)]
        for offset, (key, value, headers) in enumerate(written):
            if topic in (MATCHES, ROUNDS, NUDGES, DEAD_LETTERS):
                board.take(
                    rows, topic.name, 0, offset, value, [(n, raw) for n, raw in headers if raw is not None]
                )
            if topic not in (PLATFORM_EVENTS, DEAD_LETTERS):
                assert marked(repr((key, value, headers))) == [], topic.name
        raw = topic in (PLATFORM_EVENTS, DEAD_LETTERS)
        assert (marked(repr(written)) == [*MARKERS]) == raw, topic.name  # else nothing was looked for
    assert marked(json.dumps(board.picture(rows, {}))) == []
    assert marked(caplog.text) == []


def marked(text: str) -> list[str]:
    return [one for one in MARKERS if one in text]
