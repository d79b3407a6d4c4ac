"""Do nudges reach the webhooks a programme names, once each if the receiver is well, and is each outcome told?"""

import os
import time
from pathlib import Path

import orjson
import pytest

from schemas.nudges import NudgeDelivered, NudgeFailed
from streams.broker import Broker
from streams.gateway.delivery import Deliveries, WebhookRefused
from streams.gateway.signing import SecretMissing
from streams.gateway.writer import Writer
from streams.settings import Settings
from tests.gateway.live import until
from tests.gateway.post import FAST, delivering, item, nudge, policy, ready, send, site, told
from tests.gateway.receiver import OK, STALL, Receiver, status


def test_a_nudge_reaches_the_webhooks_of_its_programme_signed_and_is_told(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver() as nursing, Receiver() as all_of_them:
        settings = site(
            embedded, prefix, tmp_path, ("nursing", nursing, "nursing"), ("all", all_of_them, "*")
        )
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 2), 20, "both lanes read")
            first, other, digest = nudge(1), nudge(2, item("law")), nudge(3, item("law"), item("nursing"))
            send(settings, first, other, digest)
            until(lambda: len(nursing.got) == 2 and len(all_of_them.got) == 3, 20, "all are delivered")
            until(lambda: len(told(settings)) == 5, 20, "all is told")
        assert set(nursing.ids()) == {str(first.nudge), str(digest.nudge)}
        assert all(got.verified() for got in [*nursing.got, *all_of_them.got])
        assert not nursing.got[0].verified("another secret")
        assert all(abs(int(got.headers["webhook-timestamp"]) - time.time()) < 30 for got in nursing.got)
        assert nursing.got[0].headers["idempotency-key"] == nursing.got[0].id
        event = orjson.loads(next(got.body for got in nursing.got if got.id == str(digest.nudge)))
        assert event["type"] == "org.mentorway.nudge.sent.v1"
        assert [one["programme"] for one in event["data"]["items"]] == ["nursing"]
        facts = told(settings)
        assert all(isinstance(fact, NudgeDelivered) and fact.attempts == 1 for fact in facts)
        assert sorted((fact.person, fact.webhook) for fact in facts) == [
            ("lms:1", "all"), ("lms:1", "nursing"), ("lms:2", "all"), ("lms:3", "all"), ("lms:3", "nursing"),
        ]  # fmt: skip


def test_a_receiver_that_fails_gets_the_same_again_until_it_takes_it(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver(lambda got, n: OK if n == 3 else status(503)) as receiver:
        settings = site(embedded, prefix, tmp_path, ("all", receiver, "*"))
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 1), 20, "the lane reads")
            one = nudge()
            send(settings, one)
            until(lambda: len(told(settings)) == 1, 30, "it is told")
        [fact] = told(settings)
        assert isinstance(fact, NudgeDelivered)
        assert (fact.nudge, fact.attempts) == (one.nudge, 3)
        assert receiver.ids() == [str(one.nudge)] * 3
        assert len({got.body for got in receiver.got}) == 1
        assert all(got.verified() for got in receiver.got)


def test_what_never_arrives_is_given_up_when_it_expires_and_says_why(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver(lambda got, n: status(500)) as receiver:
        settings = site(embedded, prefix, tmp_path, ("all", receiver, "*"))
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 1), 20, "the lane reads")
            began = time.monotonic()
            dies, too_late = nudge(1, good_for_s=3), nudge(2, good_for_s=-1)
            send(settings, dies, too_late)
            until(lambda: len(told(settings)) == 2, 30, "both are told")
            assert time.monotonic() - began < 20
            assert deliveries.state()[0]["failed"] == 2
        found = {fact.nudge: fact for fact in told(settings)}
        died, late = found[dies.nudge], found[too_late.nudge]
        assert isinstance(died, NudgeFailed)
        assert isinstance(late, NudgeFailed)
        assert (died.code, died.permanent) == ("http_500", True)
        assert died.attempts >= 2
        assert (late.code, late.attempts) == ("expired", 0)
        assert str(too_late.nudge) not in receiver.ids()


def test_who_is_gone_for_good_is_asked_once(embedded: Broker, prefix: str, tmp_path: Path) -> None:
    with Receiver(lambda got, n: status(410)) as receiver:
        settings = site(embedded, prefix, tmp_path, ("all", receiver, "*"))
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 1), 20, "the lane reads")
            send(settings, nudge())
            until(lambda: len(told(settings)) == 1, 30, "it is told")
        [fact] = told(settings)
        assert isinstance(fact, NudgeFailed)
        assert (fact.code, fact.attempts, len(receiver.got)) == ("http_410", 1, 1)


def pairwise_of(times: list[float], apart: int) -> list[tuple[float, float]]:
    return list(zip(times, times[apart:], strict=False))


