"""A brief as readers get it: marks numbered, references formatted, pages named."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime
from typing import Final

from briefs.citing import DEFAULT, Listed, Style, cited, listed, numbered, pinpoint, work_of
from briefs.model import Brief, Citation, Evidence, Line, Publication, Reference
from knowledge.model import Access, Document, Page, Version
from knowledge.store.documents import Documents
from knowledge.store.people import People

WITHHELD: Final = "〔……〕"
"""Stands for a statement that rests on what the viewer may not see."""


class Composing:
    """Makes publications from briefs; reads SQL, changes nothing."""

    def __init__(self, documents: Documents, people: People, *, style: Style = DEFAULT) -> None:
        self._documents = documents
        self._people = people
        self._style = style

    def compose(
        self,
        brief: Brief,
        *,
        published_at: datetime | None = None,
        published_by: str | None = None,
        notice: str | None = None,
    ) -> Publication:
        """The brief with its citations and list of references.

        References are numbered in the order of their list, one number a source: by first appearance
        in the numeric system, by names in the author-date system. A citation's page is the page of
        its quote, not of the passage it was found in. Without a date it is a preview.
        """
        items = [item for line in brief.statements for item in line.evidence]
        cites = self._citations(items)
        return Publication(
            brief_id=brief.id,
            edition=None,
            state=None,
            title=brief.title,
            library=self._people.branch_name(brief.stamp.branch_id) or "",
            published_at=published_at,
            published_by=published_by,
            lines=tuple(
                Line(
                    line.kind,
                    WITHHELD if line.is_withheld else line.text,
                    line.level,
                    tuple(map(cites.of, line.evidence)),
                    formula=line.formula,
                    length=line.length,
                )
                for line in brief.statements
            ),
            references=cites.references,
            notice=notice,
        )

    def _citations(self, items: Sequence[Evidence]) -> "_Citations":
        ids = list(numbered(items))
        versions = self._documents.versions_by_id(ids)
        documents = [self._documents.document_of_version(id_) for id_ in ids]
        works = [work_of(each, versions[id_]) for id_, each in zip(ids, documents, strict=True)]
        sources = dict(zip(ids, listed(works, self._style), strict=True))
        references = (
            _reference(sources[id_], each, versions[id_])
            for id_, each in zip(ids, documents, strict=True)
        )
        return _Citations(
            self._style,
            sources=sources,
            references=tuple(sorted(references, key=lambda each: each.number)),
            versions=versions,
            labels=self._documents.page_labels([_start(item) for item in items]),
            recognised=self._recognised(items, versions),
        )

    def _recognised(
        self, items: Sequence[Evidence], versions: Mapping[int, Version]
    ) -> dict[tuple[int, int], Page]:
        """The pages cited whose words were recognised, by version and page."""
        cited: dict[int, set[int]] = {}
        for item in items:
            # Only pages that can be turned to are recognised; other formats' are long.
            if versions[item.version_id].paged:
                cited.setdefault(item.version_id, set()).update(s.page for s in item.spans)
        return {
            (version_id, page.index): page
            for version_id, indexes in cited.items()
            for page in self._documents.pages(version_id, sorted(indexes))
            if page.recognised
        }


def _start(item: Evidence) -> tuple[int, int]:
    return item.version_id, item.spans[0].page


def _confidence(item: Evidence, recognised: Mapping[tuple[int, int], Page]) -> float | None:
    """The least confidence of the lines quoted; None when none of them was recognised."""
    pages = ((span, recognised.get((item.version_id, span.page))) for span in item.spans)
    found = (page.confidence(span.start, span.end) for span, page in pages if page is not None)
    return min((sure for sure in found if sure is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Citations:
    """All that citations of a brief are made of."""

    style: Style
    _: KW_ONLY
    sources: Mapping[int, Listed]
    """By version."""
    references: tuple[Reference, ...]
    versions: Mapping[int, Version]
    labels: Mapping[tuple[int, int], str | None]
    recognised: Mapping[tuple[int, int], Page]

    def of(self, item: Evidence) -> Citation:
        """The citation of one piece of evidence."""
        source, paged = self.sources[item.version_id], self.versions[item.version_id].paged
        made = Citation(
            reference=source.number,
            version_id=item.version_id,
            spans=item.spans,
            quote=item.quote,
            page=item.spans[0].page if paged else None,
            page_label=self.labels.get(_start(item)),
            confidence=_confidence(item, self.recognised),
        )
        if not source.label:
            return made
        return replace(made, words=cited(source.label, pinpoint(made), style=self.style))


def _reference(source: Listed, document: Document, version: Version) -> Reference:
    return Reference(
        number=source.number,
        document_id=document.id,
        version_id=version.id,
        title=document.title,
        entry=source.entry,
        sha256=version.sha256,
        access_is_open=document.stamp.access is version.stamp.access is Access.PUBLIC,
        label=source.label,
    )
