"""What is shipped can be said, easily and kindly; what an operator breaks is named in a sentence."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from nudging.letters import example
from nudging.reading import LEAST_EASE, ease, harsh
from nudging.table import BY_NAME
from nudging.templates import KINDS, SIGNALS, TEMPLATES
from nudging.wording import Said, Wording, faults, pick
from schemas.policy import Policy
from streams.wording_file import load

FOLDER = Path(__file__).parents[2] / "deploy" / "wording"
SHIPPED = load(FOLDER)


def english() -> Wording:
    return SHIPPED["en"]


def with_texts(template: str, *texts: str, subject: str = "{course}") -> Wording:
    signal, step, role = template.split(".")
    words = english()
    roles = {**words.say[signal][step], role: Said(subject=subject, texts=texts)}
    say = {**words.say, signal: {**words.say[signal], step: roles}}
    return words.model_copy(update={"say": say})


GOOD = tuple(f"You joined {{course}} on {{since}}. This is text {n}." for n in range(3))


def test_english_and_german_are_shipped_whole() -> None:
    assert set(SHIPPED) == {"en", "de"}
    for words in SHIPPED.values():
        assert faults(words) == []
        assert {name for name, _ in words.templates()} == set(TEMPLATES)


def test_each_template_has_a_wording_for_every_turn_of_the_default_policy() -> None:
    for words in SHIPPED.values():
        assert min(len(said.texts) for _, said in words.templates()) >= Policy().inbox.wordings


@pytest.mark.parametrize("language", sorted(SHIPPED))
@pytest.mark.parametrize("whole", [True, False], ids=["all is known", "the least is known"])
def test_every_text_reads_easily_and_holds_no_harsh_word(language: str, whole: bool) -> None:
    words = SHIPPED[language]
    for template, said in words.templates():
        for number in range(len(said.texts)):
            letter = example(template, number, words, whole)
            reads = ease(letter.text, language)
            assert reads is not None
            assert reads >= LEAST_EASE, (template, letter.text)
            assert harsh(f"{letter.subject}\n{letter.text}", language) == [], (template, letter)
            assert not set("{}[]") & set(letter.subject + letter.text), (template, letter)


def test_only_a_learner_hears_in_the_first_person_of_the_mentor() -> None:
    for template, said in english().templates():
        for text in said.texts:
            alone = " I " not in f" {text.split('[mentor:')[0]} "
            assert alone, (template, text)


def test_the_table_of_templates_agrees_with_the_ladders() -> None:
    for signal, kind in ((name, about.kind) for name, about in BY_NAME.items()):
        assert SIGNALS[signal].kind == kind
    assert {signal.kind for signal in SIGNALS.values()} == set(KINDS)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (GOOD[:2], "2 different texts, and 3 are needed"),
        ((GOOD[0], GOOD[0], GOOD[1]), "2 different texts, and 3 are needed"),
        ((*GOOD, "You joined {curse} on {since}."), "text 4: {curse} is unknown here: choose of course, days"),
        ((*GOOD, "{mentor} saw that you joined {course} on {since}."), "put the sentence in [mentor: ...]"),
        ((*GOOD, "[fails: {course}] since {since}"), "[fails: ...] is no condition here: what may be missing is mentor"),
        ((*GOOD, "You joined {course} {days:day|days} ago, on {since"), "{ stands alone"),
        ((*GOOD, "You joined on {days:day}, {since}."), "{ stands alone"),
        ((*GOOD, "Please start soon."), "names nothing of this learner's"),
        ((*GOOD, "You joined {course}."), "does not say when: name {days} or {since}"),
    ],
    ids=["two", "two alike", "typo", "mentor missing", "condition", "open", "one form", "not specific", "not dated"],
)  # fmt: skip
def test_a_text_that_cannot_be_used_is_named(texts: tuple[str, ...], sentence: str) -> None:
    [fault] = faults(with_texts("L1.1.learner", *texts))
    assert fault.startswith("say.L1.1.learner: ")
    assert sentence in fault


def test_a_kind_without_words_and_words_without_a_kind_are_named() -> None:
    words = english()
    say = {**words.say, "L2": {"1": words.say["L2"]["1"], "9": words.say["L2"]["2"]}}
    found = faults(words.model_copy(update={"say": say}))
    assert "no words for reengage, rung 2, to a mentor: add [say.L2.2.mentor]" in found
    assert "say.L2.9.mentor: nobody is ever told this: mend the signal, rung or role, or take it out" in found


def test_a_policy_with_more_wordings_asks_for_more_texts() -> None:
    assert all("4 are needed" in fault for fault in faults(english(), least=4))


@pytest.mark.parametrize(
    ("language", "chosen"), [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("en-GB", "en"), ("pt", "en")]
)
def test_a_person_reads_their_language_or_its_main_form_or_english(language: str, chosen: str) -> None:
    assert pick(SHIPPED, language).language == chosen


def test_without_english_some_language_is_chosen() -> None:
    assert pick({"de": SHIPPED["de"]}, "pt").language == "de"


def raw() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))


def test_a_frame_that_names_what_is_not_known_is_named() -> None:
    words = english()
    frame = words.frame.model_copy(update={"hello": "Hello {learner},"})
    [fault] = faults(words.model_copy(update={"frame": frame}))
    assert fault == "frame.hello: {learner} is unknown here: choose of name"
