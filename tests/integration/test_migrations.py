"""The migrations make exactly the tables that the code speaks to."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from briefs.workbench.bootstrap import Workbench
from knowledge.errors import BadHomeError
from knowledge.store.engine import migrate, open_engine
from knowledge.store.schema import metadata


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
