"""The tables of briefs, on the knowledge base's metadata: one database, one chain of migrations."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from knowledge.store.schema import UtcDateTime, metadata, stamp_columns

briefs = Table(
    "briefs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    *stamp_columns(),
    sqlite_autoincrement=True,
)

statements = Table(
    "statements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brief_id", ForeignKey("briefs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("level", Integer),
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
