"""One server for the whole suite, and somebody to ask it."""

from collections.abc import Callable, Iterator

import pytest

from tests.security.asking import Asker
from tests.security.server import Served, served

Ask = Callable[[str], Asker]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server with the cast signed in."""
    with served(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def asking(server: Served) -> Iterator[Ask]:
    """Makes a connection on which a member asks; the empty name has no session."""
    made: list[Asker] = []

    def make(name: str) -> Asker:
        made.append(Asker(server.address, server.tokens.get(name, "")))
        return made[-1]

    yield make
    for each in made:
        each.close()
