"""Was the console asked by its own name?  A page elsewhere may point a name of its own at this machine
(DNS rebinding) and read what a browser here may read.
"""

from streams.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WRONG_NAME = "ask for this page by 127.0.0.1 or localhost, or name it in MENTORWAY_HTTP_NAMES\n"


def known(asked: str, settings: Settings) -> bool:
    """`asked` is the Host header.  Who listens on another address than loopback, and names none, is asked by any."""
    if settings.http_host not in LOOPBACK and not settings.http_names:
        return True
    name = asked.rpartition("]")[0].removeprefix("[") or asked.partition(":")[0]
    return name.lower() in LOOPBACK.union(filter(None, settings.http_names.lower().split(",")))
