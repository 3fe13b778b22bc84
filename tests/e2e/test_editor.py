"""The desk in a browser: writing, finding and mending a wrong number, two people, an input method."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.e2e.conftest import NewPage

STILLS = os.environ.get("ZHIKU_STILLS")
"""A folder for pictures of finding and mending a wrong number, for whoever wants to show it."""


_errors: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_thrown() -> Iterator[None]:
    """What a script of ours throws fails the test."""
    _errors.clear()
    yield
    assert _errors == []


def opened(page: Page, address: str) -> Page:
    page.on("pageerror", lambda error: _errors.append(str(error)))
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


def paste(page: Page, text: str) -> None:
    """Paste where the caret stands."""
    page.evaluate(
        "text => { const data = new DataTransfer(); data.setData('text/plain', text);"
        " const root = document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot;"
        " root.activeElement.dispatchEvent("
        "new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }",
        text,
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


def with_second(page: Page, text: str) -> None:
    """The first statement, and a second one of these words, written and stored."""
    emptied(page)
    caret(page, 1, len(words(page)[0]))
    page.keyboard.press("Enter")
    page.keyboard.type(text)
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
    caret(page, 1, 99)
    paste(page, "丙。丁！\n戊？")
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
    with_second(page, "助餐点送餐上门，全年服务十三万人次，比上年增长8%。")
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
    # The frame stands under the workbench's own head.
    expect(frame.locator(".strip")).to_have_count(0)
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
    with_second(page, "原来的一句。")
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


def test_with_a_filter_on_words_go_where_the_caret_is(new_page: NewPage, address: str) -> None:
    page = opened(new_page(), address)
    emptied(page)
    quoted = words(page)[0]
    caret(page, 1, len(quoted))
    for text in ("没有来源的一句。", "另一句也没有。"):
        page.keyboard.press("Enter")
        page.keyboard.type(text)
        saved(page)
    page.locator(".desk .count.naked").click()
    expect(row(page, 1)).to_be_hidden()
    caret(page, 2, len("没有来源的一句。"))
    page.keyboard.press("Enter")
    page.keyboard.type("筛选时写的。")
    saved(page)
    assert words(page) == [quoted, "没有来源的一句。", "筛选时写的。", "另一句也没有。"]
    # Up and down lead past what is hidden.
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.type("甲")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type("乙")
    saved(page)
    assert words(page)[0] == quoted
    assert words(page)[1] == "没有来源的一句。甲"
    assert words(page)[2] == "筛选时写的。乙"
    page.locator(".desk .adding button").first.click()
    page.keyboard.type("末尾添的。")
    saved(page)
    assert words(page)[-1] == "末尾添的。"
    emptied(page)


def test_two_titles_are_decided_between(new_page: NewPage, address: str) -> None:
    page, other = opened(new_page(), address), opened(new_page(), address)
    title = page.locator(".desk textarea.title")
    title.focus()
    page.keyboard.press("End")
    page.keyboard.type("（一）")
    other.locator(".desk textarea.title").fill("对方的题名")
    other.keyboard.press("Enter")
    saved(other)
    page.keyboard.type("稿")
    clash = page.locator(".title-box .clash")
    # Theirs may have come in first; then what is typed on is typed in knowledge of nothing else.
    expect(clash).to_contain_text("对方的题名", timeout=15_000)
    expect(title).to_have_value(re.compile("（一）稿$"))
    mine = title.input_value()
    clash.get_by_role("button", name="用我的").click()
    expect(clash).to_have_count(0)
    saved(page)
    page.reload()
    expect(page.locator(".desk textarea.title")).to_have_value(mine, timeout=60_000)


def test_what_is_too_long_is_said_and_kept(new_page: NewPage, address: str) -> None:
    page = opened(new_page(), address)
    emptied(page)
    caret(page, 1, len(words(page)[0]))
    page.keyboard.press("Enter")
    page.keyboard.insert_text("字" * 6001)
    expect(row(page, 2).locator(".note.fault")).to_contain_text("太长", timeout=15_000)
    expect(page.locator(".desk .saved")).to_have_attribute("data-state", "unsaved")
    assert len(words(page)[1]) == 6001
    page.keyboard.press("Backspace")
    saved(page)
    expect(row(page, 2).locator(".note.fault")).to_have_count(0)
    assert len(words(page)[1]) == 6000
    emptied(page)


def test_the_desk_speaks_the_language_that_is_chosen(new_page: NewPage, address: str) -> None:
    page = opened(new_page(), address)
    page.locator(".st-key-language button").first.click()
    expect(page.locator(".desk .gate .all")).to_contain_text("through", timeout=20_000)
    expect(page.locator(".desk .saved")).to_have_text(re.compile("[a-z]"))
    expect(row(page, 1).locator(".kind")).not_to_have_text(re.compile("[一-龥]"))
    expect(page.locator(".desk .adding button").first).not_to_have_text(re.compile("[一-龥]"))


class Line:
    """What the server says to a page, which can be kept back: the page has not seen it then."""

    def __init__(self, page: Page) -> None:
        self._is_held = False
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(re.compile("_stcore/stream"), self._route)

    def _route(self, browser: WebSocketRoute) -> None:
        def pass_on(message: str | bytes) -> None:
            if self._is_held:
                self._waiting.append((browser, message))
            else:
                browser.send(message)

        browser.connect_to_server().on_message(pass_on)

    def hold(self) -> None:
        self._is_held = True

    def release(self) -> None:
        self._is_held = False
        for browser, message in self._waiting:
            browser.send(message)
        self._waiting.clear()


def rewritten_unseen(new_page: NewPage, address: str, text: str) -> tuple[Page, Line, Page]:
    """A page with a second statement of these words, which another page has written anew.

    The page has not heard of it, and hears nothing until its line is released.
    """
    page = new_page()
    line = Line(page)
    opened(page, address)
    with_second(page, text)
    line.hold()
    other = opened(new_page(), address)
    field(other, 2).fill("对方重写的话。")
    saved(other)
    return page, line, other


@pytest.mark.parametrize("typed_for", [0, 900, 2500])
def test_nothing_is_done_to_words_not_seen(new_page: NewPage, address: str, typed_for: int) -> None:
    """Whether the answer comes while words are typed, on their way, or stored long since."""
    page, line, other = rewritten_unseen(new_page, address, "原来，一句。")
    caret(page, 2, 3)
    page.keyboard.press("Enter")
    page.keyboard.type("而")
    page.wait_for_timeout(typed_for)
    line.release()
    expect(page.locator(".desk .message")).to_contain_text("第 2 句", timeout=15_000)
    expect(page.locator(".desk .row")).to_have_count(2)
    # What was typed on is kept, and decided about like any other words.
    clash = row(page, 2).locator(".clash")
    expect(clash).to_contain_text("对方重写的话。", timeout=15_000)
    expect(field(page, 2)).to_have_value("原来，而一句。")
    clash.get_by_role("button", name="用对方的").click()
    saved(page)
    expect(field(page, 2)).to_have_value("对方重写的话。")
    expect(page.locator(".desk .row")).to_have_count(2)
    expect(other.locator(".desk .row")).to_have_count(2)
    emptied(page)


def test_what_was_written_after_a_cut_that_was_not_made_meets_the_other_words(
    new_page: NewPage, address: str
) -> None:
    page, line, _ = rewritten_unseen(new_page, address, "甲一，乙二，丙三。")
    # Cut twice, and the first part written on, before anything is heard of the server.
    caret(page, 2, 3)
    page.keyboard.press("Enter")
    caret(page, 3, 3)
    page.keyboard.press("Enter")
    caret(page, 2, 3)
    page.keyboard.type("又")
    expect(page.locator(".desk .row")).to_have_count(4)
    line.release()
    expect(page.locator(".desk .row")).to_have_count(2, timeout=15_000)
    expect(row(page, 2).locator(".clash")).to_contain_text("对方重写的话。", timeout=15_000)
    expect(field(page, 2)).to_have_value("甲一，又乙二，丙三。")
    row(page, 2).locator(".clash").get_by_role("button", name="用我的").click()
    saved(page)
    page.reload()
    expect(page.locator(".desk .row")).to_have_count(2, timeout=60_000)
    assert words(page)[1] == "甲一，又乙二，丙三。"
    emptied(page)


def test_what_is_typed_while_a_text_is_pasted_doubles_nothing(
    new_page: NewPage, address: str
) -> None:
    page = new_page()
    line = Line(page)
    opened(page, address)
    with_second(page, "甲一，乙二。")
    line.hold()
    caret(page, 2, 3)
    paste(page, "丙三。丁四。")
    caret(page, 2, 3)
    page.keyboard.type("又")
    page.wait_for_timeout(1500)
    line.release()
    expect(page.locator(".desk .row")).to_have_count(5, timeout=15_000)
    saved(page)
    assert words(page)[1:] == ["甲一，又", "丙三。", "丁四。", "乙二。"]
    page.reload()
    expect(page.locator(".desk .row")).to_have_count(5, timeout=60_000)
    assert words(page)[1:] == ["甲一，又", "丙三。", "丁四。", "乙二。"]
    emptied(page)


def test_words_not_yet_stored_are_there_again_after_another_page(
    new_page: NewPage, address: str
) -> None:
    page, line, _ = rewritten_unseen(new_page, address, "原来的一句。")
    caret(page, 2, 2)
    page.keyboard.type("我写的")
    line.release()
    clash = row(page, 2).locator(".clash")
    mine = "原来我写的的一句。"
    expect(clash).to_contain_text("对方重写的话。", timeout=15_000)
    page.get_by_role("link", name="文献").first.click()
    page.wait_for_url("**/library")
    expect(page.locator(".desk")).to_have_count(0, timeout=30_000)
    page.go_back()
    expect(clash).to_contain_text("对方重写的话。", timeout=30_000)
    assert words(page)[1] == mine
    clash.get_by_role("button", name="用我的").click()
    saved(page)
    page.reload()
    expect(field(page, 2)).to_have_value(mine, timeout=60_000)
    emptied(page)


def test_a_new_statement_that_was_taken_out_stays_out(new_page: NewPage, address: str) -> None:
    page = opened(new_page(), address)
    emptied(page)
    caret(page, 1, len(words(page)[0]))
    page.keyboard.press("Enter")
    page.keyboard.type("写了又不要的一句。")
    row(page, 2).hover()
    row(page, 2).locator(".more").click()
    page.locator(".desk .menu .bad").click()
    expect(page.locator(".desk .row")).to_have_count(1)
    page.wait_for_timeout(1500)
    saved(page)
    page.reload()
    expect(page.locator(".desk .row")).to_have_count(1, timeout=60_000)


def test_words_of_a_statement_that_was_joined_go_where_it_went(
    new_page: NewPage, address: str
) -> None:
    page = opened(new_page(), address)
    emptied(page)
    caret(page, 1, len(words(page)[0]))
    for text in ("前面的一句。", "后面的一句。"):
        page.keyboard.press("Enter")
        page.keyboard.type(text)
        saved(page)
    other = opened(new_page(), address)
    # What is being composed is not saved yet.
    keyboard = page.context.new_cdp_session(page)
    caret(page, 3, 0)
    keyboard.send("Input.imeSetComposition", {"text": "wo", "selectionStart": 2, "selectionEnd": 2})
    caret(other, 3, 0)
    other.keyboard.press("Backspace")
    saved(other)
    keyboard.send("Input.insertText", {"text": "我改过的"})
    clash = row(page, 3).locator(".clash")
    expect(clash).to_be_visible(timeout=20_000)
    expect(clash).to_contain_text("并入第 2 句")
    clash.get_by_role("button", name="改到第 2 句里").click()
    saved(page)
    assert words(page)[1:] == ["前面的一句。我改过的后面的一句。"]
    emptied(page)
