"""Every reading service made for a viewer, asked for matter that is for staff alone.

``test_services`` asks each on behalf of every member of the cast: whoever may read staff matter
finds the mark in the answer, nobody else finds a trace of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text

from briefs.trail.noted import Asked, Ground
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.wording import wording
from knowledge.access import KEEPER
from knowledge.model import Access, Passage
from knowledge.store.engine import writing
from knowledge.store.passages import Passages

MARK: Final = "珍珠泉水库"
"""Stands in the staff document alone."""
_TEXT: Final = f"# {MARK}调度说明\n\n{MARK}全年蓄水三百零七万方，由专人看管。\n"


@dataclass(frozen=True, slots=True)
class Hidden:
    """Ids of what is for staff alone."""

    document: int
    version: int
    passage: int
    sha256: str
    draft: int
    group: int
    """Documents alike: it is in it."""


Reading = Callable[[Workbench, Hidden], object]


def _found(bench: Workbench, hidden: Hidden) -> list[object]:
    """What a search may read of it, each on a line of its own: all or nothing."""
    with bench.passages.finding() as finding:
        found = finding.many([hidden.passage])
        ways = [
            MARK * bool(found),
            finding.titles([hidden.passage]),
            MARK * bool(finding.of_groups([hidden.passage], [hidden.group])),
            MARK * bool(finding.labels([_passage(bench, hidden)])),
        ]
    assert len({MARK in repr(way) for way in ways}) == 1
    return [found, *ways]


def _passage(bench: Workbench, hidden: Hidden) -> Passage:
    with Passages(bench.engine, KEEPER).finding() as finding:
        return finding.many([hidden.passage])[hidden.passage].passage


READING: Final[dict[str, Reading]] = {
    "documents.get": lambda bench, hidden: bench.documents.get(hidden.document),
    "documents.ever": lambda bench, hidden: bench.documents.ever(hidden.document),
    "documents.many": lambda bench, hidden: bench.documents.many([hidden.document]),
    "documents.find": lambda bench, _: bench.documents.find(limit=100),
    "documents.by_source": lambda bench, _: bench.documents.by_source("upload:水库.md"),
    "documents.by_sha256": lambda bench, hidden: bench.documents.by_sha256(hidden.sha256),
    "documents.document_of_version": lambda bench, hidden: bench.documents.document_of_version(
        hidden.version
    ),
    "documents.version": lambda bench, hidden: (MARK, bench.documents.version(hidden.version)),
    "documents.versions": lambda bench, hidden: [
        (MARK, version) for version in bench.documents.versions(hidden.document)
    ],
    "documents.versions_by_id": lambda bench, hidden: [
        (MARK, version) for version in bench.documents.versions_by_id([hidden.version])
    ],
    "documents.pages": lambda bench, hidden: bench.documents.pages(hidden.version),
    "passages.many": lambda bench, hidden: bench.passages.many([hidden.passage]),
    "passages.of_version": lambda bench, hidden: bench.passages.of_version(hidden.version),
    "passages.finding": _found,
    "passages.ids": lambda bench, hidden: MARK * (hidden.passage in bench.passages.ids().tolist()),
    "retriever.search": lambda bench, _: bench.retriever.search(f"{MARK}蓄水"),
    "retriever.ask": lambda bench, _: bench.retriever.ask(f"{MARK}蓄水").results,
    "lexical_retriever.search": lambda bench, _: bench.lexical_retriever.search(f"{MARK}蓄水"),
    "lexical_retriever.ask": lambda bench, _: bench.lexical_retriever.ask(f"{MARK}蓄水").results,
    "supporting.find": lambda bench, _: (
        bench.supporting.find(f"{MARK}全年蓄水三百零七万方。").agreeing
    ),
    "editing.quote": lambda bench, hidden: bench.editing.quote(hidden.passage),
    "editing.evidence_on": lambda bench, hidden: bench.editing.evidence_on(
        hidden.document, f"{MARK}全年蓄水三百零七万方"
    ),
    "collecting.of_document": lambda bench, hidden: bench.collecting.of_document(hidden.document),
    "collecting.of_brief": lambda bench, hidden: (
        MARK * bool(bench.collecting.of_brief(hidden.draft))
    ),
    "history.revisions": lambda bench, hidden: bench.history.revisions(hidden.draft),
    "history.sittings": lambda bench, hidden: MARK * bool(bench.history.sittings(hidden.draft)),
    "history.at": lambda bench, hidden: bench.history.at(hidden.draft, 1),
    "history.difference": lambda bench, hidden: bench.history.difference(hidden.draft, 1, new=1),
    "briefs.all": lambda bench, _: bench.briefs.all(),
    "briefs.get": lambda bench, hidden: bench.briefs.get(hidden.draft),
    "gating.report": lambda bench, hidden: bench.gating.report(bench.briefs.get(hidden.draft)),
    "trail.of": lambda bench, hidden: bench.trail.of(hidden.draft),
    "trail.rejected": lambda bench, hidden: bench.trail.rejected(hidden.draft, [hidden.passage]),
    "folder.items": lambda bench, hidden: bench.folder.items(hidden.draft),
    "folder.kept": lambda bench, hidden: (
        MARK * bool(bench.folder.kept(hidden.draft, [hidden.passage]))
    ),
    "publishing.preview": lambda bench, hidden: bench.publishing.preview(hidden.draft),
    "pictures.png": lambda bench, hidden: (
        MARK * bool(bench.pictures.png(hidden.version, 1, width=400, words=wording("zh")))
    ),
}
"""By the path from a `Workbench`; what holds no words answers with the mark where there is any."""


def hide(bench: Workbench, folder: Path) -> Hidden:
    """Add a document and a draft that only staff may see."""
    path = folder / "水库.md"
    path.write_text(_TEXT, encoding="utf-8")
    added = bench.ingest.add(
        path.read_bytes(), path.name, source="upload:水库.md", actor=bench.actor
    )
    assert added.document_id is not None
    version = bench.documents.versions(added.document_id)[0]
    for table in ("documents", "versions"):
        column = "id" if table == "documents" else "document_id"
        with writing(bench.engine).begin() as connection:
            connection.execute(
                text(f"UPDATE {table} SET access = :access WHERE {column} = :id"),
                {"access": Access.STAFF.value, "id": added.document_id},
            )
    bench.index()
    passage = bench.passages.of_version(version.id)[0]
    lines = [bench.editing.quote(1)]
    draft = bench.editing.create(f"{MARK}简报", lines, actor=bench.actor)
    search = bench.trail.note_search(
        draft.id, Asked(MARK, 5), found=(), answered=False, actor=bench.actor
    )
    bench.trail.reject(search, passage.id, ground=Ground.OUTDATED, actor=bench.actor)
    bench.folder.keep(draft.id, passage.id, actor=bench.actor)
    group = added.document_id
    with writing(bench.engine).begin() as connection:
        connection.execute(
            text("UPDATE documents SET group_id = :group WHERE id = :group"), {"group": group}
        )
    return Hidden(added.document_id, version.id, passage.id, version.sha256, draft.id, group)
