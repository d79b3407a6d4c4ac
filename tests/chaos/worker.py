"""A ledger process for chaos runs: now and then slow between offsets and commit, so freezes land there too.

`python -m tests.chaos.worker ROLE SLOT DEATHS`
"""

import os
import random
import sys
import time

from streams import logs
from streams.roles import role_of
from streams.settings import load
from streams.worker import Worker


def main() -> int:
    logs.start()
    role, slot, deaths = sys.argv[1], sys.argv[2], int(sys.argv[3])
    settings = load(os.environ)
    worker = Worker(role_of(role, settings), settings, slot=slot, deaths=deaths)
    commit, chance = worker.ledger.log.commit, random.Random(os.getpid())

    def slow_commit() -> None:
        if chance.random() < 0.03:
            time.sleep(0.4)
        commit()

    worker.ledger.log.commit = slow_commit  # type: ignore[method-assign]
    return worker.run()


if __name__ == "__main__":
    sys.exit(main())
