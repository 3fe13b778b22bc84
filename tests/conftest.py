"""Fixtures that several suites share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from tests.homes import fill, open_home


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real material beside the checkout; tests that need it skip without it."""
    path = Path(__file__).resolve().parents[2] / "shared"
    if not path.is_dir():
        pytest.skip("no folder ../shared with real documents beside this checkout")
    return path


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """An empty home."""
    opened = open_home(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def filled(workbench: Workbench, tmp_path: Path) -> Workbench:
    """A home with the three texts of `tests.homes`, indexed."""
    fill(workbench, tmp_path)
    return workbench
