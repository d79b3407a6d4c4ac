"""The Open University's tables as events: every row accounted for, in order of time, the outcome never read."""

import gzip
import os
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from schemas.activity import ActivitySeen, DeadlineSet, WorkGraded, WorkSubmitted
from schemas.codec import encode
from schemas.fact import Fact
from schemas.learners import LearnerEnrolled, LearnerWithdrew
from schemas.policy import Policy
from streams.dialects.recognise import read
from streams.oulad import Source
from streams.oulad_tables import OuladMissing

TABLES = {
    "courses": "code_module,code_presentation,module_presentation_length\nAAA,2013J,268\n",
    "assessments": "code_module,code_presentation,id_assessment,assessment_type,date,weight\n"
    "AAA,2013J,17,TMA,19,10\nAAA,2013J,18,Exam,?,100\n",
    "studentRegistration": "code_module,code_presentation,id_student,date_registration,date_unregistration\n"
    "AAA,2013J,1,-20,?\nAAA,2013J,2,?,12\nAAA,2013J,3,5,-3\n",
    "studentAssessment": "id_assessment,id_student,date_submitted,is_banked,score\n17,1,18,0,78\n17,2,-1,1,60\n17,3,20,0,?\n",
    "studentVle": "code_module,code_presentation,id_student,id_site,date,sum_click\n"
    "AAA,2013J,1,5,3,2\nAAA,2013J,1,5,3,2\nAAA,2013J,2,6,-10,1\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TABLES.items():
        if name == "studentVle":
            (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def of(cls: type[Fact], folder: Path) -> list[Fact]:
    return [fact for fact in Source(folder).events() if isinstance(fact, cls)]


def when(cls: type[Fact], folder: Path) -> dict[str, datetime]:
    return {str(fact.__dict__["learner"]): fact.at for fact in of(cls, folder)}


def day(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def test_events_come_in_order_of_time_with_ids_of_their_own(folder: Path) -> None:
    facts = list(Source(folder).events())
    assert [fact.at for fact in facts] == sorted(fact.at for fact in facts)
    assert len({fact.id for fact in facts}) == len(facts)
    assert [fact.id for fact in facts] == [fact.id for fact in Source(folder).events()]


def test_a_click_row_that_stands_twice_is_two_true_rows(folder: Path) -> None:
    assert len(of(ActivitySeen, folder)) == 3


def test_a_registration_without_a_day_is_of_the_first_day(folder: Path) -> None:
    found = when(LearnerEnrolled, folder)
    assert found["ou:2"] == day("2013-10-01T09:00:00")
    assert found["ou:1"] == day("2013-09-11T09:00:00")


def test_nobody_leaves_before_joining(folder: Path) -> None:
    joined = when(LearnerEnrolled, folder)
    left = when(LearnerWithdrew, folder)
    assert left.keys() == {"ou:2", "ou:3"}
    assert all(joined[learner] < at for learner, at in left.items())


def test_an_exam_without_a_day_is_due_at_the_end(folder: Path) -> None:
    due = {fact.__dict__["item"]: fact.__dict__["due_at"] for fact in of(DeadlineSet, folder)}
    assert due == {"17": day("2013-10-21T00:00:00"), "18": day("2014-06-27T00:00:00")}


def test_banked_work_is_graded_only_and_a_missing_score_is_no_grade(folder: Path) -> None:
    assert [fact.key for fact in of(WorkSubmitted, folder)] == ["ou:1", "ou:3"]
    assert sorted(fact.key for fact in of(WorkGraded, folder)) == ["ou:1", "ou:2"]


def test_the_outcome_is_never_opened(folder: Path) -> None:
    (folder / "studentInfo.csv").mkdir()  # opening it would fail
    assert list(Source(folder).events())


def test_a_folder_without_the_tables_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OuladMissing, match=r"holds no courses\.csv"):
        Source(tmp_path)


def test_every_event_passes_intake(folder: Path) -> None:
    for fact in Source(folder).events():
        wire = encode(fact)
        (taken,) = read(wire.value, wire.headers, fact.at, Policy()).facts
        assert taken == fact.model_copy(update={"id": taken.id})  # intake's own, of source and id


def test_every_real_row_is_accounted_for() -> None:
    data = os.environ.get("MENTORWAY_DATA")
    if data is None:
        pytest.skip("MENTORWAY_DATA names no folder with the real tables")
    source = Source(Path(data) / "oulad")
    kinds: Counter[type[Fact]] = Counter()
    handed_in: set[str] = set()
    before = None
    for fact in source.events():
        kinds[type(fact)] += 1
        assert before is None or before <= fact.at
        before = fact.at
        if isinstance(fact, WorkSubmitted | WorkGraded):
            handed_in.add(f"{fact.learner} {fact.item}")
    rows = source.rows
    assert rows["studentVle"] == kinds[ActivitySeen] == 584_248
    assert rows["studentRegistration"] == kinds[LearnerEnrolled] == 2_150
    assert kinds[LearnerWithdrew] == 565
    assert rows["assessments"] == kinds[DeadlineSet] == 18
    assert kinds[WorkSubmitted] <= rows["studentAssessment"]
    assert rows["studentAssessment"] == len(handed_in) == 12_889
