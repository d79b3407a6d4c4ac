"""Which numbers does a command take?  For `type=` of an argument; the error names what it may be."""

import argparse
from collections.abc import Callable

MOST_PORT = 65_535


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """A whole number from `least` on, up to `most` if there is one."""
    said = f"a whole number from {least} on" if most is None else f"a whole number from {least} to {most}"

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"{text!r} is not {said}")
        return value

    return read


def positive(text: str) -> float:
    """A number above nought."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value
