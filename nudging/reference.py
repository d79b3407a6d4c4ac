"""What does a fact about a course as a whole change?  One copy of it comes to each partition."""

from datetime import datetime, timedelta

from nudging.dates import kept, told_date
from nudging.reference_rows import (
    MAX_ASKERS,
    MAX_DATES,
    MAX_EARLY,
    MAX_REQUIRED,
    MAX_SCORES,
    MAX_WEEKS,
    CohortRow,
    CourseRow,
    ForumRow,
)
from schemas.activity import DeadlineRemoved, DeadlineSet
from schemas.fact import Fact, Moment
from schemas.rows import Rows, blank, changed
from schemas.study import QuestionAnswered, QuestionAsked, ToolRequired
from schemas.terms import Person


def dated(rows: Rows, fact: DeadlineSet | DeadlineRemoved) -> list[Fact]:
    row = rows.find(CourseRow, fact.course) or blank(CourseRow)
    date = told_date(row.dates.get(fact.item), fact)
    if date is None:
        return []
    dates = kept({**row.dates, fact.item: date}, MAX_DATES, fact.seen_at)
    rows.put(changed(row, dates=dates), fact.course)
    return []


def required(rows: Rows, fact: ToolRequired) -> list[Fact]:
    row = rows.find(CourseRow, fact.course) or blank(CourseRow)
    if fact.tool not in row.tools and len(row.tools) < MAX_REQUIRED:
        rows.put(changed(row, tools=tuple(sorted((*row.tools, fact.tool)))), fact.course)
    return []


def counted(rows: Rows, course: str, change: int) -> None:
    """Keeps how many learners of this partition are in the course."""
    row = rows.find(CourseRow, course) or blank(CourseRow)
    rows.put(changed(row, learners=max(0, row.learners + change)), course)


# --- whose question ------------------------------------------------------------------------


def asked(rows: Rows, moment: Moment, fact: QuestionAsked) -> datetime | None:
    """Notes the asker.  Gives the time of the answer where that was heard before the question.

    An answer dated before the question belongs to an earlier question of the same thread.
    """
    row = rows.find(ForumRow, fact.course) or blank(ForumRow)
    early = row.early.get(fact.thread)
    answer = early[1] if early is not None and early[0] != fact.learner and early[1] >= fact.at else None
    if fact.thread in row.askers:
        return answer
    horizon = moment.now - timedelta(days=moment.policy.pulse.unanswered_keep_days)
    askers = {thread: asker for thread, asker in row.askers.items() if asker[1] > horizon}
    askers[fact.thread] = (fact.learner, fact.at)
    if len(askers) > MAX_ASKERS:
        del askers[min(askers, key=lambda thread: askers[thread][1])]
    rest = {thread: who for thread, who in row.early.items() if thread != fact.thread}
    rows.put(changed(row, askers=askers, early=rest), fact.course)
    return answer


def answered(rows: Rows, fact: QuestionAnswered) -> Person | None:
    """Whose question it answers, if a learner of this partition asked it; nobody answers themself.

    An answered question is forgotten, so that a busy forum keeps room for those that wait.
    """
    row = rows.find(ForumRow, fact.course) or blank(ForumRow)
    asker = row.askers.get(fact.thread)
    if asker is not None:
        if fact.by == asker[0]:
            return None
        if fact.at >= asker[1]:
            rest = {thread: who for thread, who in row.askers.items() if thread != fact.thread}
            rows.put(changed(row, askers=rest), fact.course)
        return asker[0]
    known = row.early.get(fact.thread)
    if known is None or fact.at < known[1]:
        early = {**row.early, fact.thread: (fact.by or "", fact.at)}
        if len(early) > MAX_EARLY:
            del early[min(early, key=lambda thread: early[thread][1])]
        rows.put(changed(row, early=early), fact.course)
    return None


# --- what is usual -------------------------------------------------------------------------


def add_week(rows: Rows, course: str, week: int, learners: int, days: int) -> None:
    row = rows.find(CohortRow, course) or blank(CohortRow)
    n, total = row.weeks.get(str(week), (0, 0))
    weeks = {**row.weeks, str(week): (n + learners, total + days)}
    if len(weeks) > MAX_WEEKS:
        del weeks[min(weeks, key=int)]
    rows.put(changed(row, weeks=weeks), course)


def add_score(rows: Rows, course: str, item: str, learners: int, score: int) -> tuple[int, int]:
    """Adds to the item's count of learners and sum of scores, and gives both."""
    row = rows.find(CohortRow, course) or blank(CohortRow)
    n, total = row.scores.get(item, (0, 0))
    known = (n + learners, total + score)
    scores = {name: known for name, known in row.scores.items() if name != item} | {item: known}
    if len(scores) > MAX_SCORES:  # the one graded longest ago
        del scores[next(iter(scores))]
    rows.put(changed(row, scores=scores), course)
    return known


def week_of_cohort(rows: Rows, course: str, week: int) -> tuple[int, int]:
    """Learners of this partition in that week of the course, and the sum of their active days."""
    row = rows.find(CohortRow, course)
    return (0, 0) if row is None else row.weeks.get(str(week), (0, 0))
