"""Tables and figures of a DOCX: real tables whose header repeats, pictures with their words."""

import io
from typing import Any, Final

from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from briefs.exporters.docx_runs import add_sentence, add_words
from briefs.exporters.docx_styles import element
from briefs.exporters.exhibits import Picture
from briefs.exporters.view import Sentence, View
from briefs.tables import Table

_WIDE: Final = Mm(156)
_HIGH: Final = Mm(150)
_PIXEL: Final = Pt(0.372)
"""A figure is as large as on its page, of which 1,600 pixels are 210 mm."""


def add_exhibit(document: Any, sentence: Sentence, view: View) -> None:
    """Add a table below its caption, or a figure above it."""
    if sentence.picture is not None:
        _picture(document, sentence.picture, text=sentence.text or sentence.number)
    caption = document.add_paragraph(style="Caption")
    gap = view.words.gap if sentence.text else ""
    add_words(caption, sentence.number + gap, style="Number")
    add_sentence(caption, sentence, view)
    caption.paragraph_format.keep_with_next = sentence.table is not None or bool(sentence.source)
    if sentence.table is not None:
        _table(document, sentence.table)
        # Word joins tables that touch, and needs a paragraph behind the last one.
        document.add_paragraph(style="Behind Table")
    if sentence.source:
        add_words(document.add_paragraph(style="Source"), sentence.source)


def _table(document: Any, table: Table) -> None:
    figures = table.figures
    made = document.add_table(rows=0, cols=len(table.header), style="Brief Table")
    made.autofit = True
    for row in (table.header, *table.rows):
        cells = made.add_row().cells
        for at, (cell, text) in enumerate(zip(cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles["Figures" if figures[at] else "Cell"]
            add_words(paragraph, text)
    for at, row in enumerate(made._tbl.tr_lst):
        properties = row.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        if at == 0:
            properties.append(element("w:tblHeader"))
    # The look names what is a header; without it screen readers hear plain cells.
    look = made._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        made._tbl.tblPr.remove(look)
    made._tbl.tblPr.append(
        element(
            "w:tblLook", val="0420", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0",
            noHBand="0", noVBand="1",
        )
    )  # fmt: skip


def _picture(document: Any, picture: Picture, *, text: str) -> None:
    paragraph = document.add_paragraph(style="Picture")
    run = paragraph.add_run()
    width = min(_WIDE, picture.width * _PIXEL, _HIGH * picture.width // picture.height)
    shape = run.add_picture(io.BytesIO(picture.png), width=Emu(width))
    named = shape._inline.docPr
    named.set("descr", text)
    named.set("name", f"figure {named.get('id')}")
