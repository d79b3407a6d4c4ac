"""What does one settling of a pulse say?  Episodes opened, fired and closed, and who hears of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from nudging.hours import usual
from nudging.ladder import Ladder, Step
from nudging.mentor_rows import NO_MENTORING
from nudging.pulse_rows import MAX_ADVICE, NO_OWN, Episode, PulseRow, advice_id
from nudging.risk import Risk
from nudging.table import BY_NAME
from schemas.advice import AdviceGiven, AdviceWithdrawn, EpisodeClosed, EpisodeOpened
from schemas.experiments import held_back
from schemas.fact import Fact, Moment
from schemas.ids import named
from schemas.matches import PairLapsed
from schemas.rows import changed
from schemas.terms import Arm, CloseReason, Person, Role

EPISODES = UUID("1c0f5f5e-54a7-5a54-8f0e-5a1f6f7a2b90")


class Settled:
    """The outcome of one settling: the pulse, what is said, and when to look again."""

    def __init__(self, pulse: PulseRow, person: Person, moment: Moment) -> None:
        self.pulse, self.person, self.moment = pulse, person, moment
        self.said: list[Fact] = []
        self.wake_at: datetime | None = None
        self.recovered: list[tuple[str, Episode]] = []  # by signal: conditions that ended well

    def look_again(self, at: datetime | None) -> None:
        if at is not None and (self.wake_at is None or at < self.wake_at):
            self.wake_at = at

    def who(self, signal: str) -> dict[str, Person | None]:
        """Whose pulse speaks: a learner's, with the mentor there is, or a mentor's own."""
        if BY_NAME[signal].of_mentor is not None:
            return {"learner": None, "mentor": self.person}
        return {"learner": self.person, "mentor": mentor_of(self.pulse, signal)}


def mentor_of(pulse: PulseRow, signal: str) -> Person | None:
    """The mentor of the present pair; of a proposed one, where that is what the signal is about."""
    states = ("confirmed", "proposed") if signal == "M1" else ("confirmed",)
    return pulse.match.mentor if pulse.match.state in states else None


def close(out: Settled, name: str, episode: Episode, reason: CloseReason) -> None:
    """Ends an episode, says what came of it, and takes back what was advised and may not have been said yet."""
    moment, signal = out.moment, name.partition("/")[0]
    told_at = episode.told_at
    helped = told_at is not None and reason in ("recovered", "done")
    acted: list[Role] = ["learner"] if helped and BY_NAME[signal].of_mentor is None else []
    last = out.pulse.talk.mentor_last
    if told_at is not None and last is not None and last >= told_at:
        acted.append("mentor")
    out.said.append(
        moment.fact(
            EpisodeClosed, str(episode.id), episode=episode.id, subject=out.person, signal=signal, reason=reason,
            opened_at=episode.opened_at, rungs=episode.rungs, course=episode.course or None, told=episode.told,
            acted=tuple(acted), days=(moment.now - episode.opened_at).days,
            days_to_recover=(moment.now - told_at).days if told_at is not None and helped else None,
            **out.who(signal),
        )
    )  # fmt: skip
    for advice, recipient in episode.advised(out.person):
        out.said.append(
            moment.fact(
                AdviceWithdrawn, str(advice), advice=advice, episode=episode.id, recipient=recipient, reason=reason
            )
        )  # fmt: skip
    rest = {n: e for n, e in out.pulse.episodes.items() if n != name}
    out.pulse = changed(out.pulse, episodes=rest)


def open_episode(out: Settled, ladder: Ladder) -> Episode:
    moment, back = out.moment, out.pulse.back_at(ladder.course, out.moment.now)
    id = named(EPISODES, f"{out.person}/{ladder.name}/{max(ladder.since, back or ladder.since).isoformat()}")
    out.said.append(
        moment.fact(
            EpisodeOpened, str(id), episode=id, subject=out.person, signal=ladder.signal,
            course=ladder.course or None, evidence=ladder.evidence or out.pulse.evidence, figures=ladder.figures,
            **out.who(ladder.signal),
        )
    )  # fmt: skip
    return Episode(id=id, course=ladder.course, opened_at=moment.now)


def fire(out: Settled, ladder: Ladder, episode: Episode, step: Step, risk: Risk | None = None) -> Episode:
    """Tells who is to hear; a mentor, and who hears in a mentor's place, only from a line of risk on, where it is weighed."""
    given: list[str] = []
    roles = set(episode.told)
    low = risk is not None and risk.permille < out.moment.policy.risk.mentor_permille
    for role in step.roles:
        if role == "mentor" and low:
            continue
        for recipient, heard_as in recipients_of(out, ladder, role):
            advice = advise(
                out, ladder, episode.id, step, recipient, heard_as, risk if role == "mentor" else None
            )
            name = f"{step.number}/{'' if recipient == out.person else recipient}"
            if name not in given:
                out.said.append(advice)
                given.append(name)
                if not held_back(advice.arm):
                    roles.add(heard_as)
    if step.lapses is not None:
        _lapse(out, ladder, step)
    withheld = low and "mentor" in step.roles
    if withheld and not given:
        return changed(episode, rung=max(episode.rung, step.number), withheld=True)
    return changed(
        episode, rung=max(episode.rung, step.number), rungs=episode.rungs + 1,
        given=(*episode.given, *given)[-MAX_ADVICE:],
        told_at=episode.told_at or (out.moment.now if roles or not given else None), told=tuple(sorted(roles)),
        withheld=withheld or (episode.withheld and "mentor" not in step.roles),
    )  # fmt: skip


