"""What can an operator mend, and in which words is it said?  One plain sentence that says what to do.

A `Trouble` is printed without a traceback; `code` is the exit code (1 found a problem, 2 usage or
settings).  `plain` gives the sentence for what the clients and the machine raise.
"""

import errno
import socket

from confluent_kafka import KafkaError as ConfluentError
from confluent_kafka import KafkaException
from kafka.errors import (
    AuthorizationError,
    InvalidReplicationFactorError,
    KafkaError,
    KafkaTimeoutError,
    UnknownTopicOrPartitionError,
)


class Trouble(Exception):
    """Something an operator can mend; the text says how."""

    code = 1


class Usage(Trouble):
    """The command was not asked in a way it understands."""

    code = 2


KAFKA = (KafkaError, KafkaException)
_UNREACHABLE = frozenset(
    {
        ConfluentError._ALL_BROKERS_DOWN,
        ConfluentError._TRANSPORT,
        ConfluentError._TIMED_OUT,
        ConfluentError._RESOLVE,
        ConfluentError._AUTHENTICATION,
        ConfluentError.SASL_AUTHENTICATION_FAILED,
    }
)
_FORBIDDEN = frozenset(
    {
        ConfluentError.TOPIC_AUTHORIZATION_FAILED,
        ConfluentError.GROUP_AUTHORIZATION_FAILED,
        ConfluentError.CLUSTER_AUTHORIZATION_FAILED,
        ConfluentError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    }
)
_MACHINE = {
    errno.ENOSPC: "the disk is full{at}: free some space, or set MENTORWAY_DATA_DIR to another disk",
    errno.EDQUOT: "the disk quota is used up{at}: free some space, or set MENTORWAY_DATA_DIR to another disk",
    errno.EACCES: "no permission{at}: run as a user who may, or choose another path",
    errno.EPERM: "no permission{at}: run as a user who may, or choose another path",
    errno.EROFS: "the disk is read-only{at}: choose another path",
    errno.EADDRINUSE: "the port is taken{at}: end what listens there, or name another by MENTORWAY_HTTP_PORT, MENTORWAY_HEALTH_PORT or --port",
    errno.EADDRNOTAVAIL: "this machine has no such address{at}: mend MENTORWAY_HTTP_HOST or MENTORWAY_HEALTH_HOST",
}


def unreachable(brokers: str) -> str:
    """Nobody there, or somebody who hangs up: told apart by a plain connection."""
    for address in brokers.split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=2).close()
        except OSError:
            continue
        return (
            f"{address} listens but refuses to speak Kafka with us: check MENTORWAY_SECURITY_PROTOCOL, "
            f"_MECHANISM, _USERNAME and _PASSWORD"
        )
    return f"no broker answers at {brokers}: start it (`make kafka`), or set MENTORWAY_BROKERS"


def plain(error: BaseException, brokers: str) -> str | None:
    """The sentence for an error of a client or of the machine; None for what is a bug."""
    match error:
        case Trouble():
            return str(error)
        case KafkaTimeoutError():
            return unreachable(brokers)
        case AuthorizationError():
            return _forbidden(type(error).__name__)
        case UnknownTopicOrPartitionError():
            return "a topic is missing: run `python -m streams topics create`"
        case InvalidReplicationFactorError():
            return "the cluster has fewer brokers than MENTORWAY_REPLICATION asks copies: lower it"
        case KafkaException() if isinstance(inner := error.args[0], ConfluentError):
            return _of_confluent(inner, brokers)
        case socket.gaierror():
            return "a host's name leads to no address: mend MENTORWAY_HTTP_HOST, MENTORWAY_HEALTH_HOST or MENTORWAY_BROKERS"
        case OSError() if error.errno in _MACHINE:
            at = f" ({error.filename})" if error.filename else ""
            return _MACHINE[error.errno].format(at=at)
        case KafkaError():
            return f"the broker refused: {type(error).__name__}"
        case _:
            return None


def _of_confluent(error: ConfluentError, brokers: str) -> str:
    if error.code() in _UNREACHABLE:
        return unreachable(brokers)
    if error.code() in _FORBIDDEN:
        return _forbidden(error.name())
    if error.code() in (ConfluentError.UNKNOWN_TOPIC_OR_PART, ConfluentError._UNKNOWN_TOPIC):
        return "a topic is missing: run `python -m streams topics create`"
    return f"the broker refused: {error.str()}"


def _forbidden(name: str) -> str:
    return (
        f"the broker gives no permission ({name}): have its administrator run what "
        f"`python -m streams topics permissions` prints"
    )
