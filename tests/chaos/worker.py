"""A ledger process for chaos runs: now and then slow between offsets and commit, so freezes land there too.

`python -m tests.chaos.worker ROLE SLOT DEATHS FOLDER`; the folder tells who is between the two.
"""

import os
import random
import sys
import time
from pathlib import Path

from streams import logs
from streams.roles import role_of
from streams.variables import load
from streams.worker import Worker

SLOW_SHARE, SLOW_S = 0.03, 0.4


def within_commit(folder: Path, pid: int) -> Path:
    """A file that exists while the process is slow between its offsets and its commit."""
    return folder / f"within-commit-{pid}"


def main() -> int:
    logs.start("chaos")
    role, slot, deaths, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    settings = load(os.environ)
    worker = Worker(role_of(role, settings), settings, slot=slot, deaths=deaths)
    commit, chance = worker.ledger.log.commit, random.Random(os.getpid())
    mark = within_commit(folder, os.getpid())

    def slow_commit() -> None:
        if chance.random() < SLOW_SHARE:
            mark.touch()
            time.sleep(SLOW_S)
            mark.unlink()
        commit()

    worker.ledger.log.commit = slow_commit  # type: ignore[method-assign]
    return worker.run()


if __name__ == "__main__":
    sys.exit(main())
