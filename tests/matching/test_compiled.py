"""Machine code kept from an earlier day is not run after any of the kernel's sources changed."""

import subprocess
import sys
from pathlib import Path

import matching.compiled

CALLED = "from small.compiled import compiled\n\n@compiled\ndef called(x):\n    return x + {}\n"
CALLER = "from small.compiled import compiled\nfrom small.called import called\n\n@compiled\ndef caller(x):\n    return called(x)\n"


def test_a_change_in_a_called_function_reaches_its_unchanged_caller(tmp_path):
    package = tmp_path / "small"
    package.mkdir()
    source = Path(matching.compiled.__file__).read_text()
    (package / "__init__.py").touch()
    (package / "compiled.py").write_text(source)
    (package / "caller.py").write_text(CALLER)

    def answer(adds):
        (package / "called.py").write_text(CALLED.format(adds))
        ask = "from small.caller import caller; print(caller(1), sum(caller.stats.cache_hits.values()))"
        done = subprocess.run(
            [sys.executable, "-c", ask], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        return done.stdout.split()

    assert answer(1) == ["2", "0"]
    assert answer(1) == ["2", "1"]  # kept
    assert answer(20) == ["21", "0"]


ASK = """
import importlib, pkgutil, matching
from numba.core.dispatcher import Dispatcher
from matching.efforts import solve_mixed
from matching.kernel.ready import efforts_ready, pairs_ready, ready
from tests.benchmarks.people import mixed_pool

def made():
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(matching.__path__, "matching.")]
    found = {each for module in modules for each in vars(module).values() if isinstance(each, Dispatcher)}
    return {(each.__module__, each.__name__, str(kind)) for each in found for kind in each.signatures}

ready(), pairs_ready(), efforts_ready()
before = made()
solve_mixed(mixed_pool(60, 8))
print(*sorted(made() - before), sep="\\n", end="")
"""


def test_no_round_of_unequal_efforts_waits_for_machine_code_that_is_made_ahead():
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert done.stdout == ""
