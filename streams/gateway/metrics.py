"""What can an operator's alarms see of the gateway?  Prometheus metrics: doors, webhooks, and how far each ledger is behind.

Nothing in it names a person.  Counts are since this process, or a webhook's lane, began.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Name = Literal[
    "mentorway_door_events",  # by what became of them: accepted, refused, or not written
    "mentorway_webhook_delivered",  # nudges, by webhook
    "mentorway_webhook_failed",  # nudges given up, by webhook
    "mentorway_webhook_waiting",  # nudges on their way, by webhook
    "mentorway_webhook_reading",  # 1 while the webhook's lane reads nudges
    "mentorway_ledger_behind",  # facts written and not yet folded, by ledger, whether its workers live or not
]
KIND = "text/plain; version=0.0.4"


class GatewayMetrics(Collector):
    """Reads the gateway's own state whenever it is asked; keeps none."""

    def __init__(
        self,
        door: Callable[[], Mapping[str, int]],
        webhooks: Callable[[], Sequence[Mapping[str, Any]]],
        lag: Callable[[], Mapping[str, int]],
    ) -> None:
        self.door, self.webhooks, self.lag = door, webhooks, lag
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def text(self) -> bytes:
        return generate_latest(self.registry)

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        hooks = {str(each["name"]): each for each in self.webhooks()}

        def of_hooks(field: str) -> dict[str, int]:
            return {name: int(each[field]) for name, each in hooks.items()}

        yield _counter("mentorway_door_events", "events posted", "outcome", self.door())
        yield _counter("mentorway_webhook_delivered", "nudges delivered", "webhook", of_hooks("delivered"))
        yield _counter("mentorway_webhook_failed", "nudges given up", "webhook", of_hooks("failed"))
        yield _gauge("mentorway_webhook_waiting", "nudges on their way", "webhook", of_hooks("waiting"))
        yield _gauge("mentorway_webhook_reading", "1 while nudges are read", "webhook", of_hooks("reading"))
        yield _gauge("mentorway_ledger_behind", "facts not yet folded", "ledger", self.lag())


def _counter(name: Name, text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for which, value in values.items():
        family.add_metric([which], value)
    return family


def _gauge(name: Name, text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for which, value in values.items():
        family.add_metric([which], value)
    return family
