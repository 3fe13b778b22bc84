"""Rows of the trail's tables to the dataclasses of `briefs.trail.noted`, and back."""

from collections import Counter
from collections.abc import Collection as Among
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Row

from briefs.model import Statement
from briefs.trail.noted import (
    ActKind,
    Asked,
    Collection,
    Ground,
    Means,
    NotedAct,
    NotedSearch,
    Part,
    Strike,
)
from briefs.trail.sources import Source, SourceState
from knowledge.access import Held, Viewer
from knowledge.filter import Filter
from knowledge.model import Access, DocumentType, Mode
from knowledge.store import rows
from knowledge.text import fold

_CLOSING: Final = " .。!！?？;；"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the viewer of a trail may see of all that it speaks of."""

    viewer: Viewer
    sources: Mapping[int, Source]
    """By version."""
    documents: Among[int]
    closed: Sequence[Statement] = ()
    """What the brief says, or said, that is withheld from them."""

    def may_read(self, row: Row[Any]) -> bool:
        """Whether the query of a search is not what a statement says that is withheld.

        Where nobody noted of which statement it is, the words themselves are compared; but not with
        what the viewer typed: they could find out by guessing.
        """
        if row.means == Means.CONFLICTS.value and not self._reads_all(versions_in(row)):
            return False
        if row.statement_id is not None and any(
            line.id == row.statement_id for line in self.closed
        ):
            return False
        if row.made_by == self.viewer.person_id:
            return True
        return all(_bare(row.query) != _bare(line.text) for line in self.closed)

    def _reads_all(self, version_ids: Iterable[int]) -> bool:
        """Whether every source is there to be read: its own words may have been searched for."""
        found = [self.sources.get(id_) for id_ in version_ids]
        return all(each and each.state is not SourceState.DISCARDED for each in found)


def asked_values(asked: Asked) -> dict[str, Any]:
    """The columns of a search that say how it was asked."""
    return {
        "means": asked.means.value,
        "query": asked.query,
        "title_query": asked.title,
        "mode": asked.mode.value,
        "filters": _filters_value(asked),
        "depth": asked.depth,
    }


def _filters_value(asked: Asked) -> dict[str, Any]:
    """What restricts; documents that only words of titles stand for are left to the words."""
    chosen = asked.selection
    values: dict[str, Any] = {
        "types": sorted(kind.value for kind in chosen.types),
        "issuers": sorted(chosen.issuers),
        "languages": sorted(chosen.languages),
        "from": chosen.issued_from,
        "to": chosen.issued_to,
        "branches": sorted(chosen.branches),
        "access": sorted(level.value for level in chosen.access),
        "documents": [] if asked.title else sorted(chosen.documents),
    }
    return {name: value for name, value in values.items() if value}


def hits_value(version_ids: Iterable[int]) -> list[list[int]]:
    """How many passages of which version, in the order of the first."""
    return [list(item) for item in Counter(version_ids).items()]


def collection_value(collection: Collection) -> list[list[Any]]:
    """The parts as they stand in the column."""
    return [
        [
            part.branch_id,
            part.type.value,
            part.access.value,
            int(part.shared),
            part.documents,
            part.passages,
            part.earliest,
            part.latest,
        ]
        for part in collection.parts
    ]


def documents_in(row: Row[Any]) -> list[int]:
    """The documents that a search's filter names."""
    return list(row.filters.get("documents", ()))


def versions_in(row: Row[Any]) -> list[int]:
    """The versions of which a search has found something."""
    return [version_id for version_id, _ in row.hits]


def search_of(row: Row[Any], acts: Sequence[Row[Any]], *, seen: Seen) -> NotedSearch:
    """A search with its acts, as far as the viewer may see them."""
    asked = _asked(row)
    named = asked.selection.documents
    shown = frozenset(named & set(seen.documents))
    collection = _collection(row)
    parts = tuple(part for part in collection.parts if _may_see(seen.viewer, part, row.made_by))
    found = sum(count for version_id, count in row.hits if version_id in seen.sources)
    is_told = seen.may_read(row)
    is_partial = (
        not is_told
        or shown != named
        or len(parts) < len(collection.parts)
        or found < sum(count for _, count in row.hits)
        or any(act.version_id not in seen.sources for act in acts)
    )
    return NotedSearch(
        id=row.id,
        brief_id=row.brief_id,
        asked=replace(
            asked,
            query=asked.query if is_told else "",
            selection=replace(asked.selection, documents=shown),
        ),
        found=found,
        answered=None if row.hits and not found else row.answered,
        collection=Collection(parts),
        acts=tuple(act_of(act, seen) for act in acts if act.version_id in seen.sources),
        made_by=row.made_by,
        made_at=row.made_at,
        strike=None
        if row.struck_at is None
        else Strike(row.struck_by, row.struck_at, row.struck_reason),
        is_partial=is_partial,
    )


def _bare(words: str) -> str:
    """Words as they are compared, without what closes a sentence."""
    return fold(words).strip(_CLOSING)


def _asked(row: Row[Any]) -> Asked:
    chosen = row.filters
    return Asked(
        query=row.query,
        depth=row.depth,
        mode=Mode(row.mode),
        selection=Filter(
            types=frozenset(map(DocumentType, chosen.get("types", ()))),
            issuers=frozenset(chosen.get("issuers", ())),
            documents=frozenset(chosen.get("documents", ())),
            languages=frozenset(chosen.get("languages", ())),
            issued_from=chosen.get("from"),
            issued_to=chosen.get("to"),
            branches=frozenset(chosen.get("branches", ())),
            access=frozenset(map(Access, chosen.get("access", ()))),
        ),
        title=row.title_query,
        means=Means(row.means),
    )


def _collection(row: Row[Any]) -> Collection:
    return Collection(
        tuple(
            Part(branch, DocumentType(kind), Access(access), bool(shared), *counts)
            for branch, kind, access, shared, *counts in row.collection
        )
    )


def _may_see(viewer: Viewer, part: Part, searcher: int) -> bool:
    """What was for named persons is counted for the one who searched alone."""
    return viewer.may_see(
        Held(branch_id=part.branch_id, access=part.access, made_by=searcher, shared=part.shared)
    )


def act_of(row: Row[Any], seen: Seen) -> NotedAct:
    """An act on a source that the viewer may see."""
    return NotedAct(
        id=row.id,
        kind=ActKind(row.act),
        source=seen.sources[row.version_id],
        passage_id=row.passage_id,
        spans=rows.spans_of(row.spans),
        ground=None if row.ground is None else Ground(row.ground),
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
    )
