"""What does a fact about a learner change in the pool?"""

from datetime import datetime
from typing import Any

from matching.announce import announced, ask_round
from matching.consent import heeded, word_with
from matching.cover import end_cover
from matching.ending import end_pair
from matching.fairness import listen
from matching.needs import keep_promise
from matching.remembering import forgiven, remembered
from matching.rows import LEARNER_FIELDS, LearnerRow
from schemas.fact import Fact, Moment
from schemas.learners import (
    LearnerAllowed,
    LearnerCompleted,
    LearnerEnrolled,
    LearnerProfiled,
    LearnerWithdrew,
)
from schemas.rows import Rows, blank, changed


def enrolled(rows: Rows, moment: Moment, fact: LearnerEnrolled) -> list[Fact]:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or blank(LearnerRow)
    changes: dict[str, Any] = {}
    if (word := word_with(rows, row, fact)) is not None:
        changes |= {"consent": word[0], "consent_at": word[1]}
    if is_news(row, fact.course, fact.at):
        changes |= _with_course(row, fact, True, fact.ends_at) | {"unheard": 0}
        if row.pair is None:
            changes |= {"past": forgiven(row.past, moment.now), "wake_at": None}
    if not changes:
        return []
    waited = row.waiting_since is not None and row.studies_at(moment.now, moment.policy)
    row = changed(row, **changes)
    if row.pair is None and row.studies_at(moment.now, moment.policy) and not waited:
        row = changed(row, waiting_since=moment.now)
    rows.put(row, fact.pool, fact.learner)
    if row.pair is None:
        ask_round(rows, moment, fact.pool)
        return []
    return heeded(rows, moment, fact.pool, fact.learner)


def profiled(rows: Rows, moment: Moment, fact: LearnerProfiled) -> list[Fact]:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or LearnerRow(programme=fact.programme)
    listen(rows, moment, fact)
    changes = row.news(fact, fact.at, LEARNER_FIELDS)
    if changes:
        row = changed(row, **changes)
        rows.put(row, fact.pool, fact.learner)
        keep_promise(rows, moment, fact.pool, fact.learner)
        if row.mentor is not None and row.mentor in row.avoids:
            return end_pair(rows, moment, fact.pool, fact.learner, "by_learner")
        if row.cover is not None and row.cover in row.avoids:
            ask_round(rows, moment, fact.pool, covers=True)
            return end_cover(rows, moment, fact.pool, fact.learner, row, "declined")
        if row.waiting_since is not None:
            ask_round(rows, moment, fact.pool)
    return []


def allowed(rows: Rows, moment: Moment, fact: LearnerAllowed) -> list[Fact]:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or LearnerRow(programme=fact.programme)
    yes, at, told = fact.experiment_consent, fact.said_at, row.told.get("experiment_consent")
    if told is None or (at, not yes) > (told, not row.experiment_consent):  # at the same instant no wins
        told_at = {**row.told, "experiment_consent": at}
        rows.put(changed(row, experiment_consent=yes, told=told_at), fact.pool, fact.learner)
        if row.waiting_since is not None and moment.policy.experiments:
            ask_round(rows, moment, fact.pool)
    return []


def withdrew(rows: Rows, moment: Moment, fact: LearnerWithdrew) -> list[Fact]:
    return _closed(rows, moment, fact, "withdrew")


def completed(rows: Rows, moment: Moment, fact: LearnerCompleted) -> list[Fact]:
    return _closed(rows, moment, fact, "completed")


def is_news(row: LearnerRow, course: str, at: datetime) -> bool:
    """Later than the last word on this course; of one that may be forgotten, than the last that is."""
    last = row.courses[course][0] if course in row.courses else row.forgotten_at
    return last is None or at > last


def _with_course(
    row: LearnerRow,
    fact: LearnerEnrolled | LearnerWithdrew | LearnerCompleted,
    on: bool,
    ends_at: datetime | None = None,
) -> dict[str, Any]:
    courses = remembered(row.courses, fact.course, fact.at, on)
    ends = {name: end for name, end in {**row.ends, fact.course: ends_at}.items() if name in courses and end}
    gone = [at for name, (at, _) in row.courses.items() if name not in courses]
    gone += [] if row.forgotten_at is None else [row.forgotten_at]
    programmes = {name: row.programme_of(name) for name in courses}
    if on and fact.programme:
        programmes[fact.course] = fact.programme
    return {
        "courses": courses, "ends": ends, "forgotten_at": max(gone, default=None),
        **_of_programmes(row, courses, programmes),
    }  # fmt: skip


def _of_programmes(
    row: LearnerRow, courses: dict[str, tuple[datetime, bool]], programmes: dict[str, str]
) -> dict[str, Any]:
    """Where several share the pool, the row is of that of the open course begun last, whatever arrived last."""
    begun = [(at, name) for name, (at, is_open) in courses.items() if is_open]
    own = programmes[max(begun)[1]] if begun else row.programme
    return {
        "programme": own,
        "elsewhere": {name: each for name, each in programmes.items() if each != own} or None,
    }


def _closed(rows: Rows, moment: Moment, fact: LearnerWithdrew | LearnerCompleted, reason: Any) -> list[Fact]:
    row = rows.find(LearnerRow, fact.pool, fact.learner) or LearnerRow(programme=fact.programme)
    if not is_news(row, fact.course, fact.at):
        return []
    before, row = row, changed(row, **_with_course(row, fact, False))
    said: list[Fact] = []
    if row.studies and row.pair is not None and row.open_programmes != before.open_programmes:
        row = changed(row, rev=row.rev + 1)  # the pair goes on for the other programme: its pulse is to know
        said.append(announced(moment, fact.pool, fact.learner, row))
    # one fewer waits, and the pool's report is to say so; or what was in conflict with a mentor is over
    if row.waiting_since is not None and (not row.studies or moment.policy.pool.conflicts):
        ask_round(rows, moment, fact.pool)
    if not row.studies:
        row = changed(row, waiting_since=None, binding="")
    rows.put(row, fact.pool, fact.learner)
    return said if row.studies else end_pair(rows, moment, fact.pool, fact.learner, reason)
