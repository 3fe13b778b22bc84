"""What the tests of the pages share."""

import pytest

from briefs.workbench import pages, serving
from briefs.workbench.pages import common
from knowledge.model import Actor


@pytest.fixture(autouse=True)
def operator_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's test bed has no cookies: its pages are opened by whoever owns the home."""

    def signed_in() -> Actor:
        return serving.workbench().actor

    monkeypatch.setattr(common, "signed_in", signed_in)
    monkeypatch.setattr(pages, "signed_in", signed_in)
