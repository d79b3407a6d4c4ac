"""An absence that fires for far more of a course than is usual is held, and the operator is told once."""

from nudging.pulse import ROWS
from schemas.advice import AdviceGiven, EpisodeOpened
from tests.memory import only
from tests.nudging.life import OPERATOR, Life, active, alone, joined


def test_when_a_whole_course_falls_silent_at_once_most_openings_are_held() -> None:
    life = Life(alone("L2"))
    names = [f"ou:l{n}" for n in range(50)]
    for name in names:
        life.tell(joined(0, name), active(1, name))
    said = life.live(6.5)
    opened = only(said, EpisodeOpened)
    assert len(opened) == 20  # 400 of 1000
    assert [(f.signal, f.recipient) for f in said if isinstance(f, AdviceGiven)] == [("storm", OPERATOR)]


def test_a_small_course_has_no_storms() -> None:
    life = Life(alone("L2"))
    for n in range(5):
        life.tell(joined(0, f"ou:l{n}"), active(1, f"ou:l{n}"))
    assert len(only(life.live(6.5), EpisodeOpened)) == 5


def test_every_kind_of_row_is_known() -> None:
    assert {cls.KIND: cls for cls in ROWS.values()} == ROWS
