"""What a search trail holds, as frozen dataclasses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from briefs.model import page_href
from briefs.trail.sources import Source
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import (
    Access,
    DocumentType,
    Mode,
    Span,
    Version,
)


class Means(StrEnum):
    """By what means it was searched."""

    SEARCH = "search"
    """A person typed it."""
    DRAFT = "draft"
    """A draft by outline asked for a heading."""
    SUPPORT = "support"
    """Sources were looked for that agree or disagree with a sentence."""
    CONFLICTS = "conflicts"
    """Other sources' figures were looked for that disagree with those of the sources cited."""
    ASSISTANT = "assistant"
    """Passages were looked for to be offered to the assistant."""


class ActKind(StrEnum):
    """What became of something that a search found."""

    OPENED = "opened"
    KEPT = "kept"
    """It was put into the folder."""
    QUOTED = "quoted"
    """It was quoted in the brief."""
    REJECTED = "rejected"

    @property
    def decides(self) -> bool:
        """Whether it says if the passage is used: of several such acts the last one counts."""
        return self is not ActKind.OPENED


class Ground(StrEnum):
    """Why something found is not used, the usual reasons."""

    OUTDATED = "outdated"
    """过时."""
    IRRELEVANT = "irrelevant"
    """与问题无关."""
    UNRELIABLE = "unreliable"
    """来源不可靠."""
    DUPLICATE = "duplicate"
    """重复."""
    DEFINITION = "definition"
    """口径不同: it counts something else."""
    OTHER = "other"
    """As the reason says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked."""

    query: str
    """As typed."""
    depth: int
    """How many results were wanted at most: as many found may not be all; 0: nobody said."""
    mode: Mode = Mode.HYBRID
    selection: Filter = NO_FILTER
    title: str = ""
    """What titles had to contain, as typed; `selection.documents` are those that do."""
    means: Means = Means.SEARCH


class Found(Protocol):
    """Something that was found, as a search result is, or a place that bears a sentence out."""

    @property
    def version(self) -> Version:
        """Where it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Documents of one sort within what was searched."""

    branch_id: int
    type: DocumentType
    access: Access
    """Of the document, or of its version where that is kept closer."""
    shared: bool
    documents: int
    """Those in which something can be found."""
    passages: int
    earliest: str | None
    """Date of the document issued first, of the precision known; None: of none it is known."""
    latest: str | None


@dataclass(frozen=True, slots=True)
class Collection:
    """What was searched, as the person who searched could see it at that moment."""

    parts: tuple[Part, ...]
    """By branch, type and access."""

    @property
    def documents(self) -> int:
        """How many documents."""
        return sum(part.documents for part in self.parts)

    @property
    def passages(self) -> int:
        """How many passages."""
        return sum(part.passages for part in self.parts)

    @property
    def earliest(self) -> str | None:
        """When its oldest dated document was issued."""
        return min(_known(part.earliest for part in self.parts), default=None)

    @property
    def latest(self) -> str | None:
        """When its newest dated document was issued."""
        return max(_known(part.latest for part in self.parts), default=None)

    def by_type(self) -> tuple[tuple[DocumentType, int], ...]:
        """How many documents of each type, most first."""
        counts: dict[DocumentType, int] = {}
        for part in self.parts:
            counts[part.type] = counts.get(part.type, 0) + part.documents
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0].value)))

    def by_branch(self) -> tuple[tuple[int, int], ...]:
        """How many documents of each branch, most first."""
        counts: dict[int, int] = {}
        for part in self.parts:
            counts[part.branch_id] = counts.get(part.branch_id, 0) + part.documents
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _known(dates: Iterable[str | None]) -> list[str]:
    return [date for date in dates if date]


@dataclass(frozen=True, slots=True)
class NotedAct:
    """What a person did with something that a search found."""

    id: int
    kind: ActKind
    source: Source
    passage_id: int | None
    """None once the passage is gone; `spans` say where it stands."""
    spans: tuple[Span, ...]
    ground: Ground | None
    """Of a rejection only."""
    reason: str
    made_by: int
    made_at: datetime

    @property
    def page(self) -> int | None:
        """Physical page on which the passage begins; None for formats without pages."""
        return self.spans[0].page if self.source.paged else None

    @property
    def href(self) -> str:
        """Site path of the source page with the passage marked."""
        return page_href(self.source.version_id, self.spans)

    @property
    def place(self) -> tuple[int, tuple[Span, ...]]:
        """What it was done to: the same place found by two searches is the same."""
        return self.source.version_id, self.spans


@dataclass(frozen=True, slots=True)
class Strike:
    """That a search is left out of the exported appendix; the trail keeps it."""

    by: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class NotedSearch:
    """A search of a trail, as its viewer may see it."""

    id: int
    brief_id: int | None
    """None for one that was made for something else."""
    asked: Asked
    """Without documents in its filter that the viewer may not see. The query is empty where it has
    the words of a statement that is withheld from them, or of a file that was discarded."""
    found: int
    """How many passages were given as results, of those that the viewer may see."""
    answered: bool | None
    """False: nothing was found here, only near misses; None: the viewer may see none of it."""
    collection: Collection
    """As far as the viewer may see it."""
    acts: tuple[NotedAct, ...]
    """In the order they were done."""
    made_by: int
    made_at: datetime
    strike: Strike | None
    is_partial: bool
    """Something of it is kept from the viewer: neither words nor numbers tell of it."""

    @property
    def is_capped(self) -> bool:
        """Whether there may have been more than was asked for."""
        return not self.is_partial and 0 < self.asked.depth <= self.found


def last_decisions(searches: Iterable[NotedSearch]) -> tuple[NotedAct, ...]:
    """What was decided last on each place found, in the order of the decisions.

    A place that was rejected and later kept was kept; opening decides nothing.
    """
    last: dict[tuple[int, tuple[Span, ...]], NotedAct] = {}
    acts = (act for search in searches for act in search.acts if act.kind.decides)
    for act in sorted(acts, key=lambda each: (each.made_at, each.id)):
        last[act.place] = act
    return tuple(sorted(last.values(), key=lambda each: (each.made_at, each.id)))
