"""`gateway`: doors, board and console, until told to stop."""

import argparse
import logging

import faust

from streams.broker import taken
from streams.errors import Trouble
from streams.gateway.app import make_app
from streams.settings import Settings
from streams.topics import check


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
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    worker = faust.Worker(make_app(settings), loglevel="WARNING", redirect_stdouts=False, quiet=True)
    worker.spinner = None  # logs hold lines alone
    worker.execute_from_commandline()
    return 0
