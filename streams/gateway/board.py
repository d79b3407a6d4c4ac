"""What does the console show?  Matches, rounds, nudges and dead letters folded into one Faust table.

Every row is small and its key names the partition it came from, so the table is bounded, and folding a
record again changes nothing: latest rows go by offset, counts remember through which offset they count.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from schemas.control import FactParked
from schemas.erased import mark_of
from schemas.erasure import PersonForgotten
from schemas.fact import PREFIX, Fact
from schemas.matches import LearnerWaitlisted, MatchEnded, MatchProposed
from schemas.nudges import NudgeHeld, NudgeSent, NudgeSuppressed, NudgeUndelivered
from schemas.pairs import CoverOffered, PinRefused
from schemas.rounds import RoundReported
from streams.outside import fact_of
from streams.sentences import BINDING, runner_up, sentence, terms, why

KEPT = 200  # latest rows of each list kept a partition
SHOWN = 200
NAMES = 100  # counters of one partition; a reason that comes later is counted as "other"
OTHER = "other"
Rows = MutableMapping[str, Any]


def take(
    rows: Rows,
    topic: str,
    partition: int,
    offset: int,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes]],
) -> None:
    """One outside record.  What cannot be read (of a newer release, say) is counted and left."""
    try:
        fact = fact_of(topic, value, headers)
    except ValueError:  # a dead letter whose place is no number
        fact = None
    if fact is None:
        _count(rows, topic, partition, offset, "unreadable")
    else:
        fold(rows, topic, partition, offset, fact)


def fold(rows: Rows, topic: str, partition: int, offset: int, fact: Fact) -> None:
    """One outside fact; `rows` is the table (or a dict in tests)."""
    _count(rows, topic, partition, offset, _name(fact))
    if isinstance(fact, PersonForgotten):
        _forget(rows, fact.person)
    listed = _listed(fact)
    if listed is not None and not any(_forgotten(person) in rows for person in _persons(fact)):
        name, row = listed
        seq_key = f"seq/{partition}/{name}"
        seq, through = rows.get(seq_key) or (0, -1)
        if offset > through:
            rows[f"{name}/{partition}/{seq % KEPT}"] = {**row, "at": fact.at.isoformat(), "id": str(fact.id)}
            rows[seq_key] = [seq + 1, offset]
    if isinstance(fact, RoundReported):
        key = f"pool/{fact.pool}"
        if offset >= (rows.get(key) or {"offset": -1})["offset"]:
            rows[key] = {**_round(fact), "offset": offset}


def _forget(rows: Rows, person: str) -> None:
    """Lists read later, of another topic, do not show the person either."""
    rows[_forgotten(person)] = True
    word = re.compile(rf"(?<![^\s;,(]){re.escape(person)}(?![^\s;,)])")
    for key, row in list(rows.items()):
        if key.startswith(("match/", "nudge/")) and any(word.search(str(text)) for text in row.values()):
            del rows[key]


def _forgotten(person: str) -> str:
    return f"forgotten/{mark_of(person)}"


def _persons(fact: Fact) -> Iterator[str]:
    for one in (fact, *getattr(fact, "items", ())):
        for name in ("learner", "mentor", "recipient", "cover", "runner_up"):
            if (person := getattr(one, name, None)) is not None:
                yield person


def _count(rows: Rows, topic: str, partition: int, offset: int, name: str) -> None:
    """One row of counters a partition and topic, with the offset through which it counts."""
    key = f"count/{partition}/{topic}"
    row = rows.get(key) or {"offset": -1, "counts": {}}
    if offset <= row["offset"]:
        return
    counts = dict(row["counts"])
    name = name if name in counts or len(counts) < NAMES else OTHER
    counts[name] = counts.get(name, 0) + 1
    rows[key] = {"offset": offset, "counts": counts}


def _name(fact: Fact) -> str:
    """What a fact is counted as."""
    match fact:
        case MatchProposed():
            return "matches"
        case MatchEnded():
            return f"ended: {fact.reason}"
        case NudgeSent():
            return f"nudges to {fact.role}"
        case NudgeHeld():
            return f"held: {fact.reason}"
        case NudgeSuppressed():
            return f"unsaid: {fact.reason}"
        case NudgeUndelivered():
            return f"undelivered: {fact.webhook or fact.channel}: {fact.code}"[:160]
        case FactParked():
            return f"parked: {fact.topic}: {fact.reason}"[:160]
        case _:
            return fact.TYPE.removeprefix(PREFIX).partition(".v")[0].replace(".", " ")


def _listed(fact: Fact) -> tuple[str, dict[str, Any]] | None:
    match fact:
        case MatchProposed():
            row = {
                "what": "matched", "learner": fact.learner, "mentor": fact.mentor, "why": f"costs {terms(fact)}",
                "second": runner_up(fact) or "none",
            }  # fmt: skip
            return "match", row
        case MatchEnded():
            return "match", {
                "what": "ended", "learner": fact.learner, "mentor": fact.mentor,
                "why": fact.reason.replace("_", " "), "second": "",
            }  # fmt: skip
        case CoverOffered():
            return "match", {
                "what": "covered", "learner": fact.learner, "mentor": fact.cover, "why": f"{fact.mentor} is away", "second": "",
            }  # fmt: skip
        case PinRefused():
            return "match", {
                "what": "pin refused", "learner": fact.learner, "mentor": fact.mentor, "why": BINDING[fact.reason], "second": "",
            }  # fmt: skip
        case LearnerWaitlisted():
            return "match", {
                "what": "waits", "learner": fact.learner, "mentor": "", "why": BINDING[fact.binding], "second": "",
            }  # fmt: skip
        case NudgeSent():
            return "nudge", {
                "what": "sent", "role": fact.role, "to": fact.recipient, "why": "; ".join(why(i) for i in fact.items)[:600],
            }  # fmt: skip
        case NudgeHeld() | NudgeSuppressed() | NudgeUndelivered():
            said = sentence(fact) or ""
            return "nudge", {
                "what": said.split()[0], "role": getattr(fact, "role", None) or "", "to": fact.recipient, "why": said.partition(": ")[2],
            }  # fmt: skip
        case _:
            return None


def _round(fact: RoundReported) -> dict[str, Any]:
    return {
        "pool": fact.pool, "at": fact.at.isoformat(), "trigger": fact.trigger, "placed": fact.placed,
        "waiting": fact.left_waiting, "mentors": fact.mentors, "free": fact.mentors_free,
        "load_p50": fact.load_p50_permille, "load_max": fact.load_max_permille, "wait_p50": fact.wait_p50_minutes,
        "wait_p95": fact.wait_p95_minutes, "cut_off": fact.cut_off,
        "unmatched": [[BINDING.get(name, name), count] for name, count in fact.unmatched],
    }  # fmt: skip


def picture(
    rows: Mapping[str, Any], lag: Mapping[str, int], webhooks: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """All that the console shows, as JSON: newest first, counts summed over partitions."""
    lists: dict[str, list[dict[str, Any]]] = {"match": [], "nudge": []}
    pools: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    for key, row in list(rows.items()):
        kind, _, _ = key.partition("/")
        if kind == "count":
            counts.update(row["counts"])
        elif kind == "pool":
            pools.append(row)
        elif kind in lists:
            lists[kind].append(row)
    newest = {name: sorted(found, key=_newest, reverse=True)[:SHOWN] for name, found in lists.items()}
    return {
        "pools": sorted(pools, key=lambda row: row["pool"]),
        "matches": newest["match"],
        "nudges": newest["nudge"],
        "counts": dict(sorted(counts.items())),
        "parked": {
            name.removeprefix("parked: "): n
            for name, n in sorted(counts.items())
            if name.startswith("parked: ")
        },
        "lag": dict(lag),
        "webhooks": list(webhooks),
    }


def _newest(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["at"], row["id"]
