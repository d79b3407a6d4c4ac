"""Which episodes open, climb and clear now?  The ladders that stand against the episodes that are open.

Absence is judged against what was heard, not against now: `horizon` is the earlier of the two.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from nudging import dead_feed
from nudging.breaks import rests
from nudging.course_rows import ENDED
from nudging.dead_feed import DeadFeed
from nudging.ladder import Ladder, Step
from nudging.pulse_rows import Episode
from nudging.risk import Risk, risk_of
from nudging.settled import Settled, close, fire, open_episode
from nudging.sight import Sight
from nudging.storm import storm
from nudging.table import BY_NAME, Signal
from schemas.activity import BreakDeclared, OfLearner
from schemas.fact import Moment, Wake
from schemas.mentoring import MentorLoaded, OfMentor
from schemas.rows import Rows, changed
from schemas.study import QuestionAnswered
from schemas.terms import CloseReason, Person

STORM_WAIT = timedelta(days=1)
_OVER: dict[str, CloseReason] = {"withdrew": "withdrew", ENDED: "ended"}
ENDS_WELL = (OfLearner, OfMentor, MentorLoaded, QuestionAnswered)


class Heard(NamedTuple):
    """Through when absence may be judged (None = not at all), and when to look again if that is too early.

    `dead`: the platform is silent as a whole, which is why.
    """

    horizon: datetime | None
    retry_at: datetime
    dead: DeadFeed | None = None


def settle(
    sight: Sight, person: Person, rows: Rows, moment: Moment, ladders: Iterable[Ladder], heard: Heard
) -> Settled:
    """Closes episodes whose condition no longer stands; opens others, and fires their rungs, as far as all was heard."""
    out = Settled(sight.pulse, person, moment)
    standing = {ladder.name: ladder for ladder in ladders}
    for name, episode in sight.pulse.episodes.items():
        ladder = standing.get(name)
        if ladder is None or not ladder.stands(moment.now):
            _close(out, sight, name, episode, ladder)
    for ladder in standing.values():
        if ladder.until is None or moment.now < ladder.until:
            _climb(out, sight, ladder, rows, heard)
    return out


def _close(out: Settled, sight: Sight, name: str, episode: Episode, ladder: Ladder | None) -> None:
    signal, _, scope = name.partition("/")
    reason = _reason(out, sight, BY_NAME[signal], scope, episode, ladder)
    close(out, name, episode, reason)
    after = BY_NAME[signal].after
    if after is not None:
        out.pulse = after(out.pulse, episode.course)
    if reason == "recovered" and episode.told_at is not None:  # told of, and not only watched
        out.recovered.append((signal, episode))


def _reason(
    out: Settled, sight: Sight, signal: Signal, scope: str, episode: Episode, ladder: Ladder | None
) -> CloseReason:
    pulse, cause, now = out.pulse, out.moment.cause, out.moment.now
    if ladder is not None and ladder.until is not None and ladder.until <= now:
        return signal.ran_out
    if signal.of_pair:
        if signal.name == "M1" and pulse.match.state == "confirmed" and str(pulse.match.pair) == scope:
            return "done"
        present = pulse.match.state == "confirmed" and str(pulse.match.pair) == scope
        if present and rests(pulse, now):
            return "superseded"
        return "recovered" if present and pulse.goes_on else "ended"
    course = pulse.courses.get(episode.course)
    if episode.course and not signal.outlives:
        if course is None or not course.active:
            return _OVER.get(course.over, "done") if course is not None else "ended"
        if course.on_break(now):
            return "superseded"
    if signal.ended is not None:
        return signal.ended(sight, episode.course, scope)
    if isinstance(cause, Wake):
        return signal.lapsed
    return (
        signal.met if isinstance(cause, ENDS_WELL) and not isinstance(cause, BreakDeclared) else "superseded"
    )


def _climb(out: Settled, sight: Sight, ladder: Ladder, rows: Rows, heard: Heard) -> None:
    """Opens the episode once the horizon has reached it, and fires the highest rung due by then.

    A mentor whom the rung reached while risk was low hears of it once risk is not.
    """
    now, episode = out.moment.now, out.pulse.episodes.get(ladder.name)
    through = heard.horizon if ladder.absence else now
    if heard.dead is not None:
        dead_feed.tell(out, ladder, episode, rows, heard.dead)
    if through is None or (episode is None and ladder.opens_at > through):
        out.look_again(ladder.opens_at if ladder.opens_at > now else heard.retry_at)
        return
    if episode is None:
        if ladder.too_late(through, out.moment.policy.pulse.too_late_days):
            return
        if storm(out, ladder, rows):
            out.look_again(now + STORM_WAIT)
            return
        episode = open_episode(out, ladder)
    weighed = BY_NAME[ladder.signal].weighed and out.moment.policy.risk.on
    if heard.horizon is not None or not weighed:  # risk is of what was heard, so an unheard feed raises none
        step = ladder.due(now, heard.horizon, episode.rung)
        if step is not None or episode.withheld:
            risk = risk_of(sight, ladder.course, out.moment.policy.risk) if weighed else None
            step = step or _owed(ladder, episode, risk, out)
            episode = episode if step is None else fire(out, ladder, episode, step, risk)
    out.pulse = changed(out.pulse, episodes={**out.pulse.episodes, ladder.name: episode})
    following = ladder.next_at(through if heard.horizon is None else heard.horizon)
    out.look_again(heard.retry_at if following is not None and following <= now else following)
    out.look_again(ladder.until)


def _owed(ladder: Ladder, episode: Episode, risk: Risk | None, out: Settled) -> Step | None:
    """What the mentor did not hear of a rung, as risk was low when it fired, told now that risk has risen."""
    if risk is not None and risk.permille < out.moment.policy.risk.mentor_permille:
        return None
    fired = (
        step for step in reversed(ladder.steps) if step.number <= episode.rung and "mentor" in step.roles
    )
    return next((step._replace(roles=("mentor",), lapses=None) for step in fired), None)
