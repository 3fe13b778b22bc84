"""Rows of the tables to the dataclasses of `knowledge.model`, and back."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any, Final, TypeAlias

from knowledge.failure import Failure
from knowledge.model import (
    Access,
    Block,
    BlockKind,
    Confirmation,
    Document,
    DocumentType,
    Ground,
    Layer,
    Metadata,
    Origin,
    Page,
    PageText,
    Passage,
    PassageDraft,
    Recognised,
    Span,
    Stamp,
    Version,
)

_LONGEST_TITLE = 60
_DESCRIPTIVE: Final = tuple(field.name for field in fields(Metadata))

Columns: TypeAlias = Any
"""A row with an attribute for each column: of SQLAlchemy, or a named tuple."""


def stamp_values(stamp: Stamp) -> dict[str, Any]:
    """The columns that every record carries."""
    return {
        **asdict(stamp),
        "access": stamp.access.value,
        "recipients": recipients_value(stamp.recipients),
    }


def recipients_value(persons: Iterable[int]) -> list[int]:
    """Recipients as they stand in the column: ascending, so that the same ones are no change."""
    return sorted(persons)


def stamp_of(row: Columns) -> Stamp:
    """Read the columns that every record carries."""
    return Stamp(
        row.branch_id,
        Access(row.access),
        row.made_by,
        row.made_at,
        shared=row.shared,
        recipients=frozenset(row.recipients),
    )


def metadata_values(metadata: Metadata) -> dict[str, Any]:
    """The columns of a document that describe the work."""
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(metadata).items()
    }
    return values | {"type": (metadata.type or DocumentType.OTHER).value}


def metadata_of(row: Columns) -> Metadata:
    """Read the columns that describe the work."""
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value := getattr(row, name), list) else value
        for name in _DESCRIPTIVE
    }
    return Metadata(**known | {"type": DocumentType(row.type)})


def grounds_value(grounds: Sequence[Ground]) -> list[list[Any]]:
    """Grounds as they stand in the column."""
    return [[ground.field, ground.origin.value, ground.words, ground.page] for ground in grounds]


def confirmation_values(by: Confirmation) -> dict[str, Any]:
    """The columns of a document that say who stands for its entry."""
    return {"confirmed_by": by.person_id, "confirmed_at": by.at}


def document_of(row: Columns) -> Document:
    """Read a row of ``documents``."""
    confirmed = None
    if row.confirmed_by is not None:
        confirmed = Confirmation(row.confirmed_by, row.confirmed_at)
    return Document(
        id=row.id,
        metadata=metadata_of(row),
        source=row.source,
        stamp=stamp_of(row),
        current_version=row.current_version_id,
        grounds=tuple(Ground(f, Origin(o), w, p) for f, o, w, p in row.grounds or ()),
        confirmed=confirmed,
        group=row.group_id,
        opens_as=None if row.opens_as is None else Access(row.opens_as),
    )


def version_of(row: Columns) -> Version:
    """Read a row of ``versions``."""
    return Version(
        id=row.id,
        document_id=row.document_id,
        number=row.number,
        sha256=row.sha256,
        size=row.size,
        file_name=row.file_name,
        media_type=row.media_type,
        paged=row.paged,
        page_count=row.page_count,
        passage_count=row.passage_count,
        encoding=row.encoding,
        remarks=tuple(row.remarks),
        stamp=stamp_of(row),
        encoding_confidence=row.encoding_confidence,
    )


def page_of(row: Columns) -> Page:
    """Read a row of ``pages``."""
    blocks = tuple(Block(BlockKind(kind), *rest) for kind, *rest in row.blocks)
    recognised = tuple(Recognised(*item) for item in row.recognised or ())
    layer = Layer(row.layer)
    return Page(row.version_id, row.position, row.label, row.text, blocks, layer, recognised)


def page_text(page: Page) -> PageText:
    """A stored page as its reader gave it, but for its places."""
    return PageText(page.text, page.label, page.blocks, page.layer, None, page.recognised)


def page_values(version_id: int, index: int, *, page: PageText) -> dict[str, Any]:
    """The columns of a page."""
    return {
        "version_id": version_id,
        "position": index,
        "label": page.label,
        "text": page.text,
        "blocks": blocks_value(page.blocks),
        "layer": page.layer.value,
        "places": None if page.places is None else page.places.pack(),
        "recognised": [[r.start, r.end, r.confidence] for r in page.recognised] or None,
    }


def draft_values(
    version_id: int, ordinal: int, *, draft: PassageDraft, title: str
) -> dict[str, Any]:
    """The columns of a new passage."""
    above = (title[:_LONGEST_TITLE], *draft.heading)
    context = " ".join(words for words in dict.fromkeys(above) if words and words not in draft.text)
    return {
        "version_id": version_id,
        "ordinal": ordinal,
        "text": draft.text,
        "spans": spans_value(draft.spans),
        "heading": list(draft.heading),
        "context": context,
        "repeats": draft.repeats,
    }


def blocks_value(blocks: Sequence[Block]) -> list[list[Any]]:
    """Blocks as they stand in the column."""
    return [[block.kind.value, block.start, block.end, block.level] for block in blocks]


def spans_value(spans: Sequence[Span]) -> list[list[int]]:
    """Spans as they stand in the column."""
    return [[span.page, span.start, span.end] for span in spans]


def spans_of(value: str | list[list[int]]) -> tuple[Span, ...]:
    """Read spans from their column."""
    items = json.loads(value) if isinstance(value, str) else value
    return tuple(Span(*item) for item in items)


def passage_of(row: Columns) -> Passage:
    """Read a row of ``passages`` joined with its version's ``document_id``."""
    return Passage(
        id=row.id,
        version_id=row.version_id,
        document_id=row.document_id,
        ordinal=row.ordinal,
        text=row.text,
        spans=spans_of(row.spans),
        heading=tuple(row.heading),
        context=row.context,
        repeats=row.repeats,
    )


def failure_of(row: Columns) -> Failure:
    """Read a row of ``failures``."""
    return Failure(
        id=row.id,
        source=row.source,
        file_name=row.file_name,
        sha256=row.sha256,
        reason=row.sentence.format(**row.details),
        sentence=row.sentence,
        details=dict(row.details),
        stamp=stamp_of(row),
        opens_as=Access(row.opens_as),
    )
