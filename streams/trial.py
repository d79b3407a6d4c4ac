"""Which fact crashes the interpreter?  After such deaths each fact is tried alone, and noted first."""

from streams.draft import Draft
from streams.log import Record
from streams.progress import Trying

DEADLY = 3  # deaths at one offset until the fact is parked
ALONE_FOR = 500  # facts tried alone after the interpreter crashed, before batches are trusted again


def suspects(draft: Draft, deaths: int) -> bool:
    """May one of the next facts be what crashed the interpreter?"""
    return deaths >= 2 or draft.progress.trying is not None


def must_try_alone(draft: Draft, record: Record, deaths: int) -> bool:
    """True after writing a `trying` row that must be committed before the fact is touched.

    `deaths` counts this process's predecessors in a row that died by a crash signal.
    """
    partition, offset, trying = draft.partition, record.offset(), draft.progress.trying
    if partition.trying_committed == offset:
        return False
    known = trying is not None and trying.offset == offset
    if not known and (deaths < 2 or partition.tried >= ALONE_FOR):
        return False
    died = (trying.deaths + min(deaths, 1)) if known and trying is not None else 2
    draft.progress = draft.progress.model_copy(update={"trying": Trying(offset=offset, deaths=died)})
    draft.changed = True
    partition.trying_committed = offset
    return True


def deadly(draft: Draft) -> str | None:
    """Why the fact at hand must be parked untouched, if it must."""
    trying = draft.progress.trying
    if trying is None or trying.deaths < DEADLY:
        return None
    return f"it crashed the interpreter {trying.deaths} times"


def to_be_left(draft: Draft) -> bool:
    """True once it crashed the interpreter even while being parked: then not even its headers are read again."""
    trying = draft.progress.trying
    return trying is not None and trying.deaths > DEADLY


def settle(draft: Draft) -> None:
    """The fact was folded or parked without a crash."""
    draft.progress = draft.progress.model_copy(update={"trying": None})
    draft.partition.tried += 1
