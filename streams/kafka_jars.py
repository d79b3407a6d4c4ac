"""Where are Kafka's jars, and the Java to run them?

`MENTORWAY_KAFKA_LIBS` may name a folder that holds the jars already; else Maven brings them.
"""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from streams.broker import BrokerFailed

POM = Path(__file__).parent.parent / "deploy" / "kafka" / "pom.xml"


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
