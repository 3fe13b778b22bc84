"""Every page × every role, through the websocket of a real server."""

import pytest

from knowledge.accounts.roles import Permission
from tests.security.attempt import visiting
from tests.security.cast import BY_ROLE, Member
from tests.security.pages import PAGES, hidden
from tests.security.reaching import tells
from tests.security.reading import MARK
from tests.security.server import BRANCH, EVERYBODY, Served
from tests.talking import Visit


def test_no_page_is_unlisted(server: Served) -> None:
    async def look(visit: Visit) -> set[str]:
        return set((await visit.go()).pages)

    assert visiting(server, EVERYBODY, look) == set(PAGES)


@pytest.mark.parametrize("member", BY_ROLE, ids=lambda member: member.name)
def test_pages_exist_for_whoever_may_open_them(server: Served, member: Member) -> None:
    async def look(visit: Visit) -> dict[str, str]:
        found = {}
        for path in PAGES:
            screen = await visit.go(path)
            assert screen.is_whole, (path, screen.text[-2000:])
            assert set(screen.pages) == allowed
            found[path] = screen.page
        return found

    allowed = {path for path, permission in PAGES.items() if member.may(permission)}
    drawn = visiting(server, member.name, look)
    # An address that does not exist for somebody leads to the first page.
    assert drawn == {path: path if path in allowed else "" for path in PAGES}


@pytest.mark.parametrize("name", [*(member.name for member in BY_ROLE), BRANCH])
def test_what_is_hidden_is_on_no_page_but_the_staffs(server: Served, name: str) -> None:
    async def look(visit: Visit) -> list[bool]:
        return [
            tells(await visit.go(path, **query), query) for path, query, _ in hidden(server, MARK)
        ]

    member = next((each for each in BY_ROLE if each.name == name), None)
    expected = [
        member is not None and member.may(permission) for *_, permission in hidden(server, MARK)
    ]
    assert visiting(server, name, look) == expected


def test_the_desk_takes_deeds_of_whoever_may_write_and_of_nobody_else(server: Served) -> None:
    draft = server.ids["draft"]

    async def write(visit: Visit) -> tuple[bool, bool]:
        screen = await visit.go("drafts", brief=draft)
        if "desk" not in screen.widgets():
            return False, False
        is_whole = True
        for brief, deed in (
            (draft + 1000, {"do": "title", "title": "别的简报"}),
            (draft, {"do": "text", "key": "s1", "text": "x" * 7000}),
            (draft, {"do": "kind", "key": "s999", "kind": "quote"}),
            (draft, {"do": ["title"], "key": {}}),
        ):
            visit.work(screen, brief, **deed)
            is_whole &= (await visit.again("drafts", brief=draft)).is_whole
        return True, is_whole

    for member in BY_ROLE:
        may = member.may(Permission.DRAFT) and member.may(Permission.READ_STAFF)
        assert visiting(server, member.name, write) == (may, may)
