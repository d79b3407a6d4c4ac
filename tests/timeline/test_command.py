"""`timeline` says in one sentence what it cannot find."""

import argparse
import gzip
from pathlib import Path

import pytest

from schemas.policy import Policy
from streams.commands import timeline
from streams.errors import Trouble
from streams.oulad import Source
from streams.settings import Settings
from streams.timeline import oulad
from streams.timeline.telling import rows
from tests.intake.test_oulad import TABLES


def asked(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    timeline.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tables = TABLES | {
        "studentInfo": "code_module,code_presentation,id_student,final_result\nAAA,2013J,1,Pass\n"
    }
    for name, words in tables.items():
        (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(words.encode()))
    return tmp_path


def test_a_folder_or_a_learner_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(Trouble, match="is no folder"):
        timeline.run(asked("ou:1", "--oulad", str(folder / "none")), Settings())
    with pytest.raises(Trouble, match="holds no learner 'ou:99'"):
        timeline.run(asked("ou:99", "--oulad", str(folder)), Settings())


def test_a_learner_may_be_named_by_the_bare_id_of_the_tables(folder: Path) -> None:
    bare, full = (
        oulad.lives_of(
            Source(folder), [name], Settings(partitions=1), Policy(), 1, 7, lambda through, count: None
        )
        for name in ("1", "ou:1")
    )
    assert [life.person for life in bare] == ["ou:1"]
    assert rows(bare[0]) == rows(full[0]) != []


def test_the_outcome_is_read_for_the_caption_and_stands_in_no_event(folder: Path) -> None:
    assert (oulad.outcome(folder, "ou:1"), oulad.outcome(folder, "ou:2")) == ("Pass", "")
    assert not [fact for fact in Source(folder).events() if "Pass" in repr(fact)]
