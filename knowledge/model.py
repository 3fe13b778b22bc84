"""The words of the knowledge base, as frozen dataclasses; standard library and permissions only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from knowledge.accounts.roles import Permission
from knowledge.places import Places


class Access(StrEnum):
    """Who may see a record."""

    PUBLIC = "public"
    STAFF = "staff"
    """The staff of its branch and of the main library; of every branch if it is shared."""
    NAMED = "named"
    """Who made it, and its recipients."""


class DocumentType(StrEnum):
    """What kind of work a document is; decides its reference's form."""

    LAW = "law"
    OFFICIAL = "official"
    """Notice, decision, opinion: a government document with (usually) a number 文号."""
    PLAN = "plan"
    BULLETIN = "bulletin"
    """Statistical bulletin, yearbook page."""
    REPORT = "report"
    ARTICLE = "article"
    SURVEY = "survey"
    MINUTES = "minutes"
    WEB_PAGE = "web-page"
    DATASET = "dataset"
    BOOK = "book"
    CHAPTER = "chapter"
    CONFERENCE_PAPER = "conference-paper"
    THESIS = "thesis"
    STANDARD = "standard"
    PATENT = "patent"
    MAP = "map"
    PREPRINT = "preprint"
    ARCHIVE = "archive"
    """Papers that an archive 档案馆 keeps."""
    REFERENCE_ANSWER = "reference-answer"
    OTHER = "other"


class BlockKind(StrEnum):
    """What a stretch of a page's text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROW = "row"
    """One table row: a passage of its own."""
    HEADER = "header"
    """The printed column names of the rows that follow, until the next header or other block;
    repeated in the passage of each of them. Formats without a printed page write the names into
    the rows instead."""
    FURNITURE = "furniture"
    """Running header, footer, page number: kept on the page, out of passages."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch ``[start, end)`` of a page's text; blocks of a page ascend and do not overlap."""

    kind: BlockKind
    start: int
    end: int
    level: int | None = None
    """Depth of a heading, 1 the highest; None otherwise."""


class Layer(StrEnum):
    """Where the words of a page come from."""

    TEXT = "text"
    """The file holds them as characters."""
    RECOGNISED = "recognised"
    """Read from the picture of the page (OCR): each line has a confidence."""
    WAITING = "waiting"
    """The page shows words that the file does not hold, or holds wrongly: to be recognised."""
    UNREAD = "unread"
    """The page is broken, or recognition failed or found nothing on it."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """How sure recognition is of the characters ``[start, end)`` of a page's text, 0 … 1."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as a reader gives it; a format without pages gives parts (a sheet, the text)."""

    text: str
    label: str | None = None
    """What is printed as its number (“iii”, “A-7”), or a sheet's name; None when unknown."""
    blocks: tuple[Block, ...] = ()
    """Empty means: one paragraph per line."""
    layer: Layer = Layer.TEXT
    places: Places | None = None
    """Where each character of `text` is printed; None where the format has no places."""
    recognised: tuple[Recognised, ...] = ()
    """Ascending, not overlapping; empty unless `layer` is `Layer.RECOGNISED`."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a work; every field may be unknown (None or empty)."""

    title: str | None = None
    type: DocumentType | None = None
    authors: tuple[str, ...] = ()
    issuer: str | None = None
    number: str | None = None
    """Document number 文号, e.g. 国办发〔2023〕12号."""
    issued_on: str | None = None
    """ISO date of the precision known: ``2021``, ``2021-05`` or ``2021-05-30``."""
    effective_on: str | None = None
    language: str | None = None
    """BCP 47, e.g. ``zh``, ``en``."""
    url: str | None = None
    carrier: str | None = None
    """Carrier mark of GB/T 7714: ``OL``, ``CD``, ``DK``, ``MT``; None for paper or unknown."""
    container_title: str | None = None
    """The journal, newspaper or book that an article stands in."""
    publisher: str | None = None
    publisher_place: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    """First to last page within the container, e.g. ``12-18``."""
    edition: str | None = None
    isbn: str | None = None
    doi: str | None = None
    accessed_on: str | None = None
    """ISO date on which a network source was read."""
    editors: tuple[str, ...] = ()
    """Of the book that a chapter or a conference paper stands in; else of the work itself."""
    translators: tuple[str, ...] = ()
    event: str | None = None
    """Name of the conference."""
    issn: str | None = None
    release: str | None = None
    """Of a data set or a program, ``V1.2``; files of ours have versions."""
    scale: str | None = None
    """Of a map: ``1:25000``."""
    dimensions: str | None = None
    """Of a map: ``128cm×84cm``."""
    archive: str | None = None
    """Who keeps an unpublished paper."""
    archive_place: str | None = None


