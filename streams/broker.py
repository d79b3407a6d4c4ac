"""How is a broker of our own started, killed and started again?

One process in its own process group, its output kept in a file.  `kill` is `kill -9`: the next
`start` finds the same data and port.  Only the process started here is ever ended.
"""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from streams.errors import Trouble
from streams.settings import Settings

LAST_LINES = 5


class BrokerFailed(Trouble):
    """The broker cannot be had; the text says why and what to do."""


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def taken(port: int, host: str = "127.0.0.1") -> bool:
    """Does another listen there?  An address that is none of this machine's is an OSError."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return True
    return False


class Broker:
    """A broker process.  `bootstrap` is its address; `settings()` gives what clients need."""

    name = "broker"
    client: ClassVar[Mapping[str, Any]] = {}  # more settings that its clients need

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder.resolve()
        self.port = free_ports(1)[0] if port is None else port
        self.bootstrap = f"127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        raise NotImplementedError  # each broker has its own

    def prepare(self) -> None:
        """What has to be there before the first start."""

    def settings(self, **fields: object) -> Settings:
        return Settings.model_validate({"brokers": self.bootstrap, **self.client, **fields})

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, wait_s: float = 60) -> Self:
        """Returns once the broker answers a client."""
        if self.running:
            return self
        if taken(self.port):
            raise BrokerFailed(f"port {self.port} is taken: end what listens there, or choose another port")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.prepare()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._await(time.monotonic() + wait_s)
        return self

    def _await(self, deadline: float) -> None:
        answers = self._probe()
        while True:
            if not self.running:
                raise BrokerFailed(
                    f"the {self.name} ended at once. Its last words, from {self.log}: {self._last_words()}"
                )
            if answers():
                return
            if time.monotonic() > deadline:
                self.kill()
                raise BrokerFailed(f"the {self.name} does not answer on port {self.port}: see {self.log}")
            time.sleep(0.1)

    def _probe(self) -> Callable[[], bool]:
        """Asks whether a client is answered, through one client however often it is asked."""
        quiet: dict[str, Any] = {
            "log_level": 0,
            "error_cb": lambda error: None,
            "socket.connection.setup.timeout.ms": 1000,
        }
        admin = AdminClient({**self.settings().confluent(), **quiet, "reconnect.backoff.max.ms": 200})

        def answers() -> bool:
            try:
                return bool(admin.list_topics(timeout=1).brokers)
            except KafkaException:
                return False

        return answers

    def _last_words(self) -> str:
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-LAST_LINES:])

    def wait(self) -> int:
        """Until the process ends by itself; its exit code."""
        return 0 if self.process is None else self.process.wait()

    def kill(self) -> None:
        """`kill -9`, as a crash would."""
        self._end(signal.SIGKILL, 10)

    def stop(self) -> None:
        """Asks it to end; after 20 s makes it."""
        self._end(signal.SIGTERM, 20)

    def _end(self, sign: signal.Signals, wait_s: float) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
