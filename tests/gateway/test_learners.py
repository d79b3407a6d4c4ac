"""A learner's own page on the console, read from the topics when asked."""

from schemas.advice import EpisodeOpened
from schemas.erasure import PersonForgotten
from schemas.nudges import NudgeSent
from streams.gateway.console import HEADERS
from streams.gateway.learners import HIDDEN, shown
from streams.memory_log import partition_of
from streams.timeline.life import Life
from tests.gateway.live import Live
from tests.timeline.lives import COURSE, MENTOR, made, name, sent, term


def ids(count: int) -> list[str]:
    """Ids whose facts lie in the first partition, as `Live.say` writes them."""
    found = (f"ou:{n}" for n in range(1000))
    return [one for one in found if partition_of(one.encode(), 4) == 0][:count]


def test_every_page_leaves_out_what_rests_on_a_consent_of_its_own_and_says_so_of_all() -> None:
    life = Life("ou:1")
    for fact in term("ou:1"):
        life.hear(fact)
    assert HIDDEN in shown(life).html
    life.hear(made(EpisodeOpened, 40, episode=name("hard"), subject="ou:1", signal="L11", learner="ou:1"))
    told = sent(41, MENTOR, "mentor", "ou:1", name("advice"))
    assert isinstance(told, NudgeSent)
    hard = told.items[0].model_copy(
        update={"kind": "support", "signal": "L11", "figures": (("domain", "health"),)}
    )
    life.hear(told.model_copy(update={"items": (hard,)}))
    html = shown(life).html
    assert HIDDEN in html
    assert "very challenging" not in html
    assert "L11 support" not in html
    assert "L2 silence" in html


def test_a_page_shows_what_the_topics_hold_and_no_more_of_who_was_erased(live: Live) -> None:
    ana, ben, mentor = ids(3)
    for learner in (ana, ben):
        for fact in term(learner, mentor):
            live.say(fact.TOPIC, fact)
    live.say("nudges", made(PersonForgotten, 70, person=ben))
    found = live.ask("GET", f"/learners/{ana.replace(':', '%3A')}")
    assert found.status == 200
    text = found.body.decode()
    assert f"{ana} in {COURSE}" in text
    assert "1 sent, 0 held for a while, 0 left unsaid" in text
    assert found.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    gone = live.ask("GET", f"/learners/{ben}")
    assert (gone.status, COURSE in gone.body.decode()) == (410, False)
    assert live.ask("GET", "/learners/ou%3Anobody").status == 404
    assert live.ask("GET", f"/learners/{ana}", headers={"Host": "evil.example"}).status == 421
