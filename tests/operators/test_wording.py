"""The words of the nudges as an operator edits them: checked by a command, watched while running."""

import os
import shutil
from pathlib import Path

import pytest

from streams.wording_file import WordingFileError, load, watch
from tests.operators.conftest import Run

SHIPPED = Path(__file__).parents[2] / "deploy" / "wording"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "wording")
    return tmp_path / "wording"


def edit(path: Path, old: str, new: str, at: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, (at, at))


def test_what_is_shipped_passes_and_says_how_it_reads(run: Run, folder: Path) -> None:
    said = run({"MENTORWAY_WORDING_DIR": str(folder)}, "wording", "check")
    assert said.code == 0
    assert "en.toml: 195 texts can be used; reading ease" in said.out
    assert "de.toml: 195 texts can be used; reading ease" in said.out


def test_hard_and_harsh_texts_are_named(run: Run, folder: Path) -> None:
    path = folder / "en.toml"
    edit(path, "Pick one short unit and try it today.", "You failed to start.")
    edit(
        path, "open the course and look around.", "familiarise yourself with organisational particularities."
    )
    said = run({}, "wording", "check", str(path))
    assert said.code == 1
    assert "say.L1.1.learner: text 2: 'failed' is no word of a mentor" in said.out
    assert "say.L1.1.learner: text 1: reading ease" in said.out
    assert said.out.endswith(f"{path}: 3 to mend\n")


def test_a_check_asks_for_as_many_texts_as_the_policy_has_turns(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[inbox]\nwordings = 4")
    said = run(
        {"MENTORWAY_POLICY_PATH": str(policy), "MENTORWAY_WORDING_DIR": str(SHIPPED)}, "wording", "check"
    )
    assert said.code == 1
    assert "3 different texts, and 4 are needed" in said.out


def test_a_kind_is_shown_in_every_wording(run: Run) -> None:
    said = run({"MENTORWAY_WORDING_DIR": str(SHIPPED)}, "wording", "show", "start", "--language", "en")
    assert said.code == 0
    assert said.out.startswith(
        "en  L1.1.learner  A first step in Algebra\n  1. You joined Algebra on 2 March."
    )
    assert said.out.count("\n  3. ") == 4


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "start", "--language", "fr"), "there are no words in fr: there are de, en"),
        (("check", "none.toml"), "the wording file none.toml cannot be read (No such file or directory)"),
    ],
    ids=["language", "file"],
)
def test_what_is_not_there_is_said_in_one_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    said = run({"MENTORWAY_WORDING_DIR": str(SHIPPED)}, "wording", *words)
    assert (said.code, said.err) == (2, f"mentorway: {sentence}\n")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('language = "en"', 'langage = "en"', "langage is no key of a wording file"),
        ("[frame]", "[frame", "is not TOML"),
        ('someone = "there"', "", "frame.someone is missing: add it"),
        ("[say.L1.1.learner]", "[say.L1.3.learner]", "no words for start, rung 1, to a learner: add [say.L1.1.learner]"),
        ("You joined {course} on {since}. The first", "You joined {curse} on {since}. The first", "{curse} is unknown here"),
        ('"December"', "", "months: tuple should have at least 12 items"),
    ],
    ids=["typo", "not TOML", "missing key", "missing rung", "unknown parameter", "eleven months"],
)  # fmt: skip
def test_a_bad_file_stops_a_start(folder: Path, old: str, new: str, sentence: str) -> None:
    edit(folder / "en.toml", old, new)
    with pytest.raises(WordingFileError) as error:
        load(folder)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_an_empty_folder_and_a_language_twice_stop_a_start(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WordingFileError, match="no wording file in"):
        load(tmp_path / "nowhere")
    shutil.copy(folder / "en.toml", folder / "english.toml")
    with pytest.raises(WordingFileError, match="language en is in another file, too"):
        load(folder)


def test_a_running_service_keeps_the_last_good_words_and_says_so_once(folder: Path) -> None:
    said = list[str]()
    words = watch(folder, said.append)
    path = folder / "en.toml"
    edit(path, "A first step in", "A {nice} step in", 2)
    for _ in range(3):
        assert words.now()["en"].said("L1.1.learner").subject == "A first step in {course}"  # type: ignore[union-attr]
    assert len(said) == 1
    assert "{nice} is unknown here" in said[0]
    assert said[0].endswith("the words of de, en stay as they were")
    edit(path, "A {nice} step in", "A good step in", 3)
    assert words.now()["en"].said("L1.1.learner").subject == "A good step in {course}"  # type: ignore[union-attr]
    assert said[1:] == ["the words of de, en are in use"]
