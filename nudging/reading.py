"""Is a text easy to read, and is its tone one to hear from a mentor?

Ease: Flesch's reading ease for English (206.835 - 1.015 words a sentence - 84.6 syllables a word; Flesch 1948) and
Amstad's for German (180 - words a sentence - 58.5 syllables a word; Amstad 1978).  60 and more is plain language
in both.  Syllables are groups of vowels, in English without a silent e.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Scale(NamedTuple):
    """ease = base - by_sentence x words a sentence - by_word x syllables a word."""

    base: float
    by_sentence: float
    by_word: float


SCALES: Mapping[str, Scale] = {"en": Scale(206.835, 1.015, 84.6), "de": Scale(180.0, 1.0, 58.5)}
LEAST_EASE = 60.0
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_VOWELS = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"aa|ai|au|äu|ee|ei|eu|ie|oo|[aeiouyäöü]"),
}
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^td])ed$|(?<=[^sxzcghl])es$")
_APART = re.compile(r"(?<=[aeiouy])(?=ing)|(?<=i)(?=et|a[^n]|um|o$)")

# Words that blame, threaten, shout or press.  An operator's file may name more.
NEVER: Mapping[str, Sequence[str]] = {
    "en": (
        r"\bfail(ed|ing|ure|s)?\b", r"\blaz(y|iness)\b", r"\bdisappoint", r"\bashamed?\b", r"\bshame",
        r"\bbehind (the )?(others|everyone|your)", r"\bworse than\b", r"\bbad (at|grade|work)", r"\bpoor(ly)?\b",
        r"\byou (should have|must|have to|never|always)\b", r"\bwhy (didn.t|did you not|haven.t)", r"\bexcuse",
        r"\blast (chance|warning)\b", r"\bor else\b", r"\bpunish", r"\bat.risk\b", r"\burgent", r"\bASAP\b",
        r"\bunfortunately\b", r"!", r"\b[A-Z]{4,}\b",
    ),
    "de": (
        r"\bversag", r"\bfaul(heit)?\b", r"\benttäusch", r"\bschäm", r"\bschande", r"\bversäumnis",
        r"\bhinter (den anderen|allen)", r"\bschlechter als\b", r"\bschlecht", r"\bungenügend",
        r"\bdu (hättest|musst|müsstest|sollst|solltest)\b", r"\bwarum hast du nicht", r"\bausrede",
        r"\bletzte (chance|warnung)\b", r"\bsonst\b", r"\bstrafe", r"\bgefährdet\b", r"\bdringend", r"\bsofort\b",
        r"\bleider\b", r"!", r"\b[A-ZÄÖÜ]{4,}\b",
    ),
}  # fmt: skip


def syllables(word: str, language: str) -> int:
    """How often the voice rises in a word; a number counts as one."""
    spoken = word.lower()
    if language == "de":
        spoken = spoken.replace("qu", "q")
    elif language == "en":
        spoken = _APART.sub("-", _SILENT.sub("", spoken))
    return max(1, len(_VOWELS[language].findall(spoken)))


def ease(text: str, language: str) -> float | None:
    """The reading ease of a text; None for a language without a formula here."""
    scale = SCALES.get(language.partition("-")[0])
    if scale is None:
        return None
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = max(1, len(re.findall(r"[.!?:]+(?=\s|$)", text)))
    voice = sum(syllables(word, language.partition("-")[0]) for word in words)
    return scale.base - scale.by_sentence * len(words) / sentences - scale.by_word * voice / len(words)


def harsh(text: str, language: str, never: Sequence[str] = ()) -> list[str]:
    """The words of a text that a mentor would not use."""
    patterns = (*NEVER.get(language.partition("-")[0], ()), *never)
    return [found[0] for one in patterns if (found := _search(one, text)) is not None]


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, 0 if "[A-Z" in pattern else re.IGNORECASE)
