"""What can an operator's alarms see of the gateway?  Prometheus metrics: doors, webhooks, and how far ledgers are behind.

Nothing in it names a person.  Counts are since this process, or a webhook's lane, began.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from schemas.policy import Policy
from streams.policy_file import fingerprint

Name = Literal[
    "mentorway_door_events",  # posted, by what became of them: accepted, refused, or not written
    "mentorway_webhook_delivered",  # nudges, by webhook
    "mentorway_webhook_failed",  # nudges given up, by webhook
    "mentorway_webhook_waiting",  # nudges on their way, by webhook
    "mentorway_webhook_reading",  # 1 while the webhook's lane reads nudges
    "mentorway_ledger_behind",  # facts written and not yet folded, by ledger, whether its workers live or not
    "mentorway_policy",  # 1, by name and fingerprint of the policy in force, as a ledger's worker tells it
]
KIND = "text/plain; version=0.0.4"


class GatewayMetrics(Collector):
    """Reads the gateway's own state whenever it is asked; keeps none."""

    def __init__(
        self,
        door: Callable[[], Mapping[str, int]],
        webhooks: Callable[[], Sequence[Mapping[str, Any]]],
        lag: Callable[[], Mapping[str, int]],
        policy: Callable[[], Policy],
    ) -> None:
        self.door, self.webhooks, self.lag, self.policy = door, webhooks, lag, policy
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

        yield _filled(CounterMetricFamily, "mentorway_door_events", "outcome", self.door())
        yield _filled(CounterMetricFamily, "mentorway_webhook_delivered", "webhook", of("delivered"))
        yield _filled(CounterMetricFamily, "mentorway_webhook_failed", "webhook", of("failed"))
        yield _filled(GaugeMetricFamily, "mentorway_webhook_waiting", "webhook", of("waiting"))
        yield _filled(GaugeMetricFamily, "mentorway_webhook_reading", "webhook", of("reading"))
        yield _filled(GaugeMetricFamily, "mentorway_ledger_behind", "ledger", self.lag())
        policy = self.policy()
        name: Name = "mentorway_policy"
        made = GaugeMetricFamily(name, "the policy in force", labels=["ledger", "version", "fingerprint"])
        made.add_metric(["gateway", policy.version, fingerprint(policy)], 1)
        yield made


def _filled(
    family: type[CounterMetricFamily] | type[GaugeMetricFamily], name: Name, label: str, values: Mapping[str, int]
) -> Metric:  # fmt: skip
    made = family(name, name.removeprefix("mentorway_").replace("_", " "), labels=[label])
    for which, value in values.items():
        made.add_metric([which], value)
    return made
