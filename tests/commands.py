"""The command line as tests call it: in this process, on a home of theirs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from briefs.workbench import bootstrap
from briefs.workbench.cli import main
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder

Zhiku = Callable[..., tuple[int, str, str]]
"""Gives exit code, output and faults."""
Run = Callable[..., tuple[int, str]]
"""Gives exit code, and output with faults after it."""


class WithoutModel(bootstrap.Workbench):
    """A workbench whose encoder needs no model."""

    def __init__(self, settings: Settings, **_given: object) -> None:
        super().__init__(settings, encoder=HashingEncoder())


def zhiku(home: Path, capsys: pytest.CaptureFixture[str], *room: str) -> Zhiku:
    """Calls ``zhiku --home HOME ROOM… WORDS…``."""

    def called(*words: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["--home", str(home), *room, *map(str, words)])
        printed = capsys.readouterr()
        code = leaving.value.code
        assert isinstance(code, int)
        return code, printed.out, printed.err

    return called


def run(home: Path, capsys: pytest.CaptureFixture[str], *room: str) -> Run:
    """As `zhiku`, for tests to which it is all one where something is printed."""
    call = zhiku(home, capsys, *room)

    def called(*words: str | Path) -> tuple[int, str]:
        code, out, err = call(*words)
        return code, out + err

    return called
