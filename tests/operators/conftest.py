"""The command line as an operator uses it: words in, exit code and what was printed out."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from streams.__main__ import main
from streams.settings import Settings


class Said(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(settings or variables, "topics", "create")`."""

    def run(settings: Settings | dict[str, str], *words: str) -> Said:
        variables = settings.environment() if isinstance(settings, Settings) else settings
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            capsys.readouterr()
            try:
                code = main(words)
            except SystemExit as ended:  # argparse
                code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run
