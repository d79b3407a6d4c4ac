"""Was the console asked by its own name?  A page elsewhere may point a name of its own at this machine
(DNS rebinding) and read what a browser here may read.
"""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WRONG_NAME = "ask for this page by 127.0.0.1 or localhost\n"


def known(asked: str, listens_on: str) -> bool:
    """`asked` is the Host header.  Who listens on another address than loopback chose to be asked by any name."""
    if listens_on not in LOOPBACK:
        return True
    name = asked.rpartition("]")[0].removeprefix("[") or asked.partition(":")[0]
    return name.lower() in LOOPBACK
