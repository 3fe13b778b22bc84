"""The box of every character, on pages of any shape, and blocks that cover the text once."""

import ctypes
import re
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.model import PageText
from knowledge.places import Box
from knowledge.readers import read_file
from knowledge.readers.pdf_lines import Line
from knowledge.readers.printed import PrintedPage, page_texts
from knowledge.text import fold, sentences
from tests.unit.readers.setting import drawn_pdf, set_pdf, shown
from tests.unit.readers.test_pdf import printed

COLUMNS = (
    "#set page(columns: 2)\n= 两栏\n"
    + "第一句在这里，不长。The second efficient sentence is longer. 第三句。" * 30
)


def check_cover(page: PageText) -> None:
    """Blocks ascend and hold every letter once; boxes are one a character, and on the page."""
    assert page.places is not None
    assert len(page.places) == len(page.text)
    covered = "".join(page.text[block.start : block.end] for block in page.blocks)
    assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", page.text)
    ends = [0, *(edge for block in page.blocks for edge in (block.start, block.end))]
    assert ends == sorted(ends)
    for box in page.places.regions(0, len(page.text)):
        assert 0 <= box.left < box.right <= page.places.width
        assert 0 <= box.top < box.bottom <= page.places.height


def under(document: pypdfium2.PdfDocument, index: int, boxes: tuple[Box, ...]) -> str:
    """The words that PDFium finds inside boxes."""
    page = document[index]
    words = ""
    for box in boxes:
        buffer = (ctypes.c_ushort * 2000)()
        top, bottom = page.get_height() - box.top, page.get_height() - box.bottom
        pdfium.FPDFText_GetBoundedText(
            page.get_textpage(), box.left, top, box.right, bottom, buffer, 2000
        )
        words += bytes(buffer).decode("utf-16-le").split("\0")[0]
    return re.sub(r"[\s\ufffe-]", "", fold(words))


@pytest.mark.parametrize("source", ["report", "columns"])
def test_the_boxes_of_a_sentence_give_it_back(source: str) -> None:
    data = printed() if source == "report" else set_pdf(COLUMNS)
    reading = read_file(data, "x.pdf")
    document = pypdfium2.PdfDocument(data)
    checked = 0
    for index, page in enumerate(reading.pages):
        check_cover(page)
        assert page.places is not None
        for start, end in sentences(page.text):
            words = re.sub(r"[\s-]", "", fold(page.text[start:end]))
            checked += 1
            assert under(document, index, page.places.regions(start, end)) == words
    assert checked > 20


def ink(data: bytes) -> tuple[float, float, float, float]:
    """The box of what is dark in the picture of the first page, in points."""
    grey = pypdfium2.PdfDocument(data)[0].render(scale=4, grayscale=True).to_numpy().squeeze() < 128
    rows, columns = grey.any(axis=1).nonzero()[0], grey.any(axis=0).nonzero()[0]
    return columns[0] / 4, rows[0] / 4, (columns[-1] + 1) / 4, (rows[-1] + 1) / 4


@pytest.mark.parametrize(
    "page",
    [
        "",
        "/Rotate 90",
        "/Rotate 180",
        "/Rotate 270",
        "/CropBox[20 30 280 190]",
        "/CropBox[20 30 280 190]/Rotate 90",
        "/CropBox[20 30 280 190]/Rotate 270",
    ],
)
def test_boxes_fit_the_picture_of_a_turned_or_cropped_page(page: str) -> None:
    data = drawn_pdf(shown([(60, 80, "Words")]), page=page)
    read = read_file(data, "x.pdf").pages[0]
    assert read.text == "Words "
    assert read.places is not None
    boxes = [box for place in range(5) if (box := read.places.box(place)) is not None]
    assert len(boxes) == 5
    extent = (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    assert extent == pytest.approx(ink(data), abs=0.6)


def test_words_outside_the_displayed_part_of_a_page_are_left_out() -> None:
    data = drawn_pdf(shown([(60, 80, "Words"), (60, 5, "Slug")]), page="/CropBox[20 30 280 190]")
    assert read_file(data, "x.pdf").pages[0].text == "Words "


WORDS = st.text("公共图书馆服务，。ab c-", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)


@settings(max_examples=60, deadline=None)
@given(
    pages=st.lists(
        st.lists(st.tuples(WORDS, st.integers(0, 300), st.integers(0, 500)), max_size=12),
        min_size=1,
        max_size=3,
    )
)
def test_any_lines_become_pages_that_are_covered_once(
    pages: list[list[tuple[str, int, int]]],
) -> None:
    given_pages = [
        PrintedPage(500, 700, tuple(recognised(*one) for one in lines if one[0])) for lines in pages
    ]
    made = page_texts(given_pages)
    assert len(made) == len(pages)
    for page, source in zip(made, given_pages, strict=True):
        check_cover(page)
        letters = sorted(re.sub(r"[\s-]", "", "".join(line.text for line in source.lines)))
        assert sorted(re.sub(r"[\s-]", "", page.text)) == letters
        touched = [False] * len(page.text)
        for sure in page.recognised:
            assert not any(touched[sure.start : sure.end])
            touched[sure.start : sure.end] = [True] * (sure.end - sure.start)
        assert all(touched[place] or not page.text[place].strip() for place in range(len(touched)))


def recognised(text: str, left: int, top: int) -> Line:
    boxes = tuple(Box(left + 10 * n, top, left + 10 * n + 10, top + 10) for n in range(len(text)))
    return Line(text, left, top, left + 10 * len(text), top + 10, 10, boxes, confidence=0.9)


def test_confidence_follows_its_line() -> None:
    sure, unsure = recognised("公共图书馆应当公告", 10, 10), recognised("服务情况", 10, 22)
    page = page_texts([PrintedPage(300, 100, (unsure, replace(sure, confidence=0.5)))])[0]
    assert page.text == "公共图书馆应当公告服务情况"
    assert [(one.start, one.end, one.confidence) for one in page.recognised] == [
        (0, 9, 0.5),
        (9, 13, 0.9),
    ]
