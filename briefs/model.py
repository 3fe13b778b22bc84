"""The words of briefs, as frozen dataclasses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from briefs.audience import audience_of
from knowledge.model import Span, Stamp
from knowledge.sharing import Audience


class StatementKind(StrEnum):
    """What a statement is, and so what it must rest on."""

    HEADING = "heading"
    QUOTE = "quote"
    """引文: the source's own words, at their span."""
    PARAPHRASE = "paraphrase"
    """转述: our words for what the evidence says."""
    COMPUTED = "computed"
    """计算: a figure worked out from cited figures."""
    JUDGEMENT = "judgement"
    """判断: ours, and shown to the reader as such."""
    BACKGROUND = "background"
    """常识: needs no source."""
    TABLE = "table"
    """表: a caption and rows whose figures stand in the evidence; see `briefs.tables`."""
    FIGURE = "figure"
    """图: a caption for the part of a page that its evidence boxes."""

    @property
    def needs_evidence(self) -> bool:
        """Whether a reader may ask for the source of such a statement."""
        return self not in {
            StatementKind.HEADING,
            StatementKind.JUDGEMENT,
            StatementKind.BACKGROUND,
        }


class Length(StrEnum):
    """The forms that one set of statements is read in, shortest first."""

    ONE_PAGE = "one-page"
    """一页要报."""
    STANDARD = "standard"
    """标准."""
    DEEP = "deep"
    """深度: everything."""


def page_href(version_id: int, spans: Sequence[Span], *, page: int | None = None) -> str:
    """Site path of a source page with the words at `spans` (at least one) marked.

    It opens at `page`, else where the first span stands.
    """
    marks = "&".join(f"mark={span.page}:{span.start}-{span.end}" for span in spans)
    return f"/pages/{version_id}/{page or spans[0].page}?{marks}"


def percent(confidence: float) -> int:
    """A confidence of 0 … 1 in whole per cent, never more than it is."""
    return math.floor(round(confidence * 100, 6))


class BriefState(StrEnum):
    """Where a brief stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """Its newest revision has been published as an edition."""


class EditionState(StrEnum):
    """What an edition is worth today."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of one version on which a statement rests."""

    document_id: int
    version_id: int
    spans: tuple[Span, ...]
    """Exactly where `quote` stands; a quote over two pages has two."""
    quote: str
    """The words at `spans`, joined, as they stood when they were bound."""
    passage_id: int | None = None
    """The passage it was taken from, when it came from search."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence (or heading) of a brief."""

    kind: StatementKind
    text: str
    evidence: tuple[Evidence, ...] = ()
    level: int | None = None
    """Depth of a heading, 1 the highest; None otherwise."""
    id: int | None = None
    """None until it is stored; keeps its value through editing and reordering."""
    formula: str | None = None
    """How a computed figure was worked out, ``(64 - 62) / 62``; None where nobody wrote it down."""
    length: Length = Length.STANDARD
    """The shortest form in which it stands; every longer one has it too. Headings stand in every
    form in which something stands under them."""
    is_withheld: bool = False
    """It rests on a source that its viewer may not see: they get neither words nor evidence, may
    move it and delete it, and saving it keeps what is stored."""

    @property
    def is_naked(self) -> bool:
        """Whether it needs a source and has none."""
        return self.kind.needs_evidence and not self.evidence and not self.is_withheld


@dataclass(frozen=True, slots=True)
class Brief:
    """The work in progress."""

    id: int
    title: str
    state: BriefState
    revision: int
    """Counts every change; a save that names an older one is refused."""
    statements: tuple[Statement, ...]
    stamp: Stamp
    updated_at: datetime
    template: str | None = None
    """Name of the template it was begun with; None for a brief without one."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a brief says at one revision."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What two persons changed to different things."""

    statement_id: int | None
    """None: the title."""
    mine: str | None
    """The words of whoever saves now; None: they deleted the statement."""
    theirs: str | None
    """The words that are stored; None: it was deleted. Empty where they are withheld from whoever
    saves. The same words differ in kind, evidence, formula, level or length."""


