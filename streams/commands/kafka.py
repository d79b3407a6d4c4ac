"""`kafka`: a real Apache Kafka in the foreground, its data kept under the data folder; Ctrl-C stops it."""

import argparse
import os
import signal
from types import FrameType

from streams import apache, kafka_jars
from streams.commands.numbers import MOST_PORT, whole
from streams.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=whole(1, MOST_PORT), default=9092, help="where it listens on 127.0.0.1 (default 9092)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    folder = settings.data_dir / "kafka"
    print("bringing Kafka's jars, if they are not here yet", flush=True)
    broker = apache.ApacheKafka(
        folder / "node", kafka_jars.libs(settings.data_dir, os.environ), port=args.port
    )
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        broker.start()
        print(f"Kafka answers at {broker.bootstrap}; its log is {broker.log}; Ctrl-C stops it", flush=True)
        return broker.wait()
    finally:
        broker.stop()


def _interrupt(sign: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
