"""The styles of a DOCX: GB/T 9704's measures as Word keeps them."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

PITCH = Pt(28.95)
"""22 lines in 225 mm; 29 pt would give 21."""
_BODY_FONT = "仿宋_GB2312"
_FONTS = {
    "Normal": _BODY_FONT,
    "Title": "方正小标宋简体",
    "Heading 1": "黑体",
    "Heading 2": "楷体_GB2312",
}
_LATIN = "Times New Roman"
_SQUEEZE = -5
"""Twentieths of a point between characters: 28 of 16 pt then fit 156 mm."""
HEADINGS = 6


def set_page(document: Any) -> None:
    """A4 with 156 × 225 mm of type, a line grid, page numbers odd right and even left."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    # The dash stands 7 mm below the type: 35 − 7 mm less the height of 14 pt.
    section.footer_distance = Mm(23)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    # Only “lines”: with “linesAndChars” LibreOffice sets about 20 characters a line.
    section._sectPr.append(element("w:docGrid", type="lines", linePitch="579"))
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def set_styles(document: Any, *, language: str) -> None:
    """All that a brief is set in; the styles of tables and figures are set in 12 pt."""
    styles = document.styles
    indent = 200 if language.lower().startswith("zh") else 0
    normal = styles["Normal"]
    _letters(normal, _BODY_FONT, size=16, squeeze=True)
    _lines(normal, PITCH, indent=indent)
    _no_blanks_beside_latin(normal)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    normal.element.get_or_add_rPr().append(element("w:lang", val="en-US", eastAsia=language))
    title = styles["Title"]
    _letters(title, _FONTS["Title"], size=22)
    _lines(title, Pt(36), indent=0)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)
    for level in range(1, HEADINGS + 1):
        heading = styles[f"Heading {level}"]
        _letters(heading, _FONTS.get(heading.name, _BODY_FONT), size=16, squeeze=True)
        _lines(heading, PITCH, indent=indent)
        heading.paragraph_format.keep_with_next = True
    _small(styles, "Meta", size=14, centred=True)
    _small(styles, "Notice", size=12, centred=True)
    _small(styles, "Banner", size=16, centred=True)
    styles["Banner"].font.bold = True
    _reference(styles)
    for name in ("Mark", "Tag", "Formula", "Number"):
        styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    styles["Mark"].font.superscript = True
    _letters(styles["Tag"], "黑体", size=11)
    _letters(styles["Formula"], _BODY_FONT, size=12)
    _letters(styles["Number"], "黑体", size=12)
    _exhibits(styles)


def _exhibits(styles: Any) -> None:
    """Caption, Cell, Figures, Picture, Source, Legend; and a table with three lines."""
    _letters(styles["Caption"], "黑体", size=12)
    _lines(styles["Caption"], Pt(20), indent=0)
    styles["Caption"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, size, side in (
        ("Cell", 12, WD_ALIGN_PARAGRAPH.LEFT),
        ("Figures", 12, WD_ALIGN_PARAGRAPH.RIGHT),
        ("Picture", 12, WD_ALIGN_PARAGRAPH.CENTER),
        ("Source", 10.5, WD_ALIGN_PARAGRAPH.CENTER),
        ("Behind Table", 8, WD_ALIGN_PARAGRAPH.LEFT),
        ("Legend", 12, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        _small(styles, name, size=size, centred=False)
        _lines(styles[name], Pt(size * 1.6), indent=0)
        styles[name].paragraph_format.alignment = side
    picture = styles["Picture"].paragraph_format
    # An exact line would cut the picture off.
    picture.line_spacing_rule, picture.keep_with_next = WD_LINE_SPACING.SINGLE, True
    table = styles.add_style("Brief Table", WD_STYLE_TYPE.TABLE)
    table.base_style = styles["Normal Table"]
    table.element.append(_borders("w:tblPr", "w:tblBorders", top="12", bottom="12"))
    first = element("w:tblStylePr", type="firstRow")
    letters = element("w:rPr")
    letters.append(element("w:b"))
    first.append(letters)
    first.append(_borders("w:tcPr", "w:tcBorders", bottom="6"))
    table.element.append(first)


def _borders(outer: str, inner: str, **sizes: str) -> Any:
    """Lines of a table or its cells; sizes in eighths of a point."""
    made, borders = element(outer), element(inner)
    for side, size in sizes.items():
        borders.append(element(f"w:{side}", val="single", sz=size, space="0", color="auto"))
    made.append(borders)
    return made


def element(tag: str, /, **attributes: str) -> Any:
    """An empty XML element of the ``w:`` namespace."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _small(styles: Any, name: str, *, size: float, centred: bool) -> None:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    _letters(style, _BODY_FONT, size=size)
    _lines(style, PITCH, indent=0)
    if centred:
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _reference(styles: Any) -> None:
    _small(styles, "Reference", size=12, centred=False)
    style = styles["Reference"]
    _lines(style, Pt(20), indent=0)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    style.paragraph_format.left_indent = Mm(10)
    style.paragraph_format.first_line_indent = Mm(-10)
    # Lets a long address break inside a word instead of running off the page.
    style.element.get_or_add_pPr().insert_element_before(
        element("w:wordWrap", val="0"),
        *("w:overflowPunct", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"),
    )


def _letters(style: Any, font: str, *, size: float, squeeze: bool = False) -> None:
    style.font.name = _LATIN
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    if style.type is WD_STYLE_TYPE.PARAGRAPH:
        style.font.bold = style.font.italic = False
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for key in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[key]
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:cs"), _LATIN)
    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)
    spacing = element("w:spacing", val=str(_SQUEEZE if squeeze else 0))
    properties.insert_element_before(
        spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:u", "w:vertAlign", "w:lang"
    )


def _no_blanks_beside_latin(style: Any) -> None:
    """Figures stand in Chinese text without a gap, as official documents are set."""
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
        style.element.get_or_add_pPr().insert_element_before(
            element(tag, val="0"),
            *("w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind"),
        )


def _lines(style: Any, pitch: int, *, indent: int) -> None:
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, pitch
    form.space_before = form.space_after = Pt(0)
    # Word takes the indent in hundredths of a character, LibreOffice the length.
    form.first_line_indent = Emu(style.font.size * indent // 100)
    style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(indent))


def _number(paragraph: Any, side: Any) -> None:
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(14)
    form.first_line_indent = Pt(0)
    paragraph._p.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), "0")
    _page_run(paragraph, "— ")
    _page_run(paragraph, "").append(element("w:fldChar", fldCharType="begin"))
    code = element("w:instrText")
    code.text = "PAGE"
    _page_run(paragraph, "").append(code)
    _page_run(paragraph, "").append(element("w:fldChar", fldCharType="separate"))
    _page_run(paragraph, "1")
    _page_run(paragraph, "").append(element("w:fldChar", fldCharType="end"))
    _page_run(paragraph, " —")


def _page_run(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(14)
    run.font.name = "宋体"
    run._r.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    return run._r
