"""Who is killed or frozen when?  A seeded schedule of kills, freezes and broker kills."""

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from streams.broker import Broker
from streams.roles import NAMES
from streams.supervisor import Slot, Supervisor
from tests.chaos.load import Load
from tests.chaos.worker import within_commit

PAUSE_S = (2, 8)  # between two blows
FREEZE_S = (8, 16)  # past the session timeout of 6 s
BROKER_EVERY_S = (35, 70)
BROKER_DOWN_S = 10  # past its session at the controller: see deploy/decisions/0003
FREEZE_SHARE = 0.35
AIMED, AIM_S = 3, 5.0  # every third freeze waits so long for a worker between its offsets and its commit


def slots(folder: Path, each: int) -> list[Slot]:
    """`each` processes a ledger."""

    def command(role: str, number: int, deaths: int) -> list[str]:
        return [sys.executable, "-m", "tests.chaos.worker", role, str(number), str(deaths), str(folder)]

    return [
        Slot(f"{role}-{n}", lambda deaths, role=role, n=n: command(role, n, deaths))
        for role in NAMES
        for n in range(each)
    ]


def hit(pid: int, sign: signal.Signals) -> bool:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True


class Chaos(threading.Thread):
    """`counts` says what was done: freezes also by the moment they fell into."""

    def __init__(
        self,
        supervisor: Supervisor,
        broker: Broker,
        load: Load,
        folder: Path,
        seconds: float,
        seed: int,
        spare: bool,
    ) -> None:
        super().__init__(name="chaos")
        self.supervisor, self.broker, self.load, self.folder = supervisor, broker, load, folder
        self.seconds, self.chance, self.spare = seconds, random.Random(seed), spare
        self.counts = Counter(
            kills=0, freezes=0, freezes_in_commit=0, freezes_while_only_wakes=0, broker_kills=0
        )
        self.frozen: list[tuple[float, int]] = []

    def run(self) -> None:
        end = time.monotonic() + self.seconds
        next_broker = time.monotonic() + self.chance.uniform(25, 60)
        while time.monotonic() < end:
            time.sleep(self.chance.uniform(*PAUSE_S))
            self._thaw()
            if time.monotonic() > next_broker and not self.spare:
                self._kill_broker()
                next_broker = time.monotonic() + self.chance.uniform(*BROKER_EVERY_S)
            elif self.chance.random() < FREEZE_SHARE:
                self._freeze()
            else:
                self._kill()
        while self.frozen:
            time.sleep(0.2)
            self._thaw()

    def _kill_broker(self) -> None:
        self.broker.kill()
        time.sleep(BROKER_DOWN_S)
        self.broker.start()
        self.counts["broker_kills"] += 1

    def _awake(self) -> list[int]:
        asleep = {pid for _, pid in self.frozen}
        running = [slot.process.pid for slot in self.supervisor.slots if slot.process is not None]
        return [pid for pid in running if pid not in asleep]

    def _victim(self) -> int | None:
        awake = self._awake()
        return self.chance.choice(awake) if awake else None

    def _committing(self) -> int | None:
        """The next that is between its offsets and its commit, if one comes to be soon."""
        until = time.monotonic() + AIM_S
        while time.monotonic() < until:
            for pid in self._awake():
                if within_commit(self.folder, pid).exists():
                    return pid
            time.sleep(0.01)
        return None

    def _kill(self) -> None:
        if (pid := self._victim()) is not None and hit(pid, signal.SIGKILL):
            self.counts["kills"] += 1

    def _freeze(self) -> None:
        aimed = self._committing() if self.counts["freezes"] % AIMED == 0 else None
        if (pid := aimed or self._victim()) is not None and hit(pid, signal.SIGSTOP):
            self.frozen.append((time.monotonic() + self.chance.uniform(*FREEZE_S), pid))
            self.counts["freezes"] += 1
            self.counts["freezes_in_commit"] += within_commit(self.folder, pid).exists()
            self.counts["freezes_while_only_wakes"] += self.load.quiet

    def _thaw(self) -> None:
        now = time.monotonic()
        for until, pid in list(self.frozen):
            if now >= until:
                self.frozen.remove((until, pid))
                hit(pid, signal.SIGCONT)
