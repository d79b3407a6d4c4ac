"""`learn` reads a site's own past from the topics on a broker, and finds what the folder of the same past teaches."""

import json
from pathlib import Path

import pytest

from schemas.fact import Fact
from schemas.learners import LearnerCompleted
from streams.broker import Broker, free_ports
from streams.dialects.reading import event_id
from streams.feed import Feed
from streams.oulad import SOURCE, Source
from streams.oulad_fates import fates
from streams.settings import Settings
from tests.operators.conftest import Run
from tests.replay import ou

IN_2014 = ("--from", "2014-01-01", "--until", "2015-01-01")


def lived(folder: Path) -> list[Fact]:
    """The folder's events as a platform tells them, and who failed, which in the data set is no event."""
    source = Source(folder)
    (place,) = source.presentations.values()
    failed = [fate.learner for fate in fates(source, place) if fate.bad and fate.left is None]
    end = place.at(place.days)
    return [*source.events(), *(
        LearnerCompleted(id=event_id(SOURCE, f"end/{learner}"), at=end, seen_at=end, source=SOURCE, programme=place.programme,
                         learner=learner, course=place.course, outcome="failed")
        for learner in failed
    )]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return ou.write(tmp_path / "ou", learners=24, clicks=1)


@pytest.fixture
def site(embedded: Broker, prefix: str, run: Run) -> Settings:
    settings: Settings = embedded.settings(prefix=prefix, partitions=3)
    assert run(settings, "topics", "create").code == 0
    return settings


def tell(settings: Settings, facts: list[Fact]) -> None:
    feed = Feed(settings)
    for fact in facts:
        feed.send(fact)
    feed.flush()


def test_the_topics_teach_to_the_digit_what_the_folder_does(
    site: Settings, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.learning.LEAST_EACH", 4)
    facts = lived(folder)
    tell(site, [*facts[100:], *facts[:200]])  # out of order, and some twice
    of_folder = run({}, "learn", "oulad", str(folder), "--presentation", ou.COURSE, "--json")
    of_topics = run(site, "learn", *IN_2014, "--json")
    assert (of_folder.code, of_topics.code) == (0, 0), of_topics.err
    assert json.loads(of_topics.out) == json.loads(of_folder.out)
    assert any(json.loads(of_topics.out)["risk"]["weights"].values())


def test_what_cannot_be_learned_is_said_in_one_sentence(site: Settings, folder: Path, run: Run) -> None:
    tell(site, lived(folder))
    for words, code, sentence in (
        (IN_2014, 1, "are too few to learn from: name a longer past, or more courses"),
        (("--from", "2016-01-01"), 1, "no course that the topics hold from its first enrolment on ended from 2016-01-01"),
        ((*IN_2014, "--split", "2013-12-01"), 1, "no course ended by 2013-12-01: name a later --split"),
    ):  # fmt: skip
        said = run(site, "learn", *words)
        assert (said.code, sentence in said.err.splitlines()[-1]) == (code, True), said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--from", "2015-01-01", "--until", "2014-01-01"), "--from 2015-01-01 is not before --until 2014-01-01"),
        (("--presentation", "AAA/2013J"), "a folder and --presentation go with `learn oulad`"),
        (("oulad", ".", "--from", "2015-01-01"), "--from, --until and --split go with the topics"),
    ],
    ids=["backwards", "presentation", "from"],
)  # fmt: skip
def test_what_is_asked_wrongly_is_refused_before_anything_is_read(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    said = run({"MENTORWAY_BROKERS": "127.0.0.1:1"}, "learn", *words)
    assert (said.code, sentence in said.err) == (2, True), said.err


def test_an_unreachable_broker_and_topics_that_are_missing_are_said_plainly(
    embedded: Broker, prefix: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(embedded.settings(prefix=prefix, partitions=3), "learn")
    assert (said.code, "is missing: run `python -m streams topics create`" in said.err) == (1, True), said.err
    monkeypatch.setattr("streams.topics.WAIT_MS", 300)
    nobody = f"127.0.0.1:{free_ports(1)[0]}"
    said = run({"MENTORWAY_BROKERS": nobody}, "learn")
    assert (said.code, said.err.startswith(f"mentorway: no broker answers at {nobody}")) == (1, True)
