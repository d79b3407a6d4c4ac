"""Does every page point at what is there?"""

import re
from pathlib import Path

import pytest

from schemas.codec import known_facts
from schemas.fact import PREFIX
from schemas.topics import TOPICS, Topic
from streams.__main__ import COMMANDS
from streams.variables import NOT_SETTINGS, VARIABLES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "deploy").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_every_named_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [page.parent / to for to in re.findall(r"\]\(([^)#:]+)\)", text)]
    named = [ROOT / name for name in re.findall(r"`((?:deploy|tests|schemas|examples)/[\w./-]+)`", text)]
    assert not [path for path in (*links, *named) if not path.exists()]


def test_every_page_of_the_guide_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [
        page.name for page in (ROOT / "deploy" / "guide").iterdir() if f"guide/{page.name}" not in readme
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_fact_command_and_variable_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    facts = re.findall(r"`(?:org\.mentorway\.)?([a-z_.]+\.v\d+)`", text)
    assert not [name for name in facts if PREFIX + name not in known_facts()]
    assert not [name for name in re.findall(r"python -m streams ([a-z-]+)", text) if name not in COMMANDS]
    variables = re.findall(r"MENTORWAY_[A-Z_]*[A-Z]\b(?!_)", text)
    assert not [name for name in variables if name not in VARIABLES and name not in NOT_SETTINGS]


def test_the_table_of_topics_is_the_one_in_force() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Topics")[2].partition("## ")[0]
    rows = [
        [cell.strip(" *`") for cell in line.split("|")[1:-1]] for line in table.splitlines() if "|" in line
    ]
    told = {name: row[1:4] for row in rows[2:] for name in row[0].split(", ")}
    assert told == {topic.name: [topic.key, written_by(topic), keeps(topic)] for topic in TOPICS}


def written_by(topic: Topic) -> str:
    if topic.name.endswith("-rows"):
        return "its ledger"
    return {"platforms, doors, notification services": "you, the doors"}.get(
        topic.written_by, topic.written_by
    )


def keeps(topic: Topic) -> str:
    days = f"{topic.keeps_days} days" if topic.keeps_days != 365 else "1 year"
    if not topic.compacted:
        return days
    return f"compacted, {days}" if topic.keeps_days else "compacted"
