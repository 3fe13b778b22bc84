"""Saved web pages: the main text with its headings and tables, never scripts."""

import re
from copy import deepcopy
from typing import Any, Final

import lxml.html
import trafilatura
from lxml import etree

from knowledge.errors import EmptyFileError, MislabelledError
from knowledge.model import BlockKind, PageText, Reading
from knowledge.readers.assembly import Cell, PageBuilder, add_grid, grid_of
from knowledge.readers.encoding import decode
from knowledge.readers.furniture import is_furniture
from knowledge.readers.guard import check_text_size, kind_of, library_failures
from knowledge.readers.metadata import Hints, catalogue
from knowledge.readers.pruning import prune
from knowledge.readers.web_page import web_hints
from knowledge.text import clean

_FEWEST: Final = 80
_MOST_PARAGRAPHS: Final = 4
_WIDEST: Final = 60
_MERGED: Final = re.compile("⟦\\d+⟧")
_LEAF_BLOCKS: Final = frozenset({"p", "item", "quote", "code", "ab"})
_INLINE: Final = frozenset({"hi", "ref", "del", "span", "sub", "sup"})
_UNSEEN: Final = ("script", "style", "noscript", "template", "svg", "iframe", "object")
_LINE_ENDS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset",
     "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
     "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
)  # fmt: skip
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
# libxml2 ends the page at the first of these, which careless templates print in its middle.
_PAGE_ENDS: Final = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)


