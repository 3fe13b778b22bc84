"""DOCX."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.errors import (
    DamagedError,
    EncryptedError,
    MislabelledError,
    OldOfficeError,
    TooLargeError,
)
from knowledge.model import BlockKind
from knowledge.readers import read_file
from knowledge.readers.docx import DocxReader
from tests.contracts.reader import ReaderContract


def document() -> bytes:
    made = docx.Document()
    made.core_properties.title = "Microsoft Word - 草稿.doc"
    made.add_heading("青河市社区书房调查报告", level=1)
    made.add_paragraph("本报告依据二〇二三年的走访写成。")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["名称", "座席", "东门书房", "12"], strict=True):
        cell.text = text
    changed = made.add_paragraph("保留")
    changed._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        )
    )
    changed._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>新增</w:t></w:r></w:ins>')
    )
    return saved(made)


def saved(made: docx.document.Document) -> bytes:
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


class TestDocxReader(ReaderContract):
    reader = DocxReader()
    name = "report.docx"

    @classmethod
    def make(cls) -> bytes:
        return document()


def test_headings_tables_and_tracked_changes_in_order() -> None:
    reading = read_file(document(), "x.docx")
    page = reading.pages[0]
    assert [(block.kind, page.text[block.start : block.end]) for block in page.blocks] == [
        (BlockKind.HEADING, "青河市社区书房调查报告"),
        (BlockKind.PARAGRAPH, "本报告依据二〇二三年的走访写成。"),
        (BlockKind.ROW, "名称：东门书房；座席：12"),
        (BlockKind.PARAGRAPH, "保留新增"),
    ]
    assert reading.metadata.title == "青河市社区书房调查报告"
    assert not reading.paged


def repacked(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document())) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(
                entry, parts.get(entry.replace("/", "_").replace(".", "_"), old.read(entry))
            )
        for name, content in parts.items():
            if name.startswith("extra"):
                new.writestr(name, content)
    return packed.getvalue()


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    with pytest.raises(TooLargeError):
        read_file(repacked(extra=bytes(210 * 2**20)), "x.docx")


def test_entities_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    with pytest.raises(DamagedError, match="entities"):
        read_file(repacked(word_document_xml=laughs), "x.docx")


def test_old_and_encrypted_files() -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(OldOfficeError):
        read_file(container, "x.docx")
    with pytest.raises(EncryptedError):
        read_file(container + "EncryptedPackage".encode("utf-16-le"), "x.docx")


def test_a_pdf_is_no_docx() -> None:
    with pytest.raises(MislabelledError, match="PDF"):
        DocxReader().read(b"%PDF-1.7\n", "x.docx")


NUMBERING = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="50">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
<w:lvlText w:val="第%1章"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
<w:lvlRestart w:val="0"/><w:lvlText w:val="第%2条"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
<w:suff w:val="nothing"/><w:lvlText w:val="（%3）"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/>
<w:lvlText w:val="%3.%4"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="51">
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimalEnclosedCircle"/>
<w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>
</w:abstractNum>
<w:num w:numId="50"><w:abstractNumId w:val="50"/></w:num>
<w:num w:numId="51"><w:abstractNumId w:val="51"/></w:num>
<w:num w:numId="52"><w:abstractNumId w:val="51"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def numbered(made: docx.document.Document, text: str, *, number: int, level: int) -> None:
    properties = made.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        )
    )


def with_numbering() -> docx.document.Document:
    made = docx.Document()
    part = made.part.numbering_part
    part._element = parse_xml(NUMBERING)
    return made


def texts(made: docx.document.Document, kind: BlockKind | None = None) -> list[str]:
    page = read_file(saved(made), "x.docx").pages[0]
    return [
        page.text[block.start : block.end] for block in page.blocks if kind in {None, block.kind}
    ]


def test_numbers_that_only_word_prints_are_words() -> None:
    made = with_numbering()
    for level, text in ((0, "总则"), (1, "为了促进阅读，制定本条例。"), (1, "书房应当具备："),
                        (2, "馆址；"), (2, "经费。"), (3, "来源"), (0, "服务"), (1, "免费开放。"),
                        (2, "公告。")):  # fmt: skip
        numbered(made, text, number=50, level=level)
    assert texts(made) == [
        "第一章 总则",
        "第一条 为了促进阅读，制定本条例。",
        "第二条 书房应当具备：",
        "（一）馆址；",
        "（二）经费。",
        "2.1 来源",
        "第二章 服务",
        "第三条 免费开放。",
        "（一）公告。",
    ]


def test_numbers_begin_anew_where_word_begins_them() -> None:
    made = with_numbering()
    for number, level, text in ((51, 0, "甲"), (51, 0, "乙"), (51, 1, "丙"), (52, 0, "丁"),
                                (52, 0, "戊"), (0, 0, "己"), (99, 0, "庚")):  # fmt: skip
        numbered(made, text, number=number, level=level)
    assert texts(made) == ["③ 甲", "④ 乙", "丙", "① 丁", "② 戊", "己", "庚"]


def test_numbers_given_by_a_style() -> None:
    made = with_numbering()
    styled = made.styles.add_style("条", 1)
    styled.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="1"/><w:numId w:val="50"/></w:numPr>')
    )
    derived = made.styles.add_style("条文", 1)
    derived.base_style = styled
    made.add_paragraph("甲。", style="条")
    made.add_paragraph("乙。", style="条文")
    assert texts(made) == ["第一条 甲。", "第二条 乙。"]


def test_merged_cells_stand_in_each_row_under_all_their_names() -> None:
    made = docx.Document()
    made.add_paragraph("各区书房。")
    table = made.add_table(rows=5, cols=4)
    content = ["区", "名称", "座席", "", "", "", "成人", "儿童", "东区", "东门书房", "12", "8",
               "", "东山书房", "20", "4", "合计", "", "32", "12"]  # fmt: skip
    for cell, text in zip(table._cells, content, strict=True):
        cell.text = text
    for first, last in (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((2, 0), (3, 0)),
                        ((4, 0), (4, 1))):  # fmt: skip
        table.cell(*first).merge(table.cell(*last))
    assert texts(made, BlockKind.ROW) == [
        "区：东区；名称：东门书房；座席 成人：12；座席 儿童：8",
        "区：东区；名称：东山书房；座席 成人：20；座席 儿童：4",
        "区：合计；座席 成人：32；座席 儿童：12",
    ]


def test_a_title_row_is_no_header_and_years_may_be_names() -> None:
    made = docx.Document()
    table = made.add_table(rows=3, cols=3)
    content = ["书房数量（个）", "", "", "指标", "2022年", "2023年", "东区", "3", "5"]
    for cell, text in zip(table._cells, content, strict=True):
        cell.text = text
    table.cell(0, 0).merge(table.cell(0, 2))
    assert texts(made) == ["书房数量（个）", "指标：东区；2022年：3；2023年：5"]


def test_running_heads_are_kept_once_and_comments_are_not() -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "青河市图书馆内部资料"
    made.sections[0].footer.paragraphs[0].text = "- 第 1 页，共 2 页 -".replace("，", " ")
    made.add_paragraph("正文。")
    made.add_comment(made.paragraphs[0].runs, text="此处待核", author="a")
    page = read_file(saved(made), "x.docx").pages[0]
    assert [(block.kind, page.text[block.start : block.end]) for block in page.blocks] == [
        (BlockKind.FURNITURE, "青河市图书馆内部资料"),
        (BlockKind.PARAGRAPH, "正文。"),
    ]


def test_hidden_words_and_copies_of_text_boxes_are_left_out() -> None:
    made = docx.Document()
    run = made.add_paragraph("看得见。").add_run("看不见。")
    run.font.hidden = True
    box = f"""<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
    <mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>框中文字。</w:t></w:r>
    </w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>框中文字。</w:t></w:r>
    </w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"""
    made.paragraphs[0]._p.append(parse_xml(box))
    assert texts(made) == ["看得见。", "框中文字。"]


def test_a_paragraph_whose_end_was_deleted_runs_on() -> None:
    made = docx.Document()
    properties = made.add_paragraph("每台补助不")._p.get_or_add_pPr()
    deleted = f'<w:rPr {nsdecls("w")}><w:del w:id="1" w:author="x"/></w:rPr>'
    properties.append(parse_xml(deleted))
    made.add_paragraph("超过20万元。")
    assert texts(made) == ["每台补助不超过20万元。"]


def test_ticked_boxes_are_words() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("是否同意：")
    tick = f'<w:sym {nsdecls("w")} w:font="Wingdings" w:char="F0FE"/>'
    paragraph.runs[0]._r.append(parse_xml(tick))
    paragraph.add_run("同意")
    assert texts(made) == ["是否同意：☑同意"]
