"""`dead-letters list | show | requeue`: what was parked, why, and back it goes.

Values may hold personal data: they are printed only when asked for by `show --value`.
"""

import argparse
import json
import re

from streams import dead_letters
from streams.dead_letters import Letter, LettersRefused
from streams.errors import Usage
from streams.settings import Settings


def _place(text: str) -> str:
    if not re.fullmatch(r"\d+:\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no letter: give partition:offset, as `list` shows it")
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    listing = what.add_parser("list", help="one line a letter: id, when, from where, why; never the value")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    show = what.add_parser("show", help="one letter's reason and original headers")
    show.add_argument("id", type=_place, help="partition:offset, as `list` shows it")
    show.add_argument(
        "--value", action="store_true", help="the original bytes too; they may hold personal data"
    )
    back = what.add_parser("requeue", help="send letters back to where they came from, as they came")
    back.add_argument("ids", nargs="*", type=_place, metavar="id", help="partition:offset; none with --all")
    back.add_argument("--all", action="store_true", help="every letter that did not go back yet")
    back.add_argument("--again", action="store_true", help="those that went back before, too")
    for one in (listing, back):
        one.add_argument(
            "--reason", default="", metavar="TEXT", help="only letters whose reason contains this"
        )
        one.add_argument("--topic", default="", help="only letters from this topic")


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.what == "show":
        return _show(dead_letters.letter(settings, args.id), args.value)
    found = [one for one in dead_letters.letters(settings) if _asked(one, args)]
    if args.what == "list":
        for one in found:
            print(_json(one) if args.json else _line(one))
        if not found and not args.json:
            print("no such letter" if args.reason or args.topic else "nothing is parked")
        return 0
    chosen = _chosen(found, args)
    count = dead_letters.requeue(settings, chosen)
    print(f"sent back: {count}")
    return 0


def _asked(one: Letter, args: argparse.Namespace) -> bool:
    return args.reason in one.reason and args.topic in ("", one.topic)


def _chosen(found: list[Letter], args: argparse.Namespace) -> list[Letter]:
    if bool(args.ids) == args.all:
        raise Usage("say which letters go back: their ids, or --all")
    if args.all:
        return [one for one in found if args.again or not one.sent_back]
    by_id = {one.id: one for one in found}
    for place in args.ids:
        if place not in by_id:
            raise LettersRefused(
                f"there is no letter {place}: `python -m streams dead-letters list` names those there are"
            )
        if by_id[place].sent_back and not args.again:
            raise LettersRefused(f"letter {place} went back before: add --again to send it once more")
    return [by_id[place] for place in dict.fromkeys(args.ids)]


def _line(one: Letter) -> str:
    back = "  (went back)" if one.sent_back else ""
    return (
        f"{one.id}  {one.at:%Y-%m-%dT%H:%M:%SZ}  {one.topic} {one.partition}:{one.offset}  {one.reason}{back}"
    )


def _json(one: Letter) -> str:
    names = ("id", "topic", "partition", "offset", "reason", "sent_back")
    return json.dumps({"at": one.at.isoformat(), **{name: getattr(one, name) for name in names}})


def _show(one: Letter, with_value: bool) -> int:
    print(_line(one))
    print(f"key: {_text(one.key)}")
    for name, raw in one.headers:
        print(f"header {name}: {_text(raw)}")
    if with_value:
        print(f"value: {_text(one.value)}")
    else:
        print(f"value: {len(one.value or b'')} bytes, shown with --value")
    return 0


def _text(raw: bytes | None) -> str:
    """As text if it is text; control characters and other bytes escaped, so a terminal is safe."""
    if raw is None:
        return "none"
    return (
        raw.decode(errors="backslashreplace").encode("unicode_escape").decode()
        if not _clean(raw)
        else raw.decode()
    )


def _clean(raw: bytes) -> bool:
    try:
        return raw.decode().isprintable()
    except UnicodeDecodeError:
        return False
