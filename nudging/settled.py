"""What does one settling of a pulse say?  Episodes opened, fired and closed, and who hears of them."""

from datetime import datetime, timedelta
from uuid import UUID

from nudging.ladder import KIND, PRIORITY, Ladder, Step
from nudging.pulse_rows import MAX_ADVICE, Episode, PulseRow
from schemas.advice import AdviceGiven, AdviceWithdrawn, EpisodeClosed, EpisodeOpened
from schemas.fact import Fact, Moment
from schemas.ids import named
from schemas.matches import PairLapsed
from schemas.rows import changed
from schemas.terms import CloseReason, Person, Role

EPISODES = UUID("1c0f5f5e-54a7-5a54-8f0e-5a1f6f7a2b90")


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
    out.pulse = changed(out.pulse, episodes=rest)


def open_episode(out: Settled, ladder: Ladder) -> Episode:
    moment, learner = out.moment, out.learner
    id = named(EPISODES, f"{learner}/{ladder.name}/{ladder.since.isoformat()}")
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
    return changed(episode, rung=step.number, rungs=episode.rungs + 1, advice=advice_kept)


def recipient_of(out: Settled, role: Role, course: str) -> tuple[Person, Role] | None:
    """Who hears a rung; what no mentor can hear, the operator does."""
    pulse, policy = out.pulse, out.moment.policy
    if role == "learner":
        return out.learner, "learner"
    if role == "mentor" and pulse.match.state == "confirmed" and pulse.match.mentor is not None:
        return pulse.match.mentor, "mentor"
    operator = policy.operator_of(programme_of(out, course))
    return None if operator is None else (operator, "operator")


def programme_of(out: Settled, course: str) -> str:
    """The course's, else that of the match."""
    known = out.pulse.courses.get(course)
    return known.programme if known is not None else out.pulse.match.programme


def advise(out: Settled, ladder: Ladder, episode: UUID, role: Role, step: Step) -> AdviceGiven | None:
    found = recipient_of(out, role, ladder.course)
    if found is None:
        return None
    recipient, heard_as = found
    moment = out.moment
    advice = named(episode, f"{step.number}/{recipient}")
    days = (moment.now - ladder.since).days
    return moment.fact(
        AdviceGiven, str(advice), advice=advice, episode=episode, signal=ladder.signal, rung=step.number,
        recipient=recipient, role=heard_as, kind=KIND[ladder.signal], learner=out.learner,
        mentor=out.pulse.match.mentor if out.pulse.match.state == "confirmed" else None,
        course=ladder.course or None, priority=PRIORITY[ladder.signal],
        programme=programme_of(out, ladder.course) or None,
        expires_at=max(ladder.expires(step), moment.now + timedelta(days=1)),
        evidence=out.pulse.evidence, figures=(("days", days), *ladder.figures),
    )  # fmt: skip
