"""`learn`: weights of risk from a site's own past, as a section for the policy file, with a report that judges them.

From the topics: courses that ended by the split teach, courses that ended after it judge; a course whose first
enrolments are no longer held is left out.  From the Open University's data set: the presentations named teach, the
others judge.  Nothing is adopted: put the section into policy.toml, give the policy a new version, and look at what
it does with `evaluate` or `preview`.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from schemas.policy import Policy
from schemas.risk_policy import RiskPolicy
from streams import history, past
from streams.commands import dates
from streams.commands.bars import counting
from streams.commands.evaluate import add_presentations, chosen
from streams.errors import Usage
from streams.evaluation import Fate
from streams.garbage import Sweeper
from streams.learning import Sample, TooFew, enough, judged, learned, seen, toml
from streams.oulad import Source
from streams.past import Term
from streams.policy_file import load
from streams.rehearsal import rehearse
from streams.settings import Settings
from streams.topics import check

FIRST_DAY, LAST_DAY, WEEK, JUDGE_DAY = 14, 56, 7, 28
Samples = dict[int, list[Sample]]  # by day of the course, while it runs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=("oulad",), help="the Open University's learners; else the topics"
    )
    parser.add_argument(
        "path", nargs="?", type=Path, help="folder with the official CSV tables, gzipped or not"
    )
    add_presentations(parser)
    parser.add_argument(
        "--from", dest="since", type=dates.day, metavar="DATE", help="topics: courses that end from then on"
    )
    parser.add_argument(
        "--until", type=dates.day, metavar="DATE", help="topics: courses that end until then (now)"
    )
    parser.add_argument(
        "--split",
        type=dates.day,
        metavar="DATE",
        help="topics: courses that end by then teach, the rest judges (two thirds teach, and at least one judges)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the section for policy.toml here")
    parser.add_argument("--json", action="store_true", help="weights and report as one JSON line")


def run(args: argparse.Namespace, settings: Settings) -> int:
    policy = load(settings.policy_file)
    teach, judge = _of_oulad(args) if args.what == "oulad" else _of_topics(args, settings, policy)
    possible = [fate for term in teach for fate in term.fates if _seen_at_all(fate, _days(term))]
    enough((fate.learner, fate.bad) for fate in possible)  # before the long work
    taught = [_samples(settings, policy, term) for term in teach]
    name = "+".join(term.title for term in teach)[:64]
    new = learned([s for by_day in taught for day in by_day.values() for s in day], name, policy.risk)
    report: dict[str, Any] = {}
    for term, by_day in zip(teach, taught, strict=True):
        report[f"{term.title}, which taught"] = _judged(by_day, new)
    for term in judge:
        report[term.title] = _judged(_samples(settings, policy, term), new)
    section = toml(new)
    if args.out is not None:
        args.out.write_text(section, encoding="utf-8")
    if args.json:
        print(json.dumps({"risk": new.model_dump(), "judged": report}))
    else:
        _show(Console(), report, section, len(judge))
    return 0


def _days(term: Term) -> list[int]:
    """The ends of weeks at which the course still runs: who has ended it is silent, and nothing is wrong."""
    return [day for day in range(FIRST_DAY, LAST_DAY + 1, WEEK) if term.at(day + 1) <= term.ends_at]


def _seen_at_all(fate: Fate, days: list[int]) -> bool:
    return any(fate.enrolled(day) for day in days)


def _judged(by_day: Samples, policy: RiskPolicy) -> dict[str, Any]:
    """By day 28, or by the last day at which a shorter course was looked at."""
    day = max((day for day in by_day if day <= JUDGE_DAY), default=JUDGE_DAY)
    return {"by_day": day, **judged(by_day.get(day, []), policy)}


def _of_oulad(args: argparse.Namespace) -> tuple[list[Term], list[Term]]:
    if args.since is not None or args.until is not None or args.split is not None:
        raise Usage("--from, --until and --split go with the topics: name --presentation with `learn oulad`")
    if args.path is None:
        raise Usage("name the folder with the OULAD tables: learn oulad PATH --presentation AAA/2013J")
    if not args.presentation:
        raise Usage("name the presentations that teach: --presentation AAA/2013J; the others judge")
    source = Source(args.path)
    teach = chosen(source, args.presentation)
    others = [place for place in chosen(source, None) if place not in teach]
    of_teach, of_others = ([past.of_oulad(source, place) for place in places] for places in (teach, others))
    return of_teach, of_others


def _of_topics(args: argparse.Namespace, settings: Settings, policy: Policy) -> tuple[list[Term], list[Term]]:
    if args.path is not None or args.presentation:
        raise Usage("a folder and --presentation go with `learn oulad`")
    until = args.until or datetime.now(UTC)
    if args.since is not None and args.since >= until:
        raise Usage(
            f"--from {args.since:%Y-%m-%d} is not before --until {until:%Y-%m-%d}: name an earlier --from"
        )
    check(settings)
    terms = [term for term in _held(settings, policy) if term.ends_at <= until]
    if args.since is not None:
        terms = [term for term in terms if term.ends_at >= args.since]
    if not terms:
        raise TooFew(
            f"no course that the topics hold from its first enrolment on ended "
            f"{f'from {args.since:%Y-%m-%d} ' if args.since is not None else ''}to {until:%Y-%m-%d}: "
            f"name another time, or keep platform-events for longer than a term (MENTORWAY_EVENTS_DAYS)"
        )
    split = args.split or past.split([term.ends_at for term in terms])
    teach = [term for term in terms if term.ends_at <= split]
    if not teach:
        raise TooFew(f"no course ended by {split:%Y-%m-%d}: name a later --split")
    return teach, [term for term in terms if term.ends_at > split]


def _held(settings: Settings, policy: Policy) -> list[Term]:
    with counting("records") as bar:
        task = bar.add_task("reading platform-events", total=None)

        def steps(records: Iterator[Any]) -> Iterator[Any]:
            for record in records:
                bar.advance(task)
                yield record

        kept = history.kept(settings, policy, steps)
    return past.of_topics(kept.facts, kept.since)


def _samples(settings: Settings, policy: Policy, term: Term) -> Samples:
    """What the pulses remember at the end of each week, of who is enrolled then."""
    found: Samples = {day: [] for day in _days(term)}
    if not found:
        return found
    last = max(found)
    sweeper = Sweeper()
    with counting() as bar:
        task = bar.add_task(term.title, total=None)
        for at, count, replay in rehearse(
            settings, policy, term.events(last), term.at(last + 1), lambda fact: None
        ):
            day = (at - term.starts_at).days - 1
            if day in found and at == term.at(day + 1):
                here = [(fate.learner, fate.bad) for fate in term.fates if fate.enrolled(day)]
                found[day] = seen(replay, at, term.course, policy, here)
            bar.update(task, advance=count, description=f"{term.title} day {day}")
            sweeper.look()
    return found


def _show(console: Console, report: dict[str, Any], section: str, others: int) -> None:
    table = Table(
        "course", "by day", "learners", "base rate", "AUC", "top 10 %", "top 15 %", "top 25 %", title="Risk"
    )  # fmt: skip
    for name, found in report.items():
        if found["learners"]:
            tops = [
                f"{p} (lift {lift})"
                for p, lift in zip(found["precision"].values(), found["lift"].values(), strict=True)
            ]
            figures = (str(found[each]) for each in ("by_day", "learners", "base_rate", "auc"))
            table.add_row(name, *figures, *tops)
    console.print(table)
    table = Table("course", "risk said", "learners", "mean said", "share that came", title="Calibration")
    for name, found in report.items():
        for row in found.get("calibration", ()):
            table.add_row(
                name, row["risk_permille"], str(row["learners"]), str(row["said"]), str(row["came"])
            )
    console.print(table)
    if not others:
        console.print(
            "No other course judges these weights: take them with care, as they are judged on what taught them."
        )
    console.print(f"For policy.toml, with a new version:\n\n{section}", highlight=False, markup=False)
