"""What goes wrong on a machine ends in one plain sentence that says what to do."""

import errno
import gc
import socket

import pytest

from streams.broker import Broker, free_ports
from streams.errors import plain
from tests.operators.conftest import Run


def test_an_unreachable_broker(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.topics.WAIT_MS", 300)
    nobody = f"127.0.0.1:{free_ports(1)[0]}"
    said = run({"MENTORWAY_BROKERS": nobody}, "topics", "verify")
    assert said == (
        1,
        "",
        f"mentorway: no broker answers at {nobody}: start it (`make kafka`), or set MENTORWAY_BROKERS\n",
    )


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # kafka-python leaves a socket open
def test_a_wrong_password(secured: Broker, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.topics.WAIT_MS", 2000)
    variables = {**secured.settings().environment(), "MENTORWAY_SECURITY_PASSWORD": "wrong"}
    said = run(variables, "topics", "verify")
    assert said.code == 1
    assert "refuses to speak Kafka with us: check MENTORWAY_SECURITY_PROTOCOL" in said.err
    assert "wrong" not in said.err
    gc.collect()  # so that the socket is found here, and not in a later test


def test_topics_are_made_with_a_login(secured: Broker, run: Run, prefix: str) -> None:
    settings = secured.settings(prefix=prefix, partitions=1)
    assert run(settings, "topics", "create").code == 0
    assert run(settings, "topics", "verify").code == 0


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk is full (rows): free some space"),
        (errno.EACCES, "no permission (rows): run as a user who may"),
        (errno.EROFS, "the disk is read-only (rows)"),
    ],
    ids=["full disk", "no permission", "read-only"],
)
def test_the_machine_refuses(number: int, sentence: str) -> None:
    assert sentence in (plain(OSError(number, "why", "rows"), "") or "")


def test_a_taken_port() -> None:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        with pytest.raises(OSError) as error:
            second.bind(first.getsockname())
    assert "the port is taken: end what listens there" in (plain(error.value, "") or "")


def test_a_bug_is_no_trouble() -> None:
    assert plain(KeyError("x"), "") is None


@pytest.mark.parametrize("words", [[], ["nothing"], ["topics"], ["lag", "--at-most", "x"]], ids=str)
def test_wrong_words_end_with_usage(run: Run, words: list[str]) -> None:
    said = run({}, *words)
    assert said.code == 2
    assert said.err.startswith("usage: mentorway")


@pytest.mark.parametrize("command", ["topics", "lag", "dead-letters", "policy", "settings", "kafka"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    said = run({}, command, "--help")
    assert said.code == 0
    assert f"usage: mentorway {command}" in said.out


def test_a_wrong_setting_ends_with_2(run: Run) -> None:
    assert run({"MENTORWAY_CLOCK": "moon"}, "lag").code == 2


def test_settings_are_listed_without_secrets(run: Run) -> None:
    said = run({"MENTORWAY_DOOR_TOKEN": "open-sesame"}, "settings")
    assert "MENTORWAY_BROKERS=127.0.0.1:9092  # host:port" in said.out
    assert "sesame" not in said.out


def test_ctrl_c_while_a_command_loads_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("streams.__main__.importlib.import_module", ended)
    assert run({}, "lag") == (130, "", "")
