"""Is the reading ease counted as its authors say, and are harsh words found?"""

import pytest

from nudging.reading import ease, harsh, syllables

ENGLISH = {
    "you": 1, "mentor": 2, "course": 1, "started": 2, "joined": 1, "little": 2, "table": 2, "times": 1, "makes": 1,
    "goes": 1, "going": 2, "being": 2, "quiet": 2, "message": 2, "messages": 3, "the": 1, "week": 1, "learner": 2,
    "minutes": 2, "deadline": 2, "certificate": 4, "radio": 3, "unanswered": 3, "beautiful": 3, "because": 2, "reading": 2,
    "already": 3, "people": 2, "whole": 1, "used": 1, "needed": 2, "operator": 4, "7": 1,
}  # fmt: skip
GERMAN = {
    "Haus": 1, "Kurs": 1, "Mentor": 2, "begonnen": 3, "Woche": 2, "heute": 2, "Nachricht": 2, "Aufgabe": 3, "erreichbar": 3,
    "Universität": 5, "Radio": 3, "Feier": 2, "neue": 2, "bauen": 2, "Idee": 2, "Beispiel": 2, "quer": 1, "gesehen": 3,
}  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("de", GERMAN)])
def test_syllables_are_as_spoken(language: str, words: dict[str, int]) -> None:
    assert {word: syllables(word, language) for word in words} == words


def test_the_ease_of_a_known_sentence() -> None:
    """Six words of one syllable in one sentence: 206.835 - 1.015 x 6 - 84.6; in German 180 - 6 - 58.5."""
    assert ease("The cat sat on the mat.", "en") == pytest.approx(116.145)
    assert ease("Der Hund lag auf dem Dach.", "de") == pytest.approx(115.5)


def test_long_words_in_long_sentences_are_hard() -> None:
    hard = (
        "Institutional communication necessitates comprehensive consideration of heterogeneous participation"
    )
    assert (ease(hard, "en") or 0) < 0
    assert (ease("Teilnahmeverpflichtungen erfordern Berücksichtigung.", "de") or 0) < 0


def test_a_language_without_a_formula_has_no_ease() -> None:
    assert ease("Bonjour.", "fr") is None
    assert ease("...", "en") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("You failed the quiz.", "en"), ("Why didn't you write?", "en"), ("You should have started.", "en"),
        ("You are behind the others.", "en"), ("Do it now!", "en"), ("This is URGENT", "en"), ("Your last chance.", "en"),
        ("Du hast versagt.", "de"), ("Warum hast du nicht geschrieben?", "de"), ("Du solltest dich schämen.", "de"),
        ("Letzte Chance", "de"), ("Du bist schlechter als die anderen.", "de"),
    ],
)  # fmt: skip
def test_a_harsh_text_is_found(text: str, language: str) -> None:
    assert harsh(text, language)


def test_an_operators_own_patterns_count_too() -> None:
    assert harsh("See your tutor", "en", (r"\btutor\b",)) == ["tutor"]
    assert harsh("See your tutor", "en") == []
