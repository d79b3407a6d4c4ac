"""What is shipped for containers and builds names only commands, variables and files that exist."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.topics import LEDGERS
from streams.__main__ import COMMANDS, parser
from streams.settings import Settings
from streams.variables import VARIABLES

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "mentorway"}
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
LOCKS = [(ROOT / folder / "requirements.lock").read_text() for folder in (".", "deploy")]


def test_every_ledger_the_topics_and_the_gateway_are_services() -> None:
    assert set(OURS) == {*LEDGERS, "topics", "gateway"}
    assert SERVICES["kafka"]["image"] == "apache/kafka:4.3.1"


def test_services_run_real_commands() -> None:
    for name, service in OURS.items():
        words = service["command"]
        assert words[0] in COMMANDS, name
        parser(words[0]).parse_args(words)


def test_services_set_real_settings() -> None:
    for name, service in OURS.items():
        unknown = {v for v in service["environment"] if v not in VARIABLES}
        assert not unknown, name


def test_the_policy_is_mounted_read_only_and_every_service_that_stays_has_a_health_check() -> None:
    for name, service in OURS.items():
        assert "./deploy:/app/deploy:ro" in service["volumes"], name
        assert name == "topics" or "healthcheck" in service, name
        after = service["depends_on"]
        assert after == (
            {"kafka": {"condition": "service_healthy"}}
            if name == "topics"
            else {"topics": {"condition": "service_completed_successfully"}}
        )


def test_ports_are_bound_to_this_machine_alone() -> None:
    assert [port for s in SERVICES.values() for port in s.get("ports", ())] == ["127.0.0.1:8600:8600"]


def test_the_image_runs_without_root_from_the_lock_file() -> None:
    assert "\nUSER 10001\n" in DOCKERFILE
    assert "--require-hashes -r deploy/requirements.lock" in DOCKERFILE
    for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists(), name


def test_the_image_holds_the_words_where_the_settings_look_for_them() -> None:
    assert "\nCOPY deploy/wording deploy/wording\n" in DOCKERFILE
    assert Settings().wording_dir == Path("deploy/wording")


@pytest.mark.parametrize("lock", LOCKS, ids=["all", "the image"])
def test_a_lock_pins_every_package_by_hash_and_names_no_host(lock: str) -> None:
    assert "://" not in lock
    pins = _pins(lock)
    assert {"confluent-kafka", "kafka-python", "faust-streaming", "ortools", "pydantic"} <= pins.keys()
    assert lock.count("--hash=sha256:") >= len(pins)


def test_the_image_has_what_was_tested_and_nothing_to_test_with() -> None:
    everything, image = map(_pins, LOCKS)
    assert image.items() <= everything.items()
    assert not {"pytest", "mypy", "ruff", "noida-db"} & image.keys()


def _pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+).*\\$", lock, re.MULTILINE))


def test_make_names_its_targets() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "check", "bench", "chaos", "kafka", "lock", "help"):
        assert f"make {target} " in said


def test_the_run_of_all_checks_is_a_program() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True)
