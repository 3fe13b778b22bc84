"""Turns away what no browser of ours sends, before anything else looks at it."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from briefs.workbench.settings import LOCAL, Settings, host_of

UPLOAD: Final = 100
"""Megabytes of one file that is added; Streamlit's ``server.maxUploadSize`` says the same."""
_PATH: Final = 2_048
_QUERY: Final = 16_384
_HEADER: Final = 16_384
_HEADERS: Final = 65_536
_BODY: Final = 1_000_000
_UPLOAD: Final = (UPLOAD + 1) * 1_048_576
"""Of a request with one file: the file, and what stands around it."""
_CLOSED: Final = re.compile(r"/(?:_stcore/(?:agent|metrics)|auth|oauth2callback)(?:/|$)")
"""What Streamlit offers and nobody here needs."""
_VERSIONS: Final = frozenset({"1.0", "1.1", "2", "3"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Refusing:
    """Answers 4xx, in a few words, to what is malformed, too big, closed, or for another host.

    Behind a proxy the proxy passes on the host that people typed; the addresses of this machine
    count as well, for whoever watches the server.
    """

    def __init__(self, app: ASGIApp, *, settings: Callable[[], Settings]) -> None:
        """Stand before `app`; `settings` say by which name people come."""
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        status = _fault(scope) or self._fault_of_host(scope)
        if not status:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = {"Cache-Control": "no-store", "Connection": "close"}
            answer = PlainTextResponse(_WORDS[status], status, headers=headers)
            await answer(scope, receive, send)

    def _fault_of_host(self, scope: Scope) -> int:
        """421 for a name that is not ours, where it is known by which name people come."""
        if not (public := self._settings().public_address):
            return 0
        given = Headers(scope=scope).getlist("host")
        if len(given) != 1:
            return 400
        return 0 if host_of(f"//{given[0]}") in {host_of(public), *LOCAL} else 421


_WORDS: Final = {
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    414: "URI Too Long",
    421: "Misdirected Request",
    431: "Request Header Fields Too Large",
}


def _fault(scope: Scope) -> int:
    """The status that a request deserves for its form; 0: none."""
    headers: list[tuple[bytes, bytes]] = list(scope["headers"])
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    query: bytes = scope.get("query_string", b"")
    faults = {
        404: bool(_CLOSED.match(scope["path"])),
        405: scope.get("method", "GET") not in _METHODS,
        414: len(raw) > _PATH or len(query) > _QUERY,
        400: (
            not _is_text(scope["path"])
            or b"%00" in query
            or scope.get("http_version", "1.1") not in _VERSIONS
            or _folded(headers)
        ),
        431: any(len(value) > _HEADER for _, value in headers) or _total(headers) > _HEADERS,
    }
    found = next((status for status, is_so in faults.items() if is_so), 0)
    return found or _fault_of_body(scope["path"], headers)


def _fault_of_body(path: str, headers: list[tuple[bytes, bytes]]) -> int:
    lengths = [value for name, value in headers if name == b"content-length"]
    is_chunked = any(name == b"transfer-encoding" for name, _ in headers)
    if len(lengths) > 1 or (lengths and is_chunked) or any(not v.isdigit() for v in lengths):
        return 400
    most = _UPLOAD if path.startswith("/_stcore/upload_file/") else _BODY
    return 413 if lengths and int(lengths[0]) > most else 0


def _folded(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a host's name has swallowed the line after it."""
    return any(name == b"host" and len(value.split()) > 1 for name, value in headers)


def _is_text(path: str) -> bool:
    """Whether a path holds no control characters, and nothing that was not UTF-8."""
    return not any(ord(each) < 32 or ord(each) in {127, 0xFFFD} for each in path)


def _total(headers: Iterable[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)
