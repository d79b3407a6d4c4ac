"""What does a mentor bear now?  Said to the mentor's own pulse whenever one of their pairs is announced.

The revision grows only when the load changed, so a weekly announcement without news changes no row.
"""

from collections.abc import Sequence
from zlib import crc32

from matching.rows import LearnerRow, MentorRow
from matching.views import offered_by
from schemas.fact import Fact, Moment
from schemas.matches import MatchAnnounced
from schemas.mentoring import MentorLoaded
from schemas.rows import Rows, changed

MOST = 64  # pairs told


def with_loads(rows: Rows, moment: Moment, said: Sequence[Fact]) -> list[Fact]:
    """What was said, and the load of each mentor whose pairs it announces."""
    announced = [f for f in said if isinstance(f, MatchAnnounced) and f.state in ("confirmed", "ended")]
    mentors = dict.fromkeys((f.pool, f.mentor) for f in announced if f.mentor is not None)
    loads = (_loaded(rows, moment, pool, mentor) for pool, mentor in mentors if mentor is not None)
    return [*said, *(load for load in loads if load is not None)]


def _loaded(rows: Rows, moment: Moment, pool: str, mentor: str) -> MentorLoaded | None:
    row = rows.find(MentorRow, pool, mentor)
    if row is None:
        return None
    pairs = []
    programme = ""
    for learner in sorted(row.mentees)[:MOST]:
        known = rows.find(LearnerRow, pool, learner)
        if known is not None and known.pair is not None and known.state == "confirmed":
            pairs.append((known.pair, learner))
            programme = known.programme
    committed, capacity = sum(row.mentees.values()), offered_by(row, moment.policy)
    most = moment.policy.pool.max_mentees if row.max_mentees is None else row.max_mentees
    mark = crc32(repr((committed, capacity, most, pairs)).encode())
    if mark != row.load_mark:
        row = changed(row, load_mark=mark, load_rev=row.load_rev + 1)
        rows.put(row, pool, mentor)
    return moment.fact(
        MentorLoaded, mentor, pool=pool, programme=programme, mentor=mentor, committed_minutes=committed,
        capacity_minutes=capacity, max_mentees=most, pairs=tuple(pairs), rev=row.load_rev,
    )  # fmt: skip
