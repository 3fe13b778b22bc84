"""The figures of a brief's sources beside those that other sources give for the same."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from briefs.drafting.conflicts import Conflict, conflicts
from briefs.drafting.indicators import Figure, figures_in
from briefs.editing import Editing, own_words
from briefs.errors import EvidenceError
from briefs.model import Brief, Evidence
from knowledge.model import Document, Mode, Passage, Result
from knowledge.retrieval import Retriever
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages
from knowledge.text import sentences

INDICATORS: Final = 100
"""Indicators that are searched for at the most."""
PASSAGES_AN_INDICATOR: Final = 16

_Sought = tuple[str, str]
"""Indicator and place."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage with its document."""

    passage: Passage
    document: Document


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing, and how far it went."""

    conflicts: tuple[Conflict, ...]
    statements: int
    """Statements with evidence: what each of them cites was read."""
    indicators: tuple[str, ...]
    """Those recognised, in the order of the brief; one of two places stands there twice."""
    searched: int
    """How many of them, the first, other sources were searched for; all cited are compared."""
    versions: tuple[int, ...]
    """Of each passage of which a figure was compared, the version."""


class Comparing:
    """Looks for figures that disagree; what the viewer may not see is neither read nor told of.

    Safe in several threads.
    """

    def __init__(
        self, retriever: Retriever, editing: Editing, *, documents: Documents, passages: Passages
    ) -> None:
        """Make it for the viewer of all four."""
        self._retriever = retriever
        self._editing = editing
        self._documents = documents
        self._passages = passages

    def compare(self, brief: Brief) -> Comparison:
        """Compare the figures of a brief's sources with one another and with other sources'.

        The passages that its statements cite are all read. Other sources are searched for the
        first `INDICATORS` indicators recognised there: by words, as only figures of an indicator
        worded alike are compared. What is withheld is neither searched for nor compared.
        """
        lines = [line for line in brief.statements if line.evidence]
        cited = self._cited(item.passage_id for line in lines for item in line.evidence)
        own = [figure for source in cited.values() for figure in _figures(source)]
        years: defaultdict[_Sought, set[int]] = defaultdict(set)
        for figure in own:
            years[figure.indicator, figure.place].add(figure.period[0])
        sought = list(years)[:INDICATORS]
        found: dict[int, Source] = {}
        for each in sought:
            found |= sources_of(self._search(each, years[each]))
        keys = {figure.key for figure in own}
        figures = own + [
            figure
            for id_, source in sorted(found.items())
            if id_ not in cited
            for figure in _figures(source)
            if figure.key in keys
        ]
        return Comparison(
            tuple(_bound(self._editing, figures, {**found, **cited})),
            statements=len(lines),
            indicators=tuple(indicator for indicator, _ in years),
            searched=len(sought),
            versions=tuple(
                {each.evidence.passage_id: each.evidence.version_id for each in figures}.values()
            ),
        )

    def _cited(self, passage_ids: Iterable[int | None]) -> dict[int, Source]:
        """What a brief cites, in its order."""
        ids = list(dict.fromkeys(id_ for id_ in passage_ids if id_ is not None))
        passages = self._passages.many(ids)
        documents = self._documents.many([each.document_id for each in passages.values()])
        return {
            id_: Source(passages[id_], documents[passages[id_].document_id])
            for id_ in ids
            if id_ in passages and passages[id_].document_id in documents
        }

    def _search(self, sought: _Sought, years: Collection[int]) -> list[Result]:
        indicator, place = sought
        query = " ".join([indicator, place, *(f"{year}年" for year in sorted(years))])
        # Copies that differ in one figure are just what is looked for: nothing is collapsed.
        return self._retriever.search(
            query, PASSAGES_AN_INDICATOR, mode=Mode.LEXICAL, collapse=False
        )


def sources_of(results: Iterable[Result]) -> dict[int, Source]:
    """What was found, by the passage's id."""
    return {each.passage.id: Source(each.passage, each.document) for each in results}


def disagreeing(
    editing: Editing, sources: Mapping[int, Source], *, quoted: Collection[int]
) -> list[Conflict]:
    """Figures that disagree among passages, of indicators in those quoted; evidence bound."""
    figures = [figure for _, source in sorted(sources.items()) for figure in _figures(source)]
    keys = {figure.key for figure in figures if figure.evidence.passage_id in quoted}
    return _bound(editing, [each for each in figures if each.key in keys], sources)


def _figures(source: Source) -> list[Figure]:
    """The figures of a passage, each with its sentence, not bound yet."""
    passage, text = source.passage, own_words(source.passage)
    found: list[Figure] = []
    for start, end in sentences(text):
        words = text[start:end].strip()
        unbound = Evidence(passage.document_id, passage.version_id, (), words, passage.id)
        found += figures_in(unbound, source.document, heading=passage.heading)
    return found


def _bound(
    editing: Editing, figures: Iterable[Figure], sources: Mapping[int, Source]
) -> list[Conflict]:
    """The conflicts with their evidence bound, but those of which a sentence cannot be."""
    bound = []
    for conflict in conflicts(figures):
        try:
            bound.append(
                Conflict(
                    tuple(
                        replace(figure, evidence=_evidence(editing, figure, sources))
                        for figure in conflict.figures
                    )
                )
            )
        except EvidenceError:
            continue
    return bound


def _evidence(editing: Editing, figure: Figure, sources: Mapping[int, Source]) -> Evidence:
    passage = sources[figure.evidence.passage_id or 0].passage
    return editing.evidence_in(passage, figure.evidence.quote)
