"""What search must know of changes: two logs that the database itself keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEPT = 262_144
"""Changes remembered: whoever is further behind compares everything."""
_LOGS = ("changes", "encodings")
_DESCRIPTIVE = (
    "current_version_id",
    "removed_at",
    "title",
    "number",
    "type",
    "issuer",
    "issued_on",
    "language",
    "branch_id",
    "access",
    "made_by",
)
"""Columns of a document that decide whether and how its passages are found."""
_HELD = ("branch_id", "access", "made_by")
"""Columns of a version that decide who finds its passages."""


def upgrade() -> None:
    """Add the logs, the triggers that fill them, and the index that searches need."""
    _tables()
    for name, event, body in _triggers():
        op.execute(f"CREATE TRIGGER {name} AFTER {event} BEGIN {body}; END")


def _tables() -> None:
    # Apart, so that encoding a big collection does not push out what happened to words.
    for name in _LOGS:
        op.create_table(
            name,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("passage_id", sa.Integer(), nullable=False),
            sa.Column("sign", sa.Integer(), server_default=sa.text("(random())"), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            sqlite_autoincrement=True,
        )
        # Of no passage: so that a log without changes is told from that of another database.
        op.execute(f"INSERT INTO {name} (passage_id) VALUES (0)")  # noqa: S608  # nosec B608 – ours
    # Few records are not public, so that asking for them is quick.
    for name in ("documents", "versions"):
        op.create_index(
            f"ix_{name}_access", name, ["access"], sqlite_where=sa.text("access <> 'public'")
        )
    # `schema.NARROW` says the same, or the index is not used.
    op.create_index(
        "ix_passages_narrow",
        "passages",
        ["id"],
        sqlite_where=sa.text("length(CAST(text AS BLOB)) * 5 < length(text) * 7"),
    )


def _triggers() -> list[tuple[str, str, str]]:
    """Name, event and body of each; none may rely on a conflict clause of its own.

    The clause of the statement that fires a trigger (vectors are inserted OR IGNORE) overrides
    those inside.
    """
    log = "INSERT INTO changes (passage_id)"
    differs, held_differs = (
        " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)
        for names in (_DESCRIPTIVE, _HELD)
    )
    is_current = (
        "EXISTS (SELECT 1 FROM versions JOIN documents ON documents.id = versions.document_id "
        "WHERE versions.id = NEW.version_id AND documents.current_version_id = versions.id)"
    )
    encoded = "INSERT INTO encodings (passage_id)"
    words = "SELECT id FROM passages WHERE version_id"
    return [
        # A passage of a version that becomes current later is logged then, with its document.
        (
            "log_passage_added",
            f"INSERT ON passages WHEN {is_current}",
            f"{log} VALUES (NEW.id)",
        ),
        ("log_passage_removed", "DELETE ON passages", f"{log} VALUES (OLD.id)"),
        (
            "log_passage_changed",
            "UPDATE OF version_id, text, heading, context ON passages",
            f"{log} VALUES (NEW.id)",
        ),
        (
            "log_document_changed",
            f"UPDATE OF {', '.join(_DESCRIPTIVE)} ON documents WHEN {differs}",
            f"{log} {words} IN (OLD.current_version_id, NEW.current_version_id)",
        ),
        (
            "log_document_removed",
            "DELETE ON documents",
            f"{log} {words} = OLD.current_version_id",
        ),
        (
            "log_version_changed",
            f"UPDATE OF {', '.join(_HELD)} ON versions WHEN {held_differs}",
            f"{log} {words} = NEW.id",
        ),
        ("log_vector_added", "INSERT ON vectors", f"{encoded} VALUES (NEW.passage_id)"),
        ("log_vector_removed", "DELETE ON vectors", f"{encoded} VALUES (OLD.passage_id)"),
        *(
            (
                f"forget_old_{name}",
                f"INSERT ON {name}",
                f"DELETE FROM {name} WHERE id <= NEW.id - {_KEPT}",  # noqa: S608  # nosec B608
            )
            for name in _LOGS
        ),
    ]
