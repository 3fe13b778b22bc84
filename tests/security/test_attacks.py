"""Every kind of attack is tried on a real server, and every attempt is refused."""

import pytest

from tests.security.attacks import KINDS, count
from tests.security.server import Served

LEAST = 4


@pytest.mark.parametrize("name", KINDS)
def test_every_attempt_is_refused(server: Served, name: str) -> None:
    found = count(name, server)
    assert found.let_through == ()
    assert found.refused == found.attempts >= LEAST
