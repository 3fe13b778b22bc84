"""Saved web pages."""

from knowledge.model import BlockKind
from knowledge.readers import read_file
from knowledge.readers.html import HtmlReader
from tests.contracts.reader import ReaderContract

PARAGRAPH = "社区书房方便居民就近阅读，全年免费开放，并由志愿者轮流值守，深受老人和儿童欢迎。"
PAGE = f"""<html><head><title>社区书房开放一周年 - 青河市人民政府门户网站</title>
<meta name="PubDate" content="2023-05-09 10:00"><meta name="ContentSource" content="青河日报">
</head><body><div class="nav">首页 | 政务公开</div><article><h1>社区书房开放一周年</h1>
<p>{PARAGRAPH}</p><h2>利用情况</h2><p>{PARAGRAPH}</p>
<table><tr><th>名称</th><th>座席</th></tr><tr><td>东门书房</td><td>12</td></tr></table>
<p>{PARAGRAPH}</p></article><script>var secret = "不可见";</script></body></html>"""


class TestHtmlReader(ReaderContract):
    reader = HtmlReader()
    name = "page.html"

    @classmethod
    def make(cls) -> bytes:
        return PAGE.encode("gb18030")


def test_main_text_headings_and_rows() -> None:
    reading = read_file(PAGE.encode(), "x.html")
    page = reading.pages[0]
    assert page.text.count(PARAGRAPH) == 3
    assert "不可见" not in page.text
    blocks = {page.text[block.start : block.end]: block.kind for block in page.blocks}
    assert blocks["利用情况"] is BlockKind.HEADING
    assert blocks["名称：东门书房；座席：12"] is BlockKind.ROW


def test_what_the_page_says_of_itself() -> None:
    metadata = read_file(PAGE.encode(), "x.html").metadata
    assert metadata.title == "社区书房开放一周年"
    assert metadata.issued_on == "2023-05-09"
    assert metadata.issuer == "青河日报"


def test_an_unclosed_script_is_not_text() -> None:
    reading = read_file("<body>看得见的字<script>var hidden = 1;".encode(), "x.html")
    assert reading.pages[0].text == "看得见的字"
    assert reading.remarks == ("whole-page",)


def test_what_stands_after_a_stray_end_of_page_is_read() -> None:
    page = f"<html><body><p>页眉</p></html><div><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></div></html>"
    assert PARAGRAPH in read_file(page.encode(), "x.html").pages[0].text
