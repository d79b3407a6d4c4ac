"""Every signal is described where people read of it, and every reason a nudge may have reads as words."""

import re
from pathlib import Path
from typing import get_args

from nudging.table import SIGNALS
from schemas.terms import Kind, MayBeOff
from streams.sentences import SIGNAL

GUIDE = Path(__file__).parents[2] / "deploy" / "guide" / "signals.md"
NAMES = {signal.name for signal in SIGNALS if signal.name not in ("storm", "dead_feed")}


def test_the_guide_names_every_signal_once() -> None:
    rows = re.findall(r"^\| ([LM]\d+) ", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(NAMES)


def test_every_signal_reads_as_words() -> None:
    assert set(SIGNAL) == NAMES | {"storm", "dead_feed", "match"}


def test_each_signal_may_be_shut_off_but_the_one_that_guards_the_others() -> None:
    assert set(get_args(MayBeOff)) == {signal.name for signal in SIGNALS} - {"storm"}


def test_every_kind_of_nudge_has_its_signal() -> None:
    assert {signal.kind for signal in SIGNALS} | {"match"} == set(get_args(Kind))


def test_help_goes_before_deadlines_before_silence_before_praise() -> None:
    priority = {signal.name: signal.priority for signal in SIGNALS}
    assert min(priority[name] for name in ("L6", "L8", "L11", "M1", "M2", "M3", "M4")) > priority["L5"]
    assert priority["L5"] > priority["L4"] > priority["L2"] > priority["L9"] > priority["M7"]
