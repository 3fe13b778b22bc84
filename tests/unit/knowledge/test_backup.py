"""A backup holds one moment of a home in use, only what is new, and every flipped byte shows."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.workbench.bootstrap import Workbench
from knowledge import backup as module
from knowledge.backup import DATABASE, Backup
from knowledge.errors import BackupError, BadBackupError
from knowledge.snapshot import copy_database, counts_of
from tests.homes import START, fill, open_home


@pytest.fixture
def made(filled: Workbench, tmp_path: Path) -> Backup:
    """A backup with one state of a home of three files."""
    (filled.home / "settings.toml").write_text('library = "河湾县图书馆"\n', encoding="utf-8")
    backup = Backup(tmp_path / "backup")
    backup.make(filled.home, small=("settings.toml", "absent.txt"), at=START)
    return backup


def _files(folder: Path) -> Iterator[Path]:
    """Every file but the one that is only ever locked."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in found if path.name != "lock")


def test_a_state_holds_what_the_home_held(made: Backup, filled: Workbench) -> None:
    state = made.get()
    assert made.states() == [state]
    assert state.name == "2026-01-05T080000"
    assert set(state.files) == {DATABASE, "settings.toml"}
    assert len(state.originals) == 3
    assert state.counts == counts_of(filled.home / DATABASE)
    assert state.counts["documents"] == 3
    assert list(made.faults(state)) == []


def test_the_second_state_copies_only_what_is_new(
    made: Backup, filled: Workbench, tmp_path: Path
) -> None:
    assert made.make(filled.home, at=START + timedelta(days=1)).copied == 0
    new = tmp_path / "新.txt"
    new.write_text("全县新建图书室七个。\n", encoding="utf-8")
    filled.ingest.add_file(new, actor=filled.actor)
    third = made.make(filled.home, at=START + timedelta(days=2))
    assert third.copied == 1
    assert [len(state.originals) for state in made.states()] == [3, 3, 4]
    assert made.get() == third.state


def test_what_is_restored_is_a_home(made: Backup, tmp_path: Path) -> None:
    made.restore(tmp_path / "elsewhere" / "home", state=made.get())
    again = open_home(tmp_path / "elsewhere")
    again.index()
    assert all(finding.is_sound for finding in again.doctor.examine())
    found = again.retriever.search("加装电梯每台财政补助")
    assert found[0].document.title == "河湾县人民政府办公室关于老旧小区加装电梯的通知"
    assert again.originals.read(found[0].version.sha256)
    assert (again.home / "settings.toml").exists()
    again.close()


def test_nobody_is_signed_in_to_a_restored_home(
    made: Backup, filled: Workbench, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(filled.home / DATABASE)) as connection, connection:
        connection.execute(
            "INSERT INTO sessions (digest, person_id, made_at, seen_at, address, device) "
            "VALUES ('d', 1, '2026-01-05', '2026-01-05', 'a', '')"
        )
    state = made.make(filled.home, at=START + timedelta(days=1)).state
    made.restore(tmp_path / "new", state=state)
    with closing(sqlite3.connect(tmp_path / "new" / DATABASE)) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def test_a_flipped_byte_anywhere_is_found(made: Backup, tmp_path: Path) -> None:
    for path in list(_files(made.folder)):
        data = path.read_bytes()
        for place in {0, len(data) // 2, len(data) - 1}:
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            with pytest.raises(BadBackupError, match=r"damaged|no state|renamed"):
                _restore_all(made, tmp_path / "new")
            assert not (tmp_path / "new").exists()
            assert _is_found(made), (path, place)
        path.write_bytes(data)
    assert not _is_found(made)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Backup:
    """A backup with two states, of which hypothesis damages one byte at a time."""
    folder = tmp_path_factory.mktemp("whole")
    home = open_home(folder)
    fill(home, folder)
    backup = Backup(folder / "backup")
    backup.make(home.home, at=START)
    backup.make(home.home, at=START + timedelta(days=1))
    home.close()
    return backup


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_byte_that_becomes_any_other_is_found(whole: Backup, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(_files(whole.folder))))
    whole_bytes = path.read_bytes()
    place = data.draw(st.integers(0, len(whole_bytes) - 1))
    other = whole_bytes[place] ^ data.draw(st.integers(1, 255))
    with path.open("r+b") as stream:
        stream.seek(place)
        stream.write(bytes([other]))
    try:
        assert _is_found_in_any(whole), (path, place, other)
    finally:
        path.write_bytes(whole_bytes)
    assert not _is_found_in_any(whole)


def _is_found_in_any(backup: Backup) -> bool:
    try:
        return any(fault for state in backup.states() for fault in backup.faults(state))
    except BadBackupError:
        return True


