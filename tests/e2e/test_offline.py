"""Every page in a real browser: no other server is asked, and no policy of ours is broken."""

import re

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.conftest import NewPage

PLAIN = (
    "/published",
    "/briefs/1",
    "/pages/1/1",
    "/account",
    "/password",
    "/sign-out",
    "/no-such-page",
    "/briefs/99",
)
INSIDE = (
    "/",
    "/search?q=图书馆",
    "/library",
    "/library?document=1",
    "/drafts",
    "/drafts?brief=1",
    "/editions",
    "/proposals",
    "/accounts",
    "/audit",
    "/privacy",
    "/synonyms",
    "/templates",
)


@pytest.fixture
def broken(new_page: NewPage) -> tuple[Page, list[str]]:
    """A page of a browser, and what its console says against our policies."""
    page, told = new_page(), []

    def note(message: ConsoleMessage) -> None:
        if re.search(r"Content.Security|Permissions.Policy|Cross-Origin|Refused", message.text):
            told.append(message.text)

    page.on("console", note)
    return page, told


@pytest.mark.parametrize("path", PLAIN)
def test_plain_pages_keep_to_themselves(
    broken: tuple[Page, list[str]], address: str, path: str
) -> None:
    page, told = broken
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    assert told == []


def test_pages_keep_to_themselves(broken: tuple[Page, list[str]], address: str) -> None:
    page, told = broken
    for path in INSIDE:
        page.goto(address + path)
        page.get_by_text("退出登录").wait_for()
        page.wait_for_load_state("networkidle")
        assert told == [], path
        assert page.get_by_text("Traceback").count() == 0, path
