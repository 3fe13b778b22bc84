"""The tables of briefs, on the knowledge base's metadata: one database, one chain of migrations."""

from collections.abc import Sequence

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    func,
    select,
)

from briefs.revisions.recording import unquoted
from knowledge.store.discarding import QUOTING, UNQUOTED
from knowledge.store.schema import UtcDateTime, metadata, stamp_columns


def _resting(version_ids: Sequence[int]) -> Select[tuple[int]]:
    return select(evidence.c.statement_id).where(evidence.c.version_id.in_(version_ids))


def _are_quoted(version_ids: Sequence[int]) -> ColumnElement[bool]:
    """Statements that have the words of versions as their own, of whatever kind they are."""
    of_it = evidence.c.statement_id == statements.c.id, evidence.c.version_id.in_(version_ids)
    within = func.instr(evidence.c.quote, func.rtrim(statements.c.text, "。")) > 0
    is_verbatim = select(evidence.c.statement_id).where(*of_it, within).exists()
    is_quotation = statements.c.kind == "quote"
    return is_verbatim | (is_quotation & statements.c.id.in_(_resting(version_ids)))


def _ask_for_quoted(version_ids: Sequence[int]) -> ColumnElement[bool]:
    """Searches for sources of a statement that rests on versions."""
    return searches.c.statement_id.in_(_resting(version_ids))


briefs = Table(
    "briefs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    *stamp_columns(),
    Column("template", String(60)),
    sqlite_autoincrement=True,
)

statements = Table(
    "statements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brief_id", ForeignKey("briefs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("text", Text, nullable=False, info={QUOTING: _are_quoted}),
    Column("level", Integer),
    Column("formula", Text),
    Column("length", String(12), nullable=False, server_default="standard"),
    Index("ix_statements_brief_id", "brief_id", "position"),
    sqlite_autoincrement=True,
)

evidence = Table(
    "evidence",
    metadata,
    Column("statement_id", ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("passage_id", ForeignKey("passages.id")),
    Column("spans", JSON, nullable=False),
    Column("quote", Text, nullable=False),
    Index("ix_evidence_version_id", "version_id"),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brief_id", ForeignKey("briefs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("content", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    *stamp_columns(),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", Integer),
    Column("withdrawal_reason", Text),
    Index("uq_editions_brief_id", "brief_id", "number", unique=True),
    sqlite_autoincrement=True,
)

revisions = Table(
    "revisions",
    metadata,
    Column("brief_id", ForeignKey("briefs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False, info={UNQUOTED: unquoted}),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
"""What a brief said at each revision, as `briefs.revisions.recording` writes it."""

gate_decisions = Table(
    "gate_decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brief_id", ForeignKey("briefs.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_gate_decisions_brief_id", "brief_id", "digest"),
    sqlite_autoincrement=True,
)
"""Statements that a person let stand where the gate asks for one, by what they said then."""

kept_passages = Table(
    "kept_passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brief_id", ForeignKey("briefs.id", ondelete="CASCADE"), nullable=False),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("passage_id", ForeignKey("passages.id")),
    Column("spans", JSON, nullable=False),
    Column("quote", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_kept_passages_brief_id", "brief_id"),
    sqlite_autoincrement=True,
)
"""The folder of a brief: what was kept of what was found."""

searches = Table(
    "searches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brief_id", ForeignKey("briefs.id", ondelete="CASCADE")),
    Column("inquiry_id", ForeignKey("inquiries.id")),
    Column("means", String(12), nullable=False),
    Column("query", Text, nullable=False, info={QUOTING: _ask_for_quoted}),
    Column("title_query", Text, nullable=False),
    Column("mode", String(12), nullable=False),
    Column("filters", JSON, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("hits", JSON, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("collection", JSON, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("struck_by", ForeignKey("people.id")),
    Column("struck_at", UtcDateTime),
    Column("struck_reason", Text),
    Column("statement_id", Integer),
    Index("ix_searches_brief_id", "brief_id"),
    Index("ix_searches_inquiry_id", "inquiry_id"),
    sqlite_autoincrement=True,
)
"""The search trail of a brief or of an inquiry: what was asked, where, and with what success.

`statement_id` is of the statement for which sources were looked for; it may be gone.
"""

search_acts = Table(
    "search_acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("search_id", ForeignKey("searches.id", ondelete="CASCADE"), nullable=False),
    Column("act", String(12), nullable=False),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("passage_id", ForeignKey("passages.id")),
    Column("spans", JSON, nullable=False),
    Column("ground", String(16)),
    Column("reason", Text, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_search_acts_search_id", "search_id"),
    sqlite_autoincrement=True,
)
"""What was opened, kept and rejected of what a search found, and why."""
