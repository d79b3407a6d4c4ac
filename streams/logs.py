"""How does a process log?  One line each, our own words, and whose they are, as `up` mixes those of many.

The clients' chatter stays out, as whoever calls them says in plain words what went wrong.
"""

import logging

CHATTY = ("kafka", "aiokafka", "faust", "mode")


def start(who: str, level: int = logging.INFO) -> None:
    logging.basicConfig(level=level, format=f"%(asctime)s {who}: %(message)s")
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
