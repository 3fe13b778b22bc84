"""TXT and Markdown."""

import time

import pytest

from knowledge.chunking import passages
from knowledge.errors import EmptyFileError, MislabelledError, UnreadableError
from knowledge.model import BlockKind, DocumentType
from knowledge.readers import read_file
from knowledge.readers.plain import PlainReader
from tests.contracts.reader import ReaderContract

NOTICE = """【字体：大 中 小】
青河市人民政府关于加强社区书房建设的通知
青政发[2023]7号
各县区人民政府，市政府各部门：
为方便居民就近阅读，现就社区书房建设通知如下：
一、总体要求
到2025年底，全市建成社区书房一百二十家。
青河市人民政府
二〇二三年五月九日
打印 关闭
扫一扫在手机打开当前页
"""
LAW = """# 青河市阅读促进条例

2021年3月30日 青河市第八届人民代表大会常务委员会第四次会议通过

<!-- end of the head -->

## 第一章 总则

第一条 为了促进**全民阅读**，制定本条例。

第二条 本条例所称[书房](https://example.org/x)，是指向居民免费开放的阅读场所。

第三条 本条例自2021年6月1日起施行。
"""


class TestPlainReader(ReaderContract):
    reader = PlainReader()
    name = "notice.txt"

    @classmethod
    def make(cls) -> bytes:
        return NOTICE.encode()


class TestMarkdownReader(ReaderContract):
    reader = PlainReader()
    name = "青河市阅读促进条例(2021-03-30).md"

    @classmethod
    def make(cls) -> bytes:
        return LAW.encode("gb18030")


def test_what_surrounds_a_notice_is_furniture() -> None:
    page = read_file(NOTICE.encode(), "notice.txt").pages[0]
    furniture = {
        page.text[block.start : block.end]
        for block in page.blocks
        if block.kind is BlockKind.FURNITURE
    }
    assert furniture == {"【字体：大 中 小】", "打印 关闭", "扫一扫在手机打开当前页"}


def test_what_a_notice_says_of_itself() -> None:
    metadata = read_file(NOTICE.encode(), "7.txt").metadata
    assert metadata.title == "青河市人民政府关于加强社区书房建设的通知"
    assert metadata.number == "青政发〔2023〕7号"
    assert metadata.issuer == "青河市人民政府"
    assert metadata.issued_on == "2023-05-09"
    assert metadata.type is DocumentType.OFFICIAL
    assert metadata.language == "zh"


def test_marks_of_markdown_are_left_out() -> None:
    reading = read_file(LAW.encode(), "x.md")
    text = reading.pages[0].text
    assert "#" not in text
    assert "**" not in text
    assert "end of the head" not in text
    assert "所称书房，" in text
    levels = [block.level for block in reading.pages[0].blocks if block.kind is BlockKind.HEADING]
    assert levels == [1, 2]


def test_what_a_law_says_of_itself() -> None:
    metadata = read_file(LAW.encode(), "青河市阅读促进条例(2021-03-30).md").metadata
    assert metadata.title == "青河市阅读促进条例"
    assert metadata.type is DocumentType.LAW
    assert metadata.issued_on == "2021-03-30"
    assert metadata.effective_on == "2021-06-01"
    assert metadata.issuer == "青河市人民代表大会常务委员会"


def test_the_file_name_is_the_last_resort() -> None:
    body = "据介绍，社区书房今年已接待读者三万人次，比去年增长两成。\n"
    assert read_file(body.encode(), "03-社区书房受欢迎.txt").metadata.title == "社区书房受欢迎"
    assert read_file(body.encode(), "x.txt").metadata.number is None
    assert read_file(body.encode(), "x.txt").metadata.issued_on is None


@pytest.mark.parametrize("data", [b"", b"  \n\t\n", "\u3000\u200b\n".encode()])
def test_nothing_to_read(data: bytes) -> None:
    with pytest.raises(EmptyFileError):
        read_file(data, "empty.txt")


def test_binary_data_is_no_text() -> None:
    with pytest.raises(MislabelledError):
        read_file(bytes(range(256)) * 10, "x.txt")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("a.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("a.zip", b"PK\x05\x06" + bytes(18)),
        ("a.exe", b"MZ\x90\0" + bytes(600)),
        ("a", b"\0\1\2\3" * 99),
    ],
)
def test_other_formats_are_refused_with_advice(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_file(data, name)
    assert name in str(refused.value)


def test_a_letterhead_is_the_issuer_and_no_title() -> None:
    text = "青河县图书馆文件\n\n青河县图书馆“十五五”发展规划\n\n为促进事业发展，制定本规划。\n"
    metadata = read_file(text.encode(), "plan.txt").metadata
    assert metadata.title == "青河县图书馆“十五五”发展规划"
    assert metadata.issuer == "青河县图书馆"


def test_a_table_in_markdown() -> None:
    text = "各书房：\n\n| 名称 | 座席 |\n| :--- | ---: |\n| **东门书房** | 12 |\n| 西门书房 | 8 |\n\n完。\n"
    page = read_file(text.encode(), "x.md").pages[0]
    assert page.text == "各书房：\n名称：东门书房；座席：12\n名称：西门书房；座席：8\n完。"
    assert [block.kind for block in page.blocks].count(BlockKind.ROW) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("**粗**与`码`、__重__", "粗与码、重"),
        ("2 ** 3 与 a`b", "2 ** 3 与 a`b"),
        ("[![图](a.png)](https://example.org)", "图"),
        ('[名](https://example.org/x "题")', "名"),
        ("> - 引文", "引文"),
    ],
)
def test_marks_within_a_line(line: str, words: str) -> None:
    assert read_file(line.encode(), "x.md").pages[0].text == words


@pytest.mark.parametrize(
    "line", ["*", "`a ", "[", "[](", "**a", "|", "# #", "-", "- ", ">", "<!--", "（", "\\"]
)
def test_time_grows_with_the_length_alone(line: str) -> None:
    text = line * (400_000 // len(line)) + "尾\n正文。"
    began = time.process_time()
    try:
        pages = read_file(text.encode(), "x.md").pages
    except UnreadableError:
        pages = ()
    passages(pages)
    assert time.process_time() - began < 10


def test_lines_broken_in_a_sentence_are_joined() -> None:
    text = (
        "根据《\n宪法\n》，国务院作报告。\n国内生产总值达到74.4\n万亿元，\n增长较快。\n"
        "联系电话：12345678\n元宵节照常开放。\nThe library is\nopen on 3 May.\nNew line\n一、总则\n"
    )
    assert read_file(text.encode(), "x.txt").pages[0].text.split("\n") == [
        "根据《宪法》，国务院作报告。",
        "国内生产总值达到74.4万亿元，增长较快。",
        "联系电话：12345678",
        "元宵节照常开放。",
        "The library is open on 3 May.",
        "New line",
        "一、总则",
    ]


def test_empty_and_escaped_cells_stay_in_their_columns() -> None:
    text = "|指标|2022|2023|\n|---|---|---|\n||1|2|\n|甲\\|乙|3|4|\n"
    page = read_file(text.encode(), "表.md").pages[0]
    assert page.text == "2022：1；2023：2\n指标：甲|乙；2022：3；2023：4"


def test_a_line_that_begins_something_new_is_never_joined() -> None:
    lines = "电话咨询请拨打12345\n万州区文化馆\n（一）发展经济、\n二、保障措施"
    assert read_file(lines.encode(), "文.txt").pages[0].text == lines
