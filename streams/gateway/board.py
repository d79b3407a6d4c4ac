"""What does the console show?  Matches, rounds, nudges and dead letters folded into one Faust table.

Every row is small and its key names the partition it came from, so the table is bounded, and folding a
record again changes nothing: latest rows go by offset, counts remember through which offset they count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from schemas.control import FactParked
from schemas.fact import Fact
from schemas.matches import LearnerWaitlisted, MatchEnded, MatchProposed, RoundReported
from schemas.nudges import NudgeHeld, NudgeSent, NudgeSuppressed
from streams.sentences import BINDING, sentence, terms, why

KEPT = 40  # latest rows of each list kept a partition
SHOWN = 40
Rows = MutableMapping[str, Any]


def fold(rows: Rows, topic: str, partition: int, offset: int, fact: Fact) -> None:
    """One outside fact; `rows` is the table (or a dict in tests)."""
    for name in _counts(fact):
        key = f"count/{partition}/{topic}/{name}"
        count, through = rows.get(key) or (0, -1)
        if offset > through:
            rows[key] = [count + 1, offset]
    listed = _listed(fact)
    if listed is not None:
        name, row = listed
        seq_key = f"seq/{partition}/{name}"
        seq, through = rows.get(seq_key) or (0, -1)
        if offset > through:
            rows[f"{name}/{partition}/{seq % KEPT}"] = {**row, "at": fact.at.isoformat(), "id": str(fact.id)}
            rows[seq_key] = [seq + 1, offset]
    if isinstance(fact, RoundReported):
        rows[f"pool/{fact.pool}"] = _round(fact)


def _counts(fact: Fact) -> Iterable[str]:
    match fact:
        case MatchProposed():
            yield "matches"
        case MatchEnded():
            yield f"ended: {fact.reason}"
        case NudgeSent():
            yield f"nudges to {fact.role}"
        case NudgeHeld():
            yield f"held: {fact.reason}"
        case NudgeSuppressed():
            yield f"unsaid: {fact.reason}"
        case FactParked():
            yield f"parked: {fact.topic}: {fact.reason}"[:160]
        case _:
            return


def _listed(fact: Fact) -> tuple[str, dict[str, Any]] | None:
    match fact:
        case MatchProposed():
            row = {
                "what": "matched", "learner": fact.learner, "mentor": fact.mentor, "why": f"cost by term: {terms(fact)}",
                "second": f"{fact.runner_up} ({fact.runner_up_gap:+d})" if fact.runner_up_gap is not None else "none",
            }  # fmt: skip
            return "match", row
        case MatchEnded():
            return "match", {
                "what": "ended", "learner": fact.learner, "mentor": fact.mentor,
                "why": fact.reason.replace("_", " "), "second": "",
            }  # fmt: skip
        case LearnerWaitlisted():
            return "match", {
                "what": "waits", "learner": fact.learner, "mentor": "", "why": BINDING[fact.binding], "second": "",
            }  # fmt: skip
        case NudgeSent():
            return "nudge", {
                "what": "sent", "role": fact.role, "to": fact.recipient, "why": "; ".join(why(i) for i in fact.items)[:600],
            }  # fmt: skip
        case NudgeHeld() | NudgeSuppressed():
            said = sentence(fact) or ""
            return "nudge", {
                "what": said.split()[0], "role": "", "to": fact.recipient, "why": said.partition(": ")[2] or fact.reason,
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


def picture(rows: Mapping[str, Any], lag: Mapping[str, int]) -> dict[str, Any]:
    """All that the console shows, as JSON: newest first, counts summed over partitions."""
    lists: dict[str, list[dict[str, Any]]] = {"match": [], "nudge": []}
    pools: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    for key, row in list(rows.items()):
        kind, _, rest = key.partition("/")
        if kind == "count":
            counts[rest.split("/", 2)[2]] += row[0]
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
    }


def _newest(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["at"], row["id"]
