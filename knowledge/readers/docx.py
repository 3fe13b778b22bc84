"""DOCX: paragraphs with the numbers Word prints before them, headings, table rows, notes.

The document's XML is walked here rather than by python-docx, whose paragraphs leave out tracked
insertions, content controls and text boxes; it opens the package and knows the styles.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from lxml import etree

from knowledge.errors import EmptyFileError
from knowledge.model import BlockKind, Reading
from knowledge.readers.assembly import Cell, PageBuilder, add_grid
from knowledge.readers.docx_numbering import Numbering
from knowledge.readers.furniture import is_furniture
from knowledge.readers.guard import check_package, check_text_size, library_failures
from knowledge.readers.metadata import Hints, catalogue

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
        qn("w:rt"),
        qn("w:pPr"),
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
_SPACES: Final = {
    qn("w:tab"): " ",
    qn("w:ptab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_WORDS: Final = frozenset({qn("w:t"), qn("m:t")})
_DELETED_MARK: Final = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"
_SYMBOL: Final = qn("w:sym")
_PRIVATE: Final = 0xF000
# Of Wingdings and Wingdings 2, where forms take their boxes from.
_SYMBOLS: Final = {
    0x52: "☑", 0x53: "☒", 0x6F: "☐", 0x71: "☐", 0xA3: "☐", 0xA8: "☐",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x6C: "●", 0x6E: "■",
}  # fmt: skip
_ORDINARY_NOTES: Final = (None, "normal")
_NO_WORDS: Final = re.compile(r"(?:[\s\d\-－—–·.|/第共页]|Page|of)*$")
_WIDEST: Final = 200
_OFF: Final = frozenset({"0", "false", "off"})


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
            walk.furniture("/header")
            walk.blocks(document.element.body)
            walk.notes()
            walk.furniture("/footer")
            properties = document.core_properties
            authors = (properties.author or "").strip()
            hints = Hints(title=properties.title, authors=_people(authors))
        page = builder.page()
        if all(block.kind is BlockKind.FURNITURE for block in page.blocks):
            raise EmptyFileError(name=name)
        known = catalogue((page,), name, hints=hints)
        return Reading(_MEDIA_TYPE, False, (page,), known.metadata, grounds=known.grounds)


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
        self._open = ""
        """Words of paragraphs whose end was deleted: they run on into the next."""
        numbering = next(self._parts("/numbering"), None)
        self._numbering = Numbering(numbering, next(self._parts("/styles"), None))

    def blocks(self, parent: Any) -> None:
        """Add the paragraphs and tables below an element."""
        for element in parent.iterchildren():
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element)
            elif element.tag in _WRAPPERS:
                self.blocks(element)
        self._builder.add(BlockKind.PARAGRAPH, self._open)
        self._open = ""

    def notes(self) -> None:
        """Add foot- and endnotes after the words."""
        for kind in ("/footnotes", "/endnotes"):
            for part in self._parts(kind):
                for note in part:
                    if note.get(qn("w:type")) in _ORDINARY_NOTES:
                        words = self._words(note).replace("\n", " ")
                        self._builder.add(BlockKind.PARAGRAPH, words)

    def furniture(self, kind: str) -> None:
        """Add the running heads or feet, each once; page numbers alone are none."""
        texts = (self._words(part) for part in self._parts(kind))
        for text in dict.fromkeys(" ".join(words.split()) for words in texts):
            if not _NO_WORDS.match(text):
                self._builder.add(BlockKind.FURNITURE, text)

    def _parts(self, kind: str) -> Iterator[Any]:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        relations = self._document.part.rels.values()
        for relation in sorted(relations, key=lambda relation: relation.rId):
            if not relation.is_external and relation.reltype.endswith(kind):
                yield etree.fromstring(relation.target_part.blob, parser)

    def _paragraph(self, element: Any) -> None:
        check_text_size(self._builder.size, self._name)
        level = self._level(element)
        # A number before nothing is no words, but it counts.
        label, words = self._numbering.label(element), _words(element)
        text = label + words if words.strip() else ""
        if element.find(_DELETED_MARK) is not None:
            self._open += text
            return
        text, self._open = self._open + text, ""
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
        rows = [list(_cells(row)) for row in _rows(table)]
        if all(len(row) <= 1 for row in rows):
            for cell in (cell for row in rows for cell in row):
                self.blocks(cell)
            return
        grid: list[list[Cell]] = []
        for row in _rows(table):
            grid.append(self._grid_row(row, grid[-1] if grid else []))
            check_text_size(self._builder.size, self._name)
        add_grid(self._builder, grid)
        for box in _text_boxes(table):
            self.blocks(box)

    def _grid_row(self, row: Any, above: list[Cell]) -> list[Cell]:
        """A row's cells, one for each column: a merged cell stands in all that it covers."""
        properties = row.find(qn("w:trPr"))
        names = properties is not None and _is_on(properties.find(qn("w:tblHeader")))
        before = None if properties is None else properties.find(qn("w:gridBefore"))
        cells = [Cell("")] * (0 if before is None else _width(before))
        for element in _cells(row):
            settings = element.find(qn("w:tcPr"))
            merge = span = None
            if settings is not None:
                merge, span = settings.find(qn("w:vMerge")), settings.find(qn("w:gridSpan"))
            goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
            if goes_on and len(cells) < len(above):
                cell = above[len(cells)]
            else:
                cell = Cell(self._words(element).strip(), names)
            width = 1 if span is None else _width(span)
            cells.extend([cell] * min(width, max(_WIDEST - len(cells), 0)))
        return cells

    def _words(self, element: Any) -> str:
        """The words of all paragraphs of a cell, a note or a running head, line by line."""
        lines = [self._numbering.label(p) + _words(p) for p in _paragraphs(element)]
        return "\n".join(line for line in lines if line.strip())


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


