"""The home that a command works on."""

import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from briefs.workbench.settings import Settings, load

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench


class Session:
    """Opens the workbench when a command first needs it, and closes it at the end."""

    def __init__(self, home: Path | None, *, debug: bool = False) -> None:
        self.home = home
        self.debug = debug
        self._workbench: Workbench | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._workbench is not None:
            self._workbench.close()

    @property
    def settings(self) -> Settings:
        """The settings of the home, read anew."""
        settings = load(self.home)
        os.environ.setdefault("ZHIKU_LANGUAGE", settings.language)
        return settings

    @property
    def workbench(self) -> "Workbench":
        """All services over the home, which is made when there is none."""
        if self._workbench is None:
            # Imported late: it brings every library, and help or a wrong option needs none.
            from briefs.workbench.bootstrap import Workbench

            self._workbench = Workbench(self.settings)
        return self._workbench


pass_session = click.make_pass_decorator(Session)
