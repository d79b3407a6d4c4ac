"""Which episodes open, climb and clear now?  The ladders that stand against the episodes that are open.

Absence is judged against what was heard, not against now: `horizon` is the earlier of the two.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from nudging.ladder import Ladder
from nudging.pulse_rows import Episode, PulseRow
from nudging.settled import Settled, close, fire, open_episode
from nudging.storm import storm
from schemas.activity import BreakDeclared, OfLearner
from schemas.fact import Moment, Wake
from schemas.rows import Rows, changed
from schemas.terms import CloseReason, Person

STORM_WAIT = timedelta(days=1)


class Heard(NamedTuple):
    """Through when absence may be judged (None = not at all), and when to look again if that is too early."""

    horizon: datetime | None
    retry_at: datetime


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
        if storm(out, ladder, rows):
            out.look_again(out.moment.now + STORM_WAIT)
            return
        episode = open_episode(out, ladder)
    step = ladder.due(horizon, episode.rung)
    if step is not None:
        episode = fire(out, ladder, episode, step)
    out.pulse = changed(out.pulse, episodes={**out.pulse.episodes, ladder.name: episode})
    following = ladder.next_at(horizon)
    out.look_again(heard.retry_at if following is not None and following <= out.moment.now else following)
