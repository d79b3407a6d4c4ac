"""Does the main job run as it is told?  A term of the data set's layout goes through all ledgers on a real broker.

The same history replayed in one process is beside it: whatever differs must have a cause that is known.
"""

import json
from pathlib import Path

import pytest

from streams.broker import Broker
from streams.roles import NAMES
from streams.supervisor import Supervisor, role_slot
from tests.brokers import ROOT
from tests.operators.conftest import Run, run
from tests.replay import ou

__all__ = ["run"]
SAME = ("sent", "learners", "matched")
HISTORY = ("--mentors", "4", "--days", "215", "--tick-hours", "48", "--json")


def test_a_term_goes_through_the_broker_as_through_one_process(
    broker: Broker, prefix: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = str(ROOT / "deploy" / "oulad.toml")
    site = broker.settings(prefix=prefix, partitions=2, clock="facts", health_port=0, policy_path=policy)
    folder = str(ou.write(tmp_path / "ou", learners=12))
    through_broker = tmp_path / "decisions.jsonl"
    assert run(site, "topics", "create").code == 0
    for name, value in site.environment().items():
        monkeypatch.setenv(name, value)
    with Supervisor([role_slot(name, 0) for name in NAMES]).beside():
        said = run(site, "oulad", folder, *HISTORY, "--decisions", str(through_broker))
    assert said.code == 0, said.err
    found = json.loads(said.out)
    assert found["all accounted for"]
    assert found["matched"] > 5
    assert found["restraint"]["nudges"] > 10
    assert found["restraint"]["breaches by kind"] == {}
    again = run(site, "oulad", folder, *HISTORY, "--replay", "--against", str(through_broker))
    assert again.code == 0, again.err
    alone = json.loads(again.out)
    assert [alone[name] for name in SAME] == [found[name] for name in SAME]
