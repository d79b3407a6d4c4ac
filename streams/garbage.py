"""When does Python look for garbage?  Not while facts are folded: with 100,000 rows that took half of the time.

Rows, facts and drafts hold no cycles, so counting references frees them; what else there is is looked
for once a minute, and what survived is then set aside for good.
"""

import gc
import time

EVERY_S = 60.0


class Sweeper:
    def __init__(self) -> None:
        gc.disable()
        self.swept = time.monotonic()

    def look(self) -> None:
        """Called between transactions."""
        now = time.monotonic()
        if now - self.swept >= EVERY_S:
            gc.collect()
            gc.freeze()
            self.swept = now
