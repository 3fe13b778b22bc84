"""Saved web pages."""

import pytest

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


def test_lists_of_links_and_the_foot_are_left_out() -> None:
    links = "".join(
        f"<li><a href='/{n}'>第{n}条别的新闻的标题</a> 2023-05-09</li>" for n in range(6)
    )
    page = f"""<html><body><ul class="hot">{links}</ul><div><h1>开放</h1><p>{PARAGRAPH}</p>
    <p>{PARAGRAPH}</p><div>附件：<ul><li><a href="/a.doc">申报表</a></li><li><a href="/b.doc">名单甲乙丙
    </a></li><li><a href="/c.xlsx">统计表</a></li></ul></div></div><div>{links}</div>
    <div class="footer"><p>某某网络公司负责维护本网站的全部内容</p></div></body></html>"""
    text = read_file(page.encode(), "x.html").pages[0].text
    assert "别的新闻" not in text
    assert "网络公司" not in text
    assert text.count(PARAGRAPH) == 2
    assert "申报表" in text


def test_a_page_of_links_alone_is_still_read() -> None:
    links = "".join(f"<li><a href='/{n}'>第{n}条新闻的标题，全文请点击</a></li>" for n in range(20))
    assert (
        "第7条新闻" in read_file(f"<body><ul>{links}</ul></body>".encode(), "x.html").pages[0].text
    )


def test_merged_cells_of_a_web_table() -> None:
    page = f"""<html><body><article><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p><table>
    <tr><td colspan="3">各区书房</td></tr>
    <tr><th rowspan="2">区</th><th colspan="2">座席</th></tr><tr><th>成人</th><th>儿童</th></tr>
    <tr><td rowspan="2">东区</td><td>12</td><td>8</td></tr><tr><td>20</td><td>4</td></tr></table>
    <p>{PARAGRAPH}</p></article></body></html>"""
    read = read_file(page.encode(), "x.html").pages[0]
    rows = [read.text[b.start : b.end] for b in read.blocks if b.kind is BlockKind.ROW]
    assert rows == [
        "区：东区；座席 成人：12；座席 儿童：8",
        "区：东区；座席 成人：20；座席 儿童：4",
    ]
    assert "⟦" not in read.text


LONG = "<p>" + "本表列出各馆两年购书经费，数据由各馆报送，汇总核对后公布。" * 6 + "</p>"


def _texts(body: str) -> list[str]:
    markup = f"<html><body><article>{LONG}{body}{LONG}</article></body></html>"
    page = read_file(markup.encode(), "网页.html").pages[0]
    return [page.text[block.start : block.end] for block in page.blocks][1:-1]


def test_what_is_set_off_in_running_words_stays_in_its_sentence() -> None:
    body = (
        "<div>到<a href=x>大厅</a>办理，每台补助<span>不</span>超过<strong>20万元</strong>。</div>"
    )
    assert _texts(body) == ["到大厅办理，每台补助不超过20万元。"]


@pytest.mark.parametrize("title", ["<caption>表1 经费</caption>", "<tr><td>表1 经费</td></tr>"])
def test_a_title_above_the_names_costs_no_names(title: str) -> None:
    rows = "<tr><td>单位</td><td>2023年</td></tr><tr><td>甲馆</td><td>10</td></tr>"
    assert _texts(f"<table>{title}{rows}</table>") == ["表1 经费", "单位：甲馆；2023年：10"]


def test_a_form_has_no_column_names() -> None:
    rows = ("姓名|张三|性别|女", "单位|图书馆|电话|123")
    cells = "".join(f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in rows)
    assert _texts(f"<table>{cells}</table>") == ["姓名；张三；性别；女", "单位；图书馆；电话；123"]
