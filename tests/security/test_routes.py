"""Every route × every role: who gets an answer and who is turned away."""

from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from knowledge.accounts.roles import Permission
from tests.security.cast import CAST, Member
from tests.security.conftest import Ask
from tests.security.reading import MARK
from tests.security.routes import METHODS, ROUTES, SOCKETS, Who, hidden, unpublished
from tests.security.server import BRANCH, SIGNED_OUT, Served, routes
from tests.talking import Visit, done


def test_no_route_is_unlisted(tmp_path: Path) -> None:
    found = routes(tmp_path)
    assert set(found) - set(SOCKETS) == set(ROUTES)
    assert set(SOCKETS) == {path for path, kind in found.items() if "WebSocket" in kind}
    assert set(found.values()) <= {"Route", "Mount", "WebSocketRoute"}


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.name)
def test_every_route_answers_whom_it_should(member: Member, asking: Ask) -> None:
    asker = asking(member.name)
    wrong = []
    for path, way in ROUTES.items():
        for method in METHODS:
            answer = asker.ask(way.example, method)
            if way.who is Who.NOBODY:
                fits = answer.status in {307, 404, 405}
            elif way.who is Who.INSIDE and not member.may(Permission.SEARCH):
                fits = answer.is_refused or answer.status == 405
            elif method in way.methods:
                is_own = path in {"/sign-out", "/password", "/account", "/readyz"}
                fits = answer.status < 500 and answer.status != 405
                fits = fits and (is_own or not answer.is_refused)
            else:
                fits = answer.status in {307, 404, 405}
            if not fits:
                wrong.append((method, way.example, answer.status))
    assert wrong == []


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.name)
def test_what_is_hidden_has_an_address_for_staff_alone(
    member: Member, server: Served, asking: Ask
) -> None:
    asker = asking(member.name)
    is_staff = member.may(Permission.READ_STAFF)
    answers = {path: asker.ask(path) for path in hidden(server)}
    for path, answer in answers.items():
        fits = answer.status == 200 if is_staff else answer.status == 404 or answer.is_refused
        assert fits, (path, answer.status)
    nothing = {path: asker.ask(path) for path in unpublished(server)}
    assert {answer.status for answer in nothing.values()} == {404}
    if not is_staff:
        assert all(
            MARK.encode() not in each.body for each in (*answers.values(), *nothing.values())
        )


def test_another_branchs_staff_find_nothing_there(server: Served, asking: Ask) -> None:
    asker, nobody = asking(BRANCH), asking("nobody")
    for path in (*hidden(server), *unpublished(server)):
        answer = asker.ask(path)
        assert answer.status == 404
        # Not even the page that says so differs from one of an id that was never given.
        assert MARK.encode() not in answer.body
        told = nobody.ask(path)
        assert told.status == 404 or told.is_refused


@pytest.mark.parametrize("name", [*(member.name for member in CAST), SIGNED_OUT, "nobody"])
def test_the_websocket_opens_for_whom_it_should(server: Served, name: str) -> None:
    async def come() -> bool:
        try:
            async with Visit(server.address, server.tokens.get(name, "")) as visit:
                return (await visit.go()).is_whole
        except InvalidStatus:
            return False

    member = next((each for each in CAST if each.name == name), None)
    assert done(come()) == (member is not None and member.may(Permission.SEARCH))
