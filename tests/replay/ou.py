"""A small presentation in the data set's own layout: some study, some fade, some never start, some leave."""

import csv
from pathlib import Path
from random import Random

COURSE = "AAA/2013J"
LEFT = "date_unregistration"


def write(folder: Path, learners: int = 10, seed: int = 1, after: int | None = None, clicks: int = 2) -> Path:
    """`after`: what becomes of the learners after that day is dealt out anew."""
    folder.mkdir(exist_ok=True)
    chance = Random(seed)
    info, places, work, seen = [], [], [], []
    for number in range(learners):
        name = str(100 + number)
        keen = chance.random()
        last = 60 if keen > 0.4 else chance.randint(-3, 20)
        for day in range(-5, last):
            if chance.random() < keen + 0.2:
                seen += [_row(name, id_site=str(n), date=day, sum_click=n + 1) for n in range(clicks)]
        if last > 21:
            work.append({"id_assessment": "1", "id_student": name, "date_submitted": chance.randint(10, 22), "is_banked": 0, "score": chance.randint(30, 95)})  # fmt: skip
        left = chance.choice(["?", "?", str(last + 15)]) if last < 60 else "?"
        info.append(_row(name, final_result="Withdrawn" if left != "?" else chance.choice(["Pass", "Fail"])))
        places.append(_row(name, date_registration=-chance.randint(6, 60), date_unregistration=left))
    if after is not None:
        _deal(Random(after), info, places, after)
    _table(
        folder,
        "courses",
        [{"code_module": "AAA", "code_presentation": "2013J", "module_presentation_length": 268}],
    )
    dates = [("1", "TMA", 19), ("2", "TMA", 54)]
    _table(folder, "assessments", [
        {"code_module": "AAA", "code_presentation": "2013J", "id_assessment": id, "assessment_type": kind, "date": date, "weight": 10}
        for id, kind, date in dates
    ])  # fmt: skip
    for table, rows in (
        ("studentInfo", info),
        ("studentRegistration", places),
        ("studentAssessment", work),
        ("studentVle", seen),
    ):
        _table(folder, table, rows)
    return folder


def _deal(chance: Random, info: list[dict[str, object]], places: list[dict[str, object]], day: int) -> None:
    results = [row["final_result"] for row in info]
    chance.shuffle(results)
    for row, result in zip(info, results, strict=True):
        row["final_result"] = result
    for row in places:
        if row[LEFT] == "?" or int(str(row[LEFT])) > day:
            row[LEFT] = chance.choice(["?", str(day + chance.randint(1, 90))])


def _row(name: str, **fields: object) -> dict[str, object]:
    return {"code_module": "AAA", "code_presentation": "2013J", "id_student": name, **fields}


def _table(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
