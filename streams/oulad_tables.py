"""What do the tables of the Open University (OULAD) hold?  The official CSV layout, gzipped or not.

Days count from the presentation's start.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, NamedTuple

from streams.errors import Trouble

STARTS = {"B": (2, 1), "J": (10, 1)}  # a presentation begins in February or in October


class OuladMissing(Trouble):
    """The folder does not hold the tables of the data set."""


class Presentation(NamedTuple):
    module: str
    name: str
    days: int

    @property
    def course(self) -> str:
        return f"{self.module}/{self.name}"

    @property
    def programme(self) -> str:
        return f"{self.module}-{self.name}"

    def at(self, day: int) -> datetime:
        month, first = STARTS[self.name[-1]]
        return datetime(int(self.name[:4]), month, first, tzinfo=UTC) + timedelta(days=day)


class Tables:
    """The tables of one folder.  `rows` counts what was read from each, for the accounts."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise OuladMissing(f"{folder} is no folder: name the folder with the OULAD tables")
        self.folder = folder
        self.rows: dict[str, int] = {}
        self.presentations = {
            (row["code_module"], row["code_presentation"]): Presentation(
                row["code_module"], row["code_presentation"], int(row["module_presentation_length"])
            )
            for _, row in self.table("courses")
        }
        self.assessments = {row["id_assessment"]: row for _, row in self.table("assessments")}

    def _open(self, name: str) -> IO[str]:
        for path in (self.folder / f"{name}.csv", self.folder / f"{name}.csv.gz"):
            if path.is_file():
                return gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="")
        raise OuladMissing(
            f"{self.folder} holds no {name}.csv or {name}.csv.gz: name the folder with the OULAD tables"
        )

    def table(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        with self._open(name) as file:
            count = 0
            for count, row in enumerate(csv.DictReader(file), 1):
                yield count, row
            self.rows[name] = count

    def presentation_of(self, student: str) -> Presentation | None:
        """The first presentation the student registered for."""
        rows = (row for _, row in self.table("studentRegistration") if row["id_student"] == student)
        row = next(rows, None)
        return None if row is None else self.place_of(row)

    def final_result_of(self, student: str) -> str:
        """The outcome, for captions and evaluation; no event and no decision holds it."""
        rows = (row for _, row in self.table("studentInfo") if row["id_student"] == student)
        return next((row["final_result"] for row in rows), "")

    def place_of(self, row: dict[str, str]) -> Presentation:
        return self.presentations[row["code_module"], row["code_presentation"]]
