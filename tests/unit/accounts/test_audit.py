"""The log keeps what was entered, and any change to it shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from knowledge.accounts.audit import FIRST, Audit, Deed, Search, enter
from knowledge.store.engine import writing
from tests.homes import START
from tests.unit.accounts.desk import Desk


def _log(desk: Desk, count: int = 5) -> Audit:
    log = Audit(desk.engine)
    for number in range(count):
        deed = Deed(
            action="add" if number % 2 else "remove",
            person_id=1 + number % 3,
            kind="document",
            record=number,
            address="10.0.0.1",
            details={"第": number},
        )
        log.enter(deed, at=START + timedelta(hours=number))
    return log


def test_an_empty_log_holds(desk: Desk) -> None:
    verdict = Audit(desk.engine).verify()
    assert (verdict.entries, verdict.broken_at, verdict.last) == (0, None, FIRST)


def test_entries_come_newest_first_and_by_what_is_asked(desk: Desk) -> None:
    log = _log(desk)
    assert [entry.deed.record for entry in log.entries(Search(), limit=3)] == [4, 3, 2]
    assert [entry.deed.record for entry in log.entries(Search(), limit=9, before=3)] == [1, 0]
    assert [entry.deed.record for entry in log.every(Search(action="add"))] == [3, 1]
    assert [entry.deed.record for entry in log.every(Search(person_id=1))] == [3, 0]
    assert [entry.deed.record for entry in log.every(Search(kind="document", record=2))] == [2]
    later = Search(since=START + timedelta(hours=1), until=START + timedelta(hours=3))
    assert [entry.deed.record for entry in log.every(later)] == [2, 1]
    entry = log.entries(Search(), limit=1)[0]
    assert entry.at == START + timedelta(hours=4)
    assert entry.deed.details == {"第": 4}


def test_the_whole_chain_is_checked(desk: Desk) -> None:
    verdict = _log(desk).verify()
    assert (verdict.entries, verdict.broken_at) == (5, None)
    assert verdict.last != FIRST


@pytest.mark.parametrize("statement", ["UPDATE audit SET person_id = 9", "DELETE FROM audit"])
def test_the_database_refuses_changes(desk: Desk, statement: str) -> None:
    _log(desk)
    with (
        pytest.raises(IntegrityError, match="append only"),
        writing(desk.engine).begin() as connection,
    ):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit SET person_id = 9 WHERE id = 2", 2),
        ("UPDATE audit SET details = '{}' WHERE id = 4", 4),
        ("UPDATE audit SET at = replace(at, '2026', '2025') WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("DELETE FROM audit WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id > 3", 4),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET id = id + 10 WHERE id = 2", 3),
    ],
)
def test_changes_behind_its_back_show(desk: Desk, statement: str, broken_at: int) -> None:
    log = _log(desk)
    with writing(desk.engine).begin() as connection:
        connection.execute(text("DROP TRIGGER keep_audit_from_update"))
        connection.execute(text("DROP TRIGGER keep_audit_from_delete"))
        connection.execute(text(statement))
    assert log.verify().broken_at == broken_at


def test_what_follows_a_cut_does_not_hide_it(desk: Desk) -> None:
    log = _log(desk)
    with writing(desk.engine).begin() as connection:
        connection.execute(text("DROP TRIGGER keep_audit_from_delete"))
        connection.execute(text("DELETE FROM audit WHERE id > 3"))
    log.enter(Deed(action="add", person_id=1), at=START)
    assert log.verify().broken_at == 6


def test_an_entry_is_kept_with_its_deed_or_not_at_all(desk: Desk) -> None:
    log = _log(desk, 1)
    connection = writing(desk.engine).connect()
    with connection, connection.begin() as transaction:
        enter(connection, Deed(action="add", person_id=1), at=START)
        transaction.rollback()
    assert log.verify().entries == 1


def test_what_is_entered_at_the_same_time_is_one_chain(desk: Desk) -> None:
    log = Audit(desk.engine)
    with ThreadPoolExecutor(4) as pool:
        deeds = [Deed(action="add-document", person_id=n % 4) for n in range(40)]
        list(pool.map(lambda deed: log.enter(deed, at=START), deeds))
    verdict = log.verify()
    assert (verdict.entries, verdict.broken_at) == (40, None)
