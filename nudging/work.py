"""What do tries, hints, questions, tools and plans change in a pulse?  Sets, so order does not matter."""

from datetime import datetime, timedelta

from nudging.course_rows import (
    ENDED,
    MAX_PASSED,
    MAX_QUESTIONS,
    MAX_STUCK,
    MAX_TOOLS,
    NO_WORK,
    Course,
    Question,
    Stuck,
    Tool,
    Work,
)  # fmt: skip
from nudging.marks import with_latest
from nudging.retaken import told_over
from schemas.activity import AttemptFailed, AttemptPassed, WorkGraded
from schemas.learners import CourseCompleted
from schemas.pulse_policy import PulsePolicy
from schemas.rows import changed
from schemas.study import (
    HintUsed,
    PlanMade,
    QuestionAnswered,
    QuestionAsked,
    ToolFailed,
    ToolOpened,
)  # fmt: skip

MOST = 8  # tries or hints of one item that are told apart: no threshold is higher
FULL = 1000  # permille
# what is let go is known so long still: a ledger that stood closes it for its own reason
WOKEN_LATE = timedelta(days=7)
Try = AttemptFailed | AttemptPassed | HintUsed | WorkGraded


def tried(course: Course, fact: Try) -> Course:
    """A try, a hint, or a full mark.  What was passed lately is not stuck, whichever was told first."""
    work, item = course.work or NO_WORK, fact.item
    if item is None or (
        isinstance(fact, WorkGraded) and (fact.score_permille < FULL or item not in work.stuck)
    ):
        return course
    if isinstance(fact, AttemptPassed | WorkGraded):
        if work.knows_passed(item) and item not in work.stuck:
            return course
        passes = with_latest(work.passes, item, MAX_PASSED)
        stuck = {name: known for name, known in work.stuck.items() if name != item}
        return changed(course, work=changed(work, passes=passes, stuck=stuck))
    known = work.stuck.get(item)
    after = _stuck(known or Stuck(last_at=fact.at), fact)
    if after is known or work.knows_passed(item):
        return course
    stuck = {**work.stuck, item: after}
    if len(stuck) > MAX_STUCK:
        del stuck[min(stuck, key=lambda name: (stuck[name].last_at, name))]
    return changed(course, work=changed(work, stuck=stuck))


def _stuck(known: Stuck, fact: AttemptFailed | HintUsed) -> Stuck:
    failed = isinstance(fact, AttemptFailed)
    before = known.fails if failed else known.hints
    number = getattr(fact, "attempt", None)
    name = fact.id.hex[-8:] if number is None else str(number)
    if name in before:
        return known
    tries = tuple(sorted((*before, name)))[:MOST]
    latest = known.evidence is None or fact.at >= known.last_at
    return changed(
        known, last_at=max(known.last_at, fact.at), evidence=fact.id if latest else known.evidence,
        **{"fails" if failed else "hints": tries},
    )  # fmt: skip


def asked(course: Course, fact: QuestionAsked, answered_at: datetime | None) -> Course:
    work = course.work or NO_WORK
    known = work.questions.get(fact.thread)
    if known is not None and known.asked_at is not None:
        return course
    question = Question(asked_at=fact.at, answered_at=answered_at, to_mentor=fact.to_mentor, evidence=fact.id)
    return _with_question(course, work, fact.thread, question)


def answered(course: Course, fact: QuestionAnswered) -> Course:
    work = course.work or NO_WORK
    known = work.questions.get(fact.thread)
    if known is None or (known.answered_at is not None and known.answered_at <= fact.at):
        return course
    if known.asked_at is not None and fact.at < known.asked_at:  # of an earlier question in the thread
        return course
    return _with_question(course, work, fact.thread, changed(known, answered_at=fact.at))


def _with_question(course: Course, work: Work, thread: str, question: Question) -> Course:
    questions = {**work.questions, thread: question}
    if len(questions) > MAX_QUESTIONS:  # an answered one goes before an open one
        del questions[
            min(questions, key=lambda n: (questions[n].answered_at is None, questions[n].asked_at, n))
        ]
    return changed(course, work=changed(work, questions=questions))


def settled(course: Course, now: datetime, policy: PulsePolicy) -> Course:
    """Without the questions and the tries that were let go a week ago: told again, they open nothing."""
    work = course.work
    if work is None:
        return course
    since = now - timedelta(days=max(policy.unanswered_keep_days, policy.stuck_quiet_days)) - WOKEN_LATE
    questions = {
        thread: known
        for thread, known in work.questions.items()
        if (known.asked_at or known.answered_at or now) > since
    }
    stuck = {item: known for item, known in work.stuck.items() if known.last_at > since}
    if len(questions) == len(work.questions) and len(stuck) == len(work.stuck):
        return course
    return changed(course, work=changed(work, questions=questions, stuck=stuck))


def used(course: Course, fact: ToolOpened | ToolFailed) -> Course:
    work = course.work or NO_WORK
    known = work.tools.get(fact.tool, Tool())
    field = "opened_at" if isinstance(fact, ToolOpened) else "failed_at"
    first: datetime | None = getattr(known, field)
    if first is not None and first <= fact.at:
        return course
    tools = {**work.tools, fact.tool: changed(known, **{field: fact.at})}
    if len(tools) > MAX_TOOLS:  # one that works goes first
        del tools[min(tools, key=lambda name: (tools[name].opened_at is None, name == fact.tool, name))]
    return changed(course, work=changed(work, tools=tools))


def planned(course: Course, fact: PlanMade) -> Course:
    work = course.work or NO_WORK
    if work.planned_at is not None and work.planned_at <= fact.at:
        return course
    return changed(course, work=changed(work, planned_at=fact.at))


def completed(course: Course, fact: CourseCompleted) -> Course:
    over = "failed" if fact.outcome == "failed" else "done"
    if course.over_at is None or fact.at > course.over_at:
        return told_over(course, fact.at, over)
    came = course.joined_at is None or fact.at > course.joined_at
    # told of in the other order, or after the told end made it over
    over_since = course.over in ("withdrew", ENDED) and came and not course.active
    return changed(course, over=over) if over_since else course
