"""Attempts on forms and sessions: sent by others, sent twice, kept beyond their end."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.accounts.attempts import BY_ADDRESS, BY_BOTH, BY_NAME
from knowledge.accounts.register import Account, Particulars
from knowledge.accounts.roles import Role
from knowledge.accounts.signing_in import Place
from knowledge.readers.sandbox import InProcess
from tests.homes import PASSWORD, open_account
from tests.security import tricks
from tests.security.asking import Answer, Asker, raw
from tests.security.attempt import Attempt
from tests.security.reaching import tells
from tests.security.reading import MARK
from tests.security.server import Served
from tests.talking import COOKIE, Visit, done

_FORM: Final = "application/x-www-form-urlencoded"
_MARK: Final = re.compile(rb'name="form" value="([^"]+)"')
_HERE: Final = Place("127.0.0.1")


def forms(server: Served) -> Iterator[Attempt]:
    """Forms of other sites: without the browser's mark, or with somebody else's."""
    with _home(server) as bench:
        person, token = _person(bench, "forms")
    stranger, _ = _mark(Asker(server.address), "/sign-in")
    for path in ("/sign-in", "/sign-out", "/account", "/password"):
        asker = Asker(server.address, "" if path == "/sign-in" else token)
        mark, cookie = _mark(asker, path)
        fields = _fields(person.login)
        for what, form, line, kind in (
            ("no mark", {}, cookie, _FORM),
            ("empty mark", {"form": ""}, cookie, _FORM),
            ("another's mark", {"form": stranger}, cookie, _FORM),
            ("a cut mark", {"form": mark[:-1]}, cookie, _FORM),
            ("no cookie", {"form": mark}, "", _FORM),
            ("empty cookie", {"form": ""}, "zhiku_form=", _FORM),
            ("as JSON", {"form": mark}, cookie, "application/json"),
            ("as text", {"form": mark}, cookie, "text/plain"),
            ("in parts", {"form": mark}, cookie, "multipart/form-data; boundary=x"),
        ):
            answer = _post(asker, path, fields | form, cookie=line, kind=kind)
            yield Attempt(f"{path} {what}", answer.status == 403 and not _token_of(answer))
        asked = asker.ask(
            f"{path}?{urlencode(fields | {'form': mark})}", headers=_line(asker, cookie)
        )
        yield Attempt(f"{path} by GET", not _token_of(asked) and _lives(server, token))
        asker.close()
    yield Attempt("the session lives on", _lives(server, token))


def replays(server: Served) -> Iterator[Attempt]:
    """Forms that were sent and accepted, sent once more; a link used twice."""
    with _home(server) as bench:
        person, _ = _person(bench, "replays")
        link = bench.signing_in.link_for(person.person_id, actor=bench.actor)
    asker = Asker(server.address)
    mark, cookie = _mark(asker, "/sign-in")
    fields = _fields(person.login) | {"form": mark}
    first = _post(asker, "/sign-in", fields, cookie=cookie)
    token = _token_of(first)
    assert token, "the first time it works"
    after = "" if "zhiku_form" in _gone(first) else cookie
    yield Attempt("sign-in again", not _token_of(_post(asker, "/sign-in", fields, cookie=after)))
    path = f"/password/{link}"
    mark, cookie = _mark(asker, path)
    fields = {"form": mark, "new": "换成一个新的口令", "again": "换成一个新的口令"}
    assert _post(asker, path, fields, cookie=cookie).status == 303
    for what, body in (
        ("the same", fields),
        ("another", fields | {"new": PASSWORD, "again": PASSWORD}),
    ):
        yield Attempt(
            f"{what} by a spent link", _post(asker, path, body, cookie=cookie).status == 404
        )
    yield Attempt("the session of before", not _lives(server, token))
    asker.close()


def bodies(server: Served) -> Iterator[Attempt]:
    """Bodies and heads that are too large, or say two things at once."""
    for path in ("/sign-in", "/sign-out", "/password", "/account", "/library", "/published"):
        for size in (17_000, 1_000_000, 8_000_000):
            asker = Asker(server.address)
            answer = _post(asker, path, {"login": "a" * size}, cookie="zhiku_form=x")
            yield Attempt(f"{path} {size} bytes", answer.status >= 303 or answer.status == 0)
            asker.close()
    head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: " + _FORM + "\r\n"
    for what, rest in (
        ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nform=x"),
        (
            "length and chunks",
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /library HTTP/1.1\r\nHost: x\r\n\r\n",
        ),
        ("bad chunks", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ("negative length", "Content-Length: -1\r\n\r\n"),
        ("a head of 200 KB", f"X-A: {'a' * 200_000}\r\n\r\n"),
        ("5000 heads", "X-A: b\r\n" * 5000 + "Content-Length: 0\r\n\r\n"),
        ("a bare line feed", "X-A: b\nCookie: zhiku_session=x\r\nContent-Length: 0\r\n\r\n"),
        ("NUL in the head", "X-A: \0\r\nContent-Length: 0\r\n\r\n"),
        ("no UTF-8", "Content-Length: 2\r\n\r\n\xff\xfe"),
    ):
        answer = raw(server.address, (head + rest).encode("latin-1"))
        yield Attempt(what, answer.status >= 400 or answer.status == 0)


def fixation(server: Served) -> Iterator[Attempt]:
    """A session's cookie that somebody put into the browser before its person signs in."""
    with _home(server) as bench:
        person, _ = _person(bench, "fixation")
        _, attackers = _person(bench, "attacker")
    for chosen in ("a" * 43, attackers):
        asker = Asker(server.address)
        mark, cookie = _mark(asker, "/sign-in")
        line = f"{cookie}; {COOKIE}={chosen}"
        answer = _post(asker, "/sign-in", _fields(person.login) | {"form": mark}, cookie=line)
        token = _token_of(answer)
        yield Attempt("the chosen one is not taken", bool(token) and token != chosen)
        yield Attempt(
            "it is nobody's, or still its own person's", _whose(server, chosen) != person.login
        )
        asker.close()


