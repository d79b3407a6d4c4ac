"""`simulate`: a made-up programme into platform-events, in real time or as fast as Kafka takes it.

With `--judge` it is lived in this process alone, and each signal is held against what really was the matter.
"""

import argparse
import json
import time
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from schemas.fact import Fact
from streams.commands.numbers import positive, whole
from streams.feed import Feed
from streams.garbage import Sweeper
from streams.judged import Judged
from streams.pace import Pace
from streams.policy_file import load
from streams.replay import windows
from streams.settings import Settings
from streams.simulate import Shape, lives
from streams.topics import check
from streams.truth import KNOWN

JUDGED_FROM = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday: the same lives are judged on every day
COLUMNS = ("troubles", "reached", "recall", "told", "true", "precision")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shape = Shape()
    parser.add_argument("--learners", type=whole(1), default=shape.learners, help="how many (%(default)s)")
    parser.add_argument("--mentors", type=whole(0), default=shape.mentors, help="how many (%(default)s)")
    parser.add_argument("--days", type=whole(1), default=shape.days, help="length of the programme in days")
    parser.add_argument(
        "--seed", type=int, default=shape.seed, help="the same seed makes the same people and lives"
    )
    speed = parser.add_mutually_exclusive_group()
    speed.add_argument("--rate", type=positive, default=50.0, help="events a second (50)")
    speed.add_argument("--fast", action="store_true", help="as fast as Kafka takes them")
    speed.add_argument(
        "--judge",
        action="store_true",
        help="without Kafka: each signal's recall and precision against the truth",
    )
    parser.add_argument("--json", action="store_true", help="with --judge: one JSON line")
    parser.add_argument(
        "--tick-hours", type=whole(1), default=6, help="on the facts' clock: hours from tick to tick (6)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    shape = Shape(args.seed, args.learners, args.mentors, args.days)
    if args.judge:
        return _judge(args, settings, shape)
    check(settings)
    now = datetime.now(UTC)
    facts = list(lives(shape, now.replace(hour=0, minute=0, second=0, microsecond=0)))
    pause = 0.0 if args.fast else 1 / args.rate
    feed, console = Feed(settings), Console(stderr=True)
    with Progress(console=console) as bar:
        task = bar.add_task("simulating", total=len(facts))
        if settings.clock == "facts":
            pace = Pace(settings)
            for through, held in windows(facts, timedelta(hours=args.tick_hours)):
                for fact in held:
                    _send(feed, fact, pause)
                    bar.advance(task)
                feed.tick(through)
                pace.wait(through)
        else:
            for fact in facts:  # on the wall clock everything happens as it is sent
                at = datetime.now(UTC)
                _send(feed, fact.model_copy(update={"at": at, "seen_at": at}), pause)
                bar.advance(task)
            feed.flush()
    console.print(f"{len(facts)} events of {args.learners} learners and {args.mentors} mentors were sent")
    return 0


def _judge(args: argparse.Namespace, settings: Settings, shape: Shape) -> int:
    run, sweeper = Judged(settings, load(settings.policy_file), shape, JUDGED_FROM), Sweeper()
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("living", total=shape.days)
        for through, _ in run.run():
            bar.update(task, completed=(through - JUDGED_FROM).days)
            sweeper.look()
    found = run.verdict()
    if args.json:
        print(json.dumps(found))
        return 0
    table = Table("signal", *COLUMNS, title="Told and true")
    for signal, line in found.items():
        name = signal if signal in KNOWN else f"{signal} (not judged)"
        table.add_row(name, *("-" if (one := line[column]) is None else str(one) for column in COLUMNS))
    Console().print(table)
    return 0


def _send(feed: Feed, fact: Fact, pause: float) -> None:
    feed.send(fact)
    if pause:
        time.sleep(pause)
