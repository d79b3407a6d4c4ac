"""What became of the Open University's learners?  The outcome, for judging alone: no decision may read it."""

from streams.evaluation import Fate
from streams.oulad import SOURCE, Presentation, Source

BAD = ("Withdrawn", "Fail")


def fates(source: Source, place: Presentation) -> list[Fate]:
    """One for each enrolment of the presentation."""
    results = {
        row["id_student"]: row["final_result"]
        for _, row in source.table("studentInfo")
        if source.place_of(row) == place
    }
    found = []
    for _, row in source.table("studentRegistration"):
        if source.place_of(row) == place:
            joined, left = (_day(row[name]) for name in ("date_registration", "date_unregistration"))
            bad = left is not None or results.get(row["id_student"]) in BAD
            found.append(Fate(f"{SOURCE}:{row['id_student']}", joined or 0, left, bad))
    return found


def _day(text: str) -> int | None:
    return None if text in ("?", "") else int(text)
