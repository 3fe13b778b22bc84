"""Places of characters, recognition, grounds of the catalogue, quarantine and likeness."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_DESCRIPTIVE = (
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


def upgrade() -> None:
    """Add the columns and tables, and let pages that had no readable words be recognised."""
    _columns()
    _recognition()
    _quarantine()
    _likeness()
    _wait()


def _columns() -> None:
    op.add_column("documents", sa.Column("carrier", sa.String(length=8), nullable=True))
    for name in _DESCRIPTIVE:
        op.add_column("documents", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("documents", sa.Column("accessed_on", sa.String(length=10), nullable=True))
    op.add_column("documents", sa.Column("grounds", sa.JSON(), nullable=True))
    op.add_column("documents", sa.Column("confirmed_by", sa.Integer(), nullable=True))
    op.add_column("documents", sa.Column("confirmed_at", sa.DateTime(), nullable=True))
    op.add_column("documents", sa.Column("group_id", sa.Integer(), nullable=True))
    op.create_index("ix_documents_group_id", "documents", ["group_id"])
    op.add_column("versions", sa.Column("encoding_confidence", sa.Float(), nullable=True))
    layer = sa.Column("layer", sa.String(length=10), server_default="text", nullable=False)
    op.add_column("pages", layer)
    op.add_column("pages", sa.Column("places", sa.LargeBinary(), nullable=True))
    op.add_column("pages", sa.Column("recognised", sa.JSON(), nullable=True))
    repeats = sa.Column("repeats", sa.Integer(), server_default="0", nullable=False)
    op.add_column("passages", repeats)


def _recognition() -> None:
    op.create_table(
        "recognitions",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_recognitions_version_id_versions"
        ),
        sa.PrimaryKeyConstraint("version_id", "page", name="pk_recognitions"),
    )
    op.create_index("ix_recognitions_state", "recognitions", ["state"])


def _quarantine() -> None:
    op.create_table(
        "quarantined",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("access", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_quarantined_{column}_{table}"
            )
            for column, table in (
                ("branch_id", "branches"),
                ("decided_by", "people"),
                ("made_by", "people"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quarantined"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quarantined_sha256", "quarantined", ["sha256"])


def _likeness() -> None:
    op.create_table(
        "shingle_bands",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_shingle_bands_version_id_versions"
        ),
        sa.PrimaryKeyConstraint("band", "key", "version_id", name="pk_shingle_bands"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shingle_bands_version_id", "shingle_bands", ["version_id"])
    op.create_table(
        "likenesses",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name="fk_likenesses_version_id_versions"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["versions.id"], name="fk_likenesses_other_id_versions"
        ),
        sa.PrimaryKeyConstraint("version_id", "other_id", name="pk_likenesses"),
    )
    op.create_index("ix_likenesses_other_id", "likenesses", ["other_id"])


def _wait() -> None:
    # Their files could not be read any better then; what is cited of the others stays.
    op.execute(
        r"""
        UPDATE pages SET layer = 'waiting'
        WHERE trim(text, char(9, 10, 13, 32, 12288)) = ''
          AND version_id IN (
            SELECT versions.id FROM versions
            JOIN documents ON documents.current_version_id = versions.id
            WHERE documents.removed_at IS NULL
              AND versions.media_type = 'application/pdf'
              AND (versions.remarks LIKE '%pages-without-text%'
                   OR versions.remarks LIKE '%pages-garbled%'))
        """
    )
    op.execute(
        """
        INSERT INTO recognitions (version_id, page, state)
        SELECT version_id, position, 'waiting' FROM pages WHERE layer = 'waiting'
        """
    )
