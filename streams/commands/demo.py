"""`demo`: the whole pipeline on this machine: a broker, all ledgers, the console, and a made-up programme.

Virtual time runs: some weeks of a programme pass in about two minutes.  Ctrl-C ends all it started.
"""

import argparse
import json
import logging
import os
import shutil
import signal
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from schemas.fact import Fact
from streams import logs, wording_file
from streams.broker import free_ports, taken
from streams.commands.numbers import positive, whole
from streams.commands.story import Story
from streams.company import Company
from streams.embedded import EmbeddedBroker
from streams.feed import Feed
from streams.lag import lags
from streams.outside import Reader, fact_of
from streams.policy_file import load
from streams.replay import windows
from streams.roles import NAMES
from streams.settings import Settings
from streams.simulate import PROGRAMME, SOURCE, Shape, lives
from streams.supervisor import Slot, Supervisor, gateway_slot, role_slot
from streams.topics import create

SEEN_BY = [
    f"MENTORWAY_{name}"
    for name in ["BROKERS", "PREFIX", "PARTITIONS", "CLOCK", "STATIC_MEMBERS", "POLICY_PATH"]
]
LONGEST_S = 60.0  # for the ledgers to start
NOTIFY = Path(__file__).parents[2] / "examples" / "notify.py"
OFFICE = Path("deploy/demo.toml")  # with somebody who hears what no mentor can mend
TICK = timedelta(hours=6)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shape = Shape(learners=60, mentors=15, days=40)
    parser.add_argument(
        "--broker", metavar="HOST:PORT", help="a Kafka of your own instead of the embedded broker"
    )
    parser.add_argument("--clean", action="store_true", help="forget the demo's earlier data and start anew")
    parser.add_argument("--learners", type=whole(1), default=shape.learners, help="how many (%(default)s)")
    parser.add_argument("--mentors", type=whole(0), default=shape.mentors, help="how many (%(default)s)")
    parser.add_argument("--days", type=whole(1), default=shape.days, help="days of the programme (40)")
    parser.add_argument(
        "--seconds", type=positive, default=100.0, help="real seconds the programme takes (100)"
    )
    parser.add_argument(
        "--once", action="store_true", help="end when the programme is over, without waiting for Ctrl-C"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    logs.start("demo", logging.ERROR)
    console = Console(highlight=False, emoji=False)
    folder = settings.data_dir / "demo"
    if args.clean:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with ExitStack() as stack:
        site = _site(args, settings, folder, stack, console)
        create(site)
        _start(site, folder, stack, console)
        _play(args, site, folder, stop, console)
        if not args.once:
            console.print(
                f"\nThe programme is over. The console stays at http://{site.http_host}:{site.http_port}/ until Ctrl-C."
            )
        while not (stop.is_set() or args.once):
            stop.wait(0.5)
        console.print("ending all that was started")
    return 0


def _site(
    args: argparse.Namespace, settings: Settings, folder: Path, stack: ExitStack, console: Console
) -> Settings:
    """The demo's own settings: free ports, few partitions, the facts' clock."""
    port = settings.http_port if not taken(settings.http_port) else free_ports(1)[0]
    own = {"prefix": "demo.", "partitions": 3, "clock": "facts", "http_port": port, "health_port": 0}
    if not load(settings.policy_file).operators and OFFICE.is_file():
        own["policy_path"] = OFFICE
        console.print(f"the policy is {OFFICE}, as the one in force names no operator")
    if args.broker:
        return settings.model_copy(update={"brokers": args.broker, **own})
    broker = EmbeddedBroker(folder / "broker")
    console.print("starting the embedded broker")
    broker.start()
    stack.callback(broker.stop)
    return settings.model_copy(update={"brokers": broker.bootstrap, "static_members": True, **own})


def _start(site: Settings, folder: Path, stack: ExitStack, console: Console) -> None:
    os.environ.update(site.environment())
    slots, letters = [*(role_slot(name, 0) for name in NAMES), gateway_slot()], folder / "letters.txt"
    if NOTIFY.is_file():  # of a checkout; an installed package has no examples
        slots.append(Slot("notify", lambda deaths: [sys.executable, str(NOTIFY), "--out", str(letters)]))
        console.print(f"examples/notify.py, a notification service, puts whole letters into {letters}")
    stack.enter_context(Supervisor(slots).beside())
    console.print(
        f"four ledgers and the gateway are starting; the console will be at http://{site.http_host}:{site.http_port}/\n"
        "other commands (preview, timeline, report, lag) see this programme, too, from another terminal, after\n"
        + " ".join(
            ["export", *(f"{name}={value}" for name, value in site.environment().items() if name in SEEN_BY)]
        ),
        soft_wrap=True,
    )


def _play(
    args: argparse.Namespace, site: Settings, folder: Path, stop: threading.Event, console: Console
) -> None:
    """Feeds the programme tick by tick and prints what comes out."""
    state = folder / "state.json"
    past: dict[str, Any] = json.loads(state.read_text()) if state.is_file() else {"runs": 0, "ends": None}
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if past["ends"] is not None:  # where the last run's virtual time ended
        start = max(start, datetime.fromisoformat(past["ends"]))
        console.print(
            f"going on after {past['runs']} earlier runs, from {start:%Y-%m-%d} (--clean starts anew)"
        )
    shape = Shape(7 + past["runs"], args.learners, args.mentors, args.days)
    facts = list(lives(shape, start))
    ticks = list(windows(facts, TICK))
    ends = ticks[-1][0] + TICK
    state.write_text(json.dumps({"runs": past["runs"] + 1, "ends": ends.isoformat()}))
    reader = Reader(site, ("matches", "nudges"), from_now=True)
    feed, pause = Feed(site), args.seconds / len(ticks)
    company = Company(SOURCE, PROGRAMME, start, args.days, asks=False)
    story = Story(console, wording_file.load(site.wording_dir) if site.wording_dir.is_dir() else {})
    words: list[Fact] = []  # what matched pairs will say and do
    for number, (through, held) in enumerate(ticks):
        if stop.is_set():
            break
        for fact in [*held, *(word for word in words if word.at <= through)]:
            feed.send(fact)
        words = [word for word in words if word.at > through]
        feed.tick(through)
        if number == 0:
            _await(site, stop, console)
        words += _listen(reader, pause, through, story, company)
        story.tell(through - TICK)
    else:
        _listen(reader, 3.0, ends, story, company)
        story.tell(ends)
        console.print(story.summary(args.days))
    reader.close()


def _await(site: Settings, stop: threading.Event, console: Console) -> None:
    """Until every ledger has folded something, so that what comes out comes in order from the start."""
    deadline = time.monotonic() + LONGEST_S
    with console.status("the ledgers are starting"):
        while any(lag.committed is None for lag in lags(site)):
            if stop.wait(0.5) or time.monotonic() > deadline:
                return


def _listen(reader: Reader, seconds: float, through: datetime, story: Story, company: Company) -> list[Fact]:
    """Hears what comes out meanwhile; gives what the people concerned will do."""
    words: list[Fact] = []
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        for topic, message in reader.poll(min(left, 0.2)):
            fact = fact_of(topic, message.value(), message.headers() or [])
            words += company.answer(fact, through)
            if fact is not None:
                story.hear(fact)
    return words
