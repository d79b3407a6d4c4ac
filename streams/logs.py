"""How does a process log?  One line each, our own words; the clients' chatter stays out, as whoever
calls them says in plain words what went wrong."""

import logging

CHATTY = ("kafka", "aiokafka", "faust", "mode")


def start(level: int = logging.INFO) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(message)s")
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
