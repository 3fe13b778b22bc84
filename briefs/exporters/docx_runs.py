"""Words, marks and links in the paragraphs of a DOCX."""

import re
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from briefs.exporters.docx_styles import element
from briefs.exporters.view import Mark, Sentence, View
from knowledge.text import HAN

_HAN = re.compile(f"[{HAN}]")
_THIN = "\u2009"


def add_words(paragraph: Any, text: str, *, style: str | None = None) -> Any:
    """Add text; “ ” … and dashes, which both scripts have, are set full-width beside Chinese."""
    run = paragraph.add_run(text, style=style)
    if _HAN.search(text):
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    return run


def add_sentence(paragraph: Any, sentence: Sentence, view: View) -> None:
    """Add a statement's words, its marks and the stop behind them."""
    add_words(paragraph, sentence.text)
    for place, mark in enumerate(sentence.marks):
        if place:
            add_words(paragraph, _THIN, style="Mark")
        _mark(paragraph, mark, view)
    if sentence.tail:
        add_words(paragraph, sentence.tail)


def link(paragraph: Any, run: Any, *, href: str, anchor: str) -> None:
    """Put a run into a hyperlink: to an address, else to a bookmark."""
    if href:
        made = element("w:hyperlink")
        relation = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        made.set(qn("r:id"), relation)
    else:
        made = element("w:hyperlink", anchor=anchor)
    made.set(qn("w:history"), "1")
    run._r.addprevious(made)
    made.append(run._r)


def _mark(paragraph: Any, mark: Mark, view: View) -> None:
    run = add_words(paragraph, mark.text, style=None if mark.words else "Mark")
    link(paragraph, run, href=mark.href if view.base_url else "", anchor=f"r{mark.reference}")
