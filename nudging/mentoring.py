"""What does a fact change in a mentor's own pulse?  Load, replies and presence, from copies keyed by mentor."""

from datetime import datetime
from itertools import pairwise

from nudging.ladder import DAY, HOUR
from nudging.mentor_rows import MAX_MENTEES, MAX_REPLIES, NO_LOAD, NO_MENTORING, Correspondence, Mentoring
from nudging.pulse_rows import PulseRow
from schemas.mentoring import MeetingCopied, MentorAway, MentorLoaded, MessageCopied
from schemas.rows import changed

MAX_MISSED, MAX_POOLS = 8, 7
COMPARED = 84 * DAY  # replies of so long are sampled, where there are too many to keep


def bears(pulse: PulseRow, fact: MessageCopied | MeetingCopied | MentorAway | MentorLoaded) -> PulseRow:
    before = pulse.mentoring or NO_MENTORING
    match fact:
        case MessageCopied():
            after = _wrote(before, fact)
        case MeetingCopied():
            after = _meeting(before, fact)
        case MentorAway():
            after = _away(before, fact)
        case MentorLoaded():
            after = _loaded(before, fact)
    return pulse if after is before else changed(pulse, mentoring=after)


def _loaded(known: Mentoring, fact: MentorLoaded) -> Mentoring:
    """A pool counts its own revisions, and tells of its own pairs alone."""
    pool = known.pool or fact.pool
    load = known if pool == fact.pool else known.others.get(fact.pool, NO_LOAD)
    if fact.rev <= load.rev:
        return known
    told = {
        "rev": fact.rev, "programme": fact.programme or load.programme or known.programme,
        "committed": fact.committed_minutes, "capacity": fact.capacity_minutes,
        "pairs": tuple(sorted(fact.pairs, key=lambda pair: pair[1])[:MAX_MENTEES]),
    }  # fmt: skip
    if load is known:
        after = changed(known, pool=pool, **told)
    else:
        others = {**known.others, fact.pool: changed(NO_LOAD, **told)}
        after = changed(known, others=dict(list(others.items())[-MAX_POOLS:]))
    present = {str(pair) for one in after.loads.values() for pair, _ in one.pairs or ()}
    return changed(after, talks={pair: talk for pair, talk in known.talks.items() if pair in present})


def _away(known: Mentoring, fact: MentorAway) -> Mentoring:
    if (known.told_at is not None and fact.at <= known.told_at) or (fact.joined and not known.gone):
        return known
    return changed(
        known, told_at=fact.at, programme=fact.programme or known.programme, gone=fact.gone,
        away_at=fact.at if fact.away else None, away_until=fact.until if fact.away else None,
    )  # fmt: skip


def _meeting(known: Mentoring, fact: MeetingCopied) -> Mentoring:
    if fact.missed_by is None:
        if known.held_at is not None and fact.at <= known.held_at:
            return known
        return changed(known, held_at=fact.at)
    if fact.missed_by != "mentor" or fact.at in known.missed:
        return known
    return changed(known, missed=tuple(sorted((*known.missed, fact.at)))[-MAX_MISSED:])


def _wrote(known: Mentoring, fact: MessageCopied) -> Mentoring:
    """The learner's first unanswered message, and how long the mentor took to answer it."""
    pair, at = str(fact.pair), fact.at
    talk = known.talks.get(pair, Correspondence())
    if talk.wrote_at is not None and at <= talk.wrote_at:
        return known
    replies = known.replies
    if fact.sender == "learner":
        if not fact.expects_reply or (talk.asked_at is not None and talk.asked_at <= at):
            return known
        talk = changed(talk, asked_at=at)
    else:
        if talk.asked_at is not None and talk.asked_at < at:
            replies = _sampled(sorted((*replies, (at, (at - talk.asked_at) // HOUR))))
        later = talk.asked_at if talk.asked_at is not None and talk.asked_at > at else None
        talk = Correspondence(asked_at=later, wrote_at=at)
    talks = {**known.talks, pair: talk}
    if len(talks) > MAX_MENTEES:
        del talks[next(other for other in talks if other != pair)]
    return changed(known, talks=talks, replies=replies)


def _sampled(replies: list[tuple[datetime, int]]) -> tuple[tuple[datetime, int], ...]:
    """Without the oldest where there is one too many, or the earlier of the two nearest in time.

    Who answers many learners a week is compared with what they used to take, too.
    """
    if len(replies) > MAX_REPLIES:
        gaps = [later - earlier for (earlier, _), (later, _) in pairwise(replies)]
        old = replies[-1][0] - replies[0][0] > COMPARED
        del replies[0 if old else gaps.index(min(gaps))]
    return tuple(replies)
