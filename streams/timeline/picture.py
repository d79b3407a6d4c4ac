"""One learner's term as an SVG, 1,200 pixels wide: what was done, what was seen in it, and who was told what.

Marks differ by shape and not by colour alone; labels that would touch are left out, as a table tells all.
"""

from datetime import UTC, datetime, timedelta
from html import escape

from streams.timeline.canvas import (
    BLUE,
    FAINT,
    FONT,
    GREEN,
    INK,
    LEFT,
    ORANGE,
    PAPER,
    RIGHT,
    SKY,
    SOFT,
    USUAL,
    WIDTH,
    Shelf,
    box,
    cross,
    cut,
    diamond,
    disc,
    line,
    text,
    wide,
)  # fmt: skip
from streams.timeline.life import Life, Word
from streams.timeline.telling import heading, numbered, summary, told_signals

PLOT = WIDTH - LEFT - RIGHT
DAY, BEFORE, AFTER = timedelta(days=1), timedelta(days=28), timedelta(days=21)
ROLES = (("learner", "to the learner"), ("mentor", "to the mentor"), ("operator", "to the operator"))
LISTED = 80  # words told under the picture; the table has all


class Scale:
    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last = first, max(last, first + 28 * DAY)

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return LEFT + PLOT * min(1.0, max(0.0, share))

    @classmethod
    def of(cls, life: Life) -> "Scale":
        """From four weeks before the course, or the first mark, to its end, or three weeks after the last mark."""
        marks = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in life.clicks]
        marks += [word.ended_at or word.given_at for word in life.words.values()]
        marks += list(life.handed_in.values())
        joined = [course.joined_at for course in life.courses.values()]
        starts = [
            course.starts_at - BEFORE for course in life.courses.values() if course.starts_at is not None
        ]
        ends = [course.ends_at for course in life.courses.values() if course.ends_at is not None]
        first = min(starts or marks or joined, default=datetime(2026, 1, 1, tzinfo=UTC))
        if not starts and marks:
            first = min(marks) - 3 * DAY
        last = max([*marks, *(ends or ())], default=first + 90 * DAY)
        return cls(first, last + 7 * DAY)


