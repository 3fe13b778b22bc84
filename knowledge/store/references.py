"""What refers to passages, in whatever table it stands."""

from collections.abc import Mapping

from sqlalchemy import Connection, update

from knowledge.store.schema import metadata, passages, vectors


def redirect(connection: Connection, moved: Mapping[int, int | None]) -> None:
    """Let every table that refers to a passage that goes refer to another one, or to none.

    Vectors are not looked at: they go with their passage.
    """
    for table in metadata.sorted_tables:
        for column in table.columns:
            if table is not vectors and column.references(passages.c.id):
                for old, new in moved.items():
                    connection.execute(update(table).where(column == old).values({column: new}))
