"""Fixtures of the tests of accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.accounts.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Accounts, none open yet."""
    made = Desk(tmp_path)
    yield made
    made.engine.dispose()
