"""One work under the names of CSL-JSON: what a reference is printed from, and what is exported.

Source of the names: the CSL 1.0.2 input schema (https://docs.citationstyles.org).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from knowledge.model import Document, DocumentType, Metadata, Version

_ISO: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA_OR_HANGUL: Final = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_NEWSPAPER: Final = re.compile(r"(?<![学通情公])报$|\b(?:Daily|Times|Gazette)$")


class WorkType(StrEnum):
    """The CSL types that are printed; the value is CSL's own name."""

    LEGISLATION = "legislation"
    REGULATION = "regulation"
    """A government document; CSL has no nearer type."""
    REPORT = "report"
    """Also plans without a number, bulletins, surveys and the desk's reference answers."""
    ARTICLE = "article-journal"
    NEWS = "article-newspaper"
    BOOK = "book"
    WEB_PAGE = "webpage"
    DATASET = "dataset"
    MANUSCRIPT = "manuscript"
    """Unpublished papers of an archive: minutes."""
    DOCUMENT = "document"
    CHAPTER = "chapter"
    CONFERENCE_PAPER = "paper-conference"
    THESIS = "thesis"
    STANDARD = "standard"
    PATENT = "patent"
    MAP = "map"
    PREPRINT = "article"
    """CSL's plain ``article`` is one that no journal has printed yet."""


CONTAINED: Final = frozenset({WorkType.CHAPTER, WorkType.CONFERENCE_PAPER})
"""Their editors are those of the book they stand in."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person or a body; either `literal` alone, or `family` with or without `given`."""

    literal: str = ""
    family: str = ""
    given: str = ""
    suffix: str = ""
    """“Jr”, “III”."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of the precision known."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str | None) -> "PartialDate | None":
        """Read ``2021``, ``2021-05`` or ``2021-05-30``; None for anything that is no such date."""
        found = _ISO.fullmatch((text or "").strip())
        if not found:
            return None
        year, month, day = (int(part) if part else None for part in found.groups())
        try:
            date(year or 0, month or 1, day or 1)
        except ValueError:
            return None
        return cls(year or 0, month, day)

    @property
    def parts(self) -> list[int]:
        """Year, month and day, as far as known."""
        return [part for part in (self.year, self.month, self.day) if part is not None]

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """A whole date."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        """ISO, of the precision known."""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Work:
    """One source as CSL-JSON names its parts; what is unknown is empty or None."""

    type: WorkType
    title: str
    author: tuple[Name, ...] = ()
    """Who answers for the content: people or the issuing body."""
    editor: tuple[Name, ...] = ()
    """Of the book that a chapter or a conference paper stands in; else of the work itself."""
    translator: tuple[Name, ...] = ()
    publisher: str = ""
    """Also a thesis's university and the server that keeps a preprint or a data set."""
    publisher_place: str = ""
    container_title: str = ""
    """The journal, newspaper or book that it stands in."""
    event: str = ""
    """Name of a conference."""
    issued: PartialDate | None = None
    accessed: PartialDate | None = None
    number: str = ""
    """文号, number of a report, standard or patent, 档号 of an archive's paper."""
    volume: str = ""
    """Of a journal, or which volume of a book."""
    issue: str = ""
    page: str = ""
    """First to last page of an article; the page that is quoted stands in the citation's mark."""
    edition: str = ""
    isbn: str = ""
    issn: str = ""
    version: str = ""
    scale: str = ""
    """Of a map: ``1:25000``."""
    dimensions: str = ""
    """Of a map: ``128cm×84cm``."""
    archive: str = ""
    archive_place: str = ""
    url: str = ""
    doi: str = ""
    language: str = ""
    """BCP 47; empty means: to be seen from the title."""
    medium: str = ""
    """Carrier mark (``OL``, ``CD``); empty means ``OL`` where there is an address, else none."""

    @property
    def is_chinese(self) -> bool:
        """True when the entry speaks Chinese: “等”, not “et al”."""
        if self.language:
            return self.language.lower().split("-")[0] in {"zh", "yue", "wuu", "lzh"}
        return bool(_HAN.search(self.title)) and not _KANA_OR_HANGUL.search(self.title)


TEXTS: Final = {
    "title": "title",
    "publisher": "publisher",
    "publisher_place": "publisher-place",
    "container_title": "container-title",
    "event": "event-title",
    "number": "number",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "edition": "edition",
    "isbn": "ISBN",
    "issn": "ISSN",
    "version": "version",
    "scale": "scale",
    "dimensions": "dimensions",
    "archive": "archive",
    "archive_place": "archive-place",
    "url": "URL",
    "doi": "DOI",
    "language": "language",
    "medium": "medium",
}
"""Field of `Work` → the variable of CSL that holds its text."""
NAMES: Final = ("author", "editor", "translator")
"""Fields of `Work` that hold names; CSL calls them the same."""
DATES: Final = ("issued", "accessed")
"""Fields of `Work` that hold dates; CSL calls them the same."""
_TYPES: Final = {
    DocumentType.LAW: WorkType.LEGISLATION,
    DocumentType.OFFICIAL: WorkType.REGULATION,
    DocumentType.PLAN: WorkType.REPORT,
    DocumentType.BULLETIN: WorkType.REPORT,
    DocumentType.REPORT: WorkType.REPORT,
    DocumentType.SURVEY: WorkType.REPORT,
    DocumentType.REFERENCE_ANSWER: WorkType.REPORT,
    DocumentType.ARTICLE: WorkType.ARTICLE,
    DocumentType.BOOK: WorkType.BOOK,
    DocumentType.WEB_PAGE: WorkType.WEB_PAGE,
    DocumentType.DATASET: WorkType.DATASET,
    DocumentType.MINUTES: WorkType.MANUSCRIPT,
    DocumentType.CHAPTER: WorkType.CHAPTER,
    DocumentType.CONFERENCE_PAPER: WorkType.CONFERENCE_PAPER,
    DocumentType.THESIS: WorkType.THESIS,
    DocumentType.STANDARD: WorkType.STANDARD,
    DocumentType.PATENT: WorkType.PATENT,
    DocumentType.MAP: WorkType.MAP,
    DocumentType.PREPRINT: WorkType.PREPRINT,
    DocumentType.ARCHIVE: WorkType.MANUSCRIPT,
    DocumentType.OTHER: WorkType.DOCUMENT,
}


