"""Who starts a worker again, and when not?

One supervisor keeps a list of processes alive.  It tells a worker how many of its predecessors in a
row died by a crash signal, so that a fact which crashes the interpreter is found and parked.
"""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from streams.worker import DISAGREE, REFUSED

log = logging.getLogger("mentorway")

CRASH_SIGNALS = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL})
RESTART_S, LONGEST_S = 0.3, 10.0
STEADY_S = 30.0  # alive this long, a process is well again
DISAGREEMENTS = 3
GRACE_S = 10.0
QUIETLY = 'trap "" INT; exec nice -n 19 "$@"'  # a terminal's Ctrl-C is for the supervisor, who ends it


@dataclass
class Slot:
    """One process to keep alive; `command(deaths)` gives its command line."""

    name: str
    command: Callable[[int], Sequence[str]]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0  # in a row, by a crash signal
    failures: int = 0  # in a row, of any kind
    disagreements: int = 0
    due: float = 0.0
    once: bool = False  # it has an end of its own
    over: bool = False

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(list(self.command(self.deaths)))
        self.started = now

    def ended(self, code: int, now: float) -> None:
        """What the way it died means for the next start."""
        self.process = None
        if now - self.started > STEADY_S:
            self.failures = self.disagreements = 0
        crashed = code < 0 and -code in CRASH_SIGNALS
        self.deaths = self.deaths + 1 if crashed else 0
        self.disagreements = self.disagreements + 1 if code == DISAGREE else 0
        self.failures += 1
        if (code == 0 and self.once) or code in (REFUSED, 2) or self.disagreements >= DISAGREEMENTS:
            self.over = True
            if code != 0:
                log.error("%s is not started again (exit code %d): see its last words", self.name, code)
            return
        said = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        log.warning("%s ended (%s) and is started again", self.name, said)
        self.due = now + min(LONGEST_S, RESTART_S * 2 ** min(self.failures - 1, 6))


class Supervisor:
    """Keeps its slots alive until told to stop; ends all it started, by process id."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = list(slots)
        self.stopping = False

    def stop(self, *_: object) -> None:
        self.stopping = True

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self._keep()
        return 0 if self.stopping else 1

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Keeps them alive in a thread meanwhile, and leaves signals to the caller."""
        thread = threading.Thread(target=self._keep, name="supervisor")
        thread.start()
        try:
            yield
        finally:
            self.stopping = True
            thread.join()

    def _keep(self) -> None:
        try:
            while not self.stopping and not all(slot.over for slot in self.slots):
                self.look(time.monotonic())
                time.sleep(0.05)
        finally:
            self.end()

    def look(self, now: float) -> None:
        for slot in self.slots:
            if slot.process is None:
                if not slot.over and now >= slot.due:
                    slot.start(now)
            elif (code := slot.process.poll()) is not None:
                slot.ended(code, now)

    def end(self) -> None:
        running = [slot.process for slot in self.slots if slot.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def role_slot(role: str, number: int, extra: Sequence[str] = ()) -> Slot:
    """A slot for one ledger process of this very interpreter."""

    def command(deaths: int) -> Sequence[str]:
        return [
            sys.executable, "-m", "streams", role, "--slot", str(number), "--deaths", str(deaths), *extra,
        ]  # fmt: skip

    return Slot(f"{role}-{number}", command)


def gateway_slot() -> Slot:
    return Slot("gateway", lambda deaths: [sys.executable, "-m", "streams", "gateway"])


def code_slot() -> Slot:
    """Makes the machine code of large pools ahead, and then ends; what is made already is only looked at.

    It may take two minutes, and whoever serves meanwhile goes first.
    """
    return Slot(
        "machine code",
        lambda deaths: ["sh", "-c", QUIETLY, "sh", sys.executable, "-m", "matching.kernel.ready"],
        once=True,
    )
