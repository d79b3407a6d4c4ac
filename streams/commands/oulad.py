"""`oulad`: the Open University's learners through the whole pipeline, a term in minutes.

The mentors are made up by a seed: the data set has none.  Needs a deployment on the facts' clock
(MENTORWAY_CLOCK=facts), or `--replay` for one process and no Kafka.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from heapq import merge
from pathlib import Path
from typing import Any

from rich.console import Console

from schemas.activity import ActivitySeen
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled
from schemas.topics import PERSON_FACTS
from streams import accounts, row_sizes
from streams.commands.bars import counting
from streams.commands.numbers import whole
from streams.compare import Decisions, compare, read
from streams.errors import Trouble
from streams.feed import Feed
from streams.garbage import Sweeper
from streams.intake_role import FEED_AHEAD
from streams.lag import settle
from streams.oulad import Source
from streams.outside import OUTSIDE, Reader, fact_of
from streams.pace import Pace
from streams.people import british_mentors
from streams.policy_file import load
from streams.replay import Replay, windows
from streams.report import Report
from streams.restraint import Audit
from streams.settings import Settings
from streams.topics import check

QUIET_S = 5.0
Told = Callable[[str, Fact, bytes], None]  # hears each outside fact, with its topic and bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="folder with the official CSV tables, gzipped or not")
    parser.add_argument("--replay", action="store_true", help="in this process alone, without Kafka")
    parser.add_argument(
        "--mentors", type=whole(0), default=120, help="made-up mentors for each presentation (120)"
    )
    parser.add_argument("--seed", type=int, default=7, help="seed of the made-up mentors (7)")
    parser.add_argument(
        "--tick-hours",
        type=whole(1, FEED_AHEAD // timedelta(hours=1)),
        default=6,
        help="hours of virtual time from tick to tick (6)",
    )
    parser.add_argument("--days", type=whole(1), help="only the first so many days of history")
    parser.add_argument("--json", action="store_true", help="the report as one JSON line")
    parser.add_argument(
        "--decisions", type=Path, help="write every match, round and nudge to this file, one JSON line each"
    )
    parser.add_argument(
        "--against",
        type=Path,
        help="compare with the decisions of another run, each difference with its cause",
    )


NO_MESSAGES = (
    "the data set knows no messages between pairs: by a policy with contact_told = true they seem silent, and end for it. "
    "deploy/oulad.toml is a policy for it: MENTORWAY_POLICY_PATH=deploy/oulad.toml"
)


class Clocked:
    """The facts of a run, with the first enrolment of each learner noted on the way."""

    def __init__(self, source: Source, args: argparse.Namespace, report: Report, audit: Audit) -> None:
        self.source, self.args, self.report, self.audit, self.count = source, args, report, audit, 0

    def __iter__(self) -> Iterator[Fact]:
        first: datetime | None = None
        for fact in merge(self._mentors(), self.source.events(), key=lambda one: one.at):
            first = first or fact.at
            if self.args.days is not None and fact.at > first + timedelta(days=self.args.days):
                return
            if isinstance(fact, LearnerEnrolled):
                self.report.enrolled.setdefault(fact.learner, fact.at)
            if isinstance(fact, ActivitySeen):
                self.audit.was_active(fact.learner, fact.at)
            self.count += 1
            yield fact

    def _mentors(self) -> list[Fact]:
        found: list[Fact] = []
        for place in self.source.presentations.values():
            found += british_mentors(self.args.seed, self.args.mentors, place.programme, place.at(-200))
        return sorted(found, key=lambda one: one.at)


def run(args: argparse.Namespace, settings: Settings) -> int:
    report, source, started = Report(), Source(args.path), time.monotonic()
    other = read(args.against) if args.against is not None else None
    decisions = Decisions()
    policy = load(settings.policy_file)
    if policy.pulse.contact_told:
        Console(stderr=True).print(NO_MESSAGES, highlight=False, soft_wrap=True)
    audit = Audit(policy)
    facts = Clocked(source, args, report, audit)

    def told(topic: str, fact: Fact, value: bytes) -> None:
        audit.hear(fact)
        if topic != PERSON_FACTS.name:  # what people said, and no decision
            report.hear(fact)
            decisions.note(topic, fact, value)

    found = (_replay if args.replay else _kafka)(args, settings, facts, told)
    found |= {
        "sent": facts.count,
        "all accounted for": found["records"]
        == facts.count
        == found["folded"] + found["ignored"] + found["parked"],
        "rows read": source.rows,
        "decisions": len(decisions.made),
        "decisions sha256": decisions.digest(),
        "minutes": round((time.monotonic() - started) / 60, 2),
    }
    if args.decisions is not None:
        decisions.write(args.decisions)
    compared = compare(other, decisions.made) if other is not None else None
    if args.json:
        restraint = {"restraint": audit.as_json()}
        print(
            json.dumps({**report.as_json(), **restraint, **found, **(compared.as_json() if compared else {})})
        )
    else:
        report.show(Console(), {**found, **audit.as_json()})
        if compared is not None:
            compared.show(Console())
    unexplained = compared is not None and compared.causes["unexplained"]
    return 0 if found["all accounted for"] and not unexplained and not audit.breaches else 1


def _replay(
    args: argparse.Namespace, settings: Settings, facts: Iterable[Fact], told: Told
) -> dict[str, Any]:
    def heard(topic: str, fact: Fact, line: Any) -> None:
        told(topic, fact, line.value() or b"")

    replay = Replay(settings, load(settings.policy_file), heard, overheard=(PERSON_FACTS.name,))
    sweeper = Sweeper()
    with counting() as bar:
        task = bar.add_task("replaying", total=None)

        def progress(through: datetime, count: int) -> None:
            bar.update(task, advance=count, description=f"replaying {through:%Y-%m-%d}")
            sweeper.look()

        replay.run(facts, timedelta(hours=args.tick_hours), progress)
    found = accounts.add_up(accounts.of_partitions(replay.ledgers["intake"].owned.values()))
    return found | row_sizes.of_ledgers(replay.ledgers)


def _kafka(args: argparse.Namespace, settings: Settings, facts: Iterable[Fact], told: Told) -> dict[str, Any]:
    if settings.clock != "facts":
        raise Trouble(
            "history needs the facts' clock: make the topics and start with MENTORWAY_CLOCK=facts, or use --replay"
        )
    check(settings)
    feed, pace = Feed(settings), Pace(settings)
    with counting() as bar:
        task = bar.add_task("sending", total=None)
        for through, held in windows(facts, timedelta(hours=args.tick_hours)):
            for fact in held:
                feed.send(fact)
            feed.tick(through)
            pace.wait(through)
            bar.update(task, advance=len(held), description=f"sending {through:%Y-%m-%d}")
        bar.update(task, description="waiting for the ledgers")
        settle(settings, QUIET_S)
    pace.close()
    for topics in ((PERSON_FACTS.name,), OUTSIDE):  # the auditor must know people before it judges a nudge
        reader = Reader(settings, topics)
        for topic, message in reader.all():
            found = fact_of(topic, message.value(), message.headers() or [])
            if found is None:
                raise Trouble(f"a record of {topic} cannot be read: was it written by a newer release?")
            told(topic, found, message.value() or b"")
        reader.close()
    return accounts.add_up(accounts.of_changelog(settings))
