"""Rows of the release before are read, and what they say still holds."""

from matching.pool_rows import PoolRow
from matching.rows import LearnerRow, MentorRow

LEARNER = """{"v":1,"wake_at":"2026-01-12T12:00:00Z","programme":"P","told":{},"languages":["en"],
"avoids":["z"],"courses":{"A":["2026-01-05T12:00:00Z",true]},"skills_wanted":[["sql",2]],"goals":[],
"blocked":{"x":["2026-01-05T12:00:00Z",true],"y":["2026-01-05T12:00:00Z",false]},"binding":"","rev":1,"spell":1,
"pair":"4f0c6a0e-31f5-5b8e-9a44-7d0b7c5e2a90","mentor":"m","state":"confirmed",
"paired_at":"2026-01-05T12:00:00Z","accepted":[]}"""
MENTOR = """{"v":1,"programme":"P","told":{},"here":true,"here_at":"2026-01-05T12:00:00Z","paused":false,
"skills":[],"guides":[],"capacity_minutes":180,"courses":[],"mentees":{"a":60},"avoids":[]}"""
POOL = """{"v":1,"wake_at":"2026-01-05T12:00:01Z","round_at":"2026-01-05T12:00:00Z","trigger":"mentor.joined.v1"}"""


def test_a_learner_of_the_release_before_keeps_mentor_and_blocks() -> None:
    row = LearnerRow.model_validate_json(LEARNER)
    assert (row.mentor, row.state, row.studies, row.never, row.band) == (
        "m",
        "confirmed",
        True,
        ("x",),
        "low",
    )
    assert LearnerRow.model_validate_json(row.model_dump_json(exclude_none=True)) == row


def test_a_mentor_and_a_pool_of_the_release_before_keep_hours_and_wake_ups() -> None:
    assert MentorRow.model_validate_json(MENTOR).promised == 60
    pool = PoolRow.model_validate_json(POOL)
    assert (pool.recent, pool.covers_due, pool.wake_at is None) == ((), False, False)
