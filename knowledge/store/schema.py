"""The tables of the knowledge base.

Ids are never reused (AUTOINCREMENT), so an index catches up by comparing sets of ids. Passages are
immutable. Every record carries its branch, who may see it, who made it and when.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite itself forgets the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Store the UTC wall time; a moment without zone is our own mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def stamp_columns() -> tuple[Column[Any], ...]:
    """The columns that every record carries (see `knowledge.model.Stamp`)."""
    return (
        Column("branch_id", ForeignKey("branches.id"), nullable=False),
        Column("access", String(8), nullable=False),
        Column("made_by", ForeignKey("people.id"), nullable=False),
        Column("made_at", UtcDateTime, nullable=False),
        Column("shared", Boolean, nullable=False, server_default="0"),
        Column("recipients", JSON, nullable=False, server_default="[]"),
    )


branches = Table(
    "branches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("branch_id", ForeignKey("branches.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("type", String(20), nullable=False),
    Column("authors", JSON, nullable=False),
    Column("issuer", Text),
    Column("number", Text),
    Column("issued_on", String(10)),
    Column("effective_on", String(10)),
    Column("language", String(12)),
    Column("url", Text),
    Column("source", Text, nullable=False),
    Column("current_version_id", Integer),
    Column("removed_at", UtcDateTime),
    *stamp_columns(),
    Column("carrier", String(8)),
    *(
        Column(name, Text)
        for name in (
            "container_title",
            "publisher",
            "publisher_place",
            "volume",
            "issue",
            "pages",
            "edition",
            "isbn",
            "doi",
        )
    ),
    Column("accessed_on", String(10)),
    Column("grounds", JSON),
    Column("confirmed_by", Integer),
    Column("confirmed_at", UtcDateTime),
    Column("group_id", Integer),
    Column("opens_as", String(8)),
    Column("editors", JSON, nullable=False, server_default="[]"),
    Column("translators", JSON, nullable=False, server_default="[]"),
    *(
        Column(name, Text)
        for name in (
            "event",
            "issn",
            "release",
            "scale",
            "dimensions",
            "archive",
            "archive_place",
        )
    ),
    Index("ix_documents_source", "source"),
    Index("ix_documents_group_id", "group_id"),
    Index("ix_documents_access", "access", sqlite_where=text("access <> 'public'")),
    sqlite_autoincrement=True,
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("paged", Boolean, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("passage_count", Integer, nullable=False),
    Column("encoding", Text),
    Column("remarks", JSON, nullable=False),
    *stamp_columns(),
    Column("encoding_confidence", Float),
    UniqueConstraint("document_id", "number"),
    Index("ix_versions_access", "access", sqlite_where=text("access <> 'public'")),
    sqlite_autoincrement=True,
)

pages = Table(
    "pages",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("label", Text),
    Column("text", Text, nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("layer", String(10), nullable=False, server_default="text"),
    Column("places", LargeBinary),
    Column("recognised", JSON),
)

NARROW: Final = "length(CAST(text AS BLOB)) * 5 < length(text) * 7"
"""SQL for passages in Latin letters: less than a fifth of their characters take three bytes."""

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("heading", JSON, nullable=False),
    Column("context", Text, nullable=False),
    Column("repeats", Integer, nullable=False, server_default="0"),
    UniqueConstraint("version_id", "ordinal"),
    Index("ix_passages_narrow", "id", sqlite_where=text(NARROW)),
    sqlite_autoincrement=True,
)

encoders = Table(
    "encoders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("dimension", Integer, nullable=False),
    sqlite_autoincrement=True,
)

vectors = Table(
    "vectors",
    metadata,
    Column("encoder_id", ForeignKey("encoders.id"), primary_key=True),
    Column("passage_id", ForeignKey("passages.id"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("passage_id", Integer, nullable=False),
    Column("sign", Integer, nullable=False, server_default=text("(random())")),
    sqlite_autoincrement=True,
)
"""Passages that were added, removed, or whose documents changed; triggers (0003) fill it.

The sign tells a change from that of the same number in another state of this database.
"""

encodings = Table(
    "encodings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("passage_id", Integer, nullable=False),
    Column("sign", Integer, nullable=False, server_default=text("(random())")),
    sqlite_autoincrement=True,
)
"""Passages that got or lost a vector; triggers fill it too. Both logs forget the oldest."""

failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64)),
    Column("sentence", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("opens_as", String(8), nullable=False, server_default="staff"),
    *stamp_columns(),
    UniqueConstraint("source", "branch_id"),
    sqlite_autoincrement=True,
)

recognitions = Table(
    "recognitions",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("state", String(8), nullable=False, index=True),
    Column("lines", LargeBinary),
    Column("reason", Text),
    Column("finished_at", UtcDateTime),
)
"""Pages to be recognised, and what recognition read on them until their version takes it up."""

quarantined = Table(
    "quarantined",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("mark", Text, nullable=False),
    Column("decision", String(10)),
    Column("reason", Text),
    Column("decided_by", ForeignKey("people.id")),
    Column("decided_at", UtcDateTime),
    *stamp_columns(),
    sqlite_autoincrement=True,
)
"""Files whose first page bears a mark of secrecy; a row is never deleted."""

shingle_bands = Table(
    "shingle_bands",
    metadata,
    Column("band", Integer, primary_key=True),
    Column("key", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
"""MinHash bands of the words of each version; two that share one are compared."""

likenesses = Table(
    "likenesses",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("other_id", ForeignKey("versions.id"), primary_key=True, index=True),
    Column("kind", String(10), nullable=False),
    Column("similarity", Float, nullable=False),
)
"""Pairs of versions with the same or nearly the same words, the smaller id first."""

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("read_level", Integer),
    *stamp_columns(),
    Column("asker_id", ForeignKey("askers.id"), index=True),
    Column("handled_by", ForeignKey("people.id")),
    Column("closed_at", UtcDateTime),
    sqlite_autoincrement=True,
)

askers = Table(
    "askers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("contact", Text),
    Column("organisation", Text),
    Column("consented_at", UtcDateTime, nullable=False),
    Column("kept_until", UtcDateTime, nullable=False, index=True),
    Column("erased_at", UtcDateTime),
    sqlite_autoincrement=True,
)
"""Who asked, apart from what: nothing but a number remains of whom is erased."""

clearings = Table(
    "clearings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("record", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("blanked", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", ForeignKey("people.id"), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Index("ix_clearings_kind_record", "kind", "record"),
    sqlite_autoincrement=True,
)
"""What was decided on personal data before a record became public."""

answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inquiry_id", ForeignKey("inquiries.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("document_id", ForeignKey("documents.id")),
    *stamp_columns(),
    Column("title", Text),
    sqlite_autoincrement=True,
)
"""`title` is the question as it may become public: once it is there, title and text are decided."""
