"""Who opened what is not public stands in the log; of what is public nothing does."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import Warmth, middleware, routes
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search
from knowledge.accounts.roles import Role
from knowledge.model import Access
from tests.homes import cookies_of

PATHS = {
    "/pages/{}/1": Action.OPEN_PAGE,
    "/originals/{}": Action.DOWNLOAD_ORIGINAL,
}


@pytest.fixture
def hidden(filled: Workbench) -> int:
    """A version for staff."""
    added = filled.ingest.add(
        "内部座位统计，共六十个。\n".encode(),
        "座位.txt",
        source="upload:座位.txt",
        actor=filled.actor,
        access=Access.STAFF,
    )
    return filled.documents.get(added.document_id or 0).current_version


def _client(bench: Workbench) -> TestClient:
    return TestClient(
        Starlette(
            routes=routes(lambda: bench, warmth=Warmth()), middleware=middleware(lambda: bench)
        )
    )


@pytest.mark.parametrize("path", PATHS)
def test_opening_what_is_for_staff_is_logged(filled: Workbench, hidden: int, path: str) -> None:
    client = _client(filled)
    client.cookies.update(cookies_of(filled, Role.LIBRARIAN, name="馆员甲"))
    before = filled.audit.verify().entries
    assert client.get(path.format(1)).status_code == 200
    assert filled.audit.verify().entries == before
    assert client.get(path.format(hidden)).status_code == 200
    (entry,) = filled.audit.entries(Search(action=PATHS[path]), limit=9)
    document = filled.documents.document_of_version(hidden)
    assert (entry.deed.kind, entry.deed.record) == ("document", document.id)
    assert entry.deed.person_id == filled.people.id_of("馆员甲")
    assert entry.deed.address
    assert entry.deed.details["version"] == hidden
    assert "座位" not in str(entry)


@pytest.mark.parametrize("path", PATHS)
def test_who_may_not_see_it_leaves_nothing(filled: Workbench, hidden: int, path: str) -> None:
    client = _client(filled)
    assert client.get(path.format(hidden)).status_code == 404
    client.cookies.update(cookies_of(filled, Role.OFFICIAL, name="官员"))
    assert client.get(path.format(hidden)).status_code == 404
    assert filled.audit.entries(Search(action=PATHS[path]), limit=9) == []


@pytest.mark.parametrize("path", PATHS)
def test_asking_for_the_head_alone_opens_nothing(filled: Workbench, hidden: int, path: str) -> None:
    client = _client(filled)
    client.cookies.update(cookies_of(filled, Role.LIBRARIAN))
    assert client.head(path.format(hidden)).status_code == 200
    assert filled.audit.entries(Search(action=PATHS[path]), limit=9) == []
