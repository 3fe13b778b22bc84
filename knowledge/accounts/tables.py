"""The tables of accounts and of the log; they share the knowledge base's metadata."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from knowledge.store.schema import UtcDateTime, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("password", Text),
    Column("roles", JSON, nullable=False),
    Column("level", Integer),
    Column("subject", Text, unique=True),
    Column("expected", Text, unique=True),
    Column("opened_by", ForeignKey("people.id"), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)
"""`login` is folded; `password` is an Argon2 hash. `subject` is who an identity provider says that
this is; until then `expected` is what one of its claims must say."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("address", Text, nullable=False),
    Column("device", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Who is signed in; a row that is gone signs its person out. `digest` is that of the cookie."""

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_attempts_key_at", "key", "at"),
)
"""Attempts to sign in that have not succeeded; `key` is the digest of a name or an address."""

links = Table(
    "links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
)
"""One-time links with which a person sets a password; a used one is gone."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("person_id", Integer, index=True),
    Column("action", String(40), nullable=False, index=True),
    Column("kind", String(20)),
    Column("record", Integer),
    Column("address", Text),
    Column("details", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_audit_record_kind", "record", "kind"),
    sqlite_autoincrement=True,
)
"""What was done, in order; each row's digest covers the one before. Triggers refuse any change."""

proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", String(20), nullable=False),
    Column("record", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("decision", String(10)),
    Column("decided_by", ForeignKey("people.id")),
    Column("decided_at", UtcDateTime),
    Index("ix_proposals_action_record", "action", "record"),
    sqlite_autoincrement=True,
)
"""What takes two persons: one asks, another agrees or refuses."""
