"""The migrations make exactly the tables that the code speaks to."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from briefs.workbench.bootstrap import Workbench
from knowledge import store
from knowledge.errors import BadHomeError
from knowledge.store.engine import migrate, open_engine, writing
from knowledge.store.schema import metadata

MIGRATIONS = Path(store.__file__).parent / "migrations"
OLD_HOME = """
INSERT INTO branches (id, name, made_at) VALUES (1, '馆', '2025-01-01 00:00:00');
INSERT INTO people (id, name, branch_id, made_at) VALUES (1, '员', 1, '2025-01-01 00:00:00');
INSERT INTO documents (id, title, type, authors, source, current_version_id, branch_id, access,
  made_by, made_at) SELECT column1, column1, 'other', '[]', column1, column1, 1, 'public', 1,
  '2025-01-01 00:00:00' FROM (VALUES (1), (2));
INSERT INTO versions (id, document_id, number, sha256, size, file_name, media_type, paged,
  page_count, passage_count, remarks, branch_id, access, made_by, made_at)
  SELECT column1, column1, 1, column1, 1, 'a', 'application/pdf', 1, 2, 0, column2, 1, 'public', 1,
  '2025-01-01 00:00:00' FROM (VALUES (1, '["pages-without-text:2"]'), (2, '[]'));
INSERT INTO pages (version_id, position, text, blocks)
  VALUES (1, 1, '有字', '[]'), (1, 2, ' ', '[]'), (2, 1, '有字', '[]'), (2, 2, '', '[]')
"""


def test_the_migrated_tables_are_the_tables_of_the_code(workbench: Workbench) -> None:
    with workbench.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_migrating_again_changes_nothing(workbench: Workbench) -> None:
    with workbench.engine.connect() as connection:
        before = connection.execute(text("SELECT sql FROM sqlite_master ORDER BY name")).all()
    migrate(workbench.engine)
    with workbench.engine.connect() as connection:
        after = connection.execute(text("SELECT sql FROM sqlite_master ORDER BY name")).all()
    assert before == after


def test_a_home_of_a_newer_zhiku_is_left_alone(workbench: Workbench) -> None:
    with workbench.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadHomeError, match="newer than this Zhiku"):
        migrate(workbench.engine)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "zhiku.db").write_text("这不是数据库" * 500, encoding="utf-8")
    with pytest.raises(BadHomeError, match="not a database"):
        open_engine(tmp_path / "zhiku.db")


def test_ids_are_never_used_again(workbench: Workbench) -> None:
    with workbench.engine.connect() as connection:
        tables = connection.execute(
            text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        ).scalars()
        assert {"documents", "versions", "passages", "briefs", "statements", "editions"} <= set(
            tables
        )


def test_pages_that_an_older_zhiku_found_empty_are_let_wait(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "zhiku.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in OLD_HOME.split(";"):
            connection.execute(text(statement))
    migrate(engine)
    with engine.connect() as connection:
        waiting = connection.execute(text("SELECT version_id, page, state FROM recognitions"))
        assert waiting.all() == [(1, 2, "waiting")]
        layers = connection.execute(text("SELECT layer FROM pages ORDER BY version_id, position"))
        assert layers.scalars().all() == ["text", "waiting", "text", "text"]
    engine.dispose()


BEFORE_PEOPLE = """
UPDATE documents SET access = 'named';
INSERT INTO quarantined (id, source, file_name, sha256, mark, decision, branch_id, access, made_by,
  made_at) VALUES (1, 'b', 'b', '2', '秘密', 'released', 1, 'named', 1, '2025-01-01 00:00:00');
INSERT INTO failures (id, source, file_name, sentence, details, branch_id, access, made_by, made_at)
  SELECT column1, column1, 'c', 'no', '{}', 1, 'public', 1, '2025-01-01 00:00:00'
  FROM (VALUES (4), (7));
DELETE FROM failures WHERE id = 7
"""


def test_what_waited_to_be_read_stays_closed_until_it_is(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "zhiku.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for statement in f"{OLD_HOME};{BEFORE_PEOPLE}".split(";"):
            connection.execute(text(statement))
    migrate(engine)
    with writing(engine).begin() as connection:
        held = connection.execute(text("SELECT id, access, opens_as FROM documents ORDER BY id"))
        # The second was released from quarantine: nothing opens it but a person.
        assert held.all() == [(1, "named", "public"), (2, "named", None)]
        failed = connection.execute(text("SELECT id, access, shared, recipients FROM failures"))
        assert failed.all() == [(4, "staff", 0, "[]")]
        again = text(
            "INSERT INTO failures (source, file_name, sentence, details, branch_id, access, made_by,"
            " made_at) VALUES ('8', 'c', 'no', '[]', 1, 'staff', 1, '2025-01-01 00:00:00')"
        )
        assert connection.execute(again).lastrowid == 8
    engine.dispose()
