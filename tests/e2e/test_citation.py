"""The promise, in a browser: from a search to a published sentence, and from it to its page."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewPage

QUOTE = "全年服务十二万人次"


def sized(page: Page) -> None:
    """Nothing runs over the right edge."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.evaluate("document.documentElement.clientWidth")


def inked(page: Page, box: Locator) -> bool:
    """Whether the picture shows print inside of a box: dark on the marker's yellow."""
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(box.screenshot())).convert("RGB")
    pixels = np.asarray(shot)[3:-3, 3:-3].reshape(-1, 3)
    dark = pixels.max(axis=1) < 90
    yellow = (pixels[:, :2].min(axis=1) > 200) & (pixels[:, 2] < 140)
    return bool(dark.any() and yellow.any())


def test_from_a_search_to_a_published_brief(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(f"{address}/?q=高龄老人送餐上门")
    hit = page.locator(".st-key-hit-1")
    expect(hit).to_contain_text("十二万人次", timeout=60_000)
    hit.get_by_role("button").click()
    page.locator(".st-key-quote button").click()
    expect(page.locator(".st-key-quote")).to_have_count(0)
    page.goto(f"{address}/drafts?brief=1")
    page.locator(".st-key-publish button").click(timeout=60_000)
    page.locator(".st-key-publish-confirm button").click()
    expect(page.locator('a[href="/briefs/1"]').first).to_be_visible()
    page.goto(f"{address}/briefs/1")
    expect(page.locator("#s2")).to_contain_text("送餐上门")
    page.goto(f"{address}/briefs/1/1")
    expect(page.locator(".strip-note a")).to_have_attribute("href", "/briefs/1")


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_published_sentence_opens_on_its_page(
    new_page: NewPage, address: str, width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.goto(f"{address}/published")
    sized(page)
    page.locator('a[href="/briefs/1"]').click()
    sized(page)
    page.locator("a.mark").first.click()
    expect(page).to_have_url(re.compile(r"/pages/\d+/2\?mark=2:\d+-\d+$"))
    sized(page)
    marked = page.locator("#mark")
    expect(marked).to_have_text(QUOTE)
    boxes = page.locator(".sheet .frame rect")
    expect(boxes.first).to_be_in_viewport()
    if width > 390:
        expect(marked).to_be_in_viewport()
    assert inked(page, boxes.first)
    page.locator('a[rel="prev"]').first.click()
    expect(page.locator("article")).to_contain_text("每台财政补助不超过二十万元")


def test_a_preview_is_a_stranger_on_the_site_whose_links_open_beside_it(
    new_page: NewPage, address: str
) -> None:
    page = new_page()
    page.goto(f"{address}/drafts?brief=1")
    page.get_by_role("radio", name="预览").or_(page.get_by_text("预览", exact=True)).first.click(
        timeout=60_000
    )
    frame = page.frame_locator('iframe[src*="/previews/1"]')
    expect(frame.locator("a.mark").first).to_be_visible(timeout=30_000)
    (inner,) = [each for each in page.frames if "/previews/" in each.url]
    assert inner.evaluate("self.origin") == "null"
    with page.context.expect_page() as opened:
        frame.locator("a.mark").first.click()
    expect(opened.value.locator("#mark")).to_have_text(QUOTE)


def test_the_workbench_speaks_chinese(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(f"{address}/library")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_title(re.compile("智库参考"))
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    expect(page.get_by_label("Main menu")).to_have_count(0)


def test_an_unknown_brief_is_a_404(new_page: NewPage, address: str) -> None:
    page = new_page()
    answer = page.goto(f"{address}/briefs/99")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("没有这个页面")


def test_what_streamlit_says_itself_is_chinese(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(f"{address}/no-such-page")
    expect(page.get_by_text("没有这个页面")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("您要找的页面不存在，已打开首页。")).to_be_visible()
    page.get_by_label("关闭").click()