def _lapse(out: Settled, ladder: Ladder, step: Step) -> None:
    match = out.pulse.match
    if match.pair is not None and match.mentor is not None:
        out.said.append(
            out.moment.fact(
                PairLapsed, str(match.pair), pool=match.pool, programme=match.programme, pair=match.pair,
                learner=out.person, mentor=match.mentor, reason=step.lapses,
                silent_days=(out.moment.now - ladder.since).days,
            )
        )  # fmt: skip


def recipients_of(out: Settled, ladder: Ladder, role: Role) -> Iterator[tuple[Person, Role]]:
    """Who hears a rung; what no mentor can hear, the operator does, unless it is private."""
    pulse, policy = out.pulse, out.moment.policy
    of_mentor = BY_NAME[ladder.signal].of_mentor is not None
    mentoring = pulse.mentoring or NO_MENTORING
    if role == "learner":
        learners = (mentoring.learners or []) if of_mentor else [out.person]
        yield from ((learner, "learner") for learner in learners)
        return
    if role == "mentor":
        mentor = out.person if of_mentor else mentor_of(pulse, ladder.signal)
        if mentor is not None:
            yield mentor, "mentor"
            return
        if ladder.private:
            return
    if (operator := policy.operator_of(programme_of(out, ladder))) is not None:
        yield operator, "operator"


def programme_of(out: Settled, ladder: Ladder) -> str:
    """A mentor's own, else the course's, else that of the match, else of an open course: somebody must answer for it."""
    if BY_NAME[ladder.signal].of_mentor is not None:
        return (out.pulse.mentoring or NO_MENTORING).programme
    known = out.pulse.courses.get(ladder.course)
    if known is not None:
        return known.programme
    open_ones = (course.programme for course in out.pulse.courses.values() if course.active)
    return out.pulse.match.programme or min(filter(None, open_ones), default="")


def advise(
    out: Settled,
    ladder: Ladder,
    episode: UUID,
    step: Step,
    recipient: Person,
    role: Role,
    risk: Risk | None,
) -> AdviceGiven:
    moment = out.moment
    about = BY_NAME[ladder.signal]
    advice = advice_id(episode, step.number, recipient)
    who = out.who(ladder.signal)
    if role == "learner":
        who["learner"] = recipient
    days = max(0, (moment.now - ladder.since).days)
    programme = programme_of(out, ladder)
    hours = usual(out.pulse.hours, moment.policy.inbox.usual_least_days) if recipient == out.person else ()
    return moment.fact(
        AdviceGiven, str(advice), advice=advice, episode=episode, signal=ladder.signal, rung=step.number,
        recipient=recipient, role=role, kind=about.kind, course=ladder.course or None,
        priority=about.priority if risk is None else risk.priority, programme=programme or None,
        expires_at=max(ladder.expires(step), moment.now + timedelta(days=1)), critical=ladder.critical,
        arm=None if ladder.critical else _arm(out, ladder.signal, programme, role),
        evidence=ladder.evidence or out.pulse.evidence, usual_hours=hours,
        figures=(("days", days), *ladder.figures, *(() if risk is None else risk.figures)), **who,
    )  # fmt: skip


def _arm(out: Settled, signal: str, programme: str, role: Role) -> Arm | None:
    """The learner's own, where the learner's own pulse speaks: a mentor's does not know who consents."""
    about, moment = BY_NAME[signal], out.moment
    if not moment.policy.experiments or about.of_mentor is not None:
        return None
    consents = (out.pulse.own or NO_OWN).experiments
    return moment.policy.arm_of_nudge(out.person, programme, about.kind, role, consents, moment.now)