class HtmlReader:
    """Reads HTML as one part without pages."""

    suffixes = frozenset({".html", ".htm", ".xhtml", ".shtml"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a saved page's main text, or all of it when no main text is found."""
        kind = kind_of(data)
        if kind:
            raise MislabelledError(name=name, expected="HTML", actual=kind)
        decoded = decode(data, name, markup=True)
        check_text_size(len(decoded.text), name)
        if not decoded.text.strip():
            raise EmptyFileError(name=name)
        with library_failures(name):
            page, hints, whole = web_page(decoded.text)
        if not page.text:
            raise EmptyFileError(name=name)
        known = catalogue((page,), name, hints=hints)
        return Reading(
            "text/html",
            False,
            (page,),
            known.metadata,
            decoded.encoding,
            (*decoded.remarks, "whole-page") if whole else decoded.remarks,
            known.grounds,
            decoded.confidence,
        )


def web_page(markup: str) -> tuple[PageText, Hints, bool]:
    """Give a page's main text, what it says of itself, and whether all of it had to be taken.

    What parsers raise passes through: see `library_failures`.
    """
    root = _parsed(_PAGE_ENDS.sub("", _DECLARATION.sub("", clean(markup))))
    hints = web_hints(root)
    _mark_merged(root)
    pruned = deepcopy(root)
    prune(pruned)
    for tree in (pruned, root):
        builder = PageBuilder()
        extracted: Any = trafilatura.bare_extraction(
            deepcopy(tree), include_tables=True, include_comments=False, favor_recall=True
        )
        if extracted is not None and extracted.body is not None:
            _add(builder, extracted.body)
        if builder.size >= _FEWEST:
            return builder.page(), hints, False
    return _whole(root).page(), hints, True


def _parsed(source: str) -> Any:
    """The page as a tree without scripts and whatever else nobody sees."""
    parser = lxml.html.HTMLParser(huge_tree=False, remove_comments=True)
    root = lxml.html.document_fromstring(source if source.strip() else "<html></html>", parser)
    for element in list(root.iter(*_UNSEEN)):
        if element.getparent() is not None:
            element.drop_tree()
    return root


def _add(builder: PageBuilder, element: Any) -> None:
    """Walk trafilatura's tree: head, p, list/item, table/row/cell, quote; words between blocks.

    What is set off inside running words (a link, bold type) stays in their line: apart, a sentence
    could lose its 不.
    """
    line = [element.text or ""]
    for child in element.iterchildren(etree.Element):
        if child.tag in _INLINE:
            line += (_text(child), child.tail or "")
            continue
        if child.tag == "lb":
            line += ("\n", child.tail or "")
            continue
        _add_lines(builder, "".join(line))
        if child.tag == "head":
            rend = str(child.get("rend") or "h2")
            level = int(rend[1]) if rend[1:2].isdecimal() and rend[1] != "0" else 2
            builder.add(BlockKind.HEADING, " ".join(_text(child).split()), level=level)
        elif child.tag == "table":
            _add_table(builder, child)
        elif child.tag in _LEAF_BLOCKS and child.find(".//table") is None:
            _add_lines(builder, _text(child))
        else:
            _add(builder, child)
        line = [child.tail or ""]
    _add_lines(builder, "".join(line))


def _add_lines(builder: PageBuilder, text: str) -> None:
    for line in _unmarked(text).split("\n"):
        kind = BlockKind.FURNITURE if is_furniture(line) else BlockKind.PARAGRAPH
        builder.add(kind, line)


def _add_table(builder: PageBuilder, table: Any) -> None:
    if _is_layout(table):
        for cell in table.iter("cell"):
            if next(cell.iterancestors("cell"), None) is None:
                _add(builder, cell)
        return
    merged: dict[str, Cell] = {}
    grid: list[list[Cell]] = []
    for row in table.iter("row"):
        cells: list[Cell] = []
        for cell in row.iter("cell"):
            text, names = " ".join(_text(cell).split()), cell.get("role") == "head"
            mark = _MERGED.search(text)
            fresh = Cell(_MERGED.sub("", text), names)
            cells.append(merged.setdefault(mark.group(), fresh) if mark else fresh)
        grid.append(cells)
    add_grid(builder, grid)


def _mark_merged(root: Any) -> None:
    """Write a merged cell into each place that it covers, with a mark that tells it is the same.

    Trafilatura keeps words but no attributes.
    """
    count = 0
    for table in list(root.iter("table")):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        cells = [list(row.iterchildren("td", "th")) for row in rows]
        if not any(c.get("rowspan") or c.get("colspan") for row in cells for c in row):
            continue
        known: dict[Cell, Any] = {}
        laid: list[list[tuple[Cell, int, int]]] = []
        for row in cells:
            laid.append([])
            for element in row:
                width, height = _covers(element.get("colspan")), _covers(element.get("rowspan"))
                if max(width, height) > 1 and element.find(".//table") is None:
                    count += 1
                    element.append(etree.fromstring(f"<span>⟦{count}⟧</span>"))
                # Trafilatura would fill up what is filled already.
                for attribute in ("colspan", "rowspan"):
                    element.attrib.pop(attribute, None)
                key = Cell("")
                known[key] = element
                laid[-1].append((key, width, height))
        for row, keys in zip(rows, grid_of(laid), strict=True):
            elements = [known[key] for key in keys if key in known]
            for element in list(row.iterchildren("td", "th")):
                row.remove(element)
            row.extend(
                element if element.getparent() is None else deepcopy(element)
                for element in elements
            )


def _covers(value: str | None) -> int:
    return max(1, min(int(value), _WIDEST)) if value and value.isdecimal() else 1


def _is_layout(table: Any) -> bool:
    """A table that only places things: one column, tables inside, or cells of many paragraphs."""
    if table.find(".//table") is not None:
        return True
    if all(len(row.findall("cell")) <= 1 for row in table.iter("row")):
        return True
    return any(len(cell.findall(".//p")) > _MOST_PARAGRAPHS for cell in table.iter("cell"))


def _text(element: Any) -> str:
    for line_break in element.iter("lb", "br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(element.itertext())


def _unmarked(text: str) -> str:
    return _MERGED.sub("", text) if "⟦" in text else text


def _whole(root: Any) -> PageBuilder:
    """All visible words of the page."""
    builder = PageBuilder()
    body = root.find(".//body") if root.find(".//body") is not None else root
    for element in body.iter(etree.Element):
        if element.tag in _LINE_ENDS:
            element.tail = "\n" + (element.tail or "")
            element.text = "\n" + (element.text or "")
    _add_lines(builder, str(body.text_content()))
    return builder
