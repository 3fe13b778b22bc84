"""Rows of the tables to the dataclasses of `knowledge.model`, and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from knowledge.model import (
    Access,
    Block,
    BlockKind,
    Document,
    DocumentType,
    Failure,
    Metadata,
    Page,
    Passage,
    Span,
    Stamp,
    Version,
)


def stamp_values(stamp: Stamp) -> dict[str, Any]:
    """The columns that every record carries."""
    return {**asdict(stamp), "access": stamp.access.value}


def stamp_of(row: Row[Any]) -> Stamp:
    """Read the columns that every record carries."""
    return Stamp(row.branch_id, Access(row.access), row.made_by, row.made_at)


def metadata_values(metadata: Metadata) -> dict[str, Any]:
    """The columns of a document that describe the work."""
    return {
        **asdict(metadata),
        "type": (metadata.type or DocumentType.OTHER).value,
        "authors": list(metadata.authors),
    }


def metadata_of(row: Row[Any]) -> Metadata:
    """Read the columns that describe the work."""
    return Metadata(
        title=row.title,
        type=DocumentType(row.type),
        authors=tuple(row.authors),
        issuer=row.issuer,
        number=row.number,
        issued_on=row.issued_on,
        effective_on=row.effective_on,
        language=row.language,
        url=row.url,
    )


def document_of(row: Row[Any]) -> Document:
    """Read a row of ``documents``."""
    return Document(row.id, metadata_of(row), row.source, stamp_of(row), row.current_version_id)


def version_of(row: Row[Any]) -> Version:
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
    )


def page_of(row: Row[Any]) -> Page:
    """Read a row of ``pages``."""
    blocks = tuple(Block(BlockKind(kind), *rest) for kind, *rest in row.blocks)
    return Page(row.version_id, row.position, row.label, row.text, blocks)


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


def passage_of(row: Row[Any]) -> Passage:
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
    )


def failure_of(row: Row[Any]) -> Failure:
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
    )
