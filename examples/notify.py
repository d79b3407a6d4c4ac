"""A notification service in one page: reads nudges, puts them into words, and "sends" them to the terminal.

Run it beside a pipeline: `python examples/notify.py`.  Where it prints, yours calls a mail server; the names of people come
from your own system, as the pipeline knows none.  A nudge may come twice, so it remembers what it sent.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections import deque
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from confluent_kafka import Consumer, KafkaException

from nudging.letters import Letter, Names, Unsayable, letter
from nudging.wording import pick
from schemas.codec import decode
from schemas.nudges import NudgeSent
from streams import wording_file
from streams.errors import Trouble
from streams.settings import Settings
from streams.variables import load

POLL_S, REST_S = 0.2, 0.8
REMEMBERED = 10_000  # ids of nudges; a real service keeps them with its mail


def consumer(settings: Settings) -> Consumer:
    """Committed nudges only; the offset is committed after the letter is out."""
    return Consumer(
        {
            **settings.confluent(),
            "group.id": settings.group("notify"),
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            **({"group.instance.id": "notify-0"} if settings.static_members else {}),
        }
    )


def rest(reader: Consumer) -> None:
    """A Kafka lets a reader wait for news; the demo's broker answers at once that there is none, and is asked again."""
    places = reader.assignment()
    reader.pause(places)
    time.sleep(REST_S)
    reader.resume(places)
    with suppress(KafkaException):  # a broker that is away now is asked again
        if places:  # or the client may sleep for up to a second more
            reader.get_watermark_offsets(places[0], 10)


def show(nudge: NudgeSent, found: Letter, out: TextIO) -> None:
    reply_to = f"\nReply-To: {nudge.in_name_of}" if nudge.in_name_of else ""
    print(
        f"To: {nudge.recipient}{reply_to}\nSubject: {found.subject}\n\n{found.text}\n{'-' * 60}",
        file=out,
        flush=True,
    )


def serve(settings: Settings, names: Names, wall: bool, out: TextIO) -> None:
    words = wording_file.watch(settings.wording_dir, lambda sentence: print(sentence, file=sys.stderr))
    sent = deque[object](maxlen=REMEMBERED)
    reader = consumer(settings)
    reader.subscribe([settings.topic("nudges")])
    try:
        while True:
            message = reader.poll(POLL_S)
            if message is None:
                rest(reader)
            if message is None or message.error():
                continue
            nudge = decode(message.value(), message.headers() or [])
            late = isinstance(nudge, NudgeSent) and wall and nudge.expires_at <= datetime.now(UTC)
            if isinstance(nudge, NudgeSent) and nudge.nudge not in sent and not late:
                try:
                    show(nudge, letter(nudge, pick(words.now(), nudge.language), names), out)
                except Unsayable as error:
                    print(f"{nudge.nudge} was not said: {error}", file=sys.stderr)
                sent.append(nudge.nudge)
            reader.commit(message, asynchronous=True)
    finally:
        reader.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="Prints each nudge as a letter, until Ctrl-C.")
    parser.add_argument(
        "--names", type=Path, metavar="FILE", help="JSON: id of a person, course or item -> its name"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="append the letters to this file")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = load(os.environ)
        names = json.loads(args.names.read_text(encoding="utf-8")) if args.names else {}
        with args.out.open("a", encoding="utf-8") if args.out else nullcontext(sys.stdout) as out:
            serve(settings, names, settings.clock == "wall", out)
    except Trouble as trouble:
        print(f"notify: {trouble}", file=sys.stderr)
        return trouble.code
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
