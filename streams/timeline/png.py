"""A picture as PNG, by resvg (MIT; of the `demo` extra).  Text needs fonts of the system: without any it would be left out."""

from streams.errors import Trouble
from streams.timeline.canvas import FONT, text

PROBE = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="{FONT}">{{}}</svg>'


class CannotDraw(Trouble):
    """No PNG can be made here; the text says what is missing."""


def png_of(svg: str) -> bytes:
    try:
        import resvg_py
    except ImportError:
        raise CannotDraw(
            "a PNG needs the package resvg-py: `pip install resvg-py`, or ask for --html or --svg"
        ) from None
    empty = resvg_py.svg_to_bytes(svg_string=PROBE.format(""))
    if resvg_py.svg_to_bytes(svg_string=PROBE.format(text(2, 16, "M", 16))) == empty:
        raise CannotDraw("a PNG needs a font: install one (Debian: apt-get install fonts-dejavu-core)")
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))
