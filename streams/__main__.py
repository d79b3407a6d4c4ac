"""The one command line: `python -m streams COMMAND`.

A command is a module with `add_arguments(parser)` and `run(args, settings) -> int`, imported only
when it is asked for.  Exit codes: 0 all well, 1 a problem was found, 2 usage or settings.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

try:
    from streams import errors
    from streams.variables import load
except KeyboardInterrupt:  # the clients take a moment to load
    sys.exit(130)


class Command(NamedTuple):
    help: str
    module: str


COMMANDS: dict[str, Command] = {
    "up": Command("run every ledger and the gateway, started again when they die", "streams.commands.up"),
    "intake": Command("raw events to facts, one process", "streams.commands.role"),
    "pools": Command("who mentors whom, one process", "streams.commands.role"),
    "pulses": Command("what is going on with each learner, one process", "streams.commands.role"),
    "inboxes": Command("may we speak to this person now, one process", "streams.commands.role"),
    "gateway": Command("doors in, board and console, one process", "streams.gateway.command"),
    "demo": Command("the whole pipeline on this machine, with a made-up programme", "streams.commands.demo"),
    "simulate": Command("a made-up programme into platform-events", "streams.commands.simulate"),
    "oulad": Command("the Open University's learners through the pipeline", "streams.commands.oulad"),
    "timeline": Command(
        "one learner's term as a picture: what happened and who was told", "streams.commands.timeline"
    ),
    "evaluate": Command(
        "was what the pulses said right, on learners whose outcome is known", "streams.commands.evaluate"
    ),
    "learn": Command(
        "weights of risk from a site's own past, and how good they are", "streams.commands.learn"
    ),
    "topics": Command("make the topics, or verify them", "streams.commands.topics"),
    "lag": Command("how far each ledger is behind, by partition", "streams.commands.lag"),
    "dead-letters": Command("list, show or requeue what was parked", "streams.commands.dead_letters"),
    "policy": Command("print the policy file with every knob, or check one", "streams.commands.policy"),
    "preview": Command("what a new policy would do to the pools as they stand", "streams.commands.preview"),
    "report": Command(
        "whether nudges and mentors help, and whether restraint was kept", "streams.commands.report"
    ),
    "wording": Command("check the words of the nudges, or show how a kind reads", "streams.commands.wording"),
    "settings": Command(
        "print the settings as this process sees them, secrets hidden", "streams.commands.settings"
    ),
    "kafka": Command("run a real Kafka of our own in the foreground", "streams.commands.kafka"),
}


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    brokers = ""
    try:
        args = parser(words[0] if words else "").parse_args(words)
        settings = load(os.environ)
        brokers = settings.brokers
        return int(importlib.import_module(COMMANDS[args.command].module).run(args, settings))
    except errors.Trouble as trouble:
        return _say(str(trouble), trouble.code)
    except (*errors.KAFKA, OSError) as error:
        sentence = errors.plain(error, brokers)
        if sentence is None:
            raise
        return _say(sentence, 1)
    except KeyboardInterrupt:
        return 130


def parser(asked: str) -> argparse.ArgumentParser:
    """The whole table, with the arguments of the command asked for alone: only its module is imported."""
    found = argparse.ArgumentParser(
        prog="mentorway", description="Matches learners to mentors and nudges in time."
    )
    commands = found.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.help, description=command.help)
        if name == asked:
            importlib.import_module(command.module).add_arguments(one)
    return found


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"mentorway: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