def redirects(server: Served) -> Iterator[Attempt]:
    """Addresses elsewhere, to which signing in should lead."""
    with _home(server) as bench:
        person, token = _person(bench, "redirects")
    for wanted in tricks.ELSEWHERE:
        request = (
            f"GET /sign-in?next={wanted} HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={token}\r\n"
            "Connection: close\r\n\r\n"
        )
        answer = raw(server.address, request.replace("next= ", "next=%20").encode("latin-1"))
        yield Attempt(f"signed in, next={wanted}", _stays(answer))
    for wanted in tricks.ELSEWHERE[:4]:
        asker = Asker(server.address)
        mark, cookie = _mark(asker, "/sign-in")
        fields = _fields(person.login) | {"form": mark}
        answer = _post(asker, f"/sign-in?next={wanted.replace(' ', '%20')}", fields, cookie=cookie)
        yield Attempt(f"signing in, next={wanted}", _stays(answer))
        asker.close()


def revoked(server: Served) -> Iterator[Attempt]:
    """Clicks on a page that stays open after its person's session was ended."""
    with _home(server) as bench:
        register, signing_in, actor = bench.signing_in.register, bench.signing_in, bench.actor

        def by_link(person: Account, _token: str) -> None:
            link = signing_in.link_for(person.person_id, actor=actor)
            signing_in.set_by_link(link, "换成一个新的口令", place=_HERE)

        ends: Mapping[str, Callable[[Account, str], object]] = {
            "signed out": lambda _, token: signing_in.sign_out(token, place=_HERE),
            "signed out everywhere": lambda person, _: signing_in.sign_out_everywhere(
                person.person_id, actor=actor
            ),
            "account closed": lambda person, _: register.close(
                person.person_id, actor=actor, at=bench.clock()
            ),
            "password set anew": by_link,
        }
        for number, (what, end) in enumerate(ends.items()):
            yield from _after(server, bench, what=what, name=f"revoked-{number}", end=end)


def demoted(server: Served) -> Iterator[Attempt]:
    """Clicks on a page that stays open after its person's role or branch was changed."""
    with _home(server) as bench:

        def become(*roles: Role, branch: str | None = None) -> Callable[[Account, str], object]:
            def change(person: Account, _token: str) -> None:
                told = Particulars(
                    name=person.name,
                    login=person.login,
                    roles=frozenset(roles),
                    branch=branch or person.branch,
                    level=3 if Role.VOLUNTEER in roles else None,
                )
                bench.signing_in.register.change(
                    person.person_id, told, actor=bench.actor, at=bench.clock()
                )

            return change

        changes = {role.value: become(role) for role in (Role.OFFICIAL, Role.VOLUNTEER)}
        changes["administrator"] = become(Role.ADMINISTRATOR)
        changes["another branch"] = become(Role.LIBRARIAN, branch="西河分馆")
        for number, (what, change) in enumerate(changes.items()):
            yield from _after(server, bench, what=what, name=f"demoted-{number}", end=change)


def guesses(server: Served) -> Iterator[Attempt]:
    """Passwords by guessing: of one name from one place and from many, of many from one."""
    with _home(server) as bench:
        person, _ = _person(bench, "guesses")
    tries = [("10.1.1.1", person.login, f"猜测的口令{i}") for i in range(BY_BOTH)]
    tries += [("10.1.1.1", person.login, PASSWORD)] * 3
    tries += [(f"10.2.2.{i}", person.login, f"猜测的口令{i}") for i in range(BY_NAME)]
    tries += [(f"10.3.3.{i}", person.login, PASSWORD) for i in range(3)]
    tries += [("10.4.4.4", f"nobody{i}", "猜测的口令") for i in range(BY_ADDRESS)]
    tries += [("10.4.4.4", "attacker", PASSWORD)]
    asker = Asker(server.address)
    for address, login, password in tries:
        mark, cookie = _mark(asker, "/sign-in")
        fields = {"form": mark, "login": login, "password": password}
        answer = _post(asker, "/sign-in", fields, cookie=cookie, forwarded=address)
        right = password == PASSWORD
        told = answer.status == 429 if right else answer.status in {401, 429}
        yield Attempt(f"{address} {login}", told and not _token_of(answer))
    asker.close()


