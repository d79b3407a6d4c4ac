"""What can an operator's alarms see of the gateway?  Prometheus metrics: doors, webhooks, and how far ledgers are behind.

Nothing in it names a person.  Counts are since this process, or a webhook's lane, began.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

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

        def of(field: str) -> dict[str, int]:
            return {name: int(each[field]) for name, each in hooks.items()}

        yield _filled(
            CounterMetricFamily(
                "mentorway_door_events", "posted, by what became of them", labels=["outcome"]
            ),
            self.door(),
        )
        for field, text in (("delivered", "nudges delivered"), ("failed", "nudges given up")):
            name = f"mentorway_webhook_{field}"
            yield _filled(CounterMetricFamily(name, text, labels=["webhook"]), of(field))
        for field, text in (("waiting", "nudges on their way"), ("reading", "1 while nudges are read")):
            name = f"mentorway_webhook_{field}"
            yield _filled(GaugeMetricFamily(name, text, labels=["webhook"]), of(field))
        yield _filled(
            GaugeMetricFamily(
                "mentorway_ledger_behind",
                "facts written and not folded, whether workers live or not",
                labels=["ledger"],
            ),
            self.lag(),
        )


def _filled(family: CounterMetricFamily | GaugeMetricFamily, values: Mapping[str, int]) -> Metric:
    for which, value in values.items():
        family.add_metric([which], value)
    return family
