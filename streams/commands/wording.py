"""`wording check | show`: are the words of the nudges complete, easy and kind, and how does a kind read?"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from nudging.letters import example
from nudging.reading import LEAST_EASE, ease, harsh
from nudging.templates import KINDS
from nudging.wording import LEAST, Wording, faults
from streams import policy_file, wording_file
from streams.errors import Usage
from streams.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    check = what.add_parser(
        "check", help="name all that is wrong, a sentence each; exit code 1 if anything is"
    )
    check.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="one file (default: all of the folder)"
    )
    show = what.add_parser("show", help="every wording of a kind of nudge, with made-up names and dates")
    show.add_argument(
        "kind", choices=sorted(KINDS), metavar="KIND", help=f"one of {', '.join(sorted(KINDS))}"
    )
    show.add_argument("--language", metavar="TAG", help="one language (default: all)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    return _check(args.file, settings) if args.what == "check" else _show(args.kind, args.language, settings)


def _check(file: Path | None, settings: Settings) -> int:
    least = max(LEAST, policy_file.load(settings.policy_file).inbox.wordings)
    paths = [file] if file is not None else wording_file.files(settings.wording_dir)
    if not paths:
        raise Usage(f"no wording file in {settings.wording_dir}: name one, or mend MENTORWAY_WORDING_DIR")
    wrong = 0
    for path in paths:
        words = wording_file.read(path)
        found = faults(words, least)
        found = found or list(_style(words))
        for sentence in found:
            print(f"{path}: {sentence}")
        wrong += len(found)
        print(f"{path}: {_summary(words, len(found))}")
    return 1 if wrong else 0


def _texts(words: Wording) -> Iterator[tuple[str, str]]:
    """Each text as a person may read it: with all that may be known, and without."""
    for template, said in words.templates():
        for whole in (True, False):
            for number in range(len(said.texts)):
                letter = example(template, number, words, whole)
                yield f"say.{template}: text {number + 1}", letter.text
                if number == 0:
                    yield f"say.{template}: subject", letter.subject


def _style(words: Wording) -> Iterator[str]:
    found: dict[str, None] = {}
    for place, text in _texts(words):
        for word in harsh(text, words.language, words.never):
            found[f"{place}: {word!r} is no word of a mentor: say it more kindly"] = None
        reads = ease(text, words.language)
        if "subject" not in place and reads is not None and reads < LEAST_EASE:
            found[
                f"{place}: reading ease {reads:.0f}, below {LEAST_EASE:.0f}: use shorter words and sentences"
            ] = None
    yield from found


def _summary(words: Wording, wrong: int) -> str:
    count = sum(len(said.texts) for _, said in words.templates())
    if wrong:
        return f"{wrong} to mend"
    found = [ease(text, words.language) for place, text in _texts(words) if "subject" not in place]
    eases = sorted(one for one in found if one is not None)
    if not eases:
        return f"{count} texts can be used; no formula for the reading ease of {words.language}"
    least, middle = eases[0], eases[len(eases) // 2]
    return f"{count} texts can be used; reading ease {least:.0f} at the least, {middle:.0f} in the middle"


def _show(kind: str, language: str | None, settings: Settings) -> int:
    found = wording_file.load(settings.wording_dir)
    if language is not None and language.lower() not in found:
        raise Usage(f"there are no words in {language}: there are {', '.join(found)}")
    for tag in [language.lower()] if language is not None else found:
        words = found[tag]
        for template in KINDS[kind]:
            said = words.said(template)
            assert said is not None  # load looked
            print(f"{words.language}  {template}  {example(template, 0, words).subject}")
            for number in range(len(said.texts)):
                print(f"  {number + 1}. {example(template, number, words).text}")
    return 0
