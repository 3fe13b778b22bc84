"""How the command line speaks: words to standard output, faults and progress to standard error."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from briefs.workbench.settings import LANGUAGES
from briefs.workbench.wording import KnownError, Wording, wording

if TYPE_CHECKING:
    from rich.console import Console


def words() -> Wording:
    """The words of the language that ``ZHIKU_LANGUAGE`` names; Chinese failing that."""
    language = os.environ.get("ZHIKU_LANGUAGE", LANGUAGES[0])
    return wording(language if language in LANGUAGES else LANGUAGES[0])


def help_words(key: str) -> str:
    """The words of a help text, in the language that the environment names."""
    return words()(key)


def say(key: str, /, **values: object) -> None:
    """Print a sentence."""
    click.echo(words()(key, **values))


def fail(what: KnownError | str, /, **values: object) -> int:
    """Print one sentence on what is wrong to standard error and return exit code 1."""
    sentence = words()(what, **values) if isinstance(what, str) else words().error(what)
    click.echo(sentence, err=True)
    return 1


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; `columns` are keys of words, those that end in ``#`` are numbers."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        is_number = column.endswith("#")
        made.add_column(
            words()(column.rstrip("#")),
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=is_number,
        )
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    _output().print(made)


def progress(key: str, total: int) -> "Bar":
    """A progress bar with rate and time left; silent where standard error is no terminal."""
    return Bar(words()(key), total)


class Bar:
    """A progress bar as a context manager; `to` and `step` may be called from any thread."""

    def __init__(self, label: str, total: int) -> None:
        # Most commands show no progress, and its library takes a while to import.
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(file=sys.stderr)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TaskProgressColumn(show_speed=True),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task(label, total=total or None, rate="")

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def step(self) -> None:
        """One more is done."""
        self._progress.advance(self._task)
        self._show_rate()

    def to(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self._progress.update(self._task, completed=done, total=total)
        self._show_rate()

    def _show_rate(self) -> None:
        speed = self._progress.tasks[0].speed
        if speed:
            self._progress.update(self._task, rate=f"{speed:.1f}/s")


def _output() -> "Console":
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 160
    return Console(file=sys.stdout, width=wide, highlight=False, markup=False)
