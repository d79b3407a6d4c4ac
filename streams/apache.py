"""A real Apache Kafka, one KRaft node, from Maven's jars and a JVM: for `make kafka` and for tests.

`MENTORWAY_KAFKA_LIBS` may name a folder that holds the jars already; else Maven brings them.
"""

import base64
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from streams.broker import Broker, BrokerFailed, free_ports
from streams.settings import Settings

POM = Path(__file__).parent.parent / "deploy" / "kafka" / "pom.xml"
HEAP = ("-Xmx1g", "-Xms128m", "-XX:+UseG1GC")
LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{control}
listeners={listener}://127.0.0.1:{port},CONTROLLER://127.0.0.1:{control}
advertised.listeners={listener}://127.0.0.1:{port}
inter.broker.listener.name={listener}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
log.dirs={data}
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
SCRAM = """\
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required username="{user}" password="{password}";
"""


def libs(folder: Path, environ: Mapping[str, str]) -> Path:
    """The folder with Kafka's jars; Maven fills it the first time."""
    if named := environ.get("MENTORWAY_KAFKA_LIBS"):
        if not any(Path(named).glob("kafka_*.jar")):
            raise BrokerFailed(f"MENTORWAY_KAFKA_LIBS names {named}, where no Kafka is: mend it, or unset it")
        return Path(named).resolve()
    java()
    target = folder / "kafka" / "libs"
    if not any(target.glob("kafka_*.jar")):
        _maven(target.resolve())
    return target.resolve()


def java() -> str:
    if (found := shutil.which("java")) is None:
        raise BrokerFailed(
            "Kafka needs Java 17 or newer: install it (Debian: apt-get install openjdk-17-jre-headless)"
        )
    return found


def _maven(target: Path) -> None:
    if (mvn := shutil.which("mvn")) is None:
        raise BrokerFailed("bringing Kafka needs Maven: install it (Debian: apt-get install maven)")
    fresh = target.with_name("libs.part")
    shutil.rmtree(fresh, ignore_errors=True)
    copy = ["dependency:copy-dependencies", f"-DoutputDirectory={fresh}", "-DincludeScope=runtime"]
    done = subprocess.run(
        [mvn, "-q", "-B", "-f", str(POM), *copy], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stdout.strip() or done.stderr.strip() or "no output").splitlines()[0]
        raise BrokerFailed(f"Maven could not bring Kafka's jars: {last}")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


class ApacheKafka(Broker):
    """With `login` (user, password) its one listener asks for SCRAM-SHA-512."""

    name = "Kafka broker"

    def __init__(
        self, folder: Path, jars: Path, port: int | None = None, login: tuple[str, str] | None = None
    ) -> None:
        super().__init__(folder, port)
        self.jars, self.login = jars, login
        self.config = self.folder / "server.properties"

    def settings(self, **fields: object) -> Settings:
        if self.login is None:
            return super().settings(**fields)
        user, password = self.login
        return super().settings(
            **{"security": {"protocol": "SASL_PLAINTEXT", "username": user, "password": password}, **fields}
        )

    def java(self, *more: str) -> list[str]:
        return [java(), *HEAP, *LOGGING, "-cp", f"{self.jars}/*", *more]

    def command(self) -> Sequence[str]:
        return self.java("kafka.Kafka", str(self.config))

    def prepare(self) -> None:
        data = self.folder / "data"
        if (data / "meta.properties").is_file():
            return
        listener = "PLAINTEXT" if self.login is None else "SASL_PLAINTEXT"
        text = PROPERTIES.format(listener=listener, port=self.port, control=free_ports(1)[0], data=data)
        scram: list[str] = []
        if self.login is not None:
            user, password = self.login
            text += SCRAM.format(user=user, password=password)
            scram = ["--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]"]
        self.config.write_text(text, encoding="utf-8")
        cluster = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=").replace("-", "A")
        form = self.java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self.config), *scram)
        done = subprocess.run(form, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BrokerFailed(
                f"Kafka could not prepare {data}: {(done.stderr or done.stdout).strip()[-300:]}"
            )
