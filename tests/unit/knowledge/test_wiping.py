"""What is deleted is gone from the database's files, though the rest of it is not written anew."""

import random
import sqlite3
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, update

from knowledge.store.engine import open_engine, writing
from knowledge.store.wiping import wipe

NOTES = Table(
    "notes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Text),
    Column("more", Text),
    sqlite_autoincrement=True,
)


def _left(folder: Path, words: list[str]) -> int:
    data = b"".join(path.read_bytes() for path in folder.glob("x.db*"))
    return sum(word.encode() in data for word in words)


def test_copies_that_moved_rows_left_behind_are_gone_too(tmp_path: Path) -> None:
    engine, rng = open_engine(tmp_path / "x.db"), random.Random(1)
    NOTES.metadata.create_all(engine)
    words = [f"word-{rng.getrandbits(64):x}" for _ in range(600)]
    with writing(engine).begin() as connection:
        for number, word in enumerate(words):
            connection.execute(insert(NOTES).values(words=word, more="x" * rng.randint(0, 90)))
            longer = update(NOTES).where(NOTES.c.id == rng.randint(1, number + 1))
            connection.execute(longer.values(more="y" * rng.randint(0, 900)))
    gone = words[:400]
    with writing(engine).begin() as connection:
        connection.execute(update(NOTES).where(NOTES.c.id <= len(gone)).values(words=None))
    assert wipe(engine, [NOTES])
    assert _left(tmp_path, gone) == 0
    assert _left(tmp_path, words[400:]) == 200
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM notes").scalar() == len(words)
    with writing(engine).begin() as connection:
        key = connection.execute(insert(NOTES).values(words="new")).inserted_primary_key
    assert key is not None
    assert key[0] == len(words) + 1
    engine.dispose()


def test_nothing_is_lost_while_somebody_writes(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "x.db")
    NOTES.metadata.create_all(engine)
    with writing(engine).begin() as connection:
        connection.execute(insert(NOTES).values(words="kept"))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not wipe(engine, [NOTES])
    other.execute("ROLLBACK")
    assert wipe(engine, [NOTES])
    assert other.execute("SELECT words FROM notes").fetchall() == [("kept",)]
    other.close()
    engine.dispose()
