"""`preview`: what a new policy would do to the pools as they stand, before it is adopted; nothing is changed.

Reads the pools' rows from the topics, solves each pool anew under the new policy, and says who would move,
who would gain or lose by it, loads and waits.  With `--history`, the events still in the topics are decided
twice in this process, under the policy in force and under the new one.  With `--nudges`, what people would
hear over a stretch of those events is compared instead, and the pools are left alone.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from matching.preview import Preview, preview
from schemas.fact import Moment
from schemas.policy import Policy
from schemas.rows import RowKey, wake_of
from streams.commands import dates
from streams.errors import Trouble, Usage
from streams.history import Steps, compared, events, nudged
from streams.moved_pools import refusal
from streams.policy_file import beside_file, load
from streams.pools_now import pools_now
from streams.settings import Settings
from streams.topics import check

SHOWN = 20
SIDE = {
    "matched": "pairs that may move or be made",
    "waiting": "waiting",
    "load_min_permille": "load min permille",
    "load_p50_permille": "load p50 permille",
    "load_max_permille": "load max permille",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", type=Path, required=True, help="the new policy file")
    parser.add_argument("--pool", help="this pool alone")
    parser.add_argument("--json", action="store_true", help="one JSON line a pool, every change in it")
    parser.add_argument(
        "--history",
        action="store_true",
        help="also decide the events in the topics anew, under both policies",
    )
    parser.add_argument(
        "--nudges", action="store_true", help="what people would hear over the events in the topics"
    )
    parser.add_argument(
        "--from", dest="since", type=dates.day, help="with --nudges: count from this day on, as 2026-02-01"
    )
    parser.add_argument("--until", type=dates.day, help="with --nudges: and until before this one")


def run(args: argparse.Namespace, settings: Settings) -> int:
    new, console = load(args.policy), Console()
    if not args.nudges and (args.since or args.until):
        raise Usage("--from and --until go with --nudges")
    check(settings)
    told = Console(stderr=True, highlight=False, soft_wrap=True)
    if said := beside_file(settings.policy_file, new):
        told.print(said)
    if said := refusal(settings, new):
        told.print(f"no worker would take this policy: {said}")
    if args.nudges:
        return _nudges(args, console, settings, new)
    found = False
    with told.status("reading the pools") as status:
        for pool, rows, clock in pools_now(settings):
            if args.pool in (None, pool):
                found = True
                now = clock or datetime.now(UTC) if settings.clock == "facts" else datetime.now(UTC)
                cause = wake_of(RowKey("preview", pool), now)
                status.update(f"solving {pool}")
                _tell(args, console, preview(rows, Moment(cause, now, new, "preview"), pool), new)
    if not found:
        raise Trouble(
            f"there is no pool {args.pool!r}: leave --pool out to see them all" if args.pool
            else "there is no pool yet: a pool begins with its first learner or mentor"
        )  # fmt: skip
    if args.history:
        _history(args, console, settings, new)
    return 0


def _tell(args: argparse.Namespace, console: Console, found: Preview, new: Policy) -> None:
    if args.json:
        print(json.dumps(_plain(found)))
        return
    table = Table("", "now", f"under {new.version}", title=f"Pool {found.pool}")
    table.add_row("pairs that may not move", str(found.stay), str(found.stay))
    for name, title in SIDE.items():
        table.add_row(title, str(getattr(found.before, name)), str(getattr(found.after, name)))
    for name in dict.fromkeys((*found.before.points, *found.after.points)):
        before, after = found.before.points.get(name, 0), found.after.points.get(name, 0)
        table.add_row(f"points: {name}", str(before), str(after))
    table.add_row("points in all", str(found.points_before), str(found.points_after))
    console.print(table)
    gap = found.points_after - found.bound
    proof = "proved the best" if not gap else f"at most {gap} points from the best"
    console.print(
        f"Pairs that would move: {found.moved}. Learners who gain by it: {found.gain}, who lose: {found.lose}; "
        f"{proof}, over every pair that may be. A review makes at most {new.pool.review_moves} moves at once.",
        highlight=False,
    )
    if found.after.waiting:
        why = ", ".join(f"{count} {reason}" for reason, count in found.reasons.items())
        console.print(
            f"still waiting: {why}; days so far: p50 {found.wait_p50_days}, p95 {found.wait_p95_days}",
            highlight=False,
        )
    if found.changes:
        console.print(_changes(found))
        if len(found.changes) > SHOWN:
            console.print(f"and {len(found.changes) - SHOWN} more: --json lists them all", highlight=False)


def _changes(found: Preview) -> Table:
    table = Table()
    for name in ("learner", "now with", "then with", "better by", "terms of the new pair"):
        table.add_column(name, overflow="fold")
    for change in found.changes[:SHOWN]:
        gain = "" if change.gain is None else f"{change.gain:+d}"
        terms = ", ".join(f"{name} {cost}" for name, cost in change.terms if cost)
        table.add_row(change.learner, change.before or "nobody", change.after or "nobody", gain, terms)
    return table


def _plain(found: Preview) -> dict[str, Any]:
    return {
        **found._asdict(),
        "before": found.before._asdict(),
        "after": found.after._asdict(),
        "changes": [change._asdict() for change in found.changes],
        "moved": found.moved,
        "gain": found.gain,
        "lose": found.lose,
    }


def _nudges(args: argparse.Namespace, console: Console, settings: Settings, new: Policy) -> int:
    old = load(settings.policy_file)
    facts = events(settings, old)
    found = nudged(settings, facts, old, new, _steps(args), args.since, args.until)
    if args.json:
        print(json.dumps(found.as_json()))
    else:
        found.show(console)
    return 0


def _steps(args: argparse.Namespace) -> Steps:
    """With a bar, unless what is printed is for a program."""
    return lambda items, what: items if args.json else track(items, description=what)


def _history(args: argparse.Namespace, console: Console, settings: Settings, new: Policy) -> None:
    old = load(settings.policy_file)
    now, then = compared(settings, old, new, _steps(args))
    if args.json:
        print(json.dumps({"history": {"now": now, "then": then}}))
        return
    table = Table("over the history", f"under {old.version}", f"under {new.version}", title="Decided anew")
    for name in dict.fromkeys((*now, *then)):
        if now.get(name) != then.get(name) or name in ("learners", "matched", "proposals"):
            table.add_row(
                name, *("-" if (n := side.get(name, 0)) is None else str(n) for side in (now, then))
            )
    console.print(table)
