"""`evaluate`: was what the pulses said right?  Real learners whose outcome is known, under the policy in force.

Precision (who withdrew or failed, of those flagged), lift over the base rate, share of later withdrawals reached,
days of warning and nudges, by day 28 and day 56 of each presentation.  No pools and no Kafka: each learner has a
stand-in mentor.  The outcome is read from its own table, after all is decided.
"""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from schemas.policy import Policy
from streams.commands.bars import counting
from streams.commands.numbers import whole
from streams.errors import Usage
from streams.evaluation import MENTOR, Heard, Tally, tally
from streams.figures import figures
from streams.garbage import Sweeper
from streams.oulad import Source
from streams.oulad_fates import fates
from streams.oulad_tables import Presentation
from streams.policy_file import load
from streams.rehearsal import rehearse
from streams.settings import Settings

COLUMNS = {
    "flagged": "flagged", "share_flagged": "share", "precision": "precision", "lift": "lift",
    "reached": "withdrawals reached", "warning_days": "days of warning", "pieces_a_learner_week": "pieces a learner-week",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("oulad",), help="whose learners: the Open University's")
    parser.add_argument("path", type=Path, help="folder with the official CSV tables, gzipped or not")
    add_presentations(parser)
    parser.add_argument(
        "--day", type=whole(1), action="append", help="by the end of which day of a course (28 and 56)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON line")


def add_presentations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--presentation", action="append", metavar="MODULE/NAME", help="only this one, as AAA/2013J; may be repeated (all)"
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    days = sorted(set(args.day or (28, 56)))
    if days[0] < 0:
        raise Usage("--day counts from the start of a course: name 0 or more")
    source = Source(args.path)
    policy = load(settings.policy_file)
    found: dict[str, dict[int, Tally]] = {}
    for place in chosen(source, args.presentation):
        heard = listen(settings, policy, source, place, days[-1])
        known = fates(source, place)
        found[place.course] = {day: tally(known, heard, day, policy.inbox.immediate_priority) for day in days}
    if len(found) > 1:
        tallies = list(found.values())
        found["all"] = {day: _sum([each[day] for each in tallies]) for day in days}
    report = {name: {str(day): figures(t) for day, t in by_day.items()} for name, by_day in found.items()}
    if args.json:
        print(json.dumps({"policy": policy.version, "contact_told": False, "evaluated": report}))
    else:
        _show(Console(), policy, report)
    return 0


def chosen(source: Source, names: list[str] | None) -> list[Presentation]:
    by_name = {place.course: place for place in source.presentations.values()}
    for name in names or ():
        if name not in by_name:
            raise Usage(f"there is no presentation {name!r}: choose of {', '.join(sorted(by_name))}")
    return [by_name[name] for name in dict.fromkeys(names or by_name)]


def listen(settings: Settings, policy: Policy, source: Source, place: Presentation, through: int) -> Heard:
    """All that is said over one presentation up to the end of a day."""
    heard, sweeper = Heard(place.at(0)), Sweeper()
    with counting() as bar:
        task = bar.add_task(place.course, total=None)
        facts = source.events_of(place, through)
        for at, count, _ in rehearse(settings, policy, facts, place.at(through + 1), heard.hear):
            bar.update(task, advance=count, description=f"{place.course} day {_day(place, at)}")
            sweeper.look()
    return heard


def _day(place: Presentation, at: datetime) -> int:
    return (at - place.at(0)).days


def _sum(tallies: list[Tally]) -> Tally:
    total = tallies[0]
    for each in tallies[1:]:
        total = total + each
    return total


def _show(console: Console, policy: Policy, report: dict[str, dict[str, dict[str, Any]]]) -> None:
    for name, by_day in report.items():
        for day, found in by_day.items():
            title = f"{name} by day {day}: {found['learners']} learners, base rate {found['base_rate']:.3f}"
            table = Table("signal", *COLUMNS.values(), title=title)
            for signal, row in found["signals"].items():
                table.add_row(
                    signal, *("" if row[c] is None else str(row[c]) for c in COLUMNS), end_section=False
                )
            console.print(table)
            tops = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in found["by_priority"].items())
            console.print(f"{MENTOR} by its priority, precision of the {tops}")
            nudges = ", ".join(f"{v} to the {k}" for k, v in found["nudges_a_learner_week"].items() if v)
            console.print(f"nudges a learner-week: {nudges or 'none'}\n")
    console.print(
        f"under policy {policy.version!r}, with contact_told = false: the data set knows no messages between pairs"
    )
