"""A short chaos run of the whole pipeline on a real Kafka; `make chaos` is the long one."""

import json
import os
import subprocess
import sys

import pytest

from streams import kafka_jars
from streams.broker import BrokerFailed
from tests.brokers import REQUIRE, ROOT, missing

pytestmark = pytest.mark.kafka


def test_nothing_is_lost_repeated_or_beyond_a_bound_under_kills_and_freezes() -> None:
    try:
        kafka_jars.libs(ROOT / ".mentorway", os.environ)
        kafka_jars.java()
    except BrokerFailed as error:
        missing("kafka", str(error))
    command = [
        sys.executable,
        "-m",
        "tests.chaos",
        "--seconds",
        "90",
        "--rate",
        "200",
        "--learners",
        "300",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=600, cwd=ROOT, env={**os.environ, REQUIRE: ""}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[0])
    assert found["kills"] >= 3
    assert found["freezes"] >= 1
    assert found["broker_kills"] >= 1
    assert found["n_sleepers"] > 5
    assert found["n_facts"] > 10_000
    assert found["n_matches"] > 100
    assert found["n_nudges"] > 100
