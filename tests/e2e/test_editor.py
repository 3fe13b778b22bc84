"""The desk in a browser: writing, finding and mending a wrong number, two people, an input method."""

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewPage

STILLS = os.environ.get("ZHIKU_STILLS")
"""A folder for pictures of finding and mending a wrong number, for whoever wants to show it."""


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/drafts?brief=1")
    expect(page.locator(".desk .row").first).to_be_visible(timeout=60_000)
    return page


def row(page: Page, number: int) -> Locator:
    return page.locator(".desk .row").nth(number - 1)


def field(page: Page, number: int) -> Locator:
    return row(page, number).locator("textarea")


def words(page: Page) -> list[str]:
    fields = page.locator(".desk .row textarea")
    return [str(each) for each in fields.evaluate_all("all => all.map(each => each.value)")]


def caret(page: Page, number: int, at: int, *, end: int | None = None) -> None:
    field(page, number).evaluate(
        "(field, [at, end]) => { field.focus(); field.setSelectionRange(at, end); }",
        [at, at if end is None else end],
    )


def saved(page: Page) -> None:
    """All that was done here has been stored."""
    expect(page.locator(".desk .saved")).to_have_attribute("data-state", "saved", timeout=15_000)


def still(page: Page, name: str) -> None:
    if STILLS:
        page.wait_for_timeout(1000)
        page.screenshot(path=Path(STILLS) / f"{name}.png")


def emptied(page: Page) -> None:
    """Only the first statement is left."""
    while len(words(page)) > 1:
        count = len(words(page))
        row(page, count).hover()
        row(page, count).locator(".more").click()
        page.locator(".desk .menu .bad").click()
        expect(page.locator(".desk .row")).to_have_count(count - 1)
    saved(page)


def test_statements_are_written_split_merged_moved_and_taken_back(
    new_page: NewPage, address: str
) -> None:
    page = opened(new_page(), address)
    quoted = words(page)[0]
    caret(page, 1, len(quoted))
    page.keyboard.press("Enter")
    page.keyboard.type("甲县设服务站三十五个，乙县没有。")
    saved(page)
    expect(row(page, 2)).to_have_class(re.compile("state-naked"))
    caret(page, 2, 11)
    page.keyboard.press("Enter")
    page.keyboard.type("，而")
    saved(page)
    assert words(page)[1:] == ["甲县设服务站三十五个，", "，而乙县没有。"]
    caret(page, 3, 0)
    page.keyboard.press("Backspace")
    page.keyboard.press("Alt+ArrowUp")
    saved(page)
    assert words(page) == ["甲县设服务站三十五个，，而乙县没有。", quoted]
    page.keyboard.press("Control+z")
    expect(field(page, 1)).to_have_value(quoted)
    page.keyboard.press("Control+Shift+z")
    expect(field(page, 2)).to_have_value(quoted)
    caret(page, 1, 0)
    page.keyboard.press("Alt+4")
    saved(page)
    expect(row(page, 1).locator(".kind")).to_have_text("判")
    page.evaluate(
        "() => { const data = new DataTransfer(); data.setData('text/plain', '丙。丁！\\n戊？');"
        " const root = document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot;"
        " root.activeElement.setSelectionRange(99, 99);"
        " root.activeElement.dispatchEvent("
        "new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"
    )
    expect(page.locator(".desk .row")).to_have_count(5)
    saved(page)
    assert words(page)[1:4] == ["丙。", "丁！", "戊？"]
    page.reload()
    expect(page.locator(".desk .row")).to_have_count(5, timeout=60_000)
    assert words(page)[1:4] == ["丙。", "丁！", "戊？"]
    page.keyboard.press("?")
    expect(page.locator(".desk .sheet")).to_be_visible()
    page.keyboard.press("Escape")
    for left in (4, 3, 2, 1):
        row(page, 1).locator(".more").click()
        page.locator(".desk .menu .bad").click()
        expect(page.locator(".desk .row")).to_have_count(left)
    saved(page)
    assert words(page) == [quoted]