class Origin(StrEnum):
    """What a guessed field of the catalogue was taken from."""

    PAGE = "page"
    PROPERTIES = "properties"
    """What the file says of itself: PDF or Office properties, a web page's meta tags."""
    FILE_NAME = "file-name"
    CONTENT = "content"
    """The whole of the text: its script, its structure."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a field of the catalogue has its value."""

    field: str
    """Name of a field of `Metadata`."""
    origin: Origin
    words: str
    """The words it was taken from, as they stand there."""
    page: int | None = None
    """Physical page of the words, 1-based; None where `origin` is no page."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one file."""

    media_type: str
    paged: bool
    """True when `pages` are pages that a person can turn to; only then is a page number cited."""
    pages: tuple[PageText, ...]
    metadata: Metadata = Metadata()
    encoding: str | None = None
    """The character encoding detected, for text formats."""
    remarks: tuple[str, ...] = ()
    """Short machine words on what a person should know, e.g. ``pages-without-text:3-5``."""
    grounds: tuple[Ground, ...] = ()
    """At most one for each field of `metadata` that is known."""
    encoding_confidence: float | None = None
    """How sure the detection is, 0 … 1; 1.0 when the file declares it and it fits."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``[start, end)`` of the text of page `page` (1-based position in its version)."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage before it is stored: `text` is exactly its spans' words, joined."""

    text: str
    spans: tuple[Span, ...]
    heading: tuple[str, ...] = ()
    """Headings above it, outermost first."""
    repeats: int = 0
    """How many of the first spans repeat a table's column names, perhaps from an earlier page."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something is done."""

    person_id: int
    name: str
    branch_id: int
    permissions: frozenset[Permission] = frozenset()
    """What they may do; every service asks (`knowledge.accounts.roles.require`)."""
    level: int | None = None
    """Hardest inquiry that they may take (READ scale, 1 … 6); None: any."""
    sees_all_branches: bool = False
    """They belong to the main library."""
    address: str | None = None
    """Network address that they act from; None: the machine itself."""
    is_operator: bool = False
    """They run commands on the machine that holds the home: nobody asked who they are."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every record carries: whose it is, who may see it, who made it and when (UTC)."""

    branch_id: int
    access: Access
    made_by: int
    made_at: datetime
    shared: bool = False
    """Its branch shares it with the staff of all others; counts for `Access.STAFF` alone."""
    recipients: frozenset[int] = frozenset()
    """Persons who may see it besides its maker; count for `Access.NAMED` alone."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a person has looked at a catalogue entry and stands for it."""

    person_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """A catalogued work."""

    id: int
    metadata: Metadata
    source: str
    """Where it came from: an absolute path, ``upload:NAME`` or ``answer:ID``."""
    stamp: Stamp
    current_version: int
    """Id of the version that search finds."""
    grounds: tuple[Ground, ...] = ()
    """Why the guessed fields have their values; a corrected field has none."""
    confirmed: Confirmation | None = None
    group: int | None = None
    """Documents of one group have the same or nearly the same words; None when it is alone."""
    opens_as: Access | None = None
    """Who may see it once its first page has been read; None: it waits for nothing."""

    @property
    def title(self) -> str:
        """The title; a stored document always has one (the file's name at the least)."""
        return self.metadata.title or ""


@dataclass(frozen=True, slots=True)
class Version:
    """One file (or text) of a document."""

    id: int
    document_id: int
    number: int
    """1 for the first, counting up within the document."""
    sha256: str
    size: int
    """Bytes of the original; 0 once it was discarded from quarantine."""
    file_name: str
    media_type: str
    paged: bool
    page_count: int
    passage_count: int
    encoding: str | None
    remarks: tuple[str, ...]
    stamp: Stamp
    encoding_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One stored page of a version."""

    version_id: int
    index: int
    """1-based physical position."""
    label: str | None
    text: str
    blocks: tuple[Block, ...]
    layer: Layer = Layer.TEXT
    recognised: tuple[Recognised, ...] = ()

    def confidence(self, start: int, end: int) -> float | None:
        """The least confidence of the lines that ``[start, end)`` touches; None: not recognised."""
        touched = [r.confidence for r in self.recognised if r.start < end and start < r.end]
        return min(touched, default=None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage; immutable, its id never used again."""

    id: int
    version_id: int
    document_id: int
    ordinal: int
    """0-based place among the passages of its version."""
    text: str
    spans: tuple[Span, ...]
    heading: tuple[str, ...]
    context: str
    """What the encoder reads before the text: its document's title when it was added, and the
    headings above it. A title corrected later does not change it."""
    repeats: int = 0
    """As in `PassageDraft`."""

    @property
    def begins(self) -> Span:
        """Where it begins, repeated column names apart: its page is the passage's page."""
        return self.spans[min(self.repeats, len(self.spans) - 1)]


class Mode(StrEnum):
    """Which candidate lists a search uses."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class Result:
    """One hit of a search, with everything a citation needs."""

    rank: int
    """1 for the best."""
    score: float
    passage: Passage
    document: Document
    version: Version
    page: int | None
    """Physical page on which the passage begins; None for formats without pages."""
    page_label: str | None
    lexical_rank: int | None
    dense_rank: int | None
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Contributions to `score` by name: ``lexical``, ``dense``, ``exact``."""
    alike: tuple[Document, ...] = ()
    """Other documents of its group whose passage of nearly the same words this hit stands for."""
    confidence: float | None = None
    """The least confidence of its recognised words; None when none was recognised."""
