"""A brief as readers get it: marks numbered, references formatted, pages named."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from briefs.citing import numbered, reference, work_of
from briefs.model import Brief, Citation, Evidence, Line, Publication, Reference
from knowledge.model import Access, Document, Page, Version
from knowledge.store.documents import Documents
from knowledge.store.people import People

WITHHELD: Final = "〔……〕"
"""Stands for a statement that rests on what the viewer may not see."""


class Composing:
    """Makes publications from briefs; reads SQL, changes nothing."""

    def __init__(self, documents: Documents, people: People) -> None:
        self._documents = documents
        self._people = people

    def compose(
        self,
        brief: Brief,
        *,
        published_at: datetime | None = None,
        published_by: str | None = None,
        notice: str | None = None,
    ) -> Publication:
        """The brief with its citations and list of references.

        References are numbered by first appearance, one number a source; a citation's page is the
        page of its quote, not of the passage it was found in. Without a date it is a preview.
        """
        items = [item for line in brief.statements for item in line.evidence]
        numbers = numbered(items)
        versions = self._documents.versions_by_id(list(numbers))
        documents = {id_: self._documents.document_of_version(id_) for id_ in numbers}
        labels = self._documents.page_labels([_start(item) for item in items])
        recognised = self._recognised(items, versions)
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
                    tuple(
                        _citation(
                            item,
                            numbers[item.version_id],
                            paged=versions[item.version_id].paged,
                            label=labels.get(_start(item)),
                            confidence=_confidence(item, recognised),
                        )
                        for item in line.evidence
                    ),
                )
                for line in brief.statements
            ),
            references=tuple(
                _reference(number, documents[id_], versions[id_]) for id_, number in numbers.items()
            ),
            notice=notice,
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


def _citation(
    item: Evidence, number: int, *, paged: bool, label: str | None, confidence: float | None
) -> Citation:
    return Citation(
        reference=number,
        version_id=item.version_id,
        spans=item.spans,
        quote=item.quote,
        page=item.spans[0].page if paged else None,
        page_label=label,
        confidence=confidence,
    )


def _reference(number: int, document: Document, version: Version) -> Reference:
    return Reference(
        number=number,
        document_id=document.id,
        version_id=version.id,
        title=document.title,
        entry=reference(work_of(document, version)),
        sha256=version.sha256,
        access_is_open=document.stamp.access is version.stamp.access is Access.PUBLIC,
    )
