"""Whatever the pipeline says over a whole programme, there are words for it in every language shipped."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nudging.letters import letter
from schemas.fact import Fact
from schemas.nudges import NudgeSent
from schemas.policy import Operator, Policy
from streams.log import Stored
from streams.replay import Replay
from streams.settings import Settings
from streams.simulate import PROGRAMME, Shape, lives
from streams.wording_file import load

WORDS = load(Path(__file__).parents[2] / "deploy" / "wording")
START = datetime(2026, 1, 5, tzinfo=UTC)


def test_every_nudge_of_a_programme_can_be_said_in_english_and_german() -> None:
    nudges = list[NudgeSent]()

    def hear(topic: str, fact: Fact, line: Stored) -> None:
        if isinstance(fact, NudgeSent):
            nudges.append(fact)

    policy = Policy(operators=(Operator(id="office:1"),))
    replay = Replay(Settings(partitions=2), policy, hear)
    replay.run(lives(Shape(seed=5, learners=24, mentors=3, days=24), START), timedelta(hours=6))
    told = Counter(item.template for nudge in nudges for item in nudge.items)
    assert {"L2.1.learner", "L6.1.learner", "L9.1.learner", "match.confirmed.mentor"} <= set(told), told
    assert {item.programme for nudge in nudges for item in nudge.items} == {PROGRAMME}
    for nudge in nudges:
        for words in WORDS.values():
            found = letter(nudge, words, {})
            assert found.subject
            assert not set("{}[]") & set(found.text), found
