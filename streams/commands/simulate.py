"""`simulate`: a made-up programme into platform-events, in real time or as fast as Kafka takes it."""

import argparse
import time
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.progress import Progress

from schemas.fact import Fact
from streams.feed import Feed
from streams.pace import Pace
from streams.replay import windows
from streams.settings import Settings
from streams.simulate import Shape, lives
from streams.topics import check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shape = Shape()
    parser.add_argument("--learners", type=int, default=shape.learners)
    parser.add_argument("--mentors", type=int, default=shape.mentors)
    parser.add_argument("--days", type=int, default=shape.days, help="length of the programme in days")
    parser.add_argument(
        "--seed", type=int, default=shape.seed, help="the same seed makes the same people and lives"
    )
    speed = parser.add_mutually_exclusive_group()
    speed.add_argument("--rate", type=float, default=50.0, help="events a second (50)")
    speed.add_argument("--fast", action="store_true", help="as fast as Kafka takes them")
    parser.add_argument(
        "--tick-hours", type=int, default=6, help="on the facts' clock: hours from tick to tick (6)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    check(settings)
    shape = Shape(args.seed, args.learners, args.mentors, args.days)
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


def _send(feed: Feed, fact: Fact, pause: float) -> None:
    feed.send(fact)
    if pause:
        time.sleep(pause)
