"""What does a term say in words?  A heading, a summary for who does not see the picture, and the table of it all."""

from datetime import datetime

from streams.sentences import SIGNAL
from streams.timeline.life import Life
from streams.timeline.marks import Episode, Word

SHORT = {
    "L1": "no start", "L2": "silence", "L3": "dip", "L4": "due soon", "L5": "missed", "L6": "stuck", "L7": "struggling",
    "L8": "question", "L10": "balance", "L11": "support", "L12": "plan", "L13": "what next", "L14": "tools",
    "M1": "accept", "M2": "first contact", "M3": "reply owed", "M4": "pair silent",
}  # fmt: skip
AT_ONCE = frozenset({"L9", "M7"})  # they open and close in one instant: no bar to show


def heading(life: Life) -> tuple[str, str]:
    """The title, and one line under it."""
    lost = (
        f" Before {life.since:%d %b %Y} no event is held any more, so what was done then is not shown."
        if life.since
        else ""
    )
    if not life.courses:
        return life.person, f"Nothing is known of a course.{lost}"
    names = ", ".join(life.courses)
    told = []
    for course in life.courses.values():
        told.append(
            ", ".join(
                [
                    f"Joined {course.joined_at:%d %b %Y}",
                    *(f"{what} {at:%d %b %Y}" for at, what in course.turns),
                ]
            )
        )
    dates = {key: at for key, at in life.due.items() if key[0] in life.courses}
    done = [late for key, due in dates.items() if (late := life.late(key, due)) is not None]
    work = (
        f" {len(done)} of {len(dates)} pieces of work handed in, {sum(done)} of them late." if dates else ""
    )
    return f"{life.person} in {names}", f"{'; '.join(told)}.{lost}{work}"


def told_signals(life: Life) -> list[tuple[str, str, list[Episode]]]:
    """Episodes by signal, in the signals' order."""
    found: dict[str, list[Episode]] = {}
    for episode in sorted(life.episodes.values(), key=lambda one: one.opened_at):
        if episode.signal not in AT_ONCE:
            found.setdefault(episode.signal, []).append(episode)
    order = list(SIGNAL)
    names = sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))
    return [(name, SHORT.get(name, ""), found[name]) for name in names]


def numbered(life: Life) -> list[tuple[int, Word]]:
    """All that was to be said, in order of how it ended."""
    words = sorted(
        life.words.values(), key=lambda word: (word.ended_at or word.given_at, word.role, word.about)
    )
    return list(enumerate(words, 1))


def summary(life: Life) -> str:
    words = list(life.words.values())
    parts = [heading(life)[1], f"Active on {len(life.clicks)} days."]
    for signal, name, episodes in told_signals(life):
        well = sum(episode.reason in ("recovered", "done") for episode in episodes)
        parts.append(f"{signal} {name}: {len(episodes)}, of which {well} ended well.")
    for role in ("learner", "mentor", "operator"):
        mine = [word for word in words if word.role == role]
        sent = sum(word.how == "sent" for word in mine)
        unsaid = sum(word.how == "unsaid" for word in mine)
        held = sum(bool(word.holds) for word in mine)
        if mine:
            parts.append(f"To the {role}: {sent} sent, {held} held for a while, {unsaid} left unsaid.")
    return " ".join(parts)


def rows(life: Life) -> list[tuple[datetime, str, str]]:
    """Everything as (when, what, about), in order of time; clicks by day are left to the summary."""
    found: list[tuple[datetime, str, str]] = []
    for name, course in life.courses.items():
        found.append((course.joined_at, "joined", name))
        found += [(at, what, name) for at, what in course.turns]
    for pair in life.pairs.values():
        found.append((pair.since, "matched", pair.mentor))
        if pair.ended_at is not None:
            found.append((pair.ended_at, "pair ended", f"{pair.mentor}: {pair.reason.replace('_', ' ')}"))
    found += [
        (at, "asked to accept", mentor)
        for pair, (mentor, at) in life.asked.items()
        if pair not in life.pairs or life.pairs[pair].since > at  # else matched at once
    ]
    found += [(at, "waits for a mentor", why) for at, why in life.waits]
    found += [(at, "did", what) for at, what in life.notes]
    for key, at in life.due.items():
        if key[0] in life.courses:
            found.append((at, "due", f"{key[1]}{', not handed in' if life.late(key, at) is None else ''}"))
    found += [(at, "handed in", item) for (_, item), at in life.handed_in.items()]
    found += [
        (at, "graded", f"{item}: {score / 10:g} of 100") for (_, item), (at, score) in life.grades.items()
    ]
    for episode in life.episodes.values():
        if episode.signal not in AT_ONCE:
            what = f"{episode.signal} {SIGNAL.get(episode.signal, '')}".strip()
            found.append((episode.opened_at, "seen", what))
            if episode.closed_at is not None:
                found.append((episode.closed_at, "no longer", f"{what}: {episode.reason}"))
    for number, word in numbered(life):
        at = word.ended_at or word.given_at
        found.append((at, f"{number} to {word.role}", f"{word.about} ({word.said})"))
    return sorted(found)
