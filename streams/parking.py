"""Where does a fact go that cannot be folded?  To the dead letters, with its reason, and on a budget."""

from uuid import UUID

from pydantic import ValidationError

from schemas.codec import first_fault
from schemas.control import FactParked
from schemas.fact import caused_by
from schemas.ids import named
from schemas.policy import Policy
from streams.draft import Draft
from streams.errors import Trouble
from streams.log import Record
from streams.outlet import Outlet, parked_outlet
from streams.progress import Progress
from streams.role import Role

RECORDS = UUID("0b0c9f0e-6a5e-5a55-8a43-59f3d1a7c0de")  # names what a record caused before it was a fact
LONGEST_REASON = 500  # characters
OURS = ("matching", "nudging", "schemas", "streams")


class ParkingBudgetSpent(Trouble):
    """More was parked within an hour than policy allows, so the worker stopped before hiding more."""


def parked(role: Role, draft: Draft, record: Record | None, reason: str, dialect: str, policy: str) -> Outlet:
    """The dead letter of a record, or of a wake-up where there is none; counted against the budget."""
    offset = record.offset() if record is not None else draft.next
    number, topic = draft.partition.number, role.input.name
    at = draft.clock
    assert at is not None
    fact = FactParked(
        id=caused_by(named(RECORDS, f"{topic}/{number}/{offset}/{at.isoformat()}"), reason),
        at=at,
        seen_at=at,
        source=role.name,
        policy=policy,
        topic=topic,
        partition=number,
        offset=offset,
        reason=reason[:LONGEST_REASON],
        dialect=dialect,
    )
    hour = at.replace(minute=0, second=0, microsecond=0)
    count = draft.progress.parked + 1 if draft.progress.parked_hour == hour else 1
    draft.progress = draft.progress.model_copy(update={"parked_hour": hour, "parked": count})
    draft.changed = True
    return parked_outlet(fact, record)


def check_budget(role: Role, number: int, progress: Progress, policy: Policy) -> None:
    """After the commit, so that what was parked is told; and before the partition is served by whoever starts next."""
    if progress.parked > policy.ledger.parked_an_hour:
        raise ParkingBudgetSpent(
            f"{role.name} parked more than {policy.ledger.parked_an_hour} facts of partition {number} within an "
            f"hour and stopped: look at them with `python -m streams dead-letters list`, mend the cause, "
            f"then start once with --release-parking"
        )


def last_line(error: BaseException) -> str:
    """The kind of an error and the last place of ours on its way, without any payload.

    Of a fact that a decision made and may not be, its class, the field and the rule.
    """
    place, tail = "", error.__traceback__
    while tail is not None:
        if tail.tb_frame.f_globals.get("__name__", "").partition(".")[0] in OURS:
            place = f" at {tail.tb_frame.f_code.co_filename.rpartition('/')[2]}:{tail.tb_lineno}"
        tail = tail.tb_next
    if isinstance(error, ValidationError):
        where, first = first_fault(error)
        return f"ValidationError{place}: {error.title}.{where}: {first['type']}"
    return f"{type(error).__name__}{place}"
