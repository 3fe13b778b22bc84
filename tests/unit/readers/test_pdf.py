"""PDF files, set here with Typst and the packaged Chinese font."""

import functools
import io
import tempfile
from pathlib import Path

import manimgx_fonts_cjk
import pypdf
import pytest
import typst

from knowledge.errors import EncryptedError, NoTextError, TooLargeError
from knowledge.model import BlockKind, Reading
from knowledge.readers import pdf, read_file
from knowledge.readers.pdf import PdfReader, normalised
from knowledge.readers.pdf_lines import joined
from tests.contracts.reader import ReaderContract

FONTS = [Path(manimgx_fonts_cjk.__file__).parent]
SENTENCE = (
    "公共图书馆应当改善服务条件、提高服务水平，定期公告服务开展情况，听取读者意见，接受社会监督。"
)


@functools.cache
def printed() -> bytes:
    body = "\n\n".join(f"{mark}段：{SENTENCE * 4}" for mark in "甲乙丙丁戊己庚辛壬癸子丑")
    source = f"""
#set page(width: 148mm, height: 105mm, margin: 15mm, numbering: "— 1 —", header: [青河市图书馆年报])
#set text(font: "Noto Sans CJK SC", lang: "zh", size: 10pt)
#text(size: 16pt)[青河市图书馆年度报告]

{body}
"""
    with tempfile.TemporaryDirectory() as folder:
        written, set_in = Path(folder, "report.typ"), Path(folder, "report.pdf")
        written.write_text(source, encoding="utf-8")
        typst.compile(written, set_in, font_paths=FONTS, ignore_system_fonts=True)
        return set_in.read_bytes()


class TestPdfReader(ReaderContract):
    reader = PdfReader()
    name = "report.pdf"

    @classmethod
    def make(cls) -> bytes:
        return printed()


def of_kind(reading: Reading, kind: BlockKind) -> list[str]:
    return [
        page.text[block.start : block.end]
        for page in reading.pages
        for block in page.blocks
        if block.kind is kind
    ]


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


def test_pages_without_text_are_named() -> None:
    reading = read_file(changed(blank_after=2), "x.pdf")
    assert reading.remarks == ("pages-without-text:3",)
    assert reading.pages[2].text == ""


def test_no_text_at_all() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=100, height=100)
    packed = io.BytesIO()
    writer.write(packed)
    with pytest.raises(NoTextError):
        read_file(packed.getvalue(), "x.pdf")


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_PAGES", 2)
    with pytest.raises(TooLargeError):
        read_file(printed(), "x.pdf")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("⼀、⾏政\r\n", "一、行政"),
        ("Ｇ20，“引\ufffd文”\u00ad", "Ｇ20，“引文”"),
        ("e\ufb03cient infor\ufffe\r\n", "efficient infor-"),
        ("关 于 红 军 作 战 的 原 则", "关于红军作战的原则"),
    ],
)
def test_letters_are_plain_and_punctuation_as_printed(raw: str, text: str) -> None:
    assert normalised(raw) == text


def test_lines_join_as_their_script_wants() -> None:
    assert joined(["公共图", "书馆"]) == "公共图书馆"
    assert joined(["the public", "library"]) == "the public library"
    assert joined(["infor-", "mation"]) == "information"
    assert joined(["增长", "5%"]) == "增长5%"