def test_a_wrong_number_is_found_and_mended(new_page: NewPage, address: str) -> None:
    page = opened(new_page(viewport={"width": 1280, "height": 900}), address)
    emptied(page)
    caret(page, 1, len(words(page)[0]))
    page.keyboard.press("Enter")
    page.keyboard.type("助餐点送餐上门，全年服务十三万人次，比上年增长8%。")
    saved(page)
    still(page, "1-naked")
    page.keyboard.press("Control+k")
    piece = page.locator("[class*=st-key-piece-disagreeing]").first
    expect(piece).to_contain_text("十二万人次", timeout=20_000)
    still(page, "2-conflict")
    piece.get_by_role("button", name="引为证据").click()
    wrong = row(page, 2)
    expect(wrong).to_have_class(re.compile("state-fault"), timeout=15_000)
    expect(wrong.locator(".mirror .mark.fault")).to_contain_text("十三万")
    expect(wrong.locator(".note.fault")).to_contain_text("十二万")
    still(page, "3-fault")
    wrong.locator(".note .jump").click()
    frame = page.frame_locator('iframe[src*="/pages/"]')
    expect(frame.locator("#mark").first).to_contain_text("十二万", timeout=20_000)
    still(page, "4-source")
    at = words(page)[1].index("三")
    caret(page, 2, at, end=at + 1)
    page.keyboard.type("二")
    expect(row(page, 2)).to_have_class(re.compile("state-supported"), timeout=15_000)
    expect(row(page, 2).locator(".mark")).to_have_count(0)
    saved(page)
    still(page, "5-mended")
    row(page, 2).locator(".chip .drop").first.click()
    expect(row(page, 2)).to_have_class(re.compile("state-naked|state-fault"), timeout=15_000)


def test_an_input_method_is_never_disturbed(new_page: NewPage, address: str) -> None:
    page, other = opened(new_page(), address), opened(new_page(), address)
    emptied(page)
    before = words(page)[0]
    caret(page, 1, len(before))
    page.keyboard.press("Enter")
    page.keyboard.type("一句。")
    saved(page)
    other.reload()
    expect(other.locator(".desk .row")).to_have_count(2, timeout=60_000)
    keyboard = page.context.new_cdp_session(page)
    caret(page, 2, 2)
    keyboard.send(
        "Input.imeSetComposition", {"text": "fu'wu", "selectionStart": 5, "selectionEnd": 5}
    )
    other.locator(".desk .row textarea").nth(1).click()
    other.keyboard.press("End")
    other.keyboard.press("Enter")
    other.keyboard.type("别人的一句。")
    saved(other)
    page.wait_for_timeout(1500)
    assert words(page)[1] == "一句fu'wu。"
    expect(page.locator(".desk .saved")).to_have_attribute("data-state", "unsaved")
    keyboard.send("Input.insertText", {"text": "服务"})
    saved(page)
    assert words(page)[1] == "一句服务。"
    expect(page.locator(".desk .row")).to_have_count(3)
    assert words(page)[2] == "别人的一句。"


def test_two_people_at_one_statement_decide_in_its_place(new_page: NewPage, address: str) -> None:
    page = opened(new_page(), address)
    emptied(page)
    caret(page, 1, len(words(page)[0]))
    page.keyboard.press("Enter")
    page.keyboard.type("原来的一句。")
    saved(page)
    other = opened(new_page(), address)
    for button, left in (("用我的", "我写的一句。"), ("用对方的", "对方另写的一句。")):
        field(other, 2).fill(f"对方{'' if button == '用我的' else '另'}写的一句。")
        # Both have begun from the same words: a tab that is being typed in does not look at others.
        page.wait_for_timeout(500)
        field(page, 2).fill("我写的一句。" if button == "用我的" else "我又写的一句。")
        saved(other)
        clash = row(page, 2).locator(".clash")
        expect(clash).to_contain_text("写的一句。", timeout=15_000)
        expect(field(page, 2)).to_have_value(re.compile("^我"))
        clash.get_by_role("button", name=button).click()
        expect(clash).to_have_count(0)
        saved(page)
        expect(field(page, 2)).to_have_value(left)
        other.reload()
        expect(field(other, 2)).to_have_value(left, timeout=60_000)


def test_the_desk_fits_a_phone(new_page: NewPage, address: str) -> None:
    page = opened(new_page(viewport={"width": 390, "height": 844}), address)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.evaluate("document.documentElement.clientWidth")
    expect(page.locator(".st-key-desk-side")).to_be_hidden()
    row(page, 1).locator(".kind").click()
    expect(page.locator(".desk .menu")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.locator(".st-key-pane button").last.click()
    expect(page.locator(".st-key-desk-query")).to_be_visible()
    expect(page.locator(".desk")).to_be_hidden()
