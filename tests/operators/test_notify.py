"""The example notification service: each nudge is a letter, once, and what was aborted or is too late is none."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from streams.broker import Broker
from streams.topics import create
from tests.gateway.live import until
from tests.gateway.post import item, nudge, send
from tests.gateway.test_delivery_live import aborted

ROOT = Path(__file__).parents[2]


def test_nudges_are_printed_as_letters_once(kafka: Broker, prefix: str, tmp_path: Path) -> None:
    settings = kafka.settings(prefix=prefix, partitions=2, wording_dir=ROOT / "deploy" / "wording")
    create(settings)
    names, out = tmp_path / "names.json", tmp_path / "out"
    names.write_text(json.dumps({"lms:1": "Ana", "alg-1": "Algebra"}))
    told = item().model_copy(
        update={"course": "alg-1", "figures": (("days", 7), ("last_seen", "2026-03-02"))}
    )
    one, late, ghost = nudge(1, told), nudge(2, told, good_for_s=-1), nudge(3, told)
    strange = nudge(4, told.model_copy(update={"template": "L99.1.learner"}))
    last = nudge(5, told).model_copy(update={"language": "de-AT"})
    send(settings, one, one, late, strange)
    aborted(settings, ghost)
    send(settings, last)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWAY_")}
    words = [sys.executable, str(ROOT / "examples" / "notify.py"), "--names", str(names)]
    with out.open("wb") as file:
        service = subprocess.Popen(
            words, env={**clean, "PYTHONPATH": str(ROOT), **settings.environment()}, stdout=file, stderr=file
        )
    try:
        until(lambda: "lms:5" in out.read_text() and "L99" in out.read_text(), 60, "all were read")
        service.send_signal(signal.SIGTERM)
        assert service.wait(20) == 0
    finally:
        service.kill()
        service.wait(10)
    text = out.read_text()
    assert text.count("Subject: You and Algebra\n\nHello Ana,\n\nYou were last in Algebra on 2 March.") == 1
    assert "Du warst am 2. März zuletzt in Algebra." in text
    assert "was not said: en: no words for L99.1.learner" in text
    assert "lms:2" not in text
    assert "lms:3" not in text
