"""Presentations."""

import io

import pptx
from pptx.util import Cm

from knowledge.chunking import passages
from knowledge.model import BlockKind, Reading
from knowledge.readers import read_file
from knowledge.readers.slides import SlidesReader
from tests.contracts.reader import ReaderContract


def deck() -> bytes:
    made = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = "社区书房建设情况汇报"
    first.placeholders[1].text = "全市建成书房一百二十家。\n全年免费开放。"
    first.notes_slide.notes_text_frame.text = "此处说明经费来源。"
    second = made.slides.add_slide(made.slide_layouts[6])
    table = second.shapes.add_table(3, 2, Cm(2), Cm(5), Cm(10), Cm(4)).table
    for place, text in enumerate(("名称", "座席", "东门书房", "12", "西门书房", "8")):
        table.cell(place // 2, place % 2).text = text
    group = second.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(2), Cm(1), Cm(5), Cm(1)).text_frame.text = "各书房座席如下。"
    made.slides.add_slide(made.slide_layouts[6])
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def blocks(reading: Reading, page: int) -> list[tuple[BlockKind, str]]:
    text = reading.pages[page - 1]
    return [(block.kind, text.text[block.start : block.end]) for block in text.blocks]


class TestSlidesReader(ReaderContract):
    reader = SlidesReader()
    name = "report.pptx"

    @classmethod
    def make(cls) -> bytes:
        return deck()


def test_slides_are_pages() -> None:
    reading = read_file(deck(), "x.pptx")
    assert reading.paged
    assert [page.label for page in reading.pages] == ["1", "2", "3"]
    assert blocks(reading, 1) == [
        (BlockKind.HEADING, "社区书房建设情况汇报"),
        (BlockKind.PARAGRAPH, "全市建成书房一百二十家。"),
        (BlockKind.PARAGRAPH, "全年免费开放。"),
        (BlockKind.PARAGRAPH, "此处说明经费来源。"),
    ]
    assert blocks(reading, 2) == [
        (BlockKind.PARAGRAPH, "各书房座席如下。"),
        (BlockKind.ROW, "名称：东门书房；座席：12"),
        (BlockKind.ROW, "名称：西门书房；座席：8"),
    ]
    assert reading.remarks == ("pages-without-text:3",)
    assert reading.metadata.title == "社区书房建设情况汇报"


def test_a_passage_of_a_slide_stays_on_it() -> None:
    drafts = passages(read_file(deck(), "x.pptx").pages)
    assert {span.page for span in drafts[0].spans} == {1}
    assert drafts[-1].text == "名称：西门书房；座席：8"
