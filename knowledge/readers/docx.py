"""DOCX: paragraphs, headings by style, table rows with their column names, footnotes."""

import io
import re
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from lxml import etree

from knowledge.errors import EmptyFileError
from knowledge.model import BlockKind, Reading
from knowledge.readers.assembly import PageBuilder, header_names, lines_of, row_text
from knowledge.readers.furniture import is_furniture
from knowledge.readers.guard import check_package, check_text_size, library_failures
from knowledge.readers.metadata import Hints, describe

_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEADING_STYLE: Final = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_TITLE_STYLES: Final = frozenset({"title", "标题"})
# Deleted and moved-away words, field codes, and the copy of a text box for old programs.
_LEFT_OUT: Final = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:instrText"),
        qn("w:delText"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
_WRAPPERS: Final = frozenset(
    {
        qn("w:sdt"),
        qn("w:sdtContent"),
        qn("w:ins"),
        qn("w:moveTo"),
        qn("w:customXml"),
        qn("w:smartTag"),
    }
)
_TEXT_BOX: Final = qn("w:txbxContent")
_SPACES: Final = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_ORDINARY_NOTES: Final = (None, "normal")


class DocxReader:
    """Reads DOCX as one part without pages: where Word breaks them is not in the file."""

    suffixes = frozenset({".docx", ".docm"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a Word file; tracked deletions are left out. See `knowledge.protocols.Reader`."""
        check_package(data, name, expected="DOCX", member="word/document.xml")
        with library_failures(name):
            document = docx.Document(io.BytesIO(data))
            builder = PageBuilder()
            walk = _Walk(document, builder, name)
            walk.blocks(document.element.body)
            walk.notes()
            properties = document.core_properties
            authors = (properties.author or "").strip()
            hints = Hints(title=properties.title, authors=_people(authors))
        page = builder.page()
        if not page.text:
            raise EmptyFileError(name=name)
        metadata = describe(lines_of(page, furniture=True), name, hints=hints)
        return Reading(_MEDIA_TYPE, False, (page,), metadata)


def _people(author: str) -> tuple[str, ...]:
    """Authors from a property that most programs fill with the computer's user name."""
    names = [name.strip() for name in re.split(r"[;；、,，]", author)]
    is_name = re.compile(r"(?!用户|微软|实习|管理员|匿名|未知)[\u4e00-\u9fff·]{2,4}$")
    return tuple(names) if names and all(map(is_name.match, names)) else ()


class _Walk:
    """Goes through the parts of a document in reading order."""

    def __init__(self, document: Any, builder: PageBuilder, name: str) -> None:
        self._document = document
        self._builder = builder
        self._name = name
        self._levels = _style_levels(document)

    def blocks(self, parent: Any) -> None:
        """Add the paragraphs and tables below an element."""
        for element in parent.iterchildren():
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element)
            elif element.tag in _WRAPPERS:
                self.blocks(element)

    def notes(self) -> None:
        """Add foot- and endnotes after the words."""
        for relation in self._document.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
                continue
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for note in etree.fromstring(relation.target_part.blob, parser):
                if note.get(qn("w:type")) in _ORDINARY_NOTES:
                    self._builder.add(BlockKind.PARAGRAPH, _words(note).replace("\n", " "))

    def _paragraph(self, element: Any) -> None:
        check_text_size(self._builder.size, self._name)
        level = self._level(element)
        text = _words(element)
        if level is not None and text.strip():
            self._builder.add(BlockKind.HEADING, " ".join(text.split("\n")), level=level)
        else:
            for line in text.split("\n"):
                kind = BlockKind.FURNITURE if is_furniture(line) else BlockKind.PARAGRAPH
                self._builder.add(kind, line)
        for box in _text_boxes(element):
            self.blocks(box)

    def _level(self, element: Any) -> int | None:
        properties = element.find(qn("w:pPr"))
        if properties is None:
            return None
        outline = properties.find(qn("w:outlineLvl"))
        if outline is not None:
            return _outline(outline)
        style = properties.find(qn("w:pStyle"))
        return None if style is None else self._levels.get(style.get(qn("w:val")))

    def _table(self, table: Any) -> None:
        rows = [[_cell_text(cell) for cell in _cells(row)] for row in _rows(table)]
        if all(len(row) == 1 for row in rows):
            for row in rows:
                for line in row[0].split("\n"):
                    self._builder.add(BlockKind.PARAGRAPH, line)
            return
        names: tuple[str, ...] = ()
        for position, row in enumerate(rows):
            header = header_names(row) if position == 0 and len(rows) > 1 else None
            if header and len([name for name in header if name]) == len(row):
                names = header
            else:
                self._builder.add(BlockKind.ROW, row_text(names, row))
            check_text_size(self._builder.size, self._name)


def _style_levels(document: Any) -> dict[str, int]:
    """Style id → heading level, by name or outline level, inherited ones included."""
    levels: dict[str, int] = {}
    for style in document.styles:
        seen: set[str] = set()
        current = style
        while current is not None and current.style_id not in seen:
            seen.add(current.style_id)
            level = _own_level(current)
            if level is not None:
                levels[style.style_id] = level
                break
            current = getattr(current, "base_style", None)
    return levels


def _own_level(style: Any) -> int | None:
    named = (style.name or "").strip().lower()
    if match := _HEADING_STYLE.match(named):
        return int(match.group(1))
    if named in _TITLE_STYLES:
        return 1
    outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    return None if outline is None else _outline(outline)


def _outline(element: Any) -> int | None:
    value = element.get(qn("w:val")) or ""
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None


def _words(element: Any) -> str:
    """The words of an element as they stand after all tracked changes, text boxes apart."""
    parts: list[str] = []
    pending = [iter(element)]
    while pending:
        child = next(pending[-1], None)
        if child is None:
            pending.pop()
        elif child.tag in _LEFT_OUT or child.tag == _TEXT_BOX:
            continue
        elif child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _SPACES:
            parts.append(_SPACES[child.tag])
        else:
            if child.tag == qn("w:p") and parts:
                parts.append("\n")
            pending.append(iter(child))
    return "".join(parts)


def _text_boxes(element: Any) -> Iterator[Any]:
    """Outermost text boxes anchored in a paragraph, without the copies for old programs."""
    for box in element.iter(_TEXT_BOX):
        above = set()
        for ancestor in box.iterancestors():
            if ancestor is element:
                break
            above.add(ancestor.tag)
        if not above & (_LEFT_OUT | {_TEXT_BOX}):
            yield box


def _rows(table: Any) -> Iterator[Any]:
    for child in table.iterchildren():
        if child.tag == qn("w:tr"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren():
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _cells(child)


def _cell_text(cell: Any) -> str:
    return _words(cell).strip()
