"""Saved web pages: the main text with its headings and tables, never scripts."""

import re
from copy import deepcopy
from typing import Any, Final

import lxml.html
import trafilatura
from lxml import etree

from knowledge.errors import EmptyFileError, MislabelledError
from knowledge.model import BlockKind, Reading
from knowledge.readers.assembly import PageBuilder, header_names, lines_of, row_text
from knowledge.readers.dates import dates_in
from knowledge.readers.encoding import decode
from knowledge.readers.furniture import is_furniture
from knowledge.readers.guard import check_text_size, kind_of, library_failures
from knowledge.readers.metadata import Hints, describe, without_site
from knowledge.text import clean

_FEWEST: Final = 80
_MOST_PARAGRAPHS: Final = 4
_LEAF_BLOCKS: Final = frozenset({"p", "item", "quote", "code", "ab"})
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
        source = _PAGE_ENDS.sub("", _DECLARATION.sub("", clean(decoded.text)))
        builder, remarks = PageBuilder(), decoded.remarks
        with library_failures(name):
            root = _parsed(source)
            extracted: Any = trafilatura.bare_extraction(
                deepcopy(root),
                include_tables=True,
                include_comments=False,
                favor_recall=True,
            )
            if extracted is not None and extracted.body is not None:
                _add(builder, extracted.body)
            if builder.size < _FEWEST:
                builder, remarks = _whole(root), (*remarks, "whole-page")
            hints = _hints(root)
        page = builder.page()
        if not page.text:
            raise EmptyFileError(name=name)
        metadata = describe(lines_of(page, furniture=True), name, hints=hints)
        return Reading("text/html", False, (page,), metadata, decoded.encoding, remarks)


_META: Final = {
    "title": ("articletitle", "og:title", "dc.title", "citation_title"),
    "issuer": ("contentsource", "sitename", "og:site_name"),
    "date": ("pubdate", "publishdate", "article:published_time", "dc.date", "og:release_date"),
    "url": ("og:url",),
}
"""Meta names in order of trust; the first ones are those of Chinese government sites."""


def _hints(root: Any) -> Hints:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        meta_name = (element.get("name") or element.get("property") or "").lower()
        found.setdefault(meta_name, (element.get("content") or "").strip())
    meta = {
        field: next((found[name] for name in names if found.get(name)), "")
        for field, names in _META.items()
    }
    title = " ".join(str(root.findtext(".//title") or "").split())
    canonical = [
        link.get("href") or "" for link in root.iter("link") if link.get("rel") == "canonical"
    ]
    url = next((url for url in (meta["url"], *canonical) if url.startswith("http")), None)
    dates = dates_in(meta["date"])
    issuer = meta["issuer"]
    return Hints(
        title=without_site(meta["title"] or title),
        issuer=issuer if 2 < len(issuer) <= 30 and "." not in issuer else None,
        issued_on=dates[0] if dates else None,
        url=url,
        web=True,
    )


def _parsed(source: str) -> Any:
    """The page as a tree without scripts and whatever else nobody sees."""
    parser = lxml.html.HTMLParser(huge_tree=False, remove_comments=True)
    root = lxml.html.document_fromstring(source if source.strip() else "<html></html>", parser)
    for element in list(root.iter(*_UNSEEN)):
        if element.getparent() is not None:
            element.drop_tree()
    return root


def _add(builder: PageBuilder, element: Any) -> None:
    """Walk trafilatura's tree: head, p, list/item, table/row/cell, quote."""
    for child in element.iterchildren(etree.Element):
        if child.tag == "head":
            rend = str(child.get("rend") or "h2")
            level = int(rend[1]) if rend[1:2].isdecimal() and rend[1] != "0" else 2
            builder.add(BlockKind.HEADING, " ".join(_text(child).split()), level=level)
        elif child.tag == "table":
            _add_table(builder, child)
        elif child.tag in _LEAF_BLOCKS and child.find(".//table") is None:
            _add_lines(builder, _text(child))
        else:
            _add_lines(builder, child.text or "")
            _add(builder, child)
        _add_lines(builder, child.tail or "")


def _add_lines(builder: PageBuilder, text: str) -> None:
    for line in text.split("\n"):
        kind = BlockKind.FURNITURE if is_furniture(line) else BlockKind.PARAGRAPH
        builder.add(kind, line)


def _add_table(builder: PageBuilder, table: Any) -> None:
    if _is_layout(table):
        for cell in table.iter("cell"):
            if next(cell.iterancestors("cell"), None) is None:
                _add_lines(builder, cell.text or "")
                _add(builder, cell)
        return
    rows = [
        [" ".join(_text(cell).split()) for cell in row.iter("cell")] for row in table.iter("row")
    ]
    rows = [row for row in rows if any(row)]
    names: tuple[str, ...] = ()
    for position, row in enumerate(rows):
        header = header_names(row) if position == 0 and len(rows) > 1 else None
        if header and all(header):
            names = header
        else:
            builder.add(BlockKind.ROW, row_text(names, row))


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
