"""Which webhooks are delivered to now?  One lane each, as policy.toml names them; a changed file changes them at once.

A webhook the operator did not allow, or whose secret is missing, stops a gateway that starts and never one that runs.
"""

import asyncio
import logging
from typing import Any

from confluent_kafka import KafkaException

from schemas.delivery import DeliveryPolicy, Webhook
from schemas.policy import Policy
from streams import policy_file
from streams.errors import Trouble, plain
from streams.gateway.addresses import Rules
from streams.gateway.lane import AGAIN_S, Lane
from streams.gateway.signing import secrets_of
from streams.gateway.writer import Writer
from streams.settings import Settings

log = logging.getLogger("mentorway")
LOOK_S = 2.0
Wanted = tuple[Webhook, DeliveryPolicy]


class WebhookRefused(Trouble):
    """policy.toml names a webhook that may not be delivered to; the text names it and the mend."""

    code = 2


class Deliveries:
    def __init__(self, settings: Settings, writer: Writer) -> None:
        self.settings, self.writer = settings, writer
        self.rules = Rules.of(settings)
        self.policy = policy_file.watch(settings.policy_file, log.error, self._check)
        self.lanes: dict[Wanted, Lane] = {}

    def _check(self, policy: Policy) -> None:
        for webhook in policy.webhooks:
            if (why := self.rules.why_not(webhook.url)) is not None:
                raise WebhookRefused(
                    f"the webhook {webhook.name!r} of the policy file: {why}. Mend the file or the setting"
                )
            secrets_of(webhook.secret)

    def state(self) -> list[dict[str, Any]]:
        return sorted((lane.state() for lane in self.lanes.values()), key=lambda state: state["name"])

    async def run(self) -> None:
        tasks: dict[Wanted, asyncio.Task[None]] = {}
        try:
            while True:
                policy = self.policy.now()
                wanted = {(webhook, policy.delivery) for webhook in policy.webhooks}
                await _ended([tasks.pop(one) for one in set(tasks) - wanted])
                self.lanes = {one: lane for one, lane in self.lanes.items() if one in wanted}
                for one in sorted(wanted - set(tasks), key=lambda one: one[0].name):
                    tasks[one] = asyncio.create_task(self._keep(one))
                await asyncio.sleep(LOOK_S)
        finally:
            await _ended(list(tasks.values()))

    async def _keep(self, one: Wanted) -> None:
        """One lane, begun anew from its committed offsets when it fails."""
        while True:
            lane = self.lanes[one] = Lane(*one, self.settings, self.rules, self.writer)
            try:
                await lane.run()
            except* (KafkaException, Trouble) as errors:
                first = errors.exceptions[0]
                log.warning(
                    "webhook %s begins anew: %s", one[0].name, plain(first, self.settings.brokers) or first
                )
            except* Exception:  # a bug: told of in full, and the other lanes and this one go on
                log.exception("webhook %s failed and begins anew", one[0].name)
            await asyncio.sleep(AGAIN_S)


async def _ended(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
