"""DOCX: real styles, fonts by name, no red header; made to be edited and printed."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx

from briefs.exporters.docx_exhibits import add_exhibit
from briefs.exporters.docx_runs import add_sentence, add_words, link
from briefs.exporters.docx_styles import HEADINGS, element, set_page, set_styles
from briefs.exporters.view import Entry, Sentence, View

_NO_DATE = datetime(2000, 1, 1)
_LONGEST = 255
"""Characters that a property of an Office file may have."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def to_docx(view: View) -> bytes:
    """Render a Word document; same view, same bytes.

    Measures are GB/T 9704-2012's; the fonts are named (仿宋_GB2312 …) and come from the reader's
    machine. Marks link to source pages where the view knows the server's address, else to their
    reference in the document.
    """
    document = docx.Document()
    set_styles(document, language=view.language)
    set_page(document)
    _properties(document, view)
    if view.banner:
        add_words(document.add_paragraph(style="Banner"), view.banner)
    add_words(document.add_paragraph(style="Title"), view.title)
    add_words(document.add_paragraph(style="Meta"), " · ".join(view.meta))
    if view.notice:
        add_words(document.add_paragraph(style="Notice"), view.notice)
    for sentence in view.sentences:
        if sentence.number:
            add_exhibit(document, sentence, view)
        else:
            _sentence(document, sentence, view)
    if view.legend:
        add_words(document.add_paragraph(style="Legend"), view.legend)
    if view.entries:
        add_words(document.add_paragraph(style="Heading 1"), view.words.references)
        for entry in view.entries:
            _entry(document, entry, view)
    packed = io.BytesIO()
    document.save(packed)
    return _undated(packed.getvalue())


def _properties(document: Any, view: View) -> None:
    known = document.core_properties
    known.language = view.language
    known.title, known.comments = view.title[:_LONGEST], view.notice[:_LONGEST]
    known.author = known.last_modified_by = view.library[:_LONGEST]
    when = view.published_at
    if when is not None:
        known.created = known.modified = when.astimezone(UTC) if when.tzinfo else when
    else:
        known.created = known.modified = _NO_DATE


def _sentence(document: Any, sentence: Sentence, view: View) -> None:
    style = f"Heading {min(sentence.level, HEADINGS)}" if sentence.level else "Normal"
    paragraph = document.add_paragraph(style=style)
    if sentence.tag:
        add_words(paragraph, sentence.tag, style="Tag")
    add_sentence(paragraph, sentence, view)
    if sentence.formula:
        add_words(paragraph, view.words.aside.format(note=sentence.formula), style="Formula")


def _entry(document: Any, entry: Entry, view: View) -> None:
    paragraph = document.add_paragraph(style="Reference")
    name, number = f"r{entry.number}", str(entry.number)
    paragraph._p.append(element("w:bookmarkStart", id=number, name=name))
    if view.numbered:
        paragraph.add_run(f"[{number}]\t")
    paragraph._p.append(element("w:bookmarkEnd", id=number))
    run = add_words(paragraph, entry.text)
    if view.base_url:
        link(paragraph, run, href=entry.href, anchor="")
    if entry.recognised:
        add_words(paragraph, view.words.aside.format(note=entry.recognised))
    if entry.closed:
        add_words(paragraph, view.words.aside.format(note=view.words.closed))


def _undated(packed: bytes) -> bytes:
    """Repack without the times of packing, which would make every file differ."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            info = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
