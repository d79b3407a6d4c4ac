"""How is long work shown that has no known end?  On stderr, with what was done so far."""

import sys

from rich.console import Console
from rich.progress import Progress


def counting(what: str = "events") -> Progress:
    return Progress(
        *Progress.get_default_columns(), f"{{task.completed:,.0f}} {what}", console=Console(file=sys.stderr)
    )
