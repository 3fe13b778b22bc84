"""Asks the server as no browser would: any method, any path, byte for byte."""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from tests.talking import COOKIE


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    """0: the server closed the connection without an answer."""
    headers: Mapping[str, str]
    """By names in small letters; of several of a name the last."""
    body: bytes
    cookies: str = ""
    """All that are set, in order, joined by commas."""

    @property
    def is_refused(self) -> bool:
        """Whether the door turned somebody away."""
        to = self.headers.get("location", "")
        return self.status == 401 or (self.status == 303 and to.startswith("/sign-in"))


class Asker:
    """One connection that is kept open; not for several threads."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address = address
        self.token = token
        self._place = urlsplit(address).netloc
        self._connection: HTTPConnection | None = None

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterable[bytes] | None = None,
    ) -> Answer:
        """One request; the path goes out as it is, if only it has no blanks."""
        sent = {"Accept": "text/html", **(headers or {})}
        if self.token:
            sent.setdefault("Cookie", f"{COOKIE}={self.token}")
        if self._connection is None:
            self._connection = HTTPConnection(self._place, timeout=60)
        try:
            self._connection.request(method, path, body=body, headers=sent)
            return _taken(self._connection.getresponse())
        except ConnectionError:
            self.close()
            return Answer(0, {}, b"")

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def raw(address: str, request: bytes) -> Answer:
    """Send bytes on a new connection and take what comes until the server hangs up."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(request)
        answer = HTTPResponse(connection)
        try:
            answer.begin()
            return _taken(answer)
        except (OSError, ValueError, HTTPException):
            return Answer(0, {}, b"")


def _taken(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    cookies = ", ".join(response.headers.get_all("set-cookie") or ())
    return Answer(response.status, headers, response.read(), cookies)
