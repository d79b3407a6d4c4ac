"""The same trivial fold on our ledger and on a Faust table: `python -m tests.benchmarks.trivial ledger|faust N`.

Reads N events, keeps a count a key as a row, writes one output an event; prints events and CPU seconds.
"""

import json
import os
import sys
import tempfile
import time
from typing import Any, ClassVar

import orjson

from schemas.fact import Fact, Moment
from schemas.rows import Row, Rows, changed
from streams.garbage import Sweeper
from streams.ledger import Ledger
from streams.log import Record
from streams.outlet import Outlet
from streams.role import FactRole, Reading
from streams.variables import load


class Count(Row):
    KIND: ClassVar[str] = "count"
    n: int = 0


class Trivial(FactRole):
    """Folds raw JSON without facts of ours; the output is the event itself."""

    def __init__(self) -> None:
        super().__init__("pulses", {"count": Count}, lambda rows, moment: [])

    def read(self, record: Record, clock: Any, policy: Any) -> Reading:
        return Reading(
            (), (), None, "", (record.key(), record.value(), orjson.loads(record.value() or b"{}"))
        )

    def fold(self, rows: Rows, moment: Moment, reading: Reading | None) -> list[Fact]:
        assert reading is not None
        assert isinstance(reading.detail, tuple)
        key, value, body = reading.detail
        row = rows.find(Count, body["learner"])
        rows.put(Count(n=1) if row is None else changed(row, n=row.n + 1), body["learner"])
        return [_Raw(key, value)]  # type: ignore[list-item]


class _Raw:
    """Stands for a fact whose wire form is known already."""

    COURSE_WIDE = False

    def __init__(self, key: bytes, value: bytes) -> None:
        self.out = Outlet("matches", None, key, value, [])


def _ledger(events: int) -> float:
    from datetime import UTC, datetime

    from schemas.policy import Policy
    from streams import transaction
    from streams.kafka_log import KafkaLog

    settings, policy = load(os.environ), Policy()
    transaction.outlets = lambda fact, partitions: [fact.out]  # type: ignore[attr-defined]
    ledger = Ledger(
        Trivial(), KafkaLog(settings, "trivial", "0"), partitions=settings.partitions, policy=lambda: policy,
        wall=lambda: datetime.now(UTC),
    )  # fmt: skip
    ledger.join()
    sweeper = Sweeper()  # as a worker has it
    started: float | None = None
    done = 0
    while done < events:
        ledger.turn()
        sweeper.look()
        done = sum(part.progress.next for part in ledger.owned.values())
        if started is None and done:
            started = time.process_time()
            first = done
    assert started is not None
    spent = time.process_time() - started
    ledger.log.close()
    return spent * events / (events - first)


def _faust(events: int) -> float:
    import faust

    settings = load(os.environ)
    app = faust.App(
        f"{settings.prefix}faust", **settings.faust(), store="memory://", topic_partitions=settings.partitions, datadir=tempfile.mkdtemp(),
        consumer_auto_offset_reset="earliest", web_enabled=False, producer_linger=0.02, stream_wait_empty=False,
    )  # fmt: skip
    table = app.Table("trivial-counts", default=int, partitions=settings.partitions)
    target = app.topic(settings.topic("matches"), value_serializer="raw")
    seen = {"n": 0, "started": 0.0, "spent": 0.0}

    async def count(stream: Any) -> Any:
        async for body in stream:
            if not seen["n"]:
                seen["started"] = time.process_time()
            table[body["learner"]] += 1
            await target.send(key=body["learner"], value=orjson.dumps(body))
            seen["n"] += 1
            if seen["n"] >= events:
                seen["spent"] = time.process_time() - seen["started"]
                print(json.dumps({"events": events, "cpu_seconds": seen["spent"]}), flush=True)
                os._exit(0)
            yield body

    app.agent(app.topic(settings.topic("learner-facts"), value_serializer="json"))(count)
    faust.Worker(app, loglevel="ERROR", redirect_stdouts=False, quiet=True).execute_from_commandline()
    return 0.0


if __name__ == "__main__":
    if sys.argv[1] == "ledger":
        print(json.dumps({"events": int(sys.argv[2]), "cpu_seconds": _ledger(int(sys.argv[2]))}))
    else:
        _faust(int(sys.argv[2]))
