"""What a document says of itself, field by field, each with the words that say it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from knowledge.model import DocumentType, Ground, Metadata, Origin, PageText
from knowledge.readers.dating import find_effective, find_issued
from knowledge.readers.enactment import acts_of
from knowledge.readers.findings import Found, Hints, Material, material_of
from knowledge.readers.issuers import find_authors, find_issuer, find_paper
from knowledge.readers.kinds import find_language, find_type
from knowledge.readers.numbers import find_doi, find_isbn, find_number
from knowledge.readers.organs import common_name, signature_of
from knowledge.readers.titles import find_title, without_site

__all__ = ["Catalogued", "Hints", "catalogue", "without_site"]

_BINDING: Final = frozenset({DocumentType.LAW, DocumentType.OFFICIAL})
_IMPERSONAL: Final = _BINDING | {DocumentType.PLAN, DocumentType.BULLETIN}
"""Their files' author property names whoever typed them."""
_NEWS: Final = frozenset({DocumentType.WEB_PAGE, DocumentType.ARTICLE})
_FRONT_PAGES: Final = 6
_ADDRESS: Final = re.compile(
    r"(?:本文链接|本文网址|原文链接|原文网址|网页地址|网址)\s*[：:]\s*(https?://[^\s，。；）)]+)"
)


@dataclass(frozen=True, slots=True)
class Catalogued:
    """A guessed catalogue entry, and why each of its fields has its value."""

    metadata: Metadata
    grounds: tuple[Ground, ...] = ()


def catalogue(pages: Sequence[PageText], name: str, *, hints: Hints | None = None) -> Catalogued:
    """Work out a document's catalogue entry from its pages, its file name and its properties.

    What is printed on the pages weighs more than the file's name, and this more than the file's
    properties; what nothing tells stays unknown. Every known field has one ground.

    Args:
        pages: as the reader gives them, page furniture included.
        name: file name.
        hints: claims of the file; `web_page.web_hints` gathers those of a saved web page.
    """
    material = material_of(pages, name, hints or Hints())
    found = _table(material) if material.hints.table else _document(material)
    return Catalogued(_metadata(found), tuple(each.ground(key) for key, each in found.items()))


def _table(material: Material) -> dict[str, Found]:
    title = find_title(material)
    return _known(
        title=title, type=find_type(material, title, None), language=find_language(material)
    )


def _document(material: Material) -> dict[str, Found]:
    title = find_title(material)
    acts = acts_of(material.head)
    number = find_number(material, title)
    orders = [act for act in acts if act.order is not None]
    if number is None and orders and orders[-1].order:
        number = orders[-1].line.gives(orders[-1].order[1], orders[-1].words)
    if number is not None:
        number = Found(common_name(number.value), number.words, number.origin, number.page)
    type_ = find_type(material, title, number)
    paper = find_paper(material) if type_ is None or type_.value in _NEWS else None
    if paper is not None:
        type_ = Found(DocumentType.ARTICLE.value, paper.words, paper.origin, paper.page)
    kind = None if type_ is None else DocumentType(type_.value)
    signature = signature_of(material)
    issued = find_issued(material, title, signature, acts=acts, kind=kind)
    return _known(
        title=title,
        type=type_,
        authors=_authors(material, kind),
        issuer=find_issuer(material, title, signature, acts=acts, kind=kind),
        number=number,
        issued_on=issued,
        effective_on=find_effective(material, issued, acts) if kind in _BINDING else None,
        language=find_language(material),
        container_title=paper,
        **_addresses(material),
    )


def _authors(material: Material, kind: DocumentType | None) -> Found | None:
    if kind in _IMPERSONAL:
        return None
    named = "、".join(material.hints.authors)
    if named:
        return Found(named, named, Origin.PROPERTIES)
    return find_authors(material) if kind is None or kind in _NEWS else None


def _addresses(material: Material) -> dict[str, Found | None]:
    """Where the work is found: its address with the carrier that follows from it, DOI, ISBN."""
    url = material.hints.url
    at = Found(url, url, Origin.PROPERTIES) if url else None
    for line in () if at else material.edges:
        if match := _ADDRESS.search(line.text):
            at = line.gives(match.group(1), match.group())
    front = [line for line in material.head if line.page <= _FRONT_PAGES]
    back = [line for line in material.lines if line.page <= _FRONT_PAGES][:400]
    carrier = at and Found("OL", at.words, at.origin, at.page)
    return {"url": at, "carrier": carrier, "doi": find_doi(front), "isbn": find_isbn(back)}


def _known(**found: Found | None) -> dict[str, Found]:
    return {field: each for field, each in found.items() if each is not None}


def _metadata(found: Mapping[str, Found]) -> Metadata:
    values: dict[str, Any] = {
        field: each.value for field, each in found.items() if field not in {"type", "authors"}
    }
    type_, authors = found.get("type"), found.get("authors")
    return Metadata(
        type=DocumentType(type_.value) if type_ else None,
        authors=tuple(authors.value.split("、")) if authors else (),
        **values,
    )