@dataclass(frozen=True, slots=True)
class BriefSummary:
    """A brief in a list."""

    id: int
    title: str
    state: BriefState
    revision: int
    statement_count: int
    updated_at: datetime
    edition: int | None
    """Number of the newest edition that the viewer may see; None where there is none."""
    stamp: Stamp
    was_published: bool
    """Whether it has an edition, for whomever; one that has is never deleted."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One mark behind a statement: which reference, and where the words stand."""

    reference: int
    """Number of the reference, 1-based."""
    version_id: int
    spans: tuple[Span, ...]
    quote: str
    page: int | None
    """Physical page of the quote's first word; None for formats without pages."""
    page_label: str | None
    confidence: float | None = None
    """The least confidence of the lines quoted, 0 … 1; None where the file held the words."""
    words: str = ""
    """What stands in the text, ``（陶野，2023：12）``; empty where it is the number."""

    @property
    def href(self) -> str:
        """Site path of the source page with the words marked: ``/pages/7/2?mark=2:10-48``."""
        return page_href(self.version_id, self.spans)


@dataclass(frozen=True, slots=True)
class Line:
    """One statement as published."""

    kind: StatementKind
    text: str
    level: int | None
    citations: tuple[Citation, ...]
    formula: str | None = None
    """As `Statement.formula`."""
    length: Length = Length.STANDARD
    """As `Statement.length`."""
    number: int | None = None
    """Its 1-based place in the whole edition, in a form that leaves lines out; None in the whole.
    Its anchor, ``#s3``, is the same in every form."""
    exhibit: int | None = None
    """Of a table or a figure its number in the whole edition, in a form that leaves lines out."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One source in the list of references; a source never has two numbers."""

    number: int
    document_id: int
    version_id: int
    title: str
    entry: str
    """The reference as GB/T 7714 wants it, without its ``[n]``."""
    sha256: str
    """Of the version's original, so that a reader can prove what was cited."""
    access_is_open: bool
    """True when any reader may open the source page."""
    label: str = ""
    """What the text calls it, ``陶野，2023a``; empty where it calls it by its number."""


@dataclass(frozen=True, slots=True)
class Passed:
    """That a brief went through the gate when it was published."""

    version: str
    """`briefs.gate.VERSION` at that time."""
    decided: tuple[int, ...] = ()
    """Numbers of the lines that a person let stand, ascending; who and why is in the brief."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A brief as readers get it, complete in itself; exporters render this and nothing else."""

    brief_id: int
    edition: int | None
    """Number of the edition; None for the preview of a draft."""
    state: EditionState | None
    """None for the preview of a draft."""
    title: str
    library: str
    """Name of the branch that publishes."""
    published_at: datetime | None
    published_by: str | None
    lines: tuple[Line, ...]
    references: tuple[Reference, ...]
    language: str = "zh-CN"
    notice: str | None = None
    """A line every reader must see, e.g. that the content is fictional."""
    length: Length | None = None
    """The form that this is, see `briefs.lengths`; None for the whole, which is what is frozen."""
    gate: Passed | None = None
    """None for a preview, and for an edition from before there was a gate."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an edition counts no more; two persons wanted it."""

    at: datetime
    by: int
    """The person who agreed."""
    reason: str
    """Written for the edition's readers: they are shown it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen published revision; its content never changes."""

    id: int
    brief_id: int
    number: int
    revision: int
    """The brief's revision that was frozen."""
    state: EditionState
    publication: Publication
    sha256: str
    """Of the publication's canonical JSON."""
    stamp: Stamp
    """Says who may see it; its branch is the brief's."""
    withdrawal: Withdrawal | None = None
    """Not None exactly when it was withdrawn."""

    @property
    def audience(self) -> Audience:
        """For whom it was published."""
        return audience_of(self.stamp)


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """That an edition exists, without its words: for whoever may see its brief."""

    id: int
    brief_id: int
    number: int
    state: EditionState
    title: str
    """As it was published."""
    stamp: Stamp
    """Of its brief: whose it is."""
