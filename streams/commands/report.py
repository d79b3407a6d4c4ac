"""`report effect`: does nudging, or a mentor, help?  What became of the treated and of the held out.

`report restraint`: was anybody told too much, at night, too late or against their word?  Exit code 1 if so.

Read from the topics alone.  The effect says nothing of groups too small to tell: in the table of arm by outcome each cell
must expect five people.  Exit code 1 if the arms of an experiment are so out of proportion that it cannot be trusted,
or if its first decisions are no longer held.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from nudging.inbox_rows import InboxRow
from schemas.activity import ActivitySeen
from schemas.fact import Fact
from schemas.nudges import NudgeSent, OfPerson
from schemas.policy import Policy
from schemas.topics import MATCHES, NUDGES, PERSON_FACTS, changelog
from streams.commands.bars import counting
from streams.errors import Trouble
from streams.partition import key_of
from streams.policy_file import load
from streams.progress import PROGRESS
from streams.reading import fact_in, records
from streams.restraint import Audit
from streams.settings import Settings
from streams.topics import check
from streams.trials import read
from streams.verdicts import Line, Told, told

NEVER = datetime.max.replace(tzinfo=UTC)  # of a partition in which no word is held
HEARD: dict[str, type[Fact]] = {  # people's words before the nudges they bear on
    "person-facts": OfPerson,
    "learner-facts": ActivitySeen,
    "nudges": NudgeSent,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=("effect", "restraint"),
        help="effect: do nudges and mentors help, from the held out?  restraint: was anybody told too much?",
    )
    parser.add_argument("--experiment", help="of effect: this one alone")
    parser.add_argument(
        "--confidence", type=_percent, default=95.0, help="of effect: percent of confidence, 50 to 99.9 (95)"
    )
    parser.add_argument("--json", action="store_true", help="JSON: of effect one line an experiment")


def _percent(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 50 <= value <= 99.9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 50 to 99.9")
    return value


def run(args: argparse.Namespace, settings: Settings) -> int:
    policy = load(settings.policy_file)
    check(settings)
    if args.what == "restraint":
        return _restraint(args, settings, policy)
    with counting("records") as bar:

        def steps(records: Iterator[Any], what: str) -> Iterator[Any]:
            task = bar.add_task(f"reading {what}", total=None)
            for record in records:
                bar.advance(task)
                yield record

        effect, since, through, decided_since = read(settings, steps)
    until = through or datetime.min.replace(tzinfo=UTC)
    every = told(effect, policy, since, until, args.confidence / 100, decided_since)
    found = [one for one in every if args.experiment in (None, one.experiment)]
    if not found:
        raise Trouble(
            f"nobody came into an experiment {args.experiment!r}: leave --experiment out to see them all"
            if args.experiment
            else "nobody came into an experiment yet: the policy's `experiments` names them, and learners must agree"
        )
    for one in found:
        if args.json:
            print(json.dumps(one.as_json()))
        else:
            _show(Console(), one, args.confidence)
    return int(any(one.odd or one.lost_before is not None for one in found))


def _restraint(args: argparse.Namespace, settings: Settings, policy: Policy) -> int:
    audit, since = Audit(policy), dict[int, datetime | None]()
    with counting("records") as bar:

        def of(name: str) -> Iterator[Any]:
            task = bar.add_task(f"reading {name}", total=None)
            for record in records(settings, settings.topic(name)):
                bar.advance(task)
                yield record

        for record in of(changelog("inboxes").name):
            _remember(audit, record.key, record.value)
        for name, heard in HEARD.items():
            for record in of(name):
                fact = fact_in(record)
                if name == PERSON_FACTS.name and record.partition not in since:
                    # a topic that does not begin at 0 has lost its oldest
                    since[record.partition] = fact.seen_at if record.offset > 0 else None
                if isinstance(fact, ActivitySeen):
                    audit.was_active(fact.learner, fact.at)
                elif isinstance(fact, heard):  # a person's words and nudges are in partitions of one number
                    audit.hear(fact, since.get(record.partition, NEVER))
    found = audit.as_json()
    if args.json:
        print(json.dumps(found))
        return int(bool(audit.breaches))
    table = Table("what", "figure", "a nudge of it", title="Restraint, by the policy now in force")
    for what, figure in found.items():
        if what != "breaches by kind":
            table.add_row(what, str(figure), "")
    for what, count in sorted(audit.breaches.items()):
        table.add_row(what, str(count), audit.examples[what])
    console = Console()
    console.print(table)
    if audit.unknown:
        held = max((at for at in since.values() if at is not None), default=None)
        console.print(
            f"Of {audit.nudges} nudges {audit.unknown} could not be held against what their people said by then (time zone, "
            f"quiet hours, kinds, consent), as that is no longer known: {PERSON_FACTS.name} "
            f"{f'holds all of it from {held:%Y-%m-%d} on' if held else 'holds nothing of theirs'}; "
            f"MENTORWAY_FACTS_DAYS keeps it longer.",
            highlight=False,
            soft_wrap=True,
        )
    return int(bool(audit.breaches))


def _remember(audit: Audit, key: bytes, value: bytes | None) -> None:
    if key != PROGRESS and (place := key_of(key)).kind == InboxRow.KIND:
        row = None if value is None else InboxRow.model_validate_json(value)
        audit.words.remember(place.routing, row)


def _show(console: Console, found: Told, confidence: float) -> None:
    if found.lost_before is not None:
        console.print(
            f"Experiment {found.experiment}: nothing is told. {NUDGES.name} and {MATCHES.name} hold decisions from "
            f"{found.lost_before:%Y-%m-%d} on alone, and it began before, or the policy no longer names it: the first decision "
            "held of a learner may not be their first. Name it in the policy with its dates, or judge it while they are held.",
            highlight=False, soft_wrap=True,
        )  # fmt: skip
        return
    table = Table(
        "of", "outcome", "treated", "held out", "difference", f"{confidence:g} % interval", "",
        title=f"Experiment {found.experiment}",
    )  # fmt: skip
    for line in found.lines:
        table.add_row(line.kind.replace("_", " "), line.outcome, *_cells(line), _said(line))
    console.print(table)
    spoken = sum(line.found is not None for line in found.lines)
    for sentence in (
        f"{found.people} learners, by what was drawn for them, from their first decision on; {spoken} lines are told, "
        f"of which about {spoken * (1 - confidence / 100):.1f} would look like an effect if there were none.",
        "It still runs: judge it when it is over, as whoever looks often enough finds something." if found.running else "",
        f"{found.took_back} are left out, as they took their consent back." if found.took_back else "",
        f"{found.crossed} are counted by their first arm and had the other later: the share was changed."
        if found.crossed
        else "",
        "THE ARMS ARE OUT OF PROPORTION to the policy's share: do not trust this before you know why."
        if found.odd
        else "",
    ):  # fmt: skip
        if sentence:
            console.print(sentence, highlight=False)


def _cells(line: Line) -> list[str]:
    if line.found is None:
        return [str(line.treated.people), str(line.held_out.people), "", ""]
    shares = [f"{100 * group.share:.1f} % of {group.people}" for group in (line.treated, line.held_out)]
    return [
        *shares,
        f"{100 * line.found.value:+.1f}",
        f"{100 * line.found.low:+.1f} to {100 * line.found.high:+.1f}",
    ]


def _said(line: Line) -> str:
    if line.verdict != "too few":
        return line.verdict
    more = "nobody yet to tell by" if line.missing is None else f"{line.missing} more in the smaller arm"
    return f"too few: {more}"
