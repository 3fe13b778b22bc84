"""PDF files: text, furniture, labels, pages that wait, files that are refused."""

import io

import pypdf
import pytest

from knowledge.errors import DamagedError, EmptyFileError, EncryptedError, TooLargeError
from knowledge.model import BlockKind, Layer
from knowledge.readers import pdf, read_file
from knowledge.readers.pdf import PdfReader
from knowledge.readers.pdf_lines import run_together
from knowledge.readers.pdf_text import folded
from tests.contracts.reader import ReaderContract
from tests.unit.readers.setting import drawn_pdf, line, of_kind, set_pdf, shown

SENTENCE = (
    "公共图书馆应当改善服务条件、提高服务水平，定期公告服务开展情况，听取读者意见，接受社会监督。"
)
REPORT = """
#set page(numbering: "— 1 —", header: [青河市图书馆年报])
#text(size: 16pt)[青河市图书馆年度报告]

""" + "\n\n".join(f"{mark}段：{SENTENCE * 4}" for mark in "甲乙丙丁戊己庚辛壬癸子丑")


def printed() -> bytes:
    return set_pdf(REPORT)


class TestPdfReader(ReaderContract):
    reader = PdfReader()
    name = "report.pdf"

    @classmethod
    def make(cls) -> bytes:
        return printed()


def test_paragraphs_are_joined_across_lines() -> None:
    reading = read_file(printed(), "x.pdf")
    assert f"甲段：{SENTENCE * 4}" in of_kind(reading, BlockKind.PARAGRAPH)
    assert of_kind(reading, BlockKind.HEADING) == ["青河市图书馆年度报告"]
    assert reading.metadata.title == "青河市图书馆年度报告"


def test_headers_and_page_numbers_are_furniture_and_labels() -> None:
    reading = read_file(printed(), "x.pdf")
    furniture = of_kind(reading, BlockKind.FURNITURE)
    assert furniture.count("青河市图书馆年报") == len(reading.pages)
    assert "— 2 —" in furniture
    assert reading.paged
    assert [page.label for page in reading.pages] == [
        str(number + 1) for number in range(len(reading.pages))
    ]


def changed(*, password: str | None = None, blank_after: int | None = None) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(printed()))
    if blank_after is not None:
        writer.insert_blank_page(index=blank_after)
    if password:
        writer.encrypt(password)
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()


def test_a_password_is_needed() -> None:
    with pytest.raises(EncryptedError):
        read_file(changed(password="secret"), "x.pdf")


def test_a_blank_page_waits_for_nothing() -> None:
    reading = read_file(changed(blank_after=2), "x.pdf")
    assert reading.remarks == ()
    assert (reading.pages[2].text, reading.pages[2].layer) == ("", Layer.TEXT)


def test_nothing_drawn_at_all() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=100, height=100)
    packed = io.BytesIO()
    writer.write(packed)
    with pytest.raises(EmptyFileError):
        read_file(packed.getvalue(), "x.pdf")


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_PAGES", 2)
    with pytest.raises(TooLargeError):
        read_file(printed(), "x.pdf")


PICTURE = "q 300 0 0 200 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q\n"


@pytest.mark.parametrize(
    ("content", "font", "remark"),
    [
        (PICTURE, "", "pages-without-text:1"),
        (PICTURE + shown([(10, 10, "stamp")]), "", "pages-without-text:1"),
        (shown([(10, 10, "Words")]), "/ToUnicode/Identity-H", "pages-garbled:1"),
        ("".join(f"{x} 10 m {x} 90 l S\n" for x in range(10, 290, 4)), "", "pages-without-text:1"),
    ],
    ids=["picture", "picture and stamp", "map that says nothing", "outlines"],
)
def test_a_page_that_shows_more_than_it_holds_waits(content: str, font: str, remark: str) -> None:
    reading = read_file(drawn_pdf(content, font=font), "x.pdf")
    assert (reading.pages[0].layer, reading.pages[0].text) == (Layer.WAITING, "")
    assert reading.remarks == (remark,)
    places = reading.pages[0].places
    assert places is not None
    assert (places.width, places.height) == (300, 200)


def test_a_picture_beside_many_words_does_not_make_a_page_wait() -> None:
    words = shown([(10, 20.0 * row, "words of a searchable scan") for row in range(1, 9)])
    reading = read_file(drawn_pdf(PICTURE + words), "x.pdf")
    assert reading.pages[0].layer is Layer.TEXT


def test_two_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    left = [f"left {word} of the page" for word in ("one", "two", "six", "ten", "top", "end")]
    right = [text.replace("left", "here") for text in left]
    rows = [
        (x, 180 - 14 * row, column[row])
        for row in range(6)
        for x, column in ((10, left), (160, right))
    ]
    reading = read_file(drawn_pdf(shown([(80, 196, "Title over both of them"), *rows])), "x.pdf")
    text = reading.pages[0].text
    places = [text.index(words) for words in ("Title", *left, *right)]
    assert places == sorted(places)


def test_no_page_can_be_read() -> None:
    broken = drawn_pdf(shown([(10, 10, "Words")])).replace(b"/Type/Page/", b"/Type/Pane/")
    with pytest.raises((DamagedError, EmptyFileError)):
        read_file(broken.replace(b"3 0 obj", b"9 0 obj"), "x.pdf")


@pytest.mark.parametrize(
    ("raw", "text", "origins"),
    [
        ("⼀、⾏政\r", "一、行政", [0, 1, 2, 3]),
        ("Ｇ20，“引\ufffd文”\u00ad", "Ｇ20，“引文”", [0, 1, 2, 3, 4, 5, 7, 8]),
        ("e\ufb03cient infor\ufffe\r", "efficient infor-", [0, 1, 1, 1, *range(2, 14)]),
        ("关 于 红 军 作 战", "关于红军作战", [0, 2, 4, 6, 8, 10]),
        ("  两  端 ", "两 端", [2, 3, 5]),
        ("cafe\u0301", "café", [0, 1, 2, 3]),
        ("\ue000圆", "圆", [1]),
    ],
)
def test_letters_are_plain_and_know_where_they_come_from(
    raw: str, text: str, origins: list[int]
) -> None:
    fold = folded(raw)
    assert (fold.text, list(fold.origins)) == (text, origins)


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["公共图", "书馆"], "公共图书馆"),
        (["the public", "library"], "the public library"),
        (["infor-", "mation"], "information"),
        (["增长", "5%"], "增长5%"),
    ],
)
def test_lines_join_as_their_script_wants(pieces: list[str], text: str) -> None:
    run = run_together(line(piece, 0, 0) for piece in pieces)
    assert run.text == text
    assert len(run.marks) == 8 * len(text)


def test_figures_in_the_middle_of_short_pages_are_no_page_numbers() -> None:
    towns = ("甲镇", "乙镇", "丙镇", "丁镇", "戊镇")
    pages = "#pagebreak()\n".join(
        f"#v(2cm)\n{town}2023年藏书量\n\n{1200 + 31 * i}\n" for i, town in enumerate(towns)
    )
    reading = read_file(set_pdf(pages), "a.pdf")
    kinds = {block.kind for page in reading.pages for block in page.blocks}
    assert BlockKind.FURNITURE not in kinds
    assert "1231" in reading.pages[1].text
