"""Which records of one partition are still owed to a webhook, through restarts?

The committed offset is that of the oldest one owed; the others owed travel in the commit's metadata, so that
a restart repeats only what was under way.
"""

from typing import Self

MOST = 200  # owed at once; as metadata at most 2 KB of the 4 KB a broker keeps


class Owed:
    """`position` is the next offset to read; `open` are the offsets read and not settled."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.open: set[int] = set()
        self._left: set[int] = set()  # owed by the word of the last commit, and not read again yet
        self._through = position  # what was read by then

    @classmethod
    def restored(cls, offset: int, metadata: str) -> Self:
        """From a commit.  Metadata of another form count for nothing: then all from the offset on is owed."""
        found = cls(offset)
        through, _, rest = metadata.partition(":")
        parts = rest.split(",") if rest else []
        if through.isascii() and through.isdigit() and all(p.isascii() and p.isdigit() for p in parts):
            found._through = offset + int(through)
            found._left = {offset + int(part) for part in parts}
        return found

    def begin(self, offset: int) -> bool:
        """A record was read: is it owed?  Not if it was settled before a restart."""
        self.position = max(self.position, offset + 1)
        known = offset < self._through and offset not in self._left
        if self._left:  # records come in order: one passed over is no longer in the log
            self._left = {n for n in self._left if n > offset}
        if not known:
            self.open.add(offset)
        return not known

    def settle(self, offset: int) -> None:
        self.open.discard(offset)

    def commit(self) -> tuple[int, str]:
        """The offset to commit, and its metadata: `<how far was read>:<owed, ...>`, both from that offset on."""
        owed = sorted(self.open | self._left)
        through = max(self.position, self._through)
        first = owed[0] if owed else through
        return first, f"{through - first}:{','.join(str(n - first) for n in owed)}"