def test_one_that_stalls_holds_up_itself_alone_and_so_many_at_once(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver(lambda got, n: STALL) as slow, Receiver() as quick:
        settings = site(embedded, prefix, tmp_path, ("slow", slow, "*"), ("quick", quick, "*"))
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 2), 20, "both lanes read")
            began = time.monotonic()
            send(settings, *(nudge(n) for n in range(300)))
            until(lambda: len(set(quick.ids())) == 300, 30, "the quick one has all")
            taken = time.monotonic() - began
            until(lambda: len(slow.got) > 8, 20, "the slow one is tried again")
            came = [got.at for got in slow.got]
            assert all(
                later - earlier > 1.5 for earlier, later in pairwise_of(came, 4)
            )  # four at once, 2 s each
            assert {one["name"]: one["waiting"] for one in deliveries.state()}["slow"] <= 200
        assert taken < 15
        assert len(quick.got) == 300  # none twice


def test_after_a_stop_only_what_was_owed_is_sent_and_nothing_is_lost(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    stubborn = {"lms:3", "lms:7", "lms:11"}
    with Receiver(lambda got, n: status(500) if got.recipient in stubborn else OK) as receiver:
        settings = site(embedded, prefix, tmp_path, ("all", receiver, "*"))
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 1), 20, "the lane reads")
            send(settings, *(nudge(n) for n in range(20)))
            until(lambda: len(told(settings)) == 17, 30, "all but three")
        send(settings, *(nudge(n) for n in range(20, 25)))
        before = len(receiver.got)
        receiver.behave = lambda got, n: OK
        with delivering(settings):
            until(lambda: len(told(settings)) == 25, 30, "the rest")
        again = [got.recipient for got in receiver.got[before:]]
        assert sorted(again) == sorted([*stubborn, *(f"lms:{n}" for n in range(20, 25))])
        assert all(isinstance(fact, NudgeDelivered) for fact in told(settings))


def test_a_new_webhook_is_owed_what_is_sent_from_now_on(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver() as receiver:
        settings = site(embedded, prefix, tmp_path, ("all", receiver, "*"))
        send(settings, *(nudge(n) for n in range(5)))
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 1), 20, "the lane reads")
        send(settings, nudge(5))  # while no gateway runs
        with delivering(settings):
            until(lambda: len(receiver.got) == 1, 20, "the new one")
        assert [got.recipient for got in receiver.got] == ["lms:5"]


def test_a_changed_policy_takes_a_webhook_at_once_and_a_bad_one_changes_nothing(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver() as first, Receiver() as second, Receiver() as stranger:
        settings = site(
            embedded, prefix, tmp_path, ("first", first, "*"), webhook_hosts=f"{first.host},{second.host}"
        )
        path = tmp_path / "policy.toml"
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 1), 20, "the lane reads")
            policy(path, ("first", first, "*"), ("stranger", stranger, "*"))
            os.utime(path, (2, 2))
            send(settings, nudge(1))
            until(lambda: len(first.got) == 1, 20, "the first goes on")
            policy(path, ("second", second, "*"))
            os.utime(path, (3, 3))
            until(
                lambda: ready(deliveries, 1) and {one["name"] for one in deliveries.state()} == {"second"},
                20,
                "changed",
            )
            send(settings, nudge(2))
            until(lambda: len(second.got) == 1, 20, "the second has it")
        assert (len(first.got), len(stranger.got)) == (1, 0)


def test_a_secret_that_was_changed_is_taken_at_the_next_try(
    embedded: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver() as receiver:
        settings = site(embedded, prefix, tmp_path, ("all", receiver, "*"))
        with delivering(settings) as deliveries:
            until(lambda: ready(deliveries, 1), 20, "the lane reads")
            (tmp_path / "secret").write_text("the-secret-that-follows")
            send(settings, nudge())
            until(lambda: len(receiver.got) == 1, 20, "it is delivered")
        assert receiver.got[0].verified("the-secret-that-follows")


@pytest.mark.parametrize(
    ("toml", "error", "sentence"),
    [
        ('url = "https://hooks.example/", secret = "env:HOOK"', WebhookRefused, "the webhook 'a' of the policy file: hooks.example:443 is not in MENTORWAY_WEBHOOK_HOSTS"),
        ('url = "https://ok.example/", secret = "env:NO_SUCH_HOOK"', SecretMissing, "there is no secret at env:NO_SUCH_HOOK"),
        ('url = "http://ok.example/", secret = "env:HOOK"', WebhookRefused, "http is taken only within"),
    ],
    ids=["host", "secret", "http"],
)  # fmt: skip
def test_a_webhook_that_may_not_be_stops_a_start(
    toml: str, error: type[Exception], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "a-secret-of-the-tests")
    path = tmp_path / "policy.toml"
    path.write_text(f'webhooks = [{{ name = "a", {toml} }}]\n{FAST}')
    settings = Settings(policy_path=path, webhook_hosts="ok.example")
    with pytest.raises(error, match=sentence.replace(".", r"\.")):
        Deliveries(settings, Writer(settings))
