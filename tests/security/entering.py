"""Attempts to come in without a session, or with something that is none."""

from collections.abc import Iterator
from typing import Final

from websockets.exceptions import InvalidHandshake, InvalidMessage

from tests.security import tricks
from tests.security.asking import Asker, raw
from tests.security.attempt import Attempt, is_inside
from tests.security.cast import CLOSED
from tests.security.server import BRANCH, EXPIRED, SIGNED_OUT, Served
from tests.talking import Visit, done

_SOCKETS: Final = (
    *("/_stcore/stream", "/_stcore/stream/", "//_stcore/stream", "/published/../_stcore/stream"),
    *("/%5fstcore/stream", "/published", "/healthz", "/assets/x", "/sign-in", "/stream", "/"),
)
_HANDSHAKE: Final = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)
_SOUND: Final = BRANCH
"""Whose session is open: the forged ones are made of it."""


def sockets(server: Served) -> Iterator[Attempt]:
    """Websockets of everybody who is not signed in, on every path."""
    host = server.address.partition("//")[2]
    lines = [f"Cookie: {cookie}\r\n" for cookie in _none(server)]
    lines += [f"{name}: {value}\r\n" for each in tricks.HEADERS for name, value in each.items()]
    asked = [("/_stcore/stream", line) for line in lines if "Host" not in line]
    asked += [(path, "") for path in _SOCKETS]
    for path, more in asked:
        request = _HANDSHAKE.format(path=path, host=host, more=more)
        answer = raw(server.address, request.encode("latin-1"))
        yield Attempt(f"{path} {more[:60]!r}", answer.status != 101)


def foreign_sockets(server: Served) -> Iterator[Attempt]:
    """Websockets of somebody who is signed in, opened by other sites' pages."""
    for origin in tricks.ORIGINS:
        opened = done(_opens(server, origin))
        yield Attempt(f"Origin: {origin}", not opened)


def cookies(server: Served) -> Iterator[Attempt]:
    """Pages, uploads and Streamlit's own addresses with every false cookie."""
    asker = Asker(server.address)
    for cookie in _none(server):
        sent = {"Cookie": cookie}
        for path in ("/library", "/_stcore/host-config", "/account"):
            answer = asker.ask(path, headers=sent)
            yield Attempt(f"{path} {cookie[:60]}", answer.is_refused or 400 <= answer.status < 500)
    asker.close()


def headers(server: Served) -> Iterator[Attempt]:
    """Pages with headers that some servers believe."""
    for sent in tricks.HEADERS:
        asker = Asker(server.address)
        for path in ("/library", "/_stcore/host-config", "/accounts"):
            yield Attempt(f"{path} {sent}", not is_inside(asker.ask(path, headers=sent)))
        asker.close()


def paths(server: Served) -> Iterator[Attempt]:
    """Every trick with the path, byte for byte."""
    for path in tricks.paths():
        request = (
            f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        )
        yield Attempt(path[:90], not is_inside(raw(server.address, request.encode("latin-1"))))


def files(server: Served) -> Iterator[Attempt]:
    """Files of the machine through the folders that are served, also for who is signed in."""
    for token in ("", server.tokens[_SOUND]):
        cookie = f"Cookie: zhiku_session={token}\r\n" if token else ""
        for path in tricks.files():
            request = f"GET {path} HTTP/1.1\r\nHost: x\r\n{cookie}Connection: close\r\n\r\n"
            answer = raw(server.address, request.encode("latin-1"))
            is_first_page = bool(token) and b'<div id="root">' in answer.body
            yield Attempt(path, is_first_page or not is_inside(answer))


def methods(server: Served) -> Iterator[Attempt]:
    """Methods that no route knows."""
    for method in tricks.METHODS:
        for path in ("/", "/library", "/published", "/pages/1/1", "/_stcore/health", "/sign-in"):
            asker = Asker(server.address)
            answer = asker.ask(path, method)
            asker.close()
            yield Attempt(f"{method} {path}", answer.status == 0 or answer.status >= 303)


def _none(server: Served) -> Iterator[str]:
    """Cookies with which nobody is signed in."""
    yield from tricks.cookies(server.tokens[_SOUND])
    for name in (CLOSED.name, SIGNED_OUT, EXPIRED):
        yield f"zhiku_session={server.tokens[name]}"


async def _opens(server: Served, origin: str) -> bool:
    try:
        async with Visit(server.address, server.tokens[_SOUND], Origin=origin) as visit:
            return (await visit.go()).is_whole
    except (InvalidHandshake, InvalidMessage):
        return False
