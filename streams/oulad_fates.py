"""What became of the Open University's learners?  The outcome, for judging alone: no decision may read it."""

from streams.evaluation import Fate
from streams.oulad import SOURCE
from streams.oulad_tables import Presentation, Tables

BAD = ("Withdrawn", "Fail")


def fates(tables: Tables, place: Presentation) -> list[Fate]:
    """One for each enrolment of the presentation."""
    results = {
        row["id_student"]: row["final_result"]
        for _, row in tables.table("studentInfo")
        if tables.place_of(row) == place
    }
    found = []
    for _, row in tables.table("studentRegistration"):
        if tables.place_of(row) == place:
            joined, left = (_day(row[name]) for name in ("date_registration", "date_unregistration"))
            bad = left is not None or results.get(row["id_student"]) in BAD
            found.append(Fate(f"{SOURCE}:{row['id_student']}", joined or 0, left, bad))
    return found


def _day(text: str) -> int | None:
    return None if text in ("?", "") else int(text)
