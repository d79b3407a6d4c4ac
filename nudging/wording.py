"""In which words may a nudge be said?  One language's texts, and what is wrong with them.

A text names what it knows as `{course}`, a count with its noun as `{days:day|days}`, or `{days:day|days|less than a
day}` with words of its own for nought; a part in `[mentor: ...]` is said where there is a mentor, one in
`[no mentor: ...]` where there is none; nought is none, too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from nudging.templates import TEMPLATES, TIMES, Known
from schemas.terms import Language

LEAST = 3  # wordings of each template
PARAMETER = re.compile(r"\{([a-z_]+)(?::([^{}|]*)\|([^{}|]*)(?:\|([^{}|]*))?)?\}")
CONDITION = re.compile(r"\[(no )?([a-z_]+): ?([^\[\]]*)\]")
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(Words):
    """One template: a subject, and its wordings in turn."""

    subject: Text
    texts: tuple[Text, ...]


class Frame(Words):
    """What stands around the texts of one letter."""

    hello: Text  # may name {name}
    from_mentor: Text  # signs what is sent in a mentor's name: {mentor}
    from_us: Text  # signs the rest
    digest: Text  # subject of several pieces in one: {count}
    someone: Text  # a person without a name


class Wording(Words):
    """One language."""

    language: Language
    date: Text  # {day} and {month}
    percent: Text  # {number}
    decimal: Annotated[str, StringConstraints(min_length=1, max_length=1)] = "."
    months: Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)]
    never: tuple[Text, ...] = ()  # patterns that no text may hold, beside those of `nudging.reading`
    frame: Frame
    # figure -> its value, or that value's first word -> words; no words = as if the figure were not there
    values: dict[str, dict[str, Text | Literal[""]]] = {}
    say: dict[str, dict[str, dict[str, Said]]]  # signal -> rung -> role

    def said(self, template: str) -> Said | None:
        signal, _, rest = template.partition(".")
        step, _, role = rest.partition(".")
        return self.say.get(signal, {}).get(step, {}).get(role)

    def templates(self) -> Iterator[tuple[str, Said]]:
        for signal, steps in self.say.items():
            for step, roles in steps.items():
                for role, said in roles.items():
                    yield f"{signal}.{step}.{role}", said


def faults(wording: Wording, least: int = LEAST) -> list[str]:
    """All that keeps these words from being used, a plain sentence each; none = they can be."""
    found = [f"{place}: {why}" for place, text, known in _frames(wording) for why in unfit(text, known)]
    for name, known in TEMPLATES.items():
        if wording.said(name) is None:
            signal, step, role = name.split(".")
            found.append(
                f"no words for {known.kind}, rung {step}, to a {role}: add [say.{signal}.{step}.{role}]"
            )
    for name, said in wording.templates():
        found += [f"say.{name}: {why}" for why in _said_faults(said, TEMPLATES.get(name), least)]
    return found


def _said_faults(said: Said, known: Known | None, least: int) -> Iterator[str]:
    if known is None:
        yield "nobody is ever told this: mend the signal, rung or role, or take it out"
        return
    for why in unfit(said.subject, known):
        yield f"subject: {why}"
    if len(set(said.texts)) < least:
        yield f"{len(set(said.texts))} different texts, and {least} are needed so that none comes twice in a row"
    for number, text in enumerate(said.texts, 1):
        for why in unfit(text, known):
            yield f"text {number}: {why}"
        names = set(parameters(text))
        if not names - {"days"}:
            yield f"text {number}: names nothing of this learner's: say which {' or '.join(sorted(known.always))}"
        elif known.dated and not names & TIMES:
            when = sorted(known.always & TIMES)
            yield f"text {number}: does not say when: name {{{'} or {'.join(when)}}}"


def unfit(text: str, known: Known) -> Iterator[str]:
    """What a text names that is not known, or known only at times and named outside a condition."""
    bare = CONDITION.sub("", text)
    for _, name, inside in CONDITION.findall(text):
        if name not in known.perhaps:
            choice = ", ".join(sorted(known.perhaps)) or "nothing"
            yield f"[{name}: ...] is no condition here: what may be missing is {choice}"
        yield from _strangers(inside, known.always | {name})
    yield from _strangers(bare, known.always, known.perhaps)
    rest = PARAMETER.sub("", bare)
    if stray := re.search(r"[\[\]{}]", rest):
        yield f"{stray[0]} stands alone: write {{name}}, {{name:one|many}}, {{name:one|many|none}}, [name: ...] or [no name: ...]"


def _strangers(text: str, known: frozenset[str], perhaps: frozenset[str] = frozenset()) -> Iterator[str]:
    for name in parameters(text):
        if name in perhaps:
            yield f"{{{name}}} is not always known: put the sentence in [{name}: ...]"
        elif name not in known:
            yield f"{{{name}}} is unknown here: choose of {', '.join(sorted(known))}"


def parameters(text: str) -> list[str]:
    return [found[0] for found in PARAMETER.findall(text)]


def _frames(wording: Wording) -> Iterator[tuple[str, str, Known]]:
    frame = wording.frame
    for place, text, names in (
        ("date", wording.date, {"day", "month"}),
        ("percent", wording.percent, {"number"}),
        ("frame.hello", frame.hello, {"name"}),
        ("frame.from_mentor", frame.from_mentor, {"mentor"}),
        ("frame.from_us", frame.from_us, set[str]()),
        ("frame.digest", frame.digest, {"count"}),
        ("frame.someone", frame.someone, set[str]()),
    ):
        yield place, text, Known("", frozenset(names), frozenset())
    for figure, phrases in wording.values.items():
        for value, phrase in phrases.items():
            yield f"values.{figure}.{value}", phrase, Known("", frozenset({"rest", "number"}), frozenset())


def pick(wordings: Mapping[str, Wording], language: str, otherwise: str = "en") -> Wording:
    """The person's language, else its main language (`de` for `de-AT`), else `otherwise`."""
    wanted = language.lower()
    for name in (wanted, wanted.partition("-")[0], otherwise):
        if name in wordings:
            return wordings[name]
    return wordings[min(wordings)]
