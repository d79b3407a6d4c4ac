"""A whole gateway that is killed while it delivers: nothing is lost, repeats carry the same id, every outcome is told."""

from pathlib import Path

from confluent_kafka import Producer

from schemas.codec import encode
from schemas.nudges import NudgeDelivered, NudgeSent
from streams.broker import Broker
from streams.settings import Settings
from tests.gateway.live import gateway, running, until
from tests.gateway.post import nudge, send, site, told
from tests.gateway.receiver import OK, Receiver, status


def aborted(settings: Settings, one: NudgeSent) -> None:
    producer = Producer({**settings.confluent(), "transactional.id": settings.prefix + "writer"})
    producer.init_transactions(20)
    producer.begin_transaction()
    wire = encode(one)
    producer.produce(settings.topic("nudges"), wire.value, wire.key, headers=wire.headers)
    producer.flush(10)
    producer.abort_transaction(20)


def test_a_gateway_killed_twice_loses_no_nudge_and_repeats_but_a_few(
    kafka: Broker, prefix: str, tmp_path: Path
) -> None:
    with Receiver(lambda got, n: status(500) if n == 1 and got.id[0] in "01" else OK) as receiver:
        settings = site(kafka, prefix, tmp_path, ("all", receiver, "*"))
        first, second, third = ([nudge(n) for n in range(200)] for _ in range(3))
        ghost = nudge(999)
        with gateway(settings, tmp_path) as live:
            until(
                lambda: [one["reading"] for one in live.board()["webhooks"]] == [True],
                60,
                "the lane is there",
            )
            sample = nudge(1000)
            send(settings, sample)
            aborted(settings, ghost)
            send(settings, *first)
            until(lambda: len(set(receiver.ids())) > 100, 60, "under way")
            live.process.kill()
            live.process.wait(10)
        send(settings, *second)
        with running(live.settings, tmp_path) as again:
            until(lambda: len(set(receiver.ids())) > 300, 60, "under way again")
            again.process.kill()
            again.process.wait(10)
        send(settings, *third)
        with running(live.settings, tmp_path) as last:
            until(lambda: len({fact.nudge for fact in told(settings)}) == 601, 90, "all are told")
            until(lambda: last.board()["webhooks"][0]["waiting"] == 0, 20, "nothing is left")
            last.process.terminate()
            assert last.process.wait(30) == 0
        sent = {str(one.nudge) for one in [sample, *first, *second, *third]}
        assert set(receiver.ids()) == sent
        assert str(ghost.nudge) not in receiver.ids()
        for id in sent:
            assert len({got.body for got in receiver.got if got.id == id}) == 1, id
        facts = told(settings)
        assert all(isinstance(fact, NudgeDelivered) for fact in facts)
        assert len({fact.id for fact in facts}) == len({fact.nudge for fact in facts}) == 601
        once = len(sent) - 1 + sum(id[0] in "01" for id in sent - {str(sample.nudge)})  # those fail at first
        repeated = len([id for id in receiver.ids() if id != str(sample.nudge)]) - once
        print(f"600 nudges through two kills: {repeated} tries repeated")
        assert repeated <= 2 * 200  # what was under way, and what was settled since the last commit
