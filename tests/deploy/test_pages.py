"""Does every page point at what is there?"""

import re
from pathlib import Path

import pytest

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
