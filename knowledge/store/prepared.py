"""Statements compiled once, and the one transaction in which a search reads with them.

What SQLAlchemy does around a statement – the construct, its key in the cache of compiled ones, the
result's columns – takes a multiple of what SQLite takes for the rows of a search: of 140,000
passages, 0.35 of 0.75 ms for sixty titles and 0.1 of 0.5 ms for the last change.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final, TypeAlias

import numpy as np
from sqlalchemy import JSON, ColumnElement, Engine, Select, SelectBase, bindparam, func, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from embeddings.protocols import Ids

_DIALECT: Final = SQLiteDialect_pysqlite(paramstyle="qmark")
_GIVEN: Final = "given"

Cursor: TypeAlias = sqlite3.Cursor
"""Of one read transaction: whatever is read with it is of one moment."""


@contextmanager
def reading(engine: Engine) -> Iterator[Cursor]:
    """Read in one transaction, on a connection of the pool; nothing is to be written with it."""
    connection = engine.raw_connection()
    try:
        cursor: Cursor = connection.cursor()  # type: ignore[assignment]
        # Takes no lock and reads nothing: the moment is that of the first statement.
        cursor.execute("BEGIN")
        yield cursor
    finally:
        # The pool ends the transaction.
        connection.close()


def ids_of(engine: Engine, query: Select[Any]) -> Ids:
    """Read a column of ids, in the query's order, in a transaction of its own.

    SQLAlchemy hands out one row after the other: of 140,000 ids, four times as long.
    """
    with reading(engine) as cursor:
        return Prepared(query).ids(cursor)


def given(name: str = _GIVEN) -> Select[Any]:
    """A subquery of the keys that a prepared statement is given: any number in one parameter."""
    keys = func.json_each(bindparam(name, "[]")).table_valued("value", name=f"{name}_keys")
    return select(keys.c.value)


class Prepared:
    """A SELECT compiled once, whose values are fixed but for the keys it is `given`.

    Safe in several threads. Values come back as SQLAlchemy gives them: lists of JSON columns,
    moments with their zone.
    """

    def __init__(self, query: SelectBase) -> None:
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self._sql = str(compiled)
        values = compiled.params
        self._values = [(name, values.get(name)) for name in compiled.positiontup or ()]
        columns = enumerate(query.selected_columns)
        self._decoders = [(at, of) for at, column in columns if (of := _decoder(column))]

    def rows(self, cursor: Cursor, **keys: Collection[Any]) -> list[tuple[Any, ...]]:
        """Read all rows.

        Args:
            cursor: of `reading`.
            keys: what `given` stands for, by name.
        """
        found = self._run(cursor, keys).fetchall()
        return list(map(self._decoded, found)) if self._decoders else found

    def ids(self, cursor: Cursor, **keys: Collection[Any]) -> Ids:
        """Read a statement of one column, of ids, in its order."""
        return np.fromiter(chain.from_iterable(self._run(cursor, keys)), dtype=np.int64)

    def first(self, cursor: Cursor) -> tuple[Any, ...] | None:
        """Read the first row of a statement that is given no keys; None where there is none."""
        row = self._run(cursor, {}).fetchone()
        return None if row is None else self._decoded(row)

    def _run(self, cursor: Cursor, keys: Mapping[str, Collection[Any]]) -> Cursor:
        texts = {name: json.dumps(list(values)) for name, values in keys.items()}
        return cursor.execute(self._sql, [texts.get(name, value) for name, value in self._values])

    def _decoded(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for at, decoder in self._decoders:
            values[at] = decoder(values[at])
        return tuple(values)


def _decoder(column: ColumnElement[Any]) -> Callable[[Any], Any] | None:
    """How SQLAlchemy reads values of a column; None: as they are."""
    if isinstance(column.type, JSON):
        return _of_json
    found: Callable[[Any], Any] | None = column.type.dialect_impl(_DIALECT).result_processor(
        _DIALECT, None
    )
    return found


def _of_json(text: str | None) -> Any:
    # Most lists are empty, and reading JSON takes a while.
    return [] if text == "[]" else None if text is None else json.loads(text)
