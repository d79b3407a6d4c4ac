"""One learner's term as an SVG, 1,200 pixels wide: what was done, what was seen in it, and who was told what."""

from html import escape

from streams.timeline.canvas import (
    BLUE,
    FAINT,
    FONT,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    RIGHT,
    SKY,
    SOFT,
    USUAL,
    WIDTH,
    box,
    cross,
    cut,
    diamond,
    disc,
    line,
    text,
    wide,
)  # fmt: skip
from streams.timeline.lanes import OTHERWISE, Lanes
from streams.timeline.life import Life
from streams.timeline.scale import DAY, Scale
from streams.timeline.telling import heading, numbered, summary

TOP = 100.0
LISTED = 80  # words told under the picture; the table has all


def draw(life: Life, caption: str = "") -> str:
    """`caption` follows what is told of the term under the title."""
    scale = Scale.of(life)
    lanes = Lanes(life, scale, TOP)
    for lane in (lanes.activity, lanes.work, lanes.mentor, lanes.episodes, lanes.words):
        lane()
    title, about = heading(life)
    below, bottom = _legend(lanes.y)
    told, bottom = _list(life, bottom)
    height = bottom + 20
    head = text(24, 36, cut(title, WIDTH - 48, 20), 20, bold=True)
    head += text(24, 60, cut(f"{about} {caption}".strip(), WIDTH - 48, 13), 13, SOFT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" '
        f'role="img" aria-labelledby="tl-title tl-about" font-family="{FONT}">'
        f'<title id="tl-title">{escape(title)}</title><desc id="tl-about">{escape(summary(life))}</desc>'
        f"{box(0, 0, WIDTH, height, PAPER)}{_months(life, scale, TOP, lanes.y)}{head}{''.join(lanes.parts)}{below}{told}</svg>"
    )


def _months(life: Life, scale: Scale, top: float, bottom: float) -> str:
    """Behind everything: a line each month, its name above, and the course's begin and end."""
    parts = []
    month = scale.first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month < scale.last:
        if month >= scale.first:
            x = scale.x(month)
            parts.append(line(x, top - 14, x, bottom))
            label = f"{month:%b %Y}" if month.month == 1 or not parts[1:] else f"{month:%b}"
            if x + wide(label, 12) < WIDTH - RIGHT:
                parts.append(text(x + 4, top - 5, label, 12, SOFT))
        month = (month + 32 * DAY).replace(day=1)
    for course in life.courses.values():
        for at, name in (
            (course.starts_at, "begins"),
            (course.over_at or course.ends_at, course.over or "ends"),
        ):
            if at is not None and scale.first < at < scale.last:
                x = scale.x(at)
                parts.append(line(x, top - 20, x, bottom, INK, 1.2, "5 3"))
                side = "end" if x + wide(name, 11.5) > WIDTH - RIGHT else "start"
                parts.append(text(x + (-3 if side == "end" else 3), top - 20, name, 11.5, INK, side))
    return "".join(parts)


def _legend(top: float) -> tuple[str, float]:
    """What the marks mean; and where that ends."""
    parts, y, x = [], top + 16, 24.0
    marks = (
        (diamond(6, 0, 6, BLUE, BLUE), "handed in"), (diamond(6, 0, 6, SKY, BLUE), "handed in late"),
        (diamond(6, 0, 6, PAPER, ORANGE), "not handed in"), (box(0, -5, 14, 10, GREEN, "none", 2), "ended well"),
        (box(0, -5, 14, 10, OTHERWISE, "none", 2), "ended otherwise"), (disc(6, 0, 4.5, BLUE), "sent"),
        (line(0, 0, 8, 0, ORANGE, 1.6, "2 2") + disc(10, 0, 4.5, BLUE, ORANGE), "sent, held before"), (cross(6, 0, 4, SOFT), "left unsaid"),
        (disc(6, 0, 4.2, PAPER, ORANGE), "waits"),
    )  # fmt: skip
    for mark, name in marks:
        parts.append(f'<g transform="translate({x:.1f} {y - 4:.1f})">{mark}</g>')
        parts.append(text(x + 20, y, name, 12, SOFT))
        x += 40 + len(name) * 12 * USUAL
    return "".join(parts), y + 8


def _list(life: Life, top: float) -> tuple[str, float]:
    """Each numbered word with its reason, in two columns; and where that ends."""
    parts = []
    numbers = numbered(life)
    shown, column = numbers[:LISTED], (WIDTH - 48) / 2
    half = (len(shown) + 1) // 2
    for index, (number, word) in enumerate(shown):
        x, y = 24 + column * (index // half), top + 24 + 17 * (index % half)
        parts.append(text(x + 24, y, str(number), 11.5, INK, "end", True))
        at = word.ended_at or word.given_at
        told = f"{at:%d %b} to {word.role}: {word.about} ({word.said})"
        parts.append(text(x + 32, y, cut(told, column - 44, 11.5), 11.5))
    bottom = top + 24 + 17 * half
    if len(numbers) > LISTED:
        more = f"and {len(numbers) - LISTED} more: the table lists them all"
        parts.append(text(56, bottom + 4, more, 11.5, FAINT))
        bottom += 17
    return "".join(parts), bottom
