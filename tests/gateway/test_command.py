"""Does a log stay readable while a broker is down?"""

import logging

from streams.gateway.command import AGAIN_S, MOST_SENTENCES, Seldom


def record(
    at: float, name: str = "aiokafka.conn", text: str = "Unable to connect to %s"
) -> logging.LogRecord:
    found = logging.LogRecord(name, logging.ERROR, "", 0, text, ("there",), None)
    found.created = at
    return found


def test_the_same_sentence_is_said_once_a_minute() -> None:
    seldom = Seldom()
    said = [at for at in range(0, int(2 * AGAIN_S) + 1, 10) if seldom.filter(record(float(at)))]
    assert said == [0, AGAIN_S, 2 * AGAIN_S]


def test_other_sentences_and_what_is_no_chatter_are_always_said() -> None:
    seldom = Seldom()
    assert seldom.filter(record(0))
    assert seldom.filter(record(1, text="Group Coordinator Request failed: %s"))
    assert all(seldom.filter(record(at, name="faust.app", text="crashed")) for at in range(3))


def test_what_is_remembered_is_bounded() -> None:
    seldom = Seldom()
    for n in range(3 * MOST_SENTENCES):
        seldom.filter(record(n, text=f"sentence {n}"))
    assert len(seldom.said) <= MOST_SENTENCES
