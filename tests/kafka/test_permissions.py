"""Do the grants that `topics permissions` prints let everything run, on a broker that allows nothing else?"""

from urllib.request import urlopen
from uuid import uuid4

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import KafkaError

from schemas.matches import MatchConfirmed
from schemas.mentors import MentorJoined
from streams.broker import Broker, free_ports
from streams.errors import plain
from streams.lag import lags
from streams.permissions import Grant, grants
from streams.roles import NAMES
from streams.settings import Settings
from streams.supervisor import Supervisor, gateway_slot, role_slot
from streams.topics import create, verify
from tests.kafka.test_erasure import enrolled, made, send, told
from tests.kafka.test_ledger import until

RESOURCES = {
    "topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "transactional-id": ResourceType.TRANSACTIONAL_ID,
}  # fmt: skip
OPERATIONS = {
    "Create": AclOperation.CREATE, "Describe": AclOperation.DESCRIBE, "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
    "AlterConfigs": AclOperation.ALTER_CONFIGS, "Read": AclOperation.READ, "Write": AclOperation.WRITE,
    "Delete": AclOperation.DELETE,
}  # fmt: skip


def bindings(grant: Grant, user: str) -> list[AclBinding]:
    pattern = ResourcePatternType.PREFIXED if grant.prefixed else ResourcePatternType.LITERAL
    return [
        AclBinding(
            RESOURCES[grant.resource], grant.name, pattern, f"User:{user}", "*", OPERATIONS[operation],
            AclPermissionType.ALLOW,
        )
        for operation in grant.operations
    ]  # fmt: skip


@pytest.fixture
def plain_user(secured: Broker, prefix: str) -> Settings:
    """Settings of a user of this broker who may do nothing yet."""
    name, secret = f"user-{uuid4().hex[:6]}", "another.Secret-7"
    admin = AdminClient(secured.settings().confluent())
    told = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    for done in admin.alter_user_scram_credentials(
        [UserScramCredentialUpsertion(name, told, secret.encode())]
    ).values():
        done.result(20)
    security = {"protocol": "SASL_PLAINTEXT", "username": name, "password": secret}
    return secured.settings(
        prefix=prefix, partitions=2, health_port=0, http_port=free_ports(1)[0], security=security
    )


def seen_by_the_console(settings: Settings, word: bytes) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{settings.http_port}/api/board") as page:  # our own, on loopback
            return word in page.read()
    except OSError:
        return False


def test_the_printed_grants_are_all_that_every_part_needs(
    secured: Broker, plain_user: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KafkaError) as refused:
        create(plain_user)
    assert "`python -m streams topics permissions`" in (plain(refused.value, plain_user.brokers) or "")

    admin, user = AdminClient(secured.settings().confluent()), plain_user.security.username
    wanted = [one for grant in grants(plain_user) for one in bindings(grant, user)]
    for done in admin.create_acls(wanted).values():
        done.result(20)
    create(plain_user)
    assert not verify(plain_user)
    for name, value in plain_user.environment().items():
        monkeypatch.setenv(name, value)
    supervisor = Supervisor([*(role_slot(name, 0, []) for name in NAMES), gateway_slot()])
    with supervisor.beside():
        mentor = made(MentorJoined, "m", mentor="m:ada", programme="p", capacity_minutes=60)
        send(plain_user, mentor, enrolled("ou:ana"))
        until(lambda: bool(told(plain_user, MatchConfirmed)), 60, "no match")
        until(lambda: sum(lag.behind for lag in lags(plain_user)) == 0, 30, "ledgers stay behind")
        until(lambda: seen_by_the_console(plain_user, b"ou:ana"), 60, "the console shows no match")
