"""What is worth a word, to whom?  Episodes that open and close at once: praise for a learner (L9), thanks to a mentor (M7)."""

from datetime import timedelta

from nudging.ladder import Figures, Ladder, Step
from nudging.pulse_rows import PulseRow
from nudging.settled import Settled, close, fire, open_episode
from nudging.signals import impact, recognition
from schemas.fact import Fact, Wake
from schemas.rows import changed
from schemas.terms import Role


def worth_a_word(before: PulseRow, after: PulseRow, fact: Fact) -> tuple[str, str] | None:
    """What this fact reached, and in which course; as the pulse stands with it, so that a repeat finds the same."""
    name = str(getattr(fact, "course", "") or "")
    course, known = after.courses.get(name), before.courses.get(name)
    if course is not None and course.over == "withdrew" and not course.active:
        return None  # who left hears nothing more
    return recognition.reached(fact, known.progress_permille if known is not None else 0)


def celebrate(out: Settled, what: str, course: str, spell: str = "") -> None:
    """A word to the learner and to the mentor; not for what happened long ago, nor too often a day."""
    moment = out.moment
    policy, cause = moment.policy.pulse, moment.cause
    if "L9" in policy.off:
        return
    if not isinstance(cause, Wake) and moment.now - cause.at > timedelta(days=policy.too_late_days):
        return
    taken = out.pulse.courses.get(course)
    if taken is not None and taken.earlier_until is not None:
        spell += f"/{taken.earlier_until.isoformat()}"
    out.pulse, say = recognition.counted(out.pulse, what, course, moment.now, policy, spell)
    if say:
        _at_once(out, "L9", f"{course}/{what}", course, ("learner", "mentor"), (("what", what),))


def found_back(out: Settled) -> None:
    """A way back after silence is praised; a mentor whose word came before a recovery is thanked."""
    today = out.moment.now.date().isoformat()
    for signal, episode in out.recovered:
        if signal == "L2":
            celebrate(out, f"return {today}", episode.course)
        helped = impact.thanks(out.pulse, out.moment, signal)
        if helped is not None:
            out.pulse = changed(out.pulse, thanked_at=out.moment.now)
            _at_once(out, "M7", f"{episode.id}", episode.course, ("mentor",), (("what", helped),))


def _at_once(
    out: Settled, signal: str, scope: str, course: str, roles: tuple[Role, ...], figures: Figures
) -> None:
    now = out.moment.now
    step = Step(1, now, roles)
    ladder = Ladder(signal, scope, course, now, now, (step,), figures, absence=False, private=signal == "M7")
    episode = fire(out, ladder, open_episode(out, ladder), step)
    close(out, ladder.name, changed(episode, given=()), "done")
