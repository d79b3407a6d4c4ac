"""Which episodes open, climb and clear now?  The ladders that stand against the episodes that are open.

Absence is judged against what was heard, not against now: `horizon` is the earlier of the two.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from nudging.ladder import KIND, PRIORITY, Ladder, Step
from nudging.pulse_rows import MAX_ADVICE, CourseRow, Episode, PulseRow
from schemas.activity import BreakDeclared, OfLearner
from schemas.advice import AdviceGiven, AdviceWithdrawn, EpisodeClosed, EpisodeOpened
from schemas.fact import Fact, Moment, Wake
from schemas.matches import PairLapsed
from schemas.rows import Rows
from schemas.terms import CloseReason, Person, Role

EPISODES = UUID("1c0f5f5e-54a7-5a54-8f0e-5a1f6f7a2b90")
STORM_WAIT = timedelta(days=1)


class Heard(NamedTuple):
    """Through when absence may be judged (None = not at all), and when to look again if that is too early."""

    horizon: datetime | None
    retry_at: datetime


class Settled:
    """The outcome of one settling: the pulse, what is said, and when to look again."""

    def __init__(self, pulse: PulseRow, learner: Person, moment: Moment) -> None:
        self.pulse, self.learner, self.moment = pulse, learner, moment
        self.said: list[Fact] = []
        self.wake_at: datetime | None = None
        self.recovered: list[str] = []  # courses whose silence ended

    def look_again(self, at: datetime | None) -> None:
        if at is not None and (self.wake_at is None or at < self.wake_at):
            self.wake_at = at


def settle(
    pulse: PulseRow, learner: Person, rows: Rows, moment: Moment, ladders: Iterable[Ladder], heard: Heard
) -> Settled:
    """Closes what no ladder holds, opens and climbs what the horizon has reached."""
    out = Settled(pulse, learner, moment)
    standing = {ladder.name: ladder for ladder in ladders}
    for name, episode in pulse.episodes.items():
        ladder = standing.get(name)
        if ladder is None or ladder.opens_at > moment.now:
            _close(out, name, episode)
    for ladder in standing.values():
        _climb(out, ladder, rows, heard)
    return out


def _close(out: Settled, name: str, episode: Episode) -> None:
    signal, _, scope = name.partition("/")
    reason = _reason(out, signal, scope, episode)
    close(out, name, episode, reason)
    if signal == "L2" and reason == "recovered" and episode.rung:  # told of, and not only watched
        out.recovered.append(episode.course)


def _reason(out: Settled, signal: str, scope: str, episode: Episode) -> CloseReason:
    pulse, cause = out.pulse, out.moment.cause
    course = pulse.courses.get(episode.course)
    if signal == "M2":
        present = pulse.match.state == "confirmed" and str(pulse.match.pair) == scope
        alive = any(c.active for c in pulse.courses.values())
        return "recovered" if present and alive else "ended"
    if course is None or not course.active:
        return "withdrew" if course is None or course.over != "done" else "done"
    if isinstance(cause, Wake):
        return "expired"
    return (
        "recovered" if isinstance(cause, OfLearner) and not isinstance(cause, BreakDeclared) else "superseded"
    )


def close(out: Settled, name: str, episode: Episode, reason: CloseReason) -> None:
    """Ends an episode and takes back what was advised and may not have been said yet."""
    moment, signal = out.moment, name.partition("/")[0]
    out.said.append(
        moment.fact(
            EpisodeClosed, str(episode.id), episode=episode.id, subject=out.learner, signal=signal, reason=reason,
            opened_at=episode.opened_at, rungs=episode.rungs,
        )
    )  # fmt: skip
    for advice, recipient in episode.advice:
        out.said.append(
            moment.fact(
                AdviceWithdrawn,
                str(advice),
                advice=advice,
                episode=episode.id,
                recipient=recipient,
                reason=reason,
            )
        )
    rest = {n: e for n, e in out.pulse.episodes.items() if n != name}
    out.pulse = out.pulse.model_copy(update={"episodes": rest})


def _climb(out: Settled, ladder: Ladder, rows: Rows, heard: Heard) -> None:
    """Opens the episode once the horizon has reached it, and fires the highest rung due by then."""
    horizon, episode = heard.horizon, out.pulse.episodes.get(ladder.name)
    if horizon is None or (episode is None and ladder.opens_at > horizon):
        out.look_again(ladder.next_at(out.moment.now) if ladder.opens_at > out.moment.now else heard.retry_at)
        return
    if episode is None:
        too_late = timedelta(days=out.moment.policy.pulse.too_late_days)
        if ladder.since + too_late < horizon:
            return
        if _storm(out, ladder, rows):
            out.look_again(out.moment.now + STORM_WAIT)
            return
        episode = open_episode(out, ladder)
    step = ladder.due(horizon, episode.rung)
    if step is not None:
        episode = fire(out, ladder, episode, step)
    out.pulse = out.pulse.model_copy(update={"episodes": {**out.pulse.episodes, ladder.name: episode}})
    following = ladder.next_at(horizon)
    out.look_again(heard.retry_at if following is not None and following <= out.moment.now else following)


def open_episode(out: Settled, ladder: Ladder) -> Episode:
    moment, learner = out.moment, out.learner
    id = uuid5(EPISODES, f"{learner}/{ladder.name}/{ladder.since.isoformat()}")
    out.said.append(
        moment.fact(
            EpisodeOpened, str(id), episode=id, subject=learner, signal=ladder.signal, learner=learner,
            mentor=out.pulse.match.mentor, course=ladder.course or None, evidence=out.pulse.evidence,
            figures=ladder.figures,
        )
    )  # fmt: skip
    return Episode(id=id, course=ladder.course, opened_at=moment.now)


def fire(out: Settled, ladder: Ladder, episode: Episode, step: Step) -> Episode:
    given: list[tuple[UUID, str]] = []
    for role in step.roles:
        advice = advise(out, ladder, episode.id, role, step)
        if advice is not None:
            out.said.append(advice)
            given.append((advice.advice, advice.recipient))
    match = out.pulse.match
    if step.lapses and match.pair is not None and match.mentor is not None:
        days = (out.moment.now - ladder.since).days
        out.said.append(
            out.moment.fact(
                PairLapsed, str(match.pair), pool=match.pool, programme=match.programme, pair=match.pair,
                learner=out.learner, mentor=match.mentor, reason="no_contact", silent_days=days,
            )
        )  # fmt: skip
    advice_kept = (*episode.advice, *given)[-MAX_ADVICE:]
    return episode.model_copy(update={"rung": step.number, "rungs": episode.rungs + 1, "advice": advice_kept})


def recipient_of(out: Settled, role: Role, course: str) -> tuple[Person, Role] | None:
    """Who hears a rung; what no mentor can hear, the operator does."""
    pulse, policy = out.pulse, out.moment.policy
    if role == "learner":
        return out.learner, "learner"
    if role == "mentor" and pulse.match.state == "confirmed" and pulse.match.mentor is not None:
        return pulse.match.mentor, "mentor"
    known = pulse.courses.get(course)
    operator = policy.operator_of(known.programme if known is not None else pulse.match.programme)
    return None if operator is None else (operator, "operator")


def advise(out: Settled, ladder: Ladder, episode: UUID, role: Role, step: Step) -> AdviceGiven | None:
    found = recipient_of(out, role, ladder.course)
    if found is None:
        return None
    recipient, heard_as = found
    moment = out.moment
    advice = uuid5(episode, f"{step.number}/{recipient}")
    days = (moment.now - ladder.since).days
    return moment.fact(
        AdviceGiven, str(advice), advice=advice, episode=episode, signal=ladder.signal, rung=step.number,
        recipient=recipient, role=heard_as, kind=KIND[ladder.signal], learner=out.learner,
        mentor=out.pulse.match.mentor if out.pulse.match.state == "confirmed" else None,
        course=ladder.course or None, priority=PRIORITY[ladder.signal],
        expires_at=max(ladder.expires(step), moment.now + timedelta(days=1)),
        evidence=out.pulse.evidence, figures=(("days", days), *ladder.figures),
    )  # fmt: skip


def _storm(out: Settled, ladder: Ladder, rows: Rows) -> bool:
    """Would this absence now fire for far more of a course than is usual?  Then it is held, and told once a day.

    A dead feed or a moved deadline must not become 20,000 nudges.
    """
    if not ladder.absence or not ladder.course:
        return False
    policy, today = out.moment.policy.pulse, out.moment.now.date().isoformat()
    course = rows.find(CourseRow, ladder.course)
    if course is None or course.learners < policy.storm_least:
        return False
    count = course.opened.get(ladder.signal, 0) if course.opened_on.get(ladder.signal) == today else 0
    if (count + 1) * 1000 <= policy.storm_permille * course.learners:
        rows.put(
            course.model_copy(
                update={
                    "opened_on": {**course.opened_on, ladder.signal: today},
                    "opened": {**course.opened, ladder.signal: count + 1},
                }
            ),
            ladder.course,
        )
        return False
    if course.stormed_on != today:
        rows.put(course.model_copy(update={"stormed_on": today}), ladder.course)
        _tell_storm(out, ladder, course, today)
    return True


def _tell_storm(out: Settled, ladder: Ladder, course: CourseRow, today: str) -> None:
    found = recipient_of(out, "operator", ladder.course)
    if found is None:
        return
    episode = uuid5(EPISODES, f"storm/{ladder.course}/{ladder.signal}/{today}")
    out.said.append(
        out.moment.fact(
            AdviceGiven, str(episode), advice=uuid5(episode, found[0]), episode=episode, signal="storm", rung=1,
            recipient=found[0], role=found[1], kind=KIND["storm"], course=ladder.course, priority=PRIORITY["storm"],
            expires_at=out.moment.now + timedelta(days=2),
            figures=(("signal", ladder.signal), ("learners", course.learners)),
        )
    )  # fmt: skip
