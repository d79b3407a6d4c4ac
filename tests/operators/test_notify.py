"""The example notification service: each nudge is a letter, once, and what was aborted or is too late is none."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.nudges import NudgeItem
from streams.broker import Broker
from streams.settings import Settings
from streams.topics import create
from tests.gateway.live import until
from tests.gateway.post import item, nudge, send
from tests.gateway.test_delivery_live import aborted

ROOT = Path(__file__).parents[2]


def sayable() -> NudgeItem:
    return item().model_copy(
        update={"course": "alg-1", "figures": (("days", 7), ("last_seen", "2026-03-02"))}
    )


@contextmanager
def service(settings: Settings, out: Path, *words: str) -> Iterator[None]:
    """Beside the test, and stopped as an operator stops it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWAY_")}
    with out.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "examples" / "notify.py"), *words],
            env={**clean, "PYTHONPATH": str(ROOT), **settings.environment()}, stdout=file, stderr=file,
        )  # fmt: skip
    try:
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait(10)


def test_nudges_are_printed_as_letters_once(kafka: Broker, prefix: str, tmp_path: Path) -> None:
    settings = kafka.settings(prefix=prefix, partitions=2, wording_dir=ROOT / "deploy" / "wording")
    create(settings)
    names, out = tmp_path / "names.json", tmp_path / "out"
    names.write_text(json.dumps({"lms:1": "Ana", "alg-1": "Algebra"}))
    told = sayable()
    one, late, ghost = nudge(1, told), nudge(2, told, good_for_s=-1), nudge(3, told)
    strange = nudge(4, told.model_copy(update={"template": "L99.1.learner"}))
    last = nudge(5, told).model_copy(update={"language": "de-AT"})
    send(settings, one, one, late, strange)
    aborted(settings, ghost)
    send(settings, last)
    with service(settings, out, "--names", str(names)):
        until(lambda: "lms:5" in out.read_text() and "L99" in out.read_text(), 60, "all were read")
    text = out.read_text()
    assert text.count("Subject: You and Algebra\n\nHello Ana,\n\nYou were last in Algebra on 2 March.") == 1
    assert "Du warst am 2. März zuletzt in Algebra." in text
    assert "was not said: en: no words for L99.1.learner" in text
    assert "lms:2" not in text
    assert "lms:3" not in text


def test_on_the_demo_s_broker_each_nudge_is_a_letter(embedded: Broker, prefix: str, tmp_path: Path) -> None:
    """They come as days pass in a demo, and the service rests between."""
    settings = embedded.settings(
        prefix=prefix,
        partitions=3,
        clock="facts",
        static_members=True,
        wording_dir=ROOT / "deploy" / "wording",
    )
    create(settings)
    out, letters = tmp_path / "out", tmp_path / "letters.txt"

    def written() -> int:
        return letters.read_text().count("To: ") if letters.is_file() else 0

    with service(settings, out, "--out", str(letters)):
        for day in range(1, 4):
            send(settings, *(nudge(number, sayable()) for number in range(20)))
            until(lambda day=day: written() >= 20 * day, 60, f"day {day} is written")
    assert (written(), out.read_text()) == (60, "")
