"""Which instant does an operator mean by a date?"""

import argparse
from datetime import UTC, datetime


def day(text: str) -> datetime:
    """The start of a day in UTC, or an instant."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no date: write a day, as 2026-02-01, or an instant"
        ) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
