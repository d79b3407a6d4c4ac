"""May a learner be matched?  The last word wins, whether it came with an enrolment, by itself, or before either."""

from datetime import datetime

from matching.announce import ask_round
from matching.ending import end_pair
from matching.rows import ConsentRow, LearnerRow
from schemas.fact import Fact, Moment
from schemas.learners import LearnerEnrolled, MatchingConsentTold
from schemas.rows import Rows, changed


def told(rows: Rows, moment: Moment, fact: MatchingConsentTold) -> list[Fact]:
    """Remembers the word for pools that the person joins later, and applies it in those they are in now."""
    known = rows.find(ConsentRow, "", fact.person)
    if known is not None and not _later(fact.at, fact.given, known.at):
        return []
    rows.put(ConsentRow(given=fact.given, at=fact.at), "", fact.person)
    said: list[Fact] = []
    for pool in rows.routings(LearnerRow):
        row = rows.find(LearnerRow, pool, fact.person)
        if row is not None and (row.consent_at is None or _later(fact.at, fact.given, row.consent_at)):
            rows.put(changed(row, consent=fact.given, consent_at=fact.at), pool, fact.person)
            said += heeded(rows, moment, pool, fact.person)
    return said


def heeded(rows: Rows, moment: Moment, pool: str, learner: str) -> list[Fact]:
    """Acts on the consent in the row: a no ends the pair, without a mark against the mentor; a yes asks for a round
    if the learner waits.
    """
    row = rows.find(LearnerRow, pool, learner)
    if row is None or row.consent is None:
        return []
    if row.pair is None:
        if row.waiting_since is not None:
            ask_round(rows, moment, pool)
        return []
    if row.consent:
        return []
    said = end_pair(rows, moment, pool, learner, "by_learner")
    after = rows.find(LearnerRow, pool, learner) or row
    past = {mentor: end for mentor, end in after.past.items() if mentor != row.mentor}
    rows.put(changed(after, past=past), pool, learner)
    return said


def word_with(rows: Rows, row: LearnerRow, fact: LearnerEnrolled) -> tuple[bool, datetime] | None:
    """The newest consent, of this enrolment and of what was said before the row existed; None if the row's is newer."""
    words: list[tuple[bool, datetime]] = []
    if fact.matching_consent is not None:
        words.append((fact.matching_consent, fact.at))
    if (known := rows.find(ConsentRow, "", fact.learner)) is not None:
        words.append((known.given, known.at))
    words = [word for word in words if row.consent_at is None or word[1] > row.consent_at]
    return max(words, key=lambda word: (word[1], not word[0]), default=None)


def _later(at: datetime, given: bool, before: datetime) -> bool:
    """At the same instant no wins."""
    return at > before or (at == before and not given)
