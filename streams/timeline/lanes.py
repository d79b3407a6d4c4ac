"""The lanes of the picture, one below the other: clicks, work, the mentor, what was seen, and what was said.

Marks differ by shape and not by colour alone; labels that would touch are left out, as a table tells all.
"""

from datetime import UTC, datetime

from streams.timeline.canvas import (
    BLUE,
    GREEN,
    INK,
    LEFT,
    ORANGE,
    PAPER,
    RIGHT,
    SKY,
    SOFT,
    WIDTH,
    Shelf,
    box,
    cross,
    diamond,
    disc,
    line,
    text,
    wide,
)  # fmt: skip
from streams.timeline.life import Life
from streams.timeline.marks import Episode, Word
from streams.timeline.scale import DAY, Scale
from streams.timeline.telling import numbered, told_signals

OTHERWISE = "#b9c0cb"
ROLES = (("learner", "to the learner"), ("mentor", "to the mentor"), ("operator", "to the operator"))


class Lanes:
    """`parts` are what is drawn, `y` is where the next lane begins."""

    def __init__(self, life: Life, scale: Scale, top: float) -> None:
        self.life, self.scale, self.y = life, scale, top
        self.parts: list[str] = []

    def _begin(self, name: str, height: float, under: str = "") -> float:
        """Begins a lane; its top."""
        top = self.y
        self.parts.append(
            text(LEFT - 12, top + height / 2 + (0 if under else 4), name, 12.5, INK, "end", True)
        )
        if under:
            self.parts.append(text(LEFT - 12, top + height / 2 + 16, under, 11, SOFT, "end"))
        self.y += height + 10
        self.parts.append(line(24, self.y - 5, WIDTH - RIGHT, self.y - 5))
        return top

    def activity(self) -> None:
        most = max(self.life.clicks.values(), default=0)
        top, height = self._begin("Clicks a day", 76, f"at most {most:,}" if most else "none"), 72
        for day, count in sorted(self.life.clicks.items()):
            at = datetime(day.year, day.month, day.day, tzinfo=UTC)
            if self.scale.first <= at <= self.scale.last:
                tall = max(2.0, height * (count / most) ** 0.5)
                x = self.scale.x(at)
                self.parts.append(
                    box(x, top + 2 + height - tall, max(1.6, self.scale.x(at + DAY) - x - 0.8), tall, BLUE)
                )

    def work(self) -> None:
        life = self.life
        dates = sorted((at, key) for key, at in life.due.items() if key[0] in life.courses)
        if not dates and not life.handed_in:
            return
        top, shelf = self._begin("Work", 58, "due, and marks"), Shelf(2)
        for due, key in dates:
            x, late = self.scale.x(due - DAY), life.late(key, due)
            if late is None:
                self.parts.append(diamond(x, top + 14, 6, PAPER, ORANGE))
            else:
                self.parts.append(diamond(x, top + 14, 6, SKY if late else BLUE, BLUE))
                if late and key in life.handed_in:
                    self.parts.append(
                        line(x, top + 14, self.scale.x(life.handed_in[key]), top + 14, BLUE, 1.5)
                    )
            if key in life.grades:
                mark = f"{life.grades[key][1] / 10:g}"
                level = shelf.place(x, wide(mark, 11.5))
                if level is not None:
                    self.parts.append(text(x, top + 36 + 15 * level, mark, 11.5, INK, "middle"))

    def mentor(self) -> None:
        top = self._begin("Mentor", 24)
        for pair in sorted(self.life.pairs.values(), key=lambda pair: pair.since):
            x, end = self.scale.x(pair.since), self.scale.x(pair.ended_at or self.scale.last)
            self.parts.append(box(x, top + 2, end - x, 20, "#e3eef7", BLUE, 4))
            why = f"with {pair.mentor}" + (
                f", ended: {pair.reason.replace('_', ' ')}" if pair.ended_at else ""
            )
            if wide(why, 11.5) < end - x - 8:
                self.parts.append(text(x + 8, top + 16, why, 11.5))
        if not self.life.pairs:
            asked = [f", {mentor} was asked" for mentor, _ in list(self.life.asked.values())[-1:]]
            self.parts.append(text(LEFT + 6, top + 16, "none yet" + "".join(asked), 11.5, SOFT))

    def episodes(self) -> None:
        signals = told_signals(self.life)
        if not signals:
            return
        self.y += 16
        self.parts.append(
            text(24, self.y - 3, "What was seen (a bar lasts from opening to closing)", 12.5, SOFT)
        )
        self.y += 8
        for signal, name, episodes in signals:
            top, ends = self.y, float("-inf")
            self.parts.append(text(LEFT - 12, top + 12, f"{signal} {name}", 12, INK, "end"))
            for episode in episodes:
                x, end = self.scale.x(episode.opened_at), self.scale.x(episode.closed_at or self.scale.last)
                good = episode.reason in ("recovered", "done")
                self.parts.append(
                    box(x, top + 3, max(4, end - x), 10, GREEN if good else OTHERWISE, "none", 2)
                )
                why = episode.reason if episode.closed_at else "open"
                after = max(end, x + 4) + 5
                if (
                    x > ends
                    and after + wide(why, 11) < WIDTH - RIGHT
                    and _free(episodes, episode, self.scale, after, why)
                ):
                    self.parts.append(text(after, top + 12, why, 11, SOFT))
                    ends = after + wide(why, 11)
            self.y += 19
        self.y += 4
        self.parts.append(line(24, self.y, WIDTH - RIGHT, self.y))
        self.y += 4

    def words(self) -> None:
        self.y += 14
        self.parts.append(
            text(24, self.y - 2, "What was said, held or left unsaid (numbers: see below)", 12.5, SOFT)
        )
        self.y += 6
        numbers = numbered(self.life)
        for role, name in ROLES:
            words = [(number, word) for number, word in numbers if word.role == role]
            if not words:
                continue
            top, shelf = self.y, Shelf(3)
            self.parts.append(text(LEFT - 12, top + 50, name, 12.5, INK, "end", True))
            for number, word in words:
                self._word(number, word, top + 46, shelf)
            self.y += 66
            self.parts.append(line(24, self.y - 4, WIDTH - RIGHT, self.y - 4))

    def _word(self, number: int, word: Word, y: float, shelf: Shelf) -> None:
        start, end = self.scale.x(word.given_at), self.scale.x(word.ended_at or word.given_at)
        if word.holds and end - start > 3:
            self.parts.append(line(start, y, end, y, ORANGE, 1.6, "2 2"))
        if word.how == "sent":
            self.parts.append(disc(end, y, 4.5, BLUE, ORANGE if word.holds else "none"))
        elif word.how == "unsaid":
            self.parts.append(cross(end, y, 4, SOFT))
        else:
            self.parts.append(disc(end, y, 4.2, PAPER, ORANGE))
        level = shelf.place(end, wide(str(number), 10.5))
        if level is not None:
            self.parts.append(text(end, y - 10 - 12 * level, str(number), 10.5, INK, "middle"))


def _free(episodes: list[Episode], one: Episode, scale: Scale, after: float, why: str) -> bool:
    """Is there room for the label, before the next bar of the row begins?"""
    until = after + wide(why, 11)
    return not any(each is not one and after - 8 <= scale.x(each.opened_at) <= until for each in episodes)
