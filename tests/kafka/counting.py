"""A worker of the counting role on a real broker: `python -m tests.kafka.counting SLOT DEATHS`."""

import logging
import os
import sys

from streams.variables import load
from streams.worker import Worker
from tests.ledger.schedule import ROLE


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    return Worker(ROLE, load(os.environ), slot=sys.argv[1], deaths=int(sys.argv[2])).run()


if __name__ == "__main__":
    sys.exit(main())
