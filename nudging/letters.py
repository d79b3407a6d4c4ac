"""How does a nudge read?  Pure: (nudge, words, names) -> subject and text.

A service that sends nudges may call `letter`, or read `template`, `variant` and `figures` itself.  Ids become
names only here, from what the service knows; the pipeline has none.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from nudging.templates import EXAMPLES, TEMPLATES, worded
from nudging.wording import CONDITION, PARAMETER, Wording
from schemas.nudges import NudgeItem, NudgeSent

DATE = re.compile(r"\d{4}-(\d\d)-(\d\d)")
PERSONS = ("learner", "mentor")
DECIMALS = ("own_median", "cohort_mean")  # figures as text, with a point
Names = Mapping[str, str]  # id of a person, course or item -> what people call it


class Letter(NamedTuple):
    subject: str
    text: str


class Unsayable(Exception):
    """There are no words for this: the text names the template, and what is missing."""


def letter(nudge: NudgeSent, words: Wording, names: Names) -> Letter:
    """The whole nudge: one piece, or the pieces of a digest below each other."""
    said = [say(item, words, names) for item in nudge.items]
    frame = words.frame
    subject = (
        said[0].subject
        if len(said) == 1
        else _filled(frame.digest, {"count": len(said)}, words, names, "digest")
    )
    known = names.get(nudge.recipient)
    hello = frame.hello.replace("{name}", frame.someone if known is None else in_line(known))
    mentor = nudge.in_name_of
    sign = frame.from_us if mentor is None else frame.from_mentor.replace("{mentor}", named(mentor, names))
    return Letter(subject, "\n\n".join([hello, *(one.text for one in said), sign]))


def say(item: NudgeItem, words: Wording, names: Names) -> Letter:
    """One piece of advice.  Raises Unsayable where the words do not know its template or lack a figure."""
    template, variant = worded(item.template, item.variant)
    said = words.said(template)
    if said is None:
        raise Unsayable(f"{words.language}: no words for {item.template}")
    known: dict[str, int | str] = dict(item.figures)
    known |= {name: value for name in ("learner", "mentor", "course") if (value := getattr(item, name))}
    return Letter(
        _filled(said.subject, known, words, names, item.template),
        _filled(said.texts[variant % len(said.texts)], known, words, names, item.template),
    )


def named(person: str, names: Names) -> str:
    """A person's name, else the id without its platform."""
    return in_line(names.get(person) or person.partition(":")[2] or person)


def in_line(name: str) -> str:
    """A name as it may stand in a subject: a line break in it would begin another header of a mail."""
    return " ".join(name.split())


def _filled(text: str, known: Mapping[str, int | str], words: Wording, names: Names, template: str) -> str:
    def there(match: re.Match[str]) -> str:
        value = known.get(match[2], "")
        absent = not value or words.values.get(match[2], {}).get(str(value)) == ""
        return match[3] if absent == bool(match[1]) else ""

    chosen = CONDITION.sub(there, text)

    def value(match: re.Match[str]) -> str:
        name, one, many, none = match[1], match[2], match[3], match[4]
        if name not in known:
            raise Unsayable(f"{words.language}: {template} names {{{name}}}, which is not told")
        if none is not None and known[name] == 0:
            return none
        shown = _shown(name, known[name], words, names)
        return shown if one is None else f"{shown} {one if known[name] == 1 else many}"

    return re.sub(r" +(?=[ .,;:?)])", "", PARAMETER.sub(value, chosen)).strip()


def _shown(name: str, value: int | str, words: Wording, names: Names) -> str:
    """A figure in this language: a date, a share, words for a value, a name for an id, or as it is."""
    if isinstance(value, int):
        percent = words.percent.replace("{number}", str(round(value / 10)))
        return percent if name.endswith("_permille") else str(value)
    if name in PERSONS:
        return named(value, names)
    if name in DECIMALS and value.replace(".", "", 1).isdecimal():
        return value.replace(".", words.decimal)
    phrases = words.values.get(name, {})
    if value in phrases:
        return phrases[value]
    first, _, rest = value.partition(" ")
    if rest and first in phrases:
        number = re.search(r"\d+", rest)
        phrase = phrases[first].replace("{rest}", in_line(names.get(rest, rest)))
        return phrase.replace("{number}", number[0] if number else rest)
    if (date := DATE.fullmatch(value)) is not None and 1 <= int(date[1]) <= 12:
        month, day = words.months[int(date[1]) - 1], str(int(date[2]))
        return words.date.replace("{day}", day).replace("{month}", month)
    return in_line(names.get(value, value))


def example(template: str, variant: int, words: Wording, whole: bool = True) -> Letter:
    """How a template reads with made-up figures; not `whole` = without what is not always known."""
    known = TEMPLATES[template]
    names = known.always | known.perhaps if whole else known.always
    figures = {name: EXAMPLES[name] for name in names}
    said = words.said(template)
    assert said is not None
    return Letter(
        _filled(said.subject, figures, words, {}, template),
        _filled(said.texts[variant], figures, words, {}, template),
    )
