"""`gateway`: doors, board and console, until told to stop."""

import argparse
import logging

import faust

from streams import logs
from streams.broker import taken
from streams.errors import Trouble
from streams.gateway.app import make_app
from streams.settings import Settings
from streams.topics import check

AGAIN_S = 60.0
REPEAT = (
    "aiokafka",
    "aiohttp",
    "kafka",
    "mentorway",
)  # a broker that is down, or a hostile caller, repeats itself
MOST_SENTENCES = 500


class Seldom(logging.Filter):
    """The same sentence at most once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[tuple[object, ...], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] not in REPEAT:
            return True
        sentence = record.name, record.msg, record.exc_info and record.exc_info[0]
        if record.created - self.said.get(sentence, float("-inf")) < AGAIN_S:
            return False
        if len(self.said) >= MOST_SENTENCES:
            self.said.clear()
        self.said[sentence] = record.created
        return True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Address and port: MENTORWAY_HTTP_HOST, MENTORWAY_HTTP_PORT. The doors' token: MENTORWAY_DOOR_TOKEN."
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    if taken(settings.http_port, settings.http_host):
        raise Trouble(
            f"port {settings.http_port} on {settings.http_host} is taken: end what listens there, or set MENTORWAY_HTTP_PORT"
        )
    check(settings)
    logs.start("gateway", logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Seldom())
    worker = faust.Worker(make_app(settings), redirect_stdouts=False, quiet=True)
    worker.override_logging = False  # one way to log for every process
    worker.spinner = None  # logs hold lines alone
    worker.execute_from_commandline()
    return 0