def _after(
    server: Served,
    bench: Workbench,
    *,
    what: str,
    name: str,
    end: Callable[[Account, str], object],
) -> Iterator[Attempt]:
    """Open a draft, end or change what its person is, and go on clicking."""
    person, token = _person(bench, name)
    draft = server.ids["draft"]
    title = bench.briefs.get(draft).title

    async def click() -> list[Attempt]:
        async with Visit(server.address, token) as visit:
            before = await visit.go("drafts", brief=draft)
            assert tells(before, {}), "they could read it before"
            end(person, token)
            visit.work(before, draft, do="title", title=f"{MARK}改了")
            made: list[Attempt] = []
            for screen in (
                await visit.again("drafts", brief=draft, click=before.widgets()["history"]),
                await visit.again("drafts", brief=draft),
                await visit.go("drafts"),
                await visit.go("library", document=server.ids["hidden"]),
                await visit.go("", q=f"{MARK}蓄水"),
            ):
                shown = tells(screen, {"q": f"{MARK}蓄水", "typed": f"{MARK}改了"})
                made.append(Attempt(f"{what}: page {len(made)}", not shown and screen.is_whole))
            return made

    yield from done(click())
    yield Attempt(f"{what}: nothing was written", bench.briefs.get(draft).title == title)
    asker = Asker(server.address, token)
    for path in (f"/pages/{server.ids['hidden version']}/1", f"/briefs/{draft}.pdf"):
        yield Attempt(f"{what}: {path}", asker.ask(path).status == 404)
    asker.close()


@contextmanager
def _home(server: Served) -> Iterator[Workbench]:
    """The server's home, opened by another process as a command would."""
    settings = replace(Settings(server.home))
    bench = Workbench(settings, encoder=HashingEncoder(), files=InProcess())
    yield bench
    bench.close()


def _person(bench: Workbench, name: str) -> tuple[Account, str]:
    """A new librarian, and the token of their browser."""
    known = {account.login: account for account in bench.signing_in.register.all()}
    person = known.get(name) or open_account(bench, name, Role.LIBRARIAN)
    return person, bench.signing_in.sign_in(name, PASSWORD, place=_HERE)


def _fields(login: str) -> dict[str, str]:
    """Whatever any of the forms asks for."""
    new = "换成一个新的口令"
    return {"login": login, "password": PASSWORD, "old": PASSWORD, "new": new, "again": new}


def _mark(asker: Asker, path: str) -> tuple[str, str]:
    """The mark of a form, and the cookie that goes with it."""
    answer = asker.ask(path)
    found = _MARK.search(answer.body)
    assert found, (path, answer.status)
    return found[1].decode(), answer.headers["set-cookie"].partition(";")[0]


def _post(
    asker: Asker,
    path: str,
    fields: Mapping[str, str],
    *,
    cookie: str,
    kind: str = _FORM,
    forwarded: str = "",
) -> Answer:
    sent = {**_line(asker, cookie), "Content-Type": kind}
    if forwarded:
        sent["X-Forwarded-For"] = forwarded
    return asker.ask(path, "POST", headers=sent, body=urlencode(fields).encode())


def _line(asker: Asker, cookie: str) -> dict[str, str]:
    own = f"{COOKIE}={asker.token}" if asker.token else ""
    return {"Cookie": "; ".join(filter(None, (own, cookie)))}


def _token_of(answer: Answer) -> str:
    """The session that an answer gives to the browser."""
    found = re.search(rf"(?:^|, ){COOKIE}=([\w-]+)", answer.cookies)
    return found[1] if found else ""


def _gone(answer: Answer) -> str:
    """Names of the cookies that an answer takes from the browser."""
    return " ".join(re.findall(r'([\w-]+)=""', answer.cookies))


def _lives(server: Served, token: str) -> bool:
    return bool(_whose(server, token))


def _whose(server: Served, token: str) -> str:
    asker = Asker(server.address, token)
    answer = asker.ask("/account")
    asker.close()
    found = re.search(rb"<h1>([^<]+)</h1>", answer.body) if answer.status == 200 else None
    return found[1].decode() if found else ""


def _stays(answer: Answer) -> bool:
    to = answer.headers.get("location", "/")
    local = re.fullmatch(r"/(?![/\\])[^\r\n\t\\]*", to) is not None
    return local and "=x" not in answer.cookies
