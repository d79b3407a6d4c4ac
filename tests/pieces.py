"""Which tests does one worker run one after the other?

A file, as its tests share what is dear to make; the folder whose tests compile the kernel, or every worker would
compile it; but each chunk of the simulated log's schedules by itself.  The largest pieces go first, so the chunks
come last and keep all workers busy to the end.  (xdist's own `loadgroup` does not group under pytest 9.2.)
"""

from xdist.scheduler import LoadScopeScheduling

COMPILES = "tests/matching/"
SHARES_NOTHING = "tests/ledger/test_simulated.py"


class Pieces(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file == SHARES_NOTHING:
            return nodeid
        return COMPILES if file.startswith(COMPILES) else file
