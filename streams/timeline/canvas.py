"""Small SVG pieces, made on the server: attributes only, no script and no style, so that the console's policy holds."""

from collections.abc import Sequence
from html import escape

WIDTH, LEFT, RIGHT = 1200, 150, 24  # pixels; the plot lies between the margins
INK, SOFT, FAINT, LINE, PAPER = "#1b2330", "#566073", "#8a93a3", "#dde1e8", "#ffffff"
BLUE, ORANGE, GREEN, SKY = "#0072b2", "#b34700", "#00694f", "#9cc9e6"  # apart for every kind of colour vision
FONT = "DejaVu Sans, Verdana, Noto Sans, Liberation Sans, Segoe UI, Arial, Helvetica, sans-serif"
WIDE, USUAL = 0.62, 0.52  # of the size: the width of a character in a short label, and in a line of words


def text(
    x: float,
    y: float,
    words: str,
    size: float = 12,
    fill: str = INK,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}"{weight} '
        f'stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
        f"{escape(words, quote=True)}</text>"
    )


def wide(words: str, size: float = 12) -> float:
    return len(words) * size * WIDE


def cut(words: str, pixels: float, size: float = 12) -> str:
    """As much of it as fits."""
    most = int(pixels / (size * USUAL))
    return words if len(words) <= most else words[: max(1, most - 1)] + "…"


def line(
    x1: float, y1: float, x2: float, y2: float, stroke: str = LINE, width: float = 1, dash: str = ""
) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'


def box(
    x: float, y: float, width: float, height: float, fill: str, stroke: str = "none", round: float = 0
) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.5, width):.1f}" height="{height:.1f}" rx="{round:g}" '
        f'fill="{fill}" stroke="{stroke}"/>'
    )


def disc(x: float, y: float, r: float, fill: str, stroke: str = "none") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" fill="{fill}" stroke="{stroke}" stroke-width="1.8"/>'


def shape(points: Sequence[tuple[float, float]], fill: str, stroke: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{path}" fill="{fill}" stroke="{stroke}" stroke-width="1.4"/>'


def diamond(x: float, y: float, r: float, fill: str, stroke: str) -> str:
    return shape([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], fill, stroke)


def cross(x: float, y: float, r: float, stroke: str) -> str:
    return line(x - r, y - r, x + r, y + r, stroke, 1.8) + line(x - r, y + r, x + r, y - r, stroke, 1.8)


class Shelf:
    """Where a label goes so that it touches none before it: one of a few levels, or none of them."""

    def __init__(self, levels: int) -> None:
        self.ends = [float("-inf")] * levels

    def place(self, x: float, pixels: float) -> int | None:
        """`x` is the label's middle; labels come from left to right."""
        for level, end in enumerate(self.ends):
            if x - pixels / 2 >= end:
                self.ends[level] = x + pixels / 2 + 2
                return level
        return None
