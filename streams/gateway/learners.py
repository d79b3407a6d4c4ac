"""`/learners/<id>`: one learner's term on the console, read from the topics when asked.

Nothing is kept of anybody but the last few pages for half a minute; one page is read at a time, for at most
`READ_S` seconds, so that asking costs the gateway little, however often it is asked.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import NamedTuple

from streams.sentences import SENSITIVE_SIGNALS
from streams.settings import Settings
from streams.timeline.life import Life
from streams.timeline.page import notice, page
from streams.timeline.reading import life_of

READ_S, KEPT_S, KEPT, LONGEST = 20.0, 30.0, 16, 128


class Page(NamedTuple):
    status: int
    html: str


BUSY = Page(503, notice("Busy", "Another learner's page is being read. Ask again in some seconds."))
HIDDEN = "Personal matters (L10, L11) are not shown."
UNKNOWN = Page(404, notice("No such learner", "The topics hold nothing of this id, or not any more."))


class Learners:
    def __init__(self, settings: Settings, operators: Callable[[], Collection[str]]) -> None:
        self.settings, self.operators = settings, operators
        self.reading = asyncio.Lock()
        self.kept: OrderedDict[str, tuple[float, Page]] = OrderedDict()

    async def page_of(self, person: str) -> Page:
        known = self.kept.get(person)
        if known is not None and time.monotonic() - known[0] < KEPT_S:
            return known[1]
        if not 0 < len(person) <= LONGEST or not person.isprintable():
            return UNKNOWN
        if self.reading.locked():
            return BUSY
        async with self.reading:
            life = await asyncio.to_thread(life_of, self.settings, person, self.operators(), READ_S)
        found = shown(life)
        self.kept[person] = (time.monotonic(), found)
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return found


def shown(life: Life) -> Page:
    if life.forgotten:
        return Page(410, notice("Erased", f"{life.person} was erased, and nothing is shown."))
    if not life.courses and not life.words and not life.pairs:
        return UNKNOWN
    _hide_sensitive(life)
    return Page(200, page(life, HIDDEN, home="/"))


def _hide_sensitive(life: Life) -> None:
    """Takes out what only its recipients may know.  The page says so of everybody, or it would tell of whom."""
    life.episodes = {id: one for id, one in life.episodes.items() if one.signal not in SENSITIVE_SIGNALS}
    life.words = {id: one for id, one in life.words.items() if one.signal not in SENSITIVE_SIGNALS}
