"""What does a word of the pool, a message or a meeting change in what is known of a pair?"""

from datetime import datetime

from nudging.pulse_rows import MAX_ASKS, MAX_PAIRS, NO_TALK, Match, PulseRow, Talk
from schemas.activity import MeetingHeld, MessageSent
from schemas.matches import MatchAnnounced
from schemas.rows import changed

LIVES = ("proposed", "confirmed")


def matched(pulse: PulseRow, fact: MatchAnnounced) -> PulseRow:
    """A pool counts its own revisions.  Where a learner is in two, a pair of the other takes the place of none that
    lives; once that has ended, the other's next announcement does."""
    known = pulse.match
    if known.pool in ("", fact.pool):
        news = fact.rev > known.rev
    else:
        news = fact.state in LIVES and known.state not in LIVES
    if not news:
        return pulse
    belief = Match(
        rev=fact.rev, state=fact.state, pair=fact.pair, mentor=fact.mentor, since=fact.since, pool=fact.pool,
        programme=fact.programme,
    )  # fmt: skip
    return changed(pulse, match=belief)


def spoke(pulse: PulseRow, fact: MessageSent | MeetingHeld) -> PulseRow:
    pair = str(fact.pair)
    before = (pulse.talks or {}).get(pair, NO_TALK)
    after = _met(before, fact.at) if isinstance(fact, MeetingHeld) else _wrote(before, fact)
    if after == before:
        return pulse
    talks = {**(pulse.talks or {}), pair: after}
    if len(talks) > MAX_PAIRS:
        present = str(pulse.match.pair)
        del talks[next(other for other in talks if other not in (present, pair))]
    return changed(pulse, talks=talks)


def lately(pulse: PulseRow, since: datetime) -> PulseRow:
    """Drops words of earlier pairs that are too old to answer anything still asked."""
    present, talks = str(pulse.match.pair), pulse.talks or {}
    kept = {
        pair: talk
        for pair, talk in talks.items()
        if pair == present or (talk.last is not None and talk.last > since)
    }
    return pulse if len(kept) == len(talks) else changed(pulse, talks=kept or None)


def _met(talk: Talk, at: datetime) -> Talk:
    if talk.met_at is not None and at <= talk.met_at:
        return talk
    return changed(
        talk, met_at=at, learner_asks=_open(talk.learner_asks, at), mentor_asks=_open(talk.mentor_asks, at)
    )


def _wrote(talk: Talk, fact: MessageSent) -> Talk:
    """A message answers what the other side asked before it, and may ask itself."""
    if fact.sender == "learner":
        answered, last, asks, others = talk.mentor_last, talk.learner_at, talk.learner_asks, talk.mentor_asks
    else:
        answered = _later(talk.learner_at, talk.met_at)
        last, asks, others = talk.mentor_at, talk.mentor_asks, talk.learner_asks
    at, news = fact.at, dict[str, object]()
    other = "mentor" if fact.sender == "learner" else "learner"
    if last is None or at > last:
        news |= {f"{fact.sender}_at": at, f"{other}_asks": _open(others, at)}
    if fact.expects_reply and at not in asks and (answered is None or at > answered):
        asks = tuple(sorted((*asks, at)))
        news[f"{fact.sender}_asks"] = asks if len(asks) <= MAX_ASKS else (*asks[: MAX_ASKS - 1], asks[-1])
    return changed(talk, **news) if news else talk


def _open(asks: tuple[datetime, ...], answered: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in asks if at > answered)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)
