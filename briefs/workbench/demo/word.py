"""The DOCX files: real styles, real tables, the same bytes every time."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from briefs.workbench.demo.markup import Part, PartKind
from briefs.workbench.demo.package import stable
from knowledge.model import Metadata

_BODY, _BLACK, _TITLE, _KAI = "仿宋_GB2312", "黑体", "方正小标宋简体", "楷体_GB2312"
_STYLES = {PartKind.TITLE: "Title", PartKind.META: "Subtitle", PartKind.CAPTION: "Caption"}
_FACES = (
    ("Normal", _BODY, 16),
    ("Title", _TITLE, 22),
    ("Heading 1", _BLACK, 16),
    ("Heading 2", _KAI, 16),
    ("Subtitle", _BODY, 14),
    ("Caption", _BLACK, 14),
)


def docx_bytes(parts: Sequence[Part], metadata: Metadata, *, mark: str) -> bytes:
    """Set `parts` as a DOCX document; the same parts give the same bytes."""
    document = docx.Document()
    _prepare(document, metadata, mark)
    titles = 0
    for part in parts:
        if part.kind is PartKind.TABLE:
            _add_table(document, part.rows)
            continue
        titles += part.kind is PartKind.TITLE
        _add_paragraph(document, part, new_page=part.kind is PartKind.TITLE and titles > 1)
    buffer = io.BytesIO()
    document.save(buffer)
    return stable(buffer.getvalue())


def _prepare(document: Any, metadata: Metadata, mark: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    for name, face, size in _FACES:
        _set_style(document.styles[name], face, size)
    section.header.paragraphs[0].text = mark
    section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_page_number(section.footer.paragraphs[0])
    properties = document.core_properties
    properties.title = metadata.title
    properties.author = properties.last_modified_by = "、".join(metadata.authors)
    properties.comments = mark
    issued = datetime.fromisoformat(metadata.issued_on or "").replace(tzinfo=UTC)
    properties.created = properties.modified = issued


def _set_style(style: Any, face: str, size: int) -> None:
    # The template's headings name a theme face, which would outrank the face set here.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    style.font.name = "Times New Roman"
    fonts.set(qn("w:eastAsia"), face)
    style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
    style.font.bold = style.font.italic = False
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * 1.8)
    form.space_before = form.space_after = Pt(8) if style.name == "Title" else Pt(0)
    if style.name in ("Title", "Subtitle", "Caption"):
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _add_paragraph(document: Any, part: Part, *, new_page: bool) -> None:
    style = f"Heading {part.level}" if part.level else _STYLES.get(part.kind, "Normal")
    paragraph = document.add_paragraph(part.text, style=style)
    paragraph.paragraph_format.page_break_before = new_page or None
    if part.kind is PartKind.CAPTION:
        paragraph.paragraph_format.keep_with_next = True
    if part.kind is PartKind.SIGNATURE:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(32)
    if part.kind in (PartKind.PARAGRAPH, PartKind.HEADING):
        # Two characters of whatever size the reader's machine shows.
        paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")


def _add_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for line, cells in zip(table.rows, rows, strict=True):
        for column, (cell, words) in enumerate(zip(line.cells, cells, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(words)
            run.font.size, run.font.bold = Pt(12), line is table.rows[0]
            paragraph.paragraph_format.line_spacing = Pt(20)
            if column:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph()


def _add_page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")
