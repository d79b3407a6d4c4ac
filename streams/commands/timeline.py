"""`timeline`: one learner's term as a picture, from the topics, or from the OULAD tables without Kafka.

Shows what the learner did, what was seen in it, and what was said, held or left unsaid, and why.
"""

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from streams.commands.bars import counting
from streams.commands.numbers import whole
from streams.errors import Trouble
from streams.oulad import Source
from streams.policy_file import load
from streams.settings import Settings
from streams.timeline import oulad, reading
from streams.timeline.life import Life
from streams.timeline.page import page
from streams.timeline.picture import draw
from streams.timeline.png import png_of
from streams.timeline.telling import rows, summary
from streams.topics import check


class NothingKnown(Trouble):
    """The topics hold nothing of the person."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", nargs="+", metavar="PERSON", help="a learner's id, <platform>:<stable id>")
    for kind in ("png", "svg", "html"):
        parser.add_argument(
            f"--{kind}",
            type=Path,
            metavar="FILE",
            help=f"write the picture as {kind.upper()}; of several people FILE-ID",
        )
    parser.add_argument(
        "--oulad", type=Path, metavar="PATH", help="from the OULAD tables in this folder, replayed here"
    )
    parser.add_argument(
        "--mentors", type=whole(0), default=120, help="with --oulad: made-up mentors a presentation (120)"
    )
    parser.add_argument("--seed", type=int, default=7, help="with --oulad: seed of the made-up mentors (7)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    lives = _replayed(args, settings) if args.oulad is not None else _read(args, settings)
    for life in lives:
        end = oulad.outcome(args.oulad, life.person) if args.oulad is not None else ""
        caption = f"Outcome in the data: {end}, which no decision sees." if end else ""
        _write(args, life, caption, several=len(lives) > 1)
    return 0


def _read(args: argparse.Namespace, settings: Settings) -> list[Life]:
    check(settings)
    operators = [operator.id for operator in load(settings.policy_file).operators]
    lives = [reading.life_of(settings, person, operators) for person in args.person]
    for life in lives:
        if life.forgotten:
            raise NothingKnown(f"{life.person} was erased: nothing is shown")
        if not life.courses and not life.words:
            raise NothingKnown(
                f"the topics hold nothing of {life.person}: is the id right, <platform>:<stable id>?"
            )
    return lives


def _replayed(args: argparse.Namespace, settings: Settings) -> list[Life]:
    source = Source(args.oulad)
    with counting() as bar:
        task = bar.add_task("replaying", total=None)

        def progress(through: datetime, count: int) -> None:
            bar.update(task, advance=count, description=f"replaying {through:%Y-%m-%d}")

        return oulad.lives_of(
            source, args.person, settings, load(settings.policy_file), args.mentors, args.seed, progress
        )


def _write(args: argparse.Namespace, life: Life, caption: str, several: bool) -> None:
    made: dict[str, Callable[[], bytes]] = {
        "svg": lambda: draw(life, caption).encode(),
        "png": lambda: png_of(draw(life, caption)),
        "html": lambda: page(life, caption).encode(),
    }
    asked = {kind: path for kind in made if (path := getattr(args, kind)) is not None}
    for kind, path in asked.items():
        if several:
            path = path.with_stem(f"{path.stem}-{''.join(c if c.isalnum() else '-' for c in life.person)}")
        path.write_bytes(made[kind]())
        print(f"wrote {path}")
    if not asked:
        print(summary(life))
        for at, what, about in rows(life):
            print(f"{at:%Y-%m-%d %H:%M}  {what:<22} {about}")
