"""May any row of a partition name this text?  "No" is certain, "yes" means look; for many erasures in a row.

A look at every row takes some 30 ms for 50,000 rows, so thousands of erasures would hold up everything else.  After a
few, the words of all rows are gathered and kept for a while.  Words that rows lose meanwhile stay among them: that
costs a look for nothing, and never misses a row.
"""

from collections.abc import Iterable, Mapping

from pydantic_core import to_json

from schemas.rows import RowKey

FEW = 10  # looks that cost less than gathering the words
KEPT_FOR = 1000  # commits since the last look until it is calm again


class Words:
    def __init__(self) -> None:
        self.looks = 0  # since it was calm
        self.left = 0  # commits until it is
        self.known: set[bytes] | None = None  # pieces of rows and of their keys, between quotes and slashes

    def may_name(self, text: str, stored: Mapping[RowKey, bytes]) -> bool:
        """False = no row stored names the text."""
        self.looks, self.left = self.looks + 1, KEPT_FOR
        if self.known is None and self.looks > FEW:
            self.known = set()
            self._gather(stored.items())
        return self.known is None or self.known.issuperset(filter(None, _pieces(to_json(text))))

    def committed(self, raws: Mapping[RowKey, bytes]) -> None:
        """These rows are written now."""
        if self.left == 0:
            return
        self.left -= 1
        if self.left == 0:
            self.looks, self.known = 0, None
        elif self.known is not None:
            self._gather(raws.items())

    def _gather(self, rows: Iterable[tuple[RowKey, bytes]]) -> None:
        known = self.known
        assert known is not None
        for key, raw in rows:
            known.update(_pieces(raw))
            known.update(_pieces(to_json(key[1:])))


def _pieces(raw: bytes) -> list[bytes]:
    """Cuts at quotes and slashes.  These bound an id wherever it stands in a row's JSON, so it gives the same pieces there."""
    return raw.replace(b"/", b'"').split(b'"')
