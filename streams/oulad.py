"""The Open University's learners (OULAD) as platform events, in order of time.

`final_result` is the outcome, and no event holds it.  What is known by the day happens at 12:00 UTC.  Ids are
made of file and row number, as some click rows stand more than once and all are true.
"""

import heapq
from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from schemas.activity import ActivitySeen, DeadlineSet, WorkGraded, WorkSubmitted
from schemas.fact import F, Fact
from schemas.learners import LearnerEnrolled, LearnerWithdrew
from streams.dialects.reading import event_id
from streams.oulad_tables import Presentation, Tables

SOURCE = "ou"
NOON = timedelta(hours=12)
GRADED_AFTER = {"TMA": 10, "CMA": 0, "Exam": 28}  # days; the data has no grading date


class Source(Tables):
    """The tables as facts; narrowed, those of one presentation."""

    only: Presentation | None = None
    through: int | None = None  # the last day of clicks

    def events(self) -> Iterator[Fact]:
        """Every row as canonical facts, in order of time; rows of one instant in the order of the files."""
        few = (
            sorted(stream, key=_at) for stream in (self._deadlines(), self._registrations(), self._assessed())
        )
        return heapq.merge(*few, self._clicks(), key=_at)

    def events_of(self, place: Presentation, through: int) -> Iterator[Fact]:
        """One presentation's, from before its start to the end of day `through`; the same facts with the same ids.

        Of a learner's clicks of one day only the first: all are told of noon, and a pulse keeps days.
        """
        return takewhile(
            lambda fact: fact.at < place.at(through + 1), self._narrowed(place, through).events()
        )

    def _narrowed(self, place: Presentation, through: int) -> "Source":
        """This source with the rows of one presentation, and clicks up to one day, alone."""
        narrow = copy(self)
        narrow.rows, narrow.only, narrow.through = {}, place, through
        return narrow

    def _rows(self, name: str) -> Iterator[tuple[int, dict[str, str], Presentation]]:
        """The table's rows with their presentation; of a narrowed source, those of the one presentation."""
        for number, row in self.table(name):
            place = self.place_of(row)
            if self.only is None or place == self.only:
                yield number, row, place

    def _deadlines(self) -> Iterator[Fact]:
        for number, row in enumerate(self.assessments.values(), 1):
            place = self.place_of(row)
            if self.only not in (None, place):
                continue
            due = place.days if row["date"] in ("?", "") else int(row["date"])
            yield _fact(
                DeadlineSet, "assessments", number, place.at(-30), course=place.course, item=row["id_assessment"],
                due_at=place.at(due) + timedelta(days=1), graded=True, required=row["assessment_type"] != "CMA",
                coarse=True,
            )  # fmt: skip

    def _registrations(self) -> Iterator[Fact]:
        for number, row, place in self._rows("studentRegistration"):
            learner = f"{SOURCE}:{row['id_student']}"
            day = 0 if row["date_registration"] in ("?", "") else int(row["date_registration"])
            yield _fact(
                LearnerEnrolled, "studentRegistration", number, place.at(day) + timedelta(hours=9), learner=learner,
                programme=place.programme, course=place.course, starts_at=place.at(0), ends_at=place.at(place.days),
            )  # fmt: skip
            if row["date_unregistration"] not in ("?", ""):
                gone = max(int(row["date_unregistration"]), day)
                yield _fact(
                    LearnerWithdrew, "studentRegistration", number, place.at(gone) + timedelta(hours=18),
                    learner=learner, programme=place.programme, course=place.course, reason="left",
                )  # fmt: skip

    def _assessed(self) -> Iterator[Fact]:
        for number, row in self.table("studentAssessment"):
            about = self.assessments[row["id_assessment"]]
            place, learner = self.place_of(about), f"{SOURCE}:{row['id_student']}"
            if self.only not in (None, place):
                continue
            handed_in = place.at(int(row["date_submitted"])) + NOON
            common: dict[str, Any] = {
                "learner": learner,
                "course": place.course,
                "item": row["id_assessment"],
            }
            if row["is_banked"] != "1":
                yield _fact(WorkSubmitted, "studentAssessment", number, handed_in, **common)
            if row["score"] not in ("?", ""):
                graded = handed_in + timedelta(days=GRADED_AFTER[about["assessment_type"]], hours=1)
                yield _fact(
                    WorkGraded, "studentAssessment", number, graded, score_permille=round(float(row["score"]) * 10),
                    submitted_at=handed_in, **common,
                )  # fmt: skip

    def _clicks(self) -> Iterator[Fact]:
        """Sorted as plain rows and made into facts one by one: half a million facts at once are a gigabyte."""
        rows = sorted(
            (
                place.at(int(row["date"])),
                number,
                place.course,
                row["id_student"],
                row["id_site"],
                row["sum_click"],
            )
            for number, row, place in self._clicked()
        )
        for at, number, course, learner, item, count in rows:
            yield _fact(
                ActivitySeen, "studentVle", number, at + NOON, learner=f"{SOURCE}:{learner}", course=course,
                item=item, kind="view", count=int(count), precision="day",
            )  # fmt: skip

    def _clicked(self) -> Iterator[tuple[int, dict[str, str], Presentation]]:
        days: set[tuple[str, str]] = set()
        for number, row, place in self._rows("studentVle"):
            if self.through is not None:
                day = row["id_student"], row["date"]
                if int(row["date"]) > self.through or day in days:
                    continue
                days.add(day)
            yield number, row, place


def _at(fact: Fact) -> datetime:
    return fact.at


def _fact(cls: type[F], file: str, number: int, at: datetime, **fields: Any) -> F:
    id = event_id(SOURCE, f"{file}/{number}/{cls.TYPE}")
    return cls(id=id, at=at, seen_at=at, source=SOURCE, **fields)
