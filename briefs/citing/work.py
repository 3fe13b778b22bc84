"""What a reference is printed from: one work, under the names of CSL-JSON."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.model import Document, DocumentType, Metadata, Version

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")


class WorkType(StrEnum):
    """The CSL types that are printed; the value is CSL's own name."""

    LEGISLATION = "legislation"
    REGULATION = "regulation"
    """A government document; CSL has no nearer type."""
    REPORT = "report"
    """Also plans without a number, bulletins, surveys and the desk's reference answers."""
    ARTICLE = "article-journal"
    BOOK = "book"
    WEB_PAGE = "webpage"
    DATASET = "dataset"
    MANUSCRIPT = "manuscript"
    """Unpublished papers of an archive: minutes."""
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Name:
    """A person or a body; either `literal` alone, or `family` with or without `given`."""

    literal: str = ""
    family: str = ""
    given: str = ""


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
    publisher: str = ""
    publisher_place: str = ""
    container_title: str = ""
    """The journal of an article."""
    issued: PartialDate | None = None
    accessed: PartialDate | None = None
    number: str = ""
    """Document number 文号, report number, or an archive's call number 档号."""
    volume: str = ""
    issue: str = ""
    page: str = ""
    """First to last page of an article; the page that is quoted stands in the citation's mark."""
    edition: str = ""
    version: str = ""
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


_TYPES = {
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
    DocumentType.OTHER: WorkType.DOCUMENT,
}


def _type_of(metadata: Metadata) -> WorkType:
    # A plan that was issued under a document number is cited as the government document it is.
    if metadata.type is DocumentType.PLAN and metadata.number:
        return WorkType.REGULATION
    return _TYPES[metadata.type or DocumentType.OTHER]


def work_of(document: Document, version: Version) -> Work:
    """Gather what the catalogue knows of a version's work.

    The issuer is who answers for the work when no author is known; beside authors it is the
    publisher, and for an article always the journal. The day of access is the day on which the
    version was taken in (its stamp's date), given only where there is an address.
    """
    known = document.metadata
    kind = _type_of(known)
    issuer = known.issuer or ""
    authors = tuple(Name(literal=name) for name in known.authors if name.strip())
    is_article = kind is WorkType.ARTICLE
    if issuer and not authors and not is_article:
        authors, issuer = (Name(literal=issuer),), ""
    if issuer in known.authors:
        issuer = ""
    return Work(
        type=kind,
        title=document.title,
        author=authors,
        publisher="" if is_article else issuer,
        container_title=issuer if is_article else "",
        issued=PartialDate.parse(known.issued_on),
        accessed=PartialDate.of(version.stamp.made_at.date()) if known.url else None,
        number=known.number or "",
        url=known.url or "",
        language=known.language or "",
    )
