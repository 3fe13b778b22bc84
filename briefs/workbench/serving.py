"""The server: one process with the pages, the portal and one shared workbench."""

import errno
import gc
import importlib
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import psutil

from briefs.errors import AddressTakenError
from briefs.workbench import logs
from briefs.workbench import settings as settings_module
from briefs.workbench.background import Background
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal.warmth import Warmth
from briefs.workbench.settings import Settings, address_of
from briefs.workbench.wording import wording

OPTIONS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": 100,
        "runner.postScriptGC": False,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        "logger.enableRich": False,
        "theme.primaryColor": "#1d4f7c",
        "theme.font": (
            "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
        ),
    }
)
"""What ``.streamlit/config.toml`` says in a checkout; an installed Zhiku has no such file."""

warmth: Final = Warmth()
"""How far this process's search is."""

_background: Final = Background()
_lock = threading.Lock()
_shared: list[Workbench] = []
_on_ready: list[Callable[[], None]] = []


def workbench() -> Workbench:
    """The process's one workbench, made from `settings.load` at the first call.

    Safe in several threads.

    Raises:
        BadHomeError: the home cannot be used.
        SettingError: a setting has a value that is not allowed.
    """
    with _lock:
        if not _shared:
            _shared.append(Workbench(settings_module.load()))
        return _shared[0]


def share(bench: Workbench | None) -> None:
    """Make `bench` the process's workbench; None lets the next call make one from the settings."""
    with _lock:
        _shared[:] = [] if bench is None else [bench]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Open the home and begin warming up when the server starts, let go when it stops."""
    _send_at_once()
    bench = workbench()
    if not logs.is_configured():
        logs.configure(bench.settings.log)
    # Whatever the server's libraries have set up by now is ours from here on.
    logs.take_over()
    warmth.start(workbench)
    _background.start(workbench)
    # The socket is listening already: whoever is told now is answered.
    for tell in _on_ready:
        tell()
    yield
    _background.stop()
    bench = workbench()
    share(None)
    bench.close()


def serve(
    settings: Settings,
    *,
    bench: Workbench | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages and the portal at the settings' host and port until interrupted.

    Args:
        settings: of the home.
        bench: used instead of a new workbench of that home.
        on_ready: told the address once connections are accepted; without it a line is printed.

    Raises:
        AddressTakenError: something else listens there, or this host is not ours.
        BadHomeError: the home cannot be used.
    """
    _refuse_taken(settings)
    share(bench or Workbench(settings))
    # What Streamlit starts anew (a subprocess, a reload) must find the same home.
    os.environ["ZHIKU_HOME"] = str(settings.home)
    tell = on_ready or partial(_print_address, settings.language)
    _on_ready[:] = [partial(tell, address_of(settings))]
    logs.configure(settings.log)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    app = importlib.import_module("app").app
    # Uvicorn raises the signal again once everything is put away.
    with suppress(KeyboardInterrupt):
        app.run(
            config={
                **OPTIONS,
                "server.address": settings.host,
                "server.port": settings.port,
                "logger.hideWelcomeMessage": True,
                "logger.level": "warning",
            }
        )
    # The process ends now; collecting what the model left would take it seconds.
    gc.freeze()


def _send_at_once() -> None:
    """Let no answer wait for the receipt of the packet before it.

    Streamlit makes its socket in a way by which asyncio does not see that it speaks TCP, and leaves
    Nagle's algorithm on: every answer of more than one packet took 40 ms longer. Connections
    inherit what their listening socket is set to.
    """
    for each in psutil.Process().net_connections("tcp"):
        if each.status == psutil.CONN_LISTEN and each.fd >= 0:
            with socket.socket(fileno=os.dup(each.fd)) as listening:
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _print_address(spoken: str, url: str) -> None:
    print(wording(spoken)("portal.ready", address=url), flush=True)


def _refuse_taken(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = errno.errorcode.get(error.errno or 0, "") or str(error)
            raise AddressTakenError(
                host=settings.host, port=settings.port, reason=error.strerror or reason
            ) from error
