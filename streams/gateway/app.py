"""The Faust app: doors in, deliveries out, the board folded from the outside topics, and the console."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import faust
from confluent_kafka import KafkaException
from faust.web import Request, Response, View
from faust.web.base import BlueprintManager
from kafka.errors import KafkaError

from schemas.topics import DEAD_LETTERS, LEDGERS, MATCHES, NUDGES, ROUNDS
from streams.errors import Trouble
from streams.gateway import board, console
from streams.gateway.callers import CallersFault, answer
from streams.gateway.delivery import Deliveries
from streams.gateway.door import Answer, Door
from streams.gateway.guard import guard
from streams.gateway.hosts import WRONG_NAME, known
from streams.gateway.learners import Learners
from streams.gateway.metrics import KIND, GatewayMetrics
from streams.gateway.writer import Writer
from streams.lag import lags
from streams.policy_file import unheard
from streams.settings import Settings

LAG_EVERY_S = 3.0
log = logging.getLogger("mentorway")


def make_app(settings: Settings) -> faust.App:
    """One worker: it sees all partitions, so one gateway runs the board."""
    data = settings.data_dir / "gateway"
    data.mkdir(parents=True, exist_ok=True)
    app = faust.App(
        f"{settings.prefix}board", **settings.faust(), datadir=str(data), store="memory://", producer_linger=0.02,
        topic_partitions=settings.partitions, topic_replication_factor=settings.replication, topic_disable_leader=True,
        consumer_auto_offset_reset="earliest", broker_session_timeout=10.0, stream_wait_empty=False,
        consumer_group_instance_id=f"{settings.prefix}board-0" if settings.static_members else None,
        web_enabled=True, web_in_thread=False, web_port=settings.http_port,
        web_host=f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host,  # in its own URL
        web_bind=settings.http_host,  # Faust binds every address unless told
        worker_redirect_stdouts=False,
    )  # fmt: skip
    app.web.blueprints = BlueprintManager([])  # Faust's own pages show tables and routes to anyone
    guard(app)
    logging.getLogger("aiohttp.server").addFilter(CallersFault())
    rows: Any = app.Table("rows", default=None, partitions=settings.partitions)
    lag: Counter[str] = Counter()
    writer = Writer(settings)
    deliveries = Deliveries(settings, writer)
    for topic in (MATCHES, ROUNDS, NUDGES, DEAD_LETTERS):
        _agent(app, settings, topic.name, rows)
    _measure_lag(app, settings, lag)
    app.task(deliveries.run)
    door = Door(settings, writer)
    policy = deliveries.policy.now
    metrics = GatewayMetrics(lambda: door.counts, deliveries.state, lambda: lag, policy)
    _pages(
        app, door, settings, metrics, lambda: board.picture(rows, lag, deliveries.state(), unheard(policy()))
    )
    _learners(app, settings, Learners(settings, lambda: [one.id for one in policy().operators]))
    return app


def _agent(app: faust.App, settings: Settings, name: str, rows: Any) -> None:
    source = app.topic(
        settings.topic(name), key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )

    async def fold(stream: Any) -> AsyncIterator[None]:
        async for event in stream.events():
            message = event.message
            board.take(
                rows, name, message.partition, message.offset, message.value, list(message.headers or ())
            )
            yield

    app.agent(source, name=f"board-{name}")(fold)


def _measure_lag(app: faust.App, settings: Settings, lag: Counter[str]) -> None:
    async def measure() -> None:
        while not app.should_stop:
            try:
                found = await asyncio.to_thread(lags, settings)
            except (KafkaError, KafkaException, Trouble, OSError) as error:
                log.warning("lag cannot be measured: %s", error)
            else:
                sums = dict.fromkeys(LEDGERS, 0)
                for one in found:
                    sums[one.ledger] = sums.get(one.ledger, 0) + one.behind
                lag.clear()
                lag.update(sums)
            await app.sleep(LAG_EVERY_S)

    app.task(measure)


def _pages(
    app: faust.App, door: Door, settings: Settings, metrics: GatewayMetrics, picture: Callable[[], dict[str, Any]]
) -> None:  # fmt: skip
    def asked_well(request: Any) -> bool:
        return known(request.headers.get("Host", ""), settings)

    @app.page("/")
    class Console(View):
        async def get(self, request: Request) -> Response:
            if not asked_well(request):
                return self.text(WRONG_NAME, status=421)
            now = datetime.now(UTC) if settings.clock == "wall" else None
            shown = console.page(picture(), "still" in request.query, now)
            return self.html(shown, headers=dict(console.HEADERS))

    @app.page("/api/board")
    class Board(View):
        async def get(self, request: Request) -> Response:
            if not asked_well(request):
                return self.text(WRONG_NAME, status=421)
            return self.json(picture(), headers=dict(console.PLAIN))

    @app.page("/health")
    class Health(View):
        async def get(self, request: Request) -> Response:
            return self.json({"state": "serving"}, headers=dict(console.PLAIN))

    @app.page("/metrics")
    class Metrics(View):
        async def get(self, request: Request) -> Response:
            return self.bytes(metrics.text(), content_type=KIND, headers=dict(console.PLAIN))

    @app.page("/events")
    class Events(View):
        async def post(self, request: Request) -> Response:
            return await answer(self, request, door, door.events)

    @app.page("/xapi/statements")
    class Statements(View):
        async def post(self, request: Request) -> Response:
            async def take(headers: Mapping[str, str], body: bytes) -> Answer:
                return await door.statements(body)

            return await answer(self, request, door, take)


def _learners(app: faust.App, settings: Settings, learners: Learners) -> None:
    @app.page("/learners/{person}")
    class Learner(View):
        async def get(self, request: Request, person: str) -> Response:
            if not known(request.headers.get("Host", ""), settings):
                return self.text(WRONG_NAME, status=421)
            found = await learners.page_of(person)
            return self.html(found.html, status=found.status, headers=dict(console.HEADERS))
