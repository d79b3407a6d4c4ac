"""The independent reader: judges a chaos run from the topics alone, by kafka-python and plain JSON.

It shares no code with the ledgers: no codec, no rows, no folds.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from kafka import KafkaConsumer, TopicPartition

CAPS = {"learner_day": 1, "learner_week": 3, "mentor_day": 3 + 1}  # of the default policy; a digest beside


def records(brokers: str, topic: str) -> Iterator[tuple[int, str, dict[str, Any], dict[str, str]]]:
    """(partition, type, value, headers) of every committed record, each partition in order."""
    reader = KafkaConsumer(
        bootstrap_servers=brokers, isolation_level="read_committed", enable_auto_commit=False
    )
    parts = [TopicPartition(topic, n) for n in sorted(reader.partitions_for_topic(topic) or ())]
    reader.assign(parts)
    reader.seek_to_beginning(*parts)
    ends = reader.end_offsets(parts)
    while any(reader.position(part) < ends[part] for part in parts):
        for part, found in reader.poll(1000, max_records=5000).items():
            for record in found:
                headers = {
                    name: raw.decode("utf-8", "replace") for name, raw in record.headers if raw is not None
                }
                name = headers.get("ce_type", "").removeprefix("org.mentorway.").rpartition(".v")[0]
                body = json.loads(record.value) if record.value and name != "fact.parked" else {}
                yield part.partition, name, body, headers
    reader.close()


def judge(brokers: str, prefix: str, truth: Any) -> dict[str, int]:
    """Counts of every wrong there may be; all must be 0 but those whose name begins with `n_`."""
    found: Counter[str] = Counter()
    _facts(brokers, prefix, truth, found)
    _matches(brokers, prefix, truth, found)
    _nudges(brokers, prefix, found)
    _advice(brokers, prefix, truth, found)
    found["parked"] = sum(1 for _ in records(brokers, f"{prefix}dead-letters"))
    return dict(found)


def _facts(brokers: str, prefix: str, truth: Any, found: Counter[str]) -> None:
    """Each activity once in learner-facts, each learner's in the order sent."""
    seen: dict[str, list[str]] = defaultdict(list)
    ids: Counter[str] = Counter()
    for _, name, body, headers in records(brokers, f"{prefix}learner-facts"):
        ids[headers["ce_id"]] += 1
        if name in ("activity.seen", "module.completed"):
            seen[body["learner"]].append(headers["ce_id"])
    found["facts_twice"] = sum(n - 1 for n in ids.values())
    for learner, sent in truth.sent.items():
        got, want = seen.get(learner, []), [truth.inner(id) for id in sent]
        found["n_facts"] += len(got)
        found["facts_lost"] += len(set(want) - set(got))
        found["facts_out_of_order"] += int(list(dict.fromkeys(got)) != [id for id in want if id in set(got)])


def _matches(brokers: str, prefix: str, truth: Any, found: Counter[str]) -> None:
    """No learner with two mentors, no mentor over hours, every learner matched or told why not."""
    pair_of: dict[str, str] = {}
    mentor_of: dict[str, str] = {}
    minutes: dict[str, int] = {}
    load: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    at_once: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for _, name, body, headers in records(brokers, f"{prefix}matches"):
        ids[headers["ce_id"]] += 1
        at_once[headers["ce_time"]].append((name, body))
    heard = {body["learner"] for events in at_once.values() for _, body in events}

    def end(body: dict[str, Any]) -> bool:
        learner = body["learner"]
        if pair_of.get(learner) != body["pair"]:
            return False
        del pair_of[learner]
        load[mentor_of.pop(learner)] -= minutes.pop(learner)
        return True

    for _, events in sorted(at_once.items()):
        # of one instant: ends of pairs that stood before, then what was proposed, then ends of those
        ends = [body for name, body in events if name == "match.ended"]
        later = [body for body in ends if not end(body)]
        for body in (body for name, body in events if name == "match.proposed"):
            learner, mentor = body["learner"], body["mentor"]
            found["n_matches"] += 1
            found["two_mentors"] += int(learner in pair_of)
            pair_of[learner], mentor_of[learner], minutes[learner] = body["pair"], mentor, body["minutes"]
            load[mentor] += body["minutes"]
            found["over_capacity"] += int(load[mentor] > truth.capacity[mentor])
        for body in later:
            end(body)
    found["matches_twice"] = sum(n - 1 for n in ids.values())
    found["learners_unheard"] = len(truth.enrolled - truth.withdrawn - heard)


def _nudges(brokers: str, prefix: str, found: Counter[str]) -> None:
    ids: Counter[str] = Counter()
    days: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _, name, body, headers in records(brokers, f"{prefix}nudges"):
        ids[headers["ce_id"]] += 1
        if name == "nudge.sent" and not body.get("critical"):
            found["n_nudges"] += 1
            days[body["role"], body["recipient"]][body["local_day"]] += 1
    found["nudges_twice"] = sum(n - 1 for n in ids.values())
    for (role, _), counts in days.items():
        if role == "learner":
            found["beyond_cap"] += sum(n > CAPS["learner_day"] for n in counts.values())
            for day in counts:
                week = sum(n for other, n in counts.items() if 0 <= _days(other) - _days(day) < 7)
                found["beyond_cap"] += int(week > CAPS["learner_week"])
        elif role == "mentor":
            found["beyond_cap"] += sum(n > CAPS["mentor_day"] for n in counts.values())


def _days(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _advice(brokers: str, prefix: str, truth: Any, found: Counter[str]) -> None:
    """Each module done is celebrated once, each sleeper noticed once: pulses lost and repeated nothing."""
    ids: Counter[str] = Counter()
    cheered: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    for _, name, body, headers in records(brokers, f"{prefix}person-facts"):
        ids[headers["ce_id"]] += 1
        if name == "episode.opened" and body["signal"] == "L9":
            cheered[body["subject"]] += 1
        if name == "episode.opened" and body["signal"] == "L1":
            noticed[body["subject"]] += 1
    found["advice_twice"] = sum(n - 1 for n in ids.values())
    found["cheers_lost"] = len(truth.modules_while_there - set(cheered))
    found["cheers_twice"] = sum(n - 1 for n in cheered.values())
    found["n_sleepers"] = len(truth.sleepers)
    found["sleepers_lost"] = len(truth.sleepers - set(noticed))
    found["sleepers_twice"] = sum(n - 1 for n in noticed.values())
