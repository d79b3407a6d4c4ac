"""A real Apache Kafka, one KRaft node, in a JVM: for `make kafka` and for tests."""

import base64
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from streams.broker import Broker, BrokerFailed, free_ports, taken
from streams.kafka_jars import java
from streams.settings import Settings

HEAP = ("-Xmx1g", "-Xms128m", "-XX:+UseSerialGC")  # on two cores the threads of G1 take what the ledgers need
LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")

SHARED = """\
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
num.partitions=12
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"""
CONTROLLER = """\
process.roles=controller
node.id={number}
controller.quorum.voters={number}@127.0.0.1:{control}
listeners=CONTROLLER://127.0.0.1:{control}
log.dirs={data}
"""
BROKER = """\
process.roles={roles}
node.id=1
controller.quorum.voters={number}@127.0.0.1:{control}
listeners={listeners}
advertised.listeners={listener}://127.0.0.1:{port}
inter.broker.listener.name={listener}
log.dirs={data}
"""
SWEEP = "transaction.abort.timed.out.transaction.cleanup.interval.ms=500\n"  # 10 s by default: decision 0003
SCRAM = """\
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required username="{user}" password="{password}";
"""
AUTHORIZER = """\
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{user};User:ANONYMOUS
"""  # the one listener asks for a login: only the controller's own connection is anonymous


class Node(Broker):
    """One process of a Kafka: its properties are written and its data formatted before the first start."""

    name = "Kafka broker"

    def __init__(self, folder: Path, jars: Path, port: int | None = None) -> None:
        super().__init__(folder, port)
        self.jars = jars
        self.config, self.data = self.folder / "server.properties", self.folder / "data"
        self.cluster = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=").replace("-", "A")

    def properties(self) -> str:
        raise NotImplementedError  # each kind of node has its own

    def java(self, *more: str) -> list[str]:
        return [java(), *HEAP, *LOGGING, "-cp", f"{self.jars}/*", *more]

    def command(self) -> Sequence[str]:
        return self.java("kafka.Kafka", str(self.config))

    def formatting(self) -> list[str]:
        return ["format", "-t", self.cluster, "-c", str(self.config)]

    def prepare(self) -> None:
        if (self.data / "meta.properties").is_file():
            return
        self.config.write_text(self.properties() + SHARED, encoding="utf-8")
        form = self.java("kafka.tools.StorageTool", *self.formatting())
        done = subprocess.run(form, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr or done.stdout).strip()[-300:]
            raise BrokerFailed(f"Kafka could not prepare {self.data}: {last}")


class Controller(Node):
    """Kafka's metadata in a process of its own, which outlives the broker it leads.

    A node that is broker and controller at once can lose transaction markers when it is killed and
    started again (`deploy/decisions/0003-sweep.md`).
    """

    name = "Kafka controller"
    number = 100

    def properties(self) -> str:
        return CONTROLLER.format(number=self.number, control=self.port, data=self.data)

    def _probe(self) -> Callable[[], bool]:
        return lambda: taken(self.port)


class ApacheKafka(Node):
    """With `login` (user, password) its one listener asks for SCRAM-SHA-512; `guarded` = that user alone may all."""

    def __init__(
        self,
        folder: Path,
        jars: Path,
        port: int | None = None,
        login: tuple[str, str] | None = None,
        controller: Controller | None = None,
        guarded: bool = False,
    ) -> None:
        super().__init__(folder, jars, port)
        self.login, self.controller, self.guarded = login, controller, guarded
        if controller is not None:
            self.cluster = controller.cluster

    def settings(self, **fields: object) -> Settings:
        if self.login is None:
            return super().settings(**fields)
        user, password = self.login
        return super().settings(
            **{"security": {"protocol": "SASL_PLAINTEXT", "username": user, "password": password}, **fields}
        )

    def properties(self) -> str:
        listener = "PLAINTEXT" if self.login is None else "SASL_PLAINTEXT"
        roles, number, listeners = "broker", Controller.number, f"{listener}://127.0.0.1:{self.port}"
        if self.controller is None:
            roles, number, control = "broker,controller", 1, free_ports(1)[0]
            listeners += f",CONTROLLER://127.0.0.1:{control}"
            more = ""
        else:
            control, more = self.controller.port, SWEEP
        text = more + BROKER.format(
            roles=roles, number=number, control=control, listener=listener, listeners=listeners,
            port=self.port, data=self.data,
        )  # fmt: skip
        if self.login is None:
            return text
        user, password = self.login
        text += SCRAM.format(user=user, password=password)
        return text + AUTHORIZER.format(user=user) if self.guarded else text

    def formatting(self) -> list[str]:
        if self.login is None:
            return super().formatting()
        user, password = self.login
        return [*super().formatting(), "--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]"]