def test_old_states_go_and_what_only_they_needed(made: Backup, filled: Workbench) -> None:
    only_old = made.get().originals[0]
    document = filled.documents.by_sha256(only_old)
    assert document is not None
    with closing(sqlite3.connect(filled.home / DATABASE)) as connection, connection:
        connection.execute("UPDATE versions SET size = 0 WHERE document_id = ?", (document.id,))
    for day in (1, 2):
        made.make(filled.home, at=START + timedelta(days=day))
    assert made.prune(2) == ["2026-01-05T080000"]
    assert [state.name for state in made.states()] == ["2026-01-06T080000", "2026-01-07T080000"]
    assert all(list(made.faults(state)) == [] for state in made.states())
    assert only_old not in {path.parent.name + path.name for path in _files(made.folder)}
    assert made.prune(2) == []


def test_two_at_once_do_not_clear_away_each_others_work(made: Backup, filled: Workbench) -> None:
    with FileLock(made.folder / "lock"), pytest.raises(BackupError, match="another process"):
        made.make(filled.home, at=START + timedelta(days=1))
    assert len(made.states()) == 1


def test_what_goes_out_of_the_home_meanwhile_is_not_missed(
    filled: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file discarded between the database's copy and the files': the copy is made anew."""
    gone = next(iter(filled.originals.all()))
    copies: list[Path] = []

    def copy(source: Path, target: Path) -> None:
        copy_database(source, target)
        copies.append(target)
        if len(copies) == 1:
            filled.originals.remove(gone)
            with closing(sqlite3.connect(source)) as connection, connection:
                connection.execute("UPDATE versions SET size = 0 WHERE sha256 = ?", (gone,))

    monkeypatch.setattr(module, "copy_database", copy)
    state = Backup(tmp_path / "backup").make(filled.home, at=START).state
    assert len(copies) == 2
    assert state.absent == []
    assert len(state.originals) == 2


def _restore_all(made: Backup, home: Path) -> None:
    state = made.get()
    made.restore(home, state=state)


def _is_found(made: Backup) -> bool:
    try:
        return any(made.faults(made.get()))
    except BadBackupError:
        return True


def test_a_missing_file_is_found(made: Backup) -> None:
    for path in list(_files(made.folder)):
        data = path.read_bytes()
        path.unlink()
        assert _is_found(made)
        path.write_bytes(data)


def test_an_original_that_the_home_has_lost_is_named(filled: Workbench, tmp_path: Path) -> None:
    lost = next(iter(filled.originals.all()))
    filled.originals.remove(lost)
    state = Backup(tmp_path / "backup").make(filled.home, at=START).state
    assert state.absent == [lost]
    assert lost not in state.originals


@pytest.mark.parametrize("stage", ["needed_by", "facts_of", "write_durably"])
def test_an_interrupted_one_leaves_no_state_and_is_cleared_away(
    made: Backup, filled: Workbench, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_args: object, **_keywords: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, stage, stop)
        with pytest.raises(KeyboardInterrupt):
            made.make(filled.home, at=START + timedelta(days=1))
    assert len(made.states()) == 1
    made.make(filled.home, at=START + timedelta(days=2))
    assert [state.name for state in made.states()] == ["2026-01-05T080000", "2026-01-07T080000"]
    assert len(list((made.folder / "states").iterdir())) == 2


def test_somebody_writes_meanwhile(filled: Workbench, tmp_path: Path) -> None:
    """Every state is sound and holds as many pages and passages as its versions say."""
    backup, stop = Backup(tmp_path / "backup"), threading.Event()
    errors: list[BaseException] = []

    def write() -> None:
        number = 0
        try:
            while not stop.is_set():
                path = tmp_path / f"{number}.txt"
                path.write_text(f"第{number}号街道有图书室{number}间。\n", encoding="utf-8")
                filled.ingest.add_file(path, actor=filled.actor)
                number += 1
        except BaseException as error:  # noqa: BLE001 – reported by the test
            errors.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        states = [
            backup.make(filled.home, at=START + timedelta(minutes=number)).state
            for number in range(4)
        ]
    finally:
        stop.set()
        writer.join()
    assert errors == []
    counts = [state.counts["versions"] for state in states]
    assert counts == sorted(counts)
    for state in states:
        assert list(backup.faults(state)) == []
        assert not state.absent
        assert len(state.originals) == state.counts["versions"]


def test_a_backup_within_the_home_is_refused(filled: Workbench) -> None:
    with pytest.raises(BackupError, match="home itself"):
        Backup(filled.home / "backup").make(filled.home, at=START)


def test_nothing_is_overwritten(made: Backup, filled: Workbench) -> None:
    with pytest.raises(BackupError, match="not empty"):
        made.restore(filled.home, state=made.get())


@pytest.mark.parametrize("name", ["none", "../states/2026-01-05T080000", ""])
def test_a_state_that_is_not_there(made: Backup, name: str) -> None:
    with pytest.raises(BadBackupError, match="no state"):
        made.get(name)


def test_an_empty_folder_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BadBackupError, match="no state"):
        Backup(tmp_path).get()
