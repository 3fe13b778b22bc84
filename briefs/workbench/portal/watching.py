"""Every request has a number and leaves a line in the log; what nobody caught ends here."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from briefs.workbench import logs
from briefs.workbench.wording import wording

_log = logging.getLogger(__name__)
_QUIET: Final = re.compile(r"/(?:assets|static|media|_stcore|component|healthz|readyz)(?:/|$)")
"""Asked for many times a page, or by machines: logged only when it fails."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,}")
"""A part of a path that is a secret or a hash, as in one-time links."""
_LONGEST: Final = 120
_ANSWERS: Final = {"websocket.accept": 101, "websocket.close": 403}
"""What a websocket is told first, as a status."""


class Watching:
    """Numbers, logs and catches; nobody is ever shown where something went wrong."""

    def __init__(self, app: ASGIApp, *, language: Callable[[], str]) -> None:
        """Stand before `app`; `language` is that of the page for what nobody caught."""
        self._app = app
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(8)
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = number
            elif not status and message["type"] in _ANSWERS:
                status = _ANSWERS[message["type"]]
            await send(message)

        with logs.numbered(number):
            try:
                await self._app(scope, receive, noted)
            except Exception:  # noqa: BLE001 – the outermost frame: nobody else can answer
                _log.exception("crash")
                if scope["type"] == "http" and not status:
                    await self._sorry(scope, number)(scope, receive, noted)
            finally:
                if not _QUIET.match(scope["path"]) or status >= 400:
                    _log.info("request", extra={"told": _told(scope, status, began)})

    def _sorry(self, scope: Scope, number: str) -> Response:
        sentence = wording(self._language())("provider.crash", id=number)
        fresh = {"Cache-Control": "no-store"}
        if "text/html" in Headers(scope=scope).get("accept", ""):
            page = f'<!doctype html><meta charset="utf-8"><title>500</title><p>{sentence}</p>'
            return HTMLResponse(page, 500, headers=fresh)
        return PlainTextResponse(sentence, 500, headers=fresh)


def _told(scope: Scope, status: int, began: float) -> dict[str, str | int | float]:
    """Method, path without its query and without secrets, status, milliseconds."""
    return {
        "method": scope.get("method", "WEBSOCKET"),
        "path": _TOKEN.sub("…", scope["path"])[:_LONGEST],
        "status": status,
        "ms": round(1000 * (time.perf_counter() - began), 1),
    }
