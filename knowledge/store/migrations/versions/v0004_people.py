"""Accounts, sessions, one-time links, the log of deeds, and what takes two persons."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and the triggers that keep the log as it was written."""
    _accounts()
    _signing_in()
    _audit()
    _proposals()
    _privacy()
    _sharing()
    _withdrawal()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"]),
        sa.PrimaryKeyConstraint("person_id"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
        sa.UniqueConstraint("subject", name="uq_accounts_subject"),
        sa.UniqueConstraint("expected", name="uq_accounts_expected"),
    )


def _signing_in() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest", name="uq_sessions_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attempts_key_at", "attempts", ["key", "at"])
    op.create_table(
        "links",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"]),
        sa.PrimaryKeyConstraint("digest"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=True),
        sa.Column("record", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_person_id", "audit", ["person_id"])
    op.create_index("ix_audit_action", "audit", ["action"])
    op.create_index("ix_audit_record_kind", "audit", ["record", "kind"])
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER keep_audit_from_{event.lower()} BEFORE {event} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the log is append only'); END"
        )


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("decision", sa.String(10), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_action_record", "proposals", ["action", "record"])


def _privacy() -> None:
    op.create_table(
        "askers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("consented_at", sa.DateTime(), nullable=False),
        sa.Column("kept_until", sa.DateTime(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_askers_kept_until", "askers", ["kept_until"])
    # Alembic adds no column that refers to another table; SQLite does.
    op.execute("ALTER TABLE inquiries ADD COLUMN asker_id INTEGER REFERENCES askers (id)")
    op.execute("ALTER TABLE inquiries ADD COLUMN handled_by INTEGER REFERENCES people (id)")
    op.add_column("inquiries", sa.Column("closed_at", sa.DateTime(), nullable=True))
    op.create_index("ix_inquiries_asker_id", "inquiries", ["asker_id"])
    op.add_column("answers", sa.Column("title", sa.Text(), nullable=True))
    op.create_table(
        "clearings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("blanked", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clearings_kind_record", "clearings", ["kind", "record"])


_STAMPED = (
    "documents",
    "versions",
    "failures",
    "quarantined",
    "inquiries",
    "answers",
    "briefs",
    "editions",
)
_HELD = ("branch_id", "access", "made_by", "shared", "recipients")
_FOUND_BY = (
    "current_version_id",
    "removed_at",
    "title",
    "number",
    "type",
    "issuer",
    "issued_on",
    "language",
    *_HELD,
)


def _sharing() -> None:
    for table in _STAMPED:
        op.add_column(table, sa.Column("shared", sa.Boolean(), server_default="0", nullable=False))
        op.add_column(
            table, sa.Column("recipients", sa.JSON(), server_default="[]", nullable=False)
        )
    op.add_column("documents", sa.Column("opens_as", sa.String(8), nullable=True))
    # Until now nobody could say who sees a document: named ones wait to be read, or were released.
    op.execute(
        "UPDATE documents SET opens_as = 'public' WHERE access = 'named' AND NOT EXISTS ("
        "SELECT 1 FROM versions JOIN quarantined ON quarantined.sha256 = versions.sha256 "
        "WHERE versions.document_id = documents.id AND quarantined.decision = 'released')"
    )
    # Names of files that could not be read are a matter of the desk.
    op.execute("UPDATE failures SET access = 'staff' WHERE access = 'public'")
    # Nobody knows any more for whom they were meant.
    op.add_column(
        "failures", sa.Column("opens_as", sa.String(8), server_default="staff", nullable=False)
    )
    _failures_by_branch()
    # As in 0003, and what sharing adds.
    log = "INSERT INTO changes (passage_id) SELECT id FROM passages WHERE version_id"
    found_by, held = (
        " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)
        for names in (_FOUND_BY, _HELD)
    )
    for name, event, body in (
        (
            "log_document_changed",
            f"UPDATE OF {', '.join(_FOUND_BY)} ON documents WHEN {found_by}",
            f"{log} IN (OLD.current_version_id, NEW.current_version_id)",
        ),
        (
            "log_version_changed",
            f"UPDATE OF {', '.join(_HELD)} ON versions WHEN {held}",
            f"{log} = NEW.id",
        ),
    ):
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"CREATE TRIGGER {name} AFTER {event} BEGIN {body}; END")


def _withdrawal() -> None:
    op.add_column("editions", sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
    op.add_column("editions", sa.Column("withdrawn_by", sa.Integer(), nullable=True))
    op.add_column("editions", sa.Column("withdrawal_reason", sa.Text(), nullable=True))
    # What an edition is worth changes, and who may see it; what was published does not.
    for name, event in (
        ("update", "UPDATE OF id, brief_id, number, revision, content, sha256"),
        ("delete", "DELETE"),
    ):
        op.execute(
            f"CREATE TRIGGER keep_editions_from_{name} BEFORE {event} ON editions "
            "BEGIN SELECT RAISE(ABORT, 'editions are never changed'); END"
        )


def _failures_by_branch() -> None:
    """Two branches may fail to read files of one name, and neither forgets the other's."""
    # SQLite changes no constraint: the table is made anew, and its ids must count on.
    last = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'failures'")
    seq = op.get_bind().execute(last).scalar()
    with op.batch_alter_table(
        "failures", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ) as table:
        table.drop_constraint("uq_failures_source", type_="unique")
        table.create_unique_constraint("uq_failures_source", ["source", "branch_id"])
    if seq is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'failures'")
        op.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('failures', :seq)").bindparams(
                seq=seq
            )
        )