class Picture:
    def __init__(self, life: Life) -> None:
        self.life, self.scale = life, Scale.of(life)
        self.parts: list[str] = []
        self.y = 0.0

    def draw(self, caption: str = "") -> str:
        title, about = heading(self.life)
        self.parts.append(text(24, 36, cut(title, WIDTH - 48, 20), 20, bold=True))
        self.parts.append(
            text(24, 60, cut(about + (f" {caption}" if caption else ""), WIDTH - 48, 13), 13, SOFT)
        )
        top = self.y = 100.0
        self._activity()
        self._work()
        self._mentor()
        self._episodes()
        self._words()
        axis = self._months(top, self.y)
        self._legend()
        self._list()
        height = self.y + 20
        about = summary(self.life)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" '
            f'role="img" aria-labelledby="tl-title tl-about" font-family="{FONT}">'
            f'<title id="tl-title">{escape(title)}</title><desc id="tl-about">{escape(about)}</desc>'
            f"{box(0, 0, WIDTH, height, PAPER)}{axis}{''.join(self.parts)}</svg>"
        )

    # --- lanes -------------------------------------------------------------------------------

    def _lane(self, name: str, height: float, under: str = "") -> float:
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

    def _activity(self) -> None:
        most = max(self.life.clicks.values(), default=0)
        top, height = self._lane("Clicks a day", 76, f"at most {most:,}" if most else "none"), 72
        for day, count in sorted(self.life.clicks.items()):
            at = datetime(day.year, day.month, day.day, tzinfo=UTC)
            if self.scale.first <= at <= self.scale.last:
                tall = max(2.0, height * (count / most) ** 0.5)
                x = self.scale.x(at)
                self.parts.append(
                    box(x, top + 2 + height - tall, max(1.6, self.scale.x(at + DAY) - x - 0.8), tall, BLUE)
                )

    def _work(self) -> None:
        life = self.life
        dates = sorted((at, key) for key, at in life.due.items() if key[0] in life.courses)
        if not dates and not life.handed_in:
            return
        top, shelf = self._lane("Work", 58, "due, and marks"), Shelf(2)
        for due, key in dates:
            x, done = self.scale.x(due - DAY), life.handed_in.get(key)
            if done is None:
                self.parts.append(diamond(x, top + 14, 6, PAPER, ORANGE))
            else:
                late = done > due
                self.parts.append(diamond(x, top + 14, 6, SKY if late else BLUE, BLUE))
                if late:
                    self.parts.append(line(x, top + 14, self.scale.x(done), top + 14, BLUE, 1.5))
            if key in life.grades:
                mark = f"{life.grades[key][1] / 10:g}"
                level = shelf.place(x, wide(mark, 11.5))
                if level is not None:
                    self.parts.append(text(x, top + 36 + 15 * level, mark, 11.5, INK, "middle"))

    def _mentor(self) -> None:
        top = self._lane("Mentor", 24)
        for pair in sorted(self.life.pairs.values(), key=lambda pair: pair.since):
            x, end = self.scale.x(pair.since), self.scale.x(pair.ended_at or self.scale.last)
            self.parts.append(box(x, top + 2, end - x, 20, "#e3eef7", BLUE, 4))
            why = f"with {pair.mentor}" + (
                f", ended: {pair.reason.replace('_', ' ')}" if pair.ended_at else ""
            )
            if wide(why, 11.5) < end - x - 8:
                self.parts.append(text(x + 8, top + 16, why, 11.5))
        if not self.life.pairs:
            self.parts.append(text(LEFT + 6, top + 16, "none yet", 11.5, SOFT))

    def _episodes(self) -> None:
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
                    box(x, top + 3, max(4, end - x), 10, GREEN if good else "#b9c0cb", "none", 2)
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

    def _words(self) -> None:
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
        if word.held and end - start > 3:
            self.parts.append(line(start, y, end, y, ORANGE, 1.6, "2 2"))
        if word.how == "sent":
            self.parts.append(disc(end, y, 4.5, BLUE, ORANGE if word.held else "none"))
        elif word.how == "unsaid":
            self.parts.append(cross(end, y, 4, SOFT))
        else:
            self.parts.append(disc(end, y, 4.2, PAPER, ORANGE))
        level = shelf.place(end, wide(str(number), 10.5))
        if level is not None:
            self.parts.append(text(end, y - 10 - 12 * level, str(number), 10.5, INK, "middle"))

    # --- around the lanes --------------------------------------------------------------------

    def _months(self, top: float, bottom: float) -> str:
        """Behind everything: a line each month, its name above, and the course's begin and end."""
        parts = []
        month = self.scale.first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        while month < self.scale.last:
            if month >= self.scale.first:
                x = self.scale.x(month)
                parts.append(line(x, top - 14, x, bottom))
                label = f"{month:%b %Y}" if month.month == 1 or not parts[1:] else f"{month:%b}"
                if x + wide(label, 12) < WIDTH - RIGHT:
                    parts.append(text(x + 4, top - 5, label, 12, SOFT))
            month = (month + 32 * DAY).replace(day=1)
        for course in self.life.courses.values():
            for at, name in (
                (course.starts_at, "begins"),
                (course.over_at or course.ends_at, course.over or "ends"),
            ):
                if at is not None and self.scale.first < at < self.scale.last:
                    x = self.scale.x(at)
                    parts.append(line(x, top - 20, x, bottom, INK, 1.2, "5 3"))
                    side = "end" if x + wide(name, 11.5) > WIDTH - RIGHT else "start"
                    parts.append(text(x + (-3 if side == "end" else 3), top - 20, name, 11.5, INK, side))
        return "".join(parts)

    def _legend(self) -> None:
        y, x = self.y + 16, 24.0
        marks = (
            (diamond(6, 0, 6, BLUE, BLUE), "handed in"), (diamond(6, 0, 6, SKY, BLUE), "handed in late"),
            (diamond(6, 0, 6, PAPER, ORANGE), "not handed in"), (box(0, -5, 14, 10, GREEN, "none", 2), "ended well"),
            (box(0, -5, 14, 10, "#b9c0cb", "none", 2), "ended otherwise"), (disc(6, 0, 4.5, BLUE), "sent"),
            (line(0, 0, 8, 0, ORANGE, 1.6, "2 2") + disc(10, 0, 4.5, BLUE, ORANGE), "sent, held before"), (cross(6, 0, 4, SOFT), "left unsaid"),
            (disc(6, 0, 4.2, PAPER, ORANGE), "waits"),
        )  # fmt: skip
        for mark, name in marks:
            self.parts.append(f'<g transform="translate({x:.1f} {y - 4:.1f})">{mark}</g>')
            self.parts.append(text(x + 20, y, name, 12, SOFT))
            x += 40 + len(name) * 12 * USUAL
        self.y = y + 8

    def _list(self) -> None:
        numbers = numbered(self.life)
        shown, column = numbers[:LISTED], (WIDTH - 48) / 2
        half = (len(shown) + 1) // 2
        for index, (number, word) in enumerate(shown):
            x, y = 24 + column * (index // half), self.y + 24 + 17 * (index % half)
            self.parts.append(text(x + 24, y, str(number), 11.5, INK, "end", True))
            at = word.ended_at or word.given_at
            told = f"{at:%d %b} to {word.role}: {word.about} ({word.said})"
            self.parts.append(text(x + 32, y, cut(told, column - 44, 11.5), 11.5))
        self.y += 24 + 17 * half
        if len(numbers) > LISTED:
            more = f"and {len(numbers) - LISTED} more: the table lists them all"
            self.parts.append(text(56, self.y + 4, more, 11.5, FAINT))
            self.y += 17


def _free(episodes: list, one: object, scale: Scale, after: float, why: str) -> bool:  # type: ignore[type-arg]
    """Does no later bar of the row begin where the label would stand?"""
    until = after + wide(why, 11)
    return not any(each is not one and after - 8 <= scale.x(each.opened_at) <= until for each in episodes)
