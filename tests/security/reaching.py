"""Attempts to reach what is for others: by number, by page, by upload, by another's visit."""

import uuid
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

from knowledge.accounts.roles import Permission
from tests.security import tricks
from tests.security.asking import Asker, raw
from tests.security.attempt import Attempt, visiting
from tests.security.cast import BY_ROLE, CLOSED
from tests.security.pages import hidden
from tests.security.reading import MARK
from tests.security.server import BRANCH, SIGNED_OUT, Served
from tests.talking import Screen, Visit, done

_OUTSIDE: Final = ("", CLOSED.name, SIGNED_OUT)
_OTHERS: Final = (
    *(member.name for member in BY_ROLE if not member.may(Permission.READ_STAFF)),
    BRANCH,
)
"""Signed in, and yet not of the main library's staff."""
_TYPED: Final = "青石巷十七号"
_VICTIM: Final = "librarian"


def numbers(server: Served) -> Iterator[Attempt]:
    """Every way to write a hidden record's number, on every route that takes one."""
    version, draft = server.ids["hidden version"], server.ids["draft"]
    for name in (*_OUTSIDE, *_OTHERS):
        cookie = f"Cookie: zhiku_session={server.tokens[name]}\r\n" if name else ""
        paths = [
            path.format(number)
            for number in tricks.numbers(version)
            for path in ("/pages/{}/1", "/pages/{}/1.png", "/originals/{}")
        ]
        paths += [
            path.format(number)
            for number in tricks.numbers(draft)
            for path in ("/briefs/{}", "/briefs/{}.pdf", "/briefs/{}.md", "/briefs/{}/1")
        ]
        for path in paths:
            request = f"GET {path} HTTP/1.1\r\nHost: x\r\n{cookie}Connection: close\r\n\r\n"
            answer = raw(server.address, request.encode("latin-1"))
            yield Attempt(f"{name or 'reader'} {path}", answer.status >= 400)


def pages(server: Served) -> Iterator[Attempt]:
    """Hidden records in every parameter of every page."""
    asked = [(page, query) for page, query, _ in hidden(server, MARK)]
    for page, parameter, number in (
        ("library", "document", server.ids["hidden"]),
        ("drafts", "brief", server.ids["draft"]),
        ("accounts", "person", 1),
    ):
        asked += [(page, {parameter: unquote(each)}) for each in tricks.numbers(number)]

    async def look(visit: Visit) -> list[Attempt]:
        return [
            Attempt(f"/{page} {query}", not tells(await visit.go(page, **query), query))
            for page, query in asked
        ]

    # Most pages open for a librarian of another branch; the other roles have few of them.
    yield from visiting(server, BRANCH, look)
    asked = asked[: len(hidden(server, MARK))]
    for name in _OTHERS:
        yield from visiting(server, name, look)


def media(server: Served) -> Iterator[Attempt]:
    """Files that a page offers for download: without a session, and by guessing their names."""

    async def look(visit: Visit) -> tuple[Screen, list[Attempt]]:
        screen = await visit.go("drafts", brief=server.ids["draft"])
        return screen, [
            _fetch(server, name, path) for path in screen.media for name in _OUTSIDE
        ] + [
            _fetch(server, _OTHERS[0], _flipped(path, place))
            for path in screen.media
            for place in range(0, 40, 4)
        ]

    _, made = visiting(server, _VICTIM, look)
    yield from made
    for _ in range(50):
        yield _fetch(server, _OTHERS[0], f"/media/{uuid.uuid4().hex * 2}.png")


def uploads(server: Served) -> Iterator[Attempt]:
    """Files put to, or taken from, the page that a librarian has open."""

    async def look(visit: Visit) -> list[Attempt]:
        await visit.go("library")
        own = Asker(server.address, server.tokens[_VICTIM])
        file = f"/_stcore/upload_file/{visit.session_id}/{uuid.uuid4()}"
        assert _put(own, file) == 204, "the librarian's own upload works"
        made = []
        for name in (*_OUTSIDE, *_OTHERS, "reviewer", "director"):
            asker = Asker(server.address, server.tokens.get(name, ""))
            for method in ("PUT", "DELETE", "POST", "PATCH"):
                status = _put(asker, file, method)
                made.append(Attempt(f"{name} {method}", status >= 300))
            asker.close()
        for session in ("", "0", str(uuid.uuid4()), "..", "%2e%2e", "*", visit.session_id[:-1]):
            status = _put(own, f"/_stcore/upload_file/{session}/{uuid.uuid4()}")
            made.append(Attempt(f"session {session!r}", status >= 300))
        for mark in ("", "x", "2|0|0|0"):
            made.append(Attempt(f"mark {mark!r}", _put(own, file, mark=mark) == 403))
        large = {"Content-Length": str(200 * 1024 * 1024)}
        made.append(Attempt("200 MB", _put(own, file, more=large) == 413))
        return made

    yield from visiting(server, _VICTIM, look)


def visits(server: Served) -> Iterator[Attempt]:
    """A visit that was interrupted, taken up again by somebody else."""

    async def begin() -> str:
        async with Visit(server.address, server.tokens[_VICTIM]) as visit:
            screen = await visit.go("drafts", brief=server.ids["draft"])
            visit.type(screen, "desk-query", _TYPED)
            await visit.again("drafts", brief=server.ids["draft"])
            await visit.go("", q=_TYPED)
            return visit.session_id

    async def take(name: str, session: str) -> list[Screen]:
        async with Visit(server.address, server.tokens[name], resume=session) as visit:
            return [
                await visit.again(),
                await visit.again("drafts"),
                await visit.again("drafts", brief=server.ids["draft"]),
            ]

    for name in (*_OTHERS, "reviewer"):
        session = done(begin())
        for number, screen in enumerate(done(take(name, session))):
            yield Attempt(f"{name} {number}", _TYPED not in screen.text)


def tells(screen: Screen, query: dict[str, object]) -> bool:
    """Whether a page shows the mark, beyond what was asked with, now or earlier on the visit."""
    text = screen.text
    for asked in (*query.values(), f"{MARK}蓄水"):
        text = text.replace(str(asked), "").replace(quote(str(asked)), "")
    return MARK in text or "调度说明" in text


def _fetch(server: Served, name: str, path: str) -> Attempt:
    asker = Asker(server.address, server.tokens.get(name, ""))
    answer = asker.ask(path)
    asker.close()
    return Attempt(f"{name or 'reader'} {path}", answer.status >= 400 or answer.is_refused)


def _flipped(path: str, place: int) -> str:
    stem = list(path.removeprefix("/media/"))
    stem[place] = "0" if stem[place] != "0" else "1"
    return f"/media/{''.join(stem)}"


def _put(
    asker: Asker,
    path: str,
    method: str = "PUT",
    *,
    mark: str | None = None,
    more: dict[str, str] | None = None,
) -> int:
    """Upload a file as the page does; the status of the answer."""
    given = asker.ask("/_stcore/health").headers.get("set-cookie", "")
    cookie = given.partition(";")[0]
    sent = {
        "Cookie": f"zhiku_session={asker.token}; {cookie}",
        "X-Xsrftoken": cookie.partition("=")[2] if mark is None else mark,
        "Content-Type": "multipart/form-data; boundary=b",
        **(more or {}),
    }
    body = (
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
    )
    return asker.ask(path, method, headers=sent, body=body).status
