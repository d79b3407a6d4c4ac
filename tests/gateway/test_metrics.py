"""Do alarms see a webhook that gave nudges up, and a ledger that is behind?"""

from prometheus_client.parser import text_string_to_metric_families

from schemas.policy import Policy
from streams.gateway.metrics import GatewayMetrics
from streams.policy_file import fingerprint

SPRING = Policy(version="spring")


def test_webhooks_and_lag_are_told_as_they_are_when_asked() -> None:
    hooks = [{"name": "mail", "reading": True, "delivered": 5, "failed": 0, "waiting": 2, "last": "http_200"}]
    lag = {"pools": 0}
    metrics = GatewayMetrics(lambda: {"accepted": 7}, lambda: hooks, lambda: lag, lambda: SPRING)

    def told() -> dict[str, float]:
        return {
            f"{sample.name}/{next(iter(sample.labels.values()))}": sample.value
            for family in text_string_to_metric_families(metrics.text().decode())
            for sample in family.samples
        }

    assert told() == {
        "mentorway_door_events_total/accepted": 7, "mentorway_webhook_delivered_total/mail": 5,
        "mentorway_webhook_failed_total/mail": 0, "mentorway_webhook_waiting/mail": 2,
        "mentorway_webhook_reading/mail": 1, "mentorway_ledger_behind/pools": 0, f"mentorway_policy/{fingerprint(SPRING)}": 1,
    }  # fmt: skip
    hooks[0] |= {"failed": 3, "reading": False}
    lag["pools"] = 900
    after = told()
    assert after["mentorway_webhook_failed_total/mail"] == 3
    assert after["mentorway_webhook_reading/mail"] == 0
    assert after["mentorway_ledger_behind/pools"] == 900
