"""Every text of every language, read aloud with the figures at their edges: none, one, nought, and names as hostile as can be."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from nudging.letters import letter, say
from nudging.templates import EXAMPLES, TEMPLATES
from nudging.wording import PARAMETER, Wording
from schemas.nudges import NudgeItem
from tests.nudging.test_letters import item, sent
from tests.nudging.test_wording import SHIPPED

COUNTS = [name for name, value in EXAMPLES.items() if isinstance(value, int)]
PEOPLE = ("learner", "mentor", "course")
LANGUAGES = sorted(SHIPPED)
HOSTILE = 'Ann "Jo" O\'Hara <b onclick=x>&amp; {mentor} [days: 7] %s \\n'
# What a policy tunes is told by a figure or not at all: a span in words would be wrong once somebody tunes it.
SPANS = {
    "en": r"\b(one|two|three|four|five|six|seven|ten|fourteen) (more )?(days?|weeks?)\b|\bin a week\b|\b(each|every) (day|week)\b",
    "de": r"\b(zwei|drei|vier|fünf|sechs|sieben|zehn|vierzehn) (Tagen?|Wochen?)\b|\bnoch ein Tag\b|\bin einer Woche\b",
}  # fmt: skip
DANGLING = {"en": r"\b(before then|until then)\b", "de": r"\b(bis dahin|vorher)\b"}


def edges(template: str, count: int | None, whole: bool) -> NudgeItem:
    """A piece of advice with each count at this value, and all that may be known or only what always is."""
    known = TEMPLATES[template]
    told = {name: EXAMPLES[name] for name in (known.always | known.perhaps if whole else known.always)}
    if count is not None:
        told |= {name: count for name in told if name in COUNTS}
    people = {name: told.pop(name, None) for name in PEOPLE}
    return item(template, figures=tuple(told.items()), **people)


def texts(
    words: Wording, count: int | None = None, names: dict[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """(where, as read): subjects and texts of every template."""
    for (template, said), whole in product(words.templates(), (True, False)):
        for number in range(len(said.texts)):
            one = edges(template, count, whole).model_copy(update={"variant": number})
            read = say(one, words, names or {})
            yield f"{template} text {number + 1}", read.text
            yield f"{template} subject", read.subject


@pytest.mark.parametrize(("language", "count"), list(product(LANGUAGES, (None, 0, 1, 2, 100))))
def test_every_text_reads_as_a_sentence_whatever_is_missing(language: str, count: int | None) -> None:
    for where, text in texts(SHIPPED[language], count):
        assert not re.search(r"\s\s|\s[.,;?)]|\(\s*\)|[.,;:]\s*[.,;:]|[\[\]{}|]|:\s*$", text), (where, text)
        assert text[0].isupper() or text[0].isdigit(), (where, text)
        assert "subject" in where or text[-1] in ".?", (where, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nought_is_said_in_words_or_not_at_all(language: str) -> None:
    """But where the signal never counts nought: a run of misses, and the learners of a storm."""
    for where, text in texts(SHIPPED[language], 0):
        if not where.startswith(("L5.2", "storm")):
            assert not re.search(r"\b0\b", text), (where, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_count_stands_with_the_word_it_counts(language: str) -> None:
    """`{days} days` would be read as 1 days."""
    words = SHIPPED[language]
    for template, said in words.templates():
        for text in (said.subject, *said.texts):
            for match in PARAMETER.finditer(text):
                follows = text[match.end() :].lstrip()
                counts = match[1] in COUNTS and not match[1].endswith("_permille") and match[2] is None
                assert not (counts and follows[:1].isalpha()), (template, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_in_words_how_long_something_takes_that_a_policy_tunes(language: str) -> None:
    for template, said in SHIPPED[language].templates():
        if template.startswith("L10"):  # its nights are those of one week, whatever the policy
            continue
        for text in said.texts:
            assert not re.search(SPANS[language], text), (template, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_points_to_a_date_that_it_does_not_name(language: str) -> None:
    for where, text in texts(SHIPPED[language]):
        if re.search(DANGLING[language], text):
            assert re.search(r"\d", text), (where, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_said_as_it_is_and_reads_nothing(language: str) -> None:
    """Text, not markup: who makes HTML of it escapes the whole, as of any text."""
    hostile = {str(EXAMPLES[name]): HOSTILE for name in ("learner", "mentor")}
    plain = {str(EXAMPLES[name]): "Ann" for name in ("learner", "mentor")}
    for (where, text), (_, like) in zip(
        texts(SHIPPED[language], names=hostile), texts(SHIPPED[language], names=plain), strict=True
    ):
        assert text == like.replace("Ann", HOSTILE.strip()), where


def test_a_line_break_in_a_name_begins_no_header() -> None:
    names = {"lms:7": "Ana\r\nBcc: all@example.org", "alg-1": "Algebra\n\tII"}
    found = letter(sent(item()), SHIPPED["en"], names)
    assert found.subject == "You and Algebra II"
    assert found.text.startswith("Hello Ana Bcc: all@example.org,\n\n")


@pytest.mark.parametrize(("language", "said"), [("en", "The usual is 4.5."), ("de", "Zuvor im Mittel: 4,5.")])
def test_a_decimal_is_written_as_the_language_does_and_a_name_is_no_decimal(language: str, said: str) -> None:
    figures = (("active_days", 1), ("week", "2026-03-02"), ("own_median", "4.5"))
    one = item("L3.1.mentor", course="2.5", figures=figures)
    text = say(one, SHIPPED[language], {}).text
    assert said in text
    assert "2.5" in text


def test_an_operator_s_file_may_leave_nought_as_a_figure() -> None:
    words = SHIPPED["en"]
    said = words.say["L2"]["1"]["learner"]
    plain = said.model_copy(update={"texts": ("{days:day|days} since {course}.",) * 3})
    say_ = {**words.say, "L2": {**words.say["L2"], "1": {"learner": plain}}}
    assert (
        say(item(figures=(("days", 0),)), words.model_copy(update={"say": say_}), {}).text
        == "0 days since alg-1."
    )
