"""What the tests of the pages share."""

from collections.abc import Iterator

import pytest

from briefs.workbench import pages, serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from knowledge.model import Actor


@pytest.fixture(autouse=True)
def operator_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's test bed has no cookies: its pages are opened by whoever owns the home."""

    def signed_in() -> Actor:
        return serving.workbench().actor

    monkeypatch.setattr(common, "signed_in", signed_in)
    monkeypatch.setattr(pages, "signed_in", signed_in)


@pytest.fixture
def home(filled: Workbench) -> Iterator[Workbench]:
    """The home that the pages of this process are drawn for."""
    serving.share(filled)
    yield filled
    serving.share(None)