def work_of(document: Document, version: Version) -> Work:
    """Gather what the catalogue knows of a version's work.

    The issuer is who answers for the work when no author is known; beside authors it is the
    publisher unless one is named, and for an article the journal unless one is named. The day of
    access is the one in the catalogue, failing it the day on which the version was taken in (its
    stamp's date); without an address there is none.
    """
    known = document.metadata
    kind = type_of(known)
    issuer = known.issuer or ""
    authors, editors = _names(known.authors), _names(known.editors)
    in_container = kind in {WorkType.ARTICLE, WorkType.NEWS}
    is_edited = bool(editors) and kind not in CONTAINED
    if issuer and not (authors or is_edited) and (not in_container or known.container_title):
        authors, issuer = (Name(literal=issuer),), ""
    if issuer in known.authors:
        issuer = ""
    accessed = PartialDate.parse(known.accessed_on) or PartialDate.of(version.stamp.made_at.date())
    return Work(
        type=kind,
        title=document.title,
        author=authors,
        editor=editors,
        translator=_names(known.translators),
        publisher=known.publisher or ("" if in_container else issuer),
        publisher_place=known.publisher_place or "",
        container_title=known.container_title or (issuer if in_container else ""),
        event=known.event or "",
        issued=PartialDate.parse(known.issued_on),
        accessed=accessed if known.url else None,
        number=known.number or "",
        volume=known.volume or "",
        issue=known.issue or "",
        page=known.pages or "",
        edition=known.edition or "",
        isbn=known.isbn or "",
        issn=known.issn or "",
        version=known.release or "",
        scale=known.scale or "",
        dimensions=known.dimensions or "",
        archive=known.archive or "",
        archive_place=known.archive_place or "",
        url=known.url or "",
        doi=known.doi or "",
        language=known.language or "",
        medium=known.carrier or "",
    )


def _names(written: Iterable[str]) -> tuple[Name, ...]:
    return tuple(name_of(name) for name in written if name.strip())


def csl_json(document: Document, version: Version) -> Mapping[str, Any]:
    """Everything known of a version's work as one item of CSL-JSON; what is unknown is left out.

    Laws and government documents name their issuer as ``authority`` too, which some styles ask for.
    """
    work = work_of(document, version)
    item = dict(item_of(work, key_of(document, version)))
    if work.type in {WorkType.LEGISLATION, WorkType.REGULATION} and document.metadata.issuer:
        item["authority"] = document.metadata.issuer
    return item


def key_of(document: Document, version: Version) -> str:
    """The name of a source in files; two versions of a document are two sources."""
    return f"zhiku-{document.id}-{version.number}"


def item_of(work: Work, key: str) -> Mapping[str, Any]:
    """A work as one item of CSL-JSON under the id `key`; what is unknown is left out."""
    item: dict[str, Any] = {"id": key, "type": work.type.value}
    for field, variable in TEXTS.items():
        item[variable] = getattr(work, field)
    for field in NAMES:
        item[field] = [_name_json(name) for name in getattr(work, field)]
    for field in DATES:
        item[field] = _date_json(getattr(work, field))
    return {name: value for name, value in item.items() if value}


def type_of(metadata: Metadata) -> WorkType:
    """As what a catalogued work is cited."""
    # A plan that was issued under a document number is cited as the government document it is.
    if metadata.type is DocumentType.PLAN and metadata.number:
        return WorkType.REGULATION
    in_paper = _NEWSPAPER.search(metadata.container_title or "")
    if metadata.type is DocumentType.ARTICLE and in_paper and not metadata.volume:
        return WorkType.NEWS
    return _TYPES[metadata.type or DocumentType.OTHER]


def name_of(written: str) -> Name:
    """“Marlow, Tom” in its parts; every other name as it is written."""
    family, comma, given = (part.strip() for part in written.partition(","))
    if comma and family and given and not _HAN.search(written):
        return Name(family=family, given=given)
    return Name(literal=written.strip())


def _name_json(name: Name) -> Mapping[str, str]:
    parts = {
        "literal": name.literal,
        "family": name.family,
        "given": name.given,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


def _date_json(when: PartialDate | None) -> Mapping[str, list[list[int]]] | None:
    return {"date-parts": [when.parts]} if when else None