def _paragraphs(element: Any) -> Iterator[Any]:
    """The paragraphs below an element in order, those of nested tables too, not of text boxes."""
    for child in element.iterchildren():
        if child.tag == qn("w:p"):
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _paragraphs(child)


def _words(paragraph: Any) -> str:
    """The words of a paragraph as they stand after all tracked changes, text boxes apart."""
    parts: list[str] = []
    pending = [iter(paragraph)]
    while pending:
        child = next(pending[-1], None)
        if child is None:
            pending.pop()
        elif child.tag in _LEFT_OUT or child.tag == _TEXT_BOX or _is_hidden(child):
            continue
        elif child.tag in _WORDS:
            parts.append(child.text or "")
        elif child.tag in _SPACES:
            parts.append(_SPACES[child.tag])
        elif child.tag == _SYMBOL:
            parts.append(_symbol(child))
        else:
            pending.append(iter(child))
    return "".join(parts)


def _symbol(element: Any) -> str:
    """A letter of a symbol face: the boxes and ticks of forms; what is not known is a blank."""
    code = int(element.get(qn("w:char")) or "20", 16)
    if not _PRIVATE <= code <= _PRIVATE + 0xFF:
        return chr(code)
    return _SYMBOLS.get(code - _PRIVATE, " ") if code - _PRIVATE > 0x20 else " "


def _is_hidden(element: Any) -> bool:
    """Whether a run is set as hidden text, which Word neither shows nor prints."""
    if element.tag != qn("w:r"):
        return False
    return _is_on(element.find(f"{qn('w:rPr')}/{qn('w:vanish')}"))


def _is_on(switch: Any | None) -> bool:
    return switch is not None and switch.get(qn("w:val")) not in _OFF


def _width(element: Any) -> int:
    value = element.get(qn("w:val")) or ""
    return min(int(value), _WIDEST) if value.isdecimal() and len(value) < 7 else 1


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
