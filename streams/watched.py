"""What does a file say now?  Strict at start; while running a bad one changes nothing, and is told once."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

from streams.errors import Trouble

T = TypeVar("T")
Stamp = tuple[int, int, int] | None


class Watched(Generic[T]):
    """The value of the last good reading.  `now()` is one look at the files' time stamps.

    `load` raises Trouble for what cannot be taken; `kept` and `taken` say in words what stays in force, or is now.
    """

    def __init__(
        self, files: Callable[[], Iterable[Path]], load: Callable[[], T], kept: Callable[[T], str],
        taken: Callable[[T], str], report: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._files, self._load, self._report = files, load, report
        self._kept, self._taken = kept, taken
        self._seen = self._stamps()
        self._value = load()
        self._said = ""

    def now(self) -> T:
        stamps = self._stamps()
        if stamps != self._seen:
            self._seen = stamps
            self._reload()
        return self._value

    def _reload(self) -> None:
        try:
            value = self._load()
        except Trouble as error:
            if str(error) != self._said:
                self._said = str(error)
                self._report(f"{error}; {self._kept(self._value)}")
            return
        self._said = ""
        if value != self._value:
            self._report(self._taken(value))
        self._value = value

    def _stamps(self) -> dict[Path, Stamp]:
        return {path: _stamp(path) for path in self._files()}


def _stamp(path: Path) -> Stamp:
    """What changes when the file does; None while there is none (an editor may be saving it)."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
