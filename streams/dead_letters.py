"""What was set aside, why, and how does it go back?

A parked record holds the original bytes as its value.  Its headers say where it came from and why
(`parked_*`), and keep the original headers (`orig_*`) and, last, its key (`orig_key`).  Going back is recorded
in the compacted `deployment` topic, so that the same letter is not sent twice by mistake; a crash
between the two writes may repeat it, which is harmless: facts are folded once by their id.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException, Producer
from kafka.errors import KafkaTimeoutError

from schemas.topics import DEAD_LETTERS, DEPLOYMENT, TOPICS
from streams.errors import Trouble
from streams.reading import WAIT_MS, records
from streams.settings import Settings

PARKED = "parked_"
ORIGINAL = "orig_"
ORIGINAL_KEY = "orig_key"
REQUEUED = "mentorway-requeued"
_MARK = b"requeued/"


class LettersRefused(Trouble):
    """The letter cannot be shown or sent back; the text says why."""


class Letter(NamedTuple):
    """One parked record.  `id` is its own place in dead-letters: `partition:offset`."""

    id: str
    at: datetime
    topic: str
    partition: int
    offset: int
    reason: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    sent_back: bool = False


def letters(settings: Settings) -> Iterator[Letter]:
    """Every letter there is, partition by partition, in order."""
    sent = marks(settings)
    for record in records(settings, settings.topic(DEAD_LETTERS.name)):
        place = f"{record.partition}:{record.offset}"
        yield letter_of(place, record.timestamp, record.value, list(record.headers), place in sent)


def letter(settings: Settings, place: str) -> Letter:
    found = next((one for one in letters(settings) if one.id == place), None)
    if found is None:
        raise LettersRefused(
            f"there is no letter {place}: `python -m streams dead-letters list` names those there are"
        )
    return found


def letter_of(
    place: str,
    at_ms: int,
    value: bytes | None,
    headers: list[tuple[str, bytes | None]],
    sent_back: bool = False,
) -> Letter:
    """A letter from its record in dead-letters; `at_ms` is since 1970."""
    about = {name: (raw or b"").decode(errors="replace") for name, raw in headers if name.startswith(PARKED)}
    keyed = bool(headers) and headers[-1][0] == ORIGINAL_KEY  # one before the last is a header named `key`
    own = headers[:-1] if keyed else headers
    number = {name: int(text) if text.isdigit() else -1 for name, text in about.items()}
    return Letter(
        place,
        datetime.fromtimestamp(at_ms / 1000, UTC),
        about.get(PARKED + "topic", ""),
        number.get(PARKED + "partition", -1),
        number.get(PARKED + "offset", -1),
        about.get(PARKED + "reason", "no reason was recorded"),
        headers[-1][1] if keyed else None,
        value,
        [(name.removeprefix(ORIGINAL), raw) for name, raw in own if name.startswith(ORIGINAL)],
        sent_back,
    )


def marks(settings: Settings) -> set[str]:
    """Ids of the letters that went back."""
    found: set[str] = set()
    for record in records(settings, settings.topic(DEPLOYMENT.name)):
        if record.key and record.key.startswith(_MARK):
            place = record.key.removeprefix(_MARK).decode()
            (found.add if record.value is not None else found.discard)(place)
    return found


def requeue(settings: Settings, chosen: Iterable[Letter]) -> int:
    """Sends letters back, to their own topic and partition, as they came; returns how many.

    Written with confluent-kafka: kafka-python refuses an empty header and a record without key and value.
    """
    producer = Producer({**settings.confluent(), "enable.idempotence": True})
    count = 0
    for one in chosen:
        headers = [*(header for header in one.headers if header[0] != REQUEUED), (REQUEUED, one.id.encode())]
        _write(producer, _home(settings, one), one.key, one.value, headers, one.partition)
        _write(producer, settings.topic(DEPLOYMENT.name), _MARK + one.id.encode(), b"{}", [], 0)
        count += 1
    return count


def _write(
    producer: Producer,
    topic: str,
    key: bytes | None,
    value: bytes | None,
    headers: list[tuple[str, bytes | None]],
    partition: int,
) -> None:
    """Returns once the broker has it."""
    failed: list[KafkaError] = []

    def told(error: KafkaError | None, message: object) -> None:
        if error is not None:
            failed.append(error)

    producer.produce(topic, value, key, partition, on_delivery=told, headers=[*headers])
    if producer.flush(WAIT_MS / 1000):
        raise KafkaTimeoutError(f"{topic} cannot be written to")
    if failed:
        raise KafkaException(failed[0])


def _home(settings: Settings, one: Letter) -> str:
    if not one.topic or one.partition < 0:
        raise LettersRefused(f"letter {one.id} does not say where it came from: it cannot go back")
    known = {topic.name for topic in TOPICS}
    return settings.topic(one.topic) if one.topic in known else one.topic
