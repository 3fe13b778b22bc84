"""Indexes learn what changed, from whichever process, and look at nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from briefs.workbench.bootstrap import Workbench
from embeddings.protocols import Ids, Vectors
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed
from knowledge.indexing import Change
from knowledge.lexical import TantivyIndex
from knowledge.model import Block, BlockKind, PageText, PassageDraft, Span
from knowledge.protocols import LexicalEntry
from knowledge.store.changes import Mark
from knowledge.store.passages import Passages
from knowledge.store.rereadings import Rereadings
from tests.homes import ELDERS, START, fill, open_home, take_out

NEW = {"新.txt": "河湾县社区食堂开业通告。\n\n老年人凭证就餐享受八折优惠。"}


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of passages whose words or vectors indexes read, as they do."""
    seen: list[int] = []
    entries, vectors = Passages.entries, Passages.vectors

    def reading_entries(self: Passages, ids: Ids) -> Iterator[LexicalEntry]:
        seen.extend(ids.tolist())
        return entries(self, ids)

    def reading_vectors(self: Passages, encoder_id: int, ids: Ids) -> Vectors:
        seen.extend(ids.tolist())
        return vectors(self, encoder_id, ids)

    monkeypatch.setattr(Passages, "entries", reading_entries)
    monkeypatch.setattr(Passages, "vectors", reading_vectors)
    return seen


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every comparison of all ids."""
    seen: list[str] = []
    ids = TantivyIndex.ids

    def reading_all(self: TantivyIndex) -> Ids:
        seen.append("lexical")
        return ids(self)

    monkeypatch.setattr(TantivyIndex, "ids", reading_all)
    return seen


def test_other_commits_cost_nothing(filled: Workbench, whole: list[str]) -> None:
    before = filled.passages.changes.latest()
    filled.retriever.search("助餐点")
    whole.clear()
    filled.desk.ask("有几个助餐点？", actor=filled.actor)
    filled.library.confirm(1, actor=filled.actor)
    filled.ingest.add(b"", "空.txt", source="upload:空.txt", actor=filled.actor)
    assert filled.passages.changes.latest() == before
    filled.retriever.search("助餐点")
    assert whole == []


def add(home: Workbench) -> None:
    home.ingest.add(NEW["新.txt"].encode(), "新.txt", source="upload:新", actor=home.actor)


def version(home: Workbench) -> None:
    (path,) = (each for each in _paths(home) if each.name == "养老服务.txt")
    path.write_text(ELDERS + "新增一个服务站。\n", encoding="utf-8")
    home.ingest.add_file(path, actor=home.actor)


def remove(home: Workbench) -> None:
    take_out(home, 2)


def rename(home: Workbench) -> None:
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE documents SET title = '电梯' WHERE id = 2"))


def hide(home: Workbench) -> None:
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE documents SET access = 'staff' WHERE id = 2"))


def wipe(home: Workbench) -> None:
    ids = "(SELECT id FROM passages WHERE version_id = 2)"
    with home.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM vectors WHERE passage_id IN {ids}"))
        connection.execute(text("DELETE FROM passages WHERE version_id = 2"))


def withdraw(home: Workbench) -> None:
    home.quarantine.withdraw(2, "秘密", actor=home.actor)


def discard(home: Workbench) -> None:
    file = home.quarantine.withdraw(2, "秘密", actor=home.actor)
    home.quarantine.discard(file.id, reason="误收", actor=home.actor)


def restrict(home: Workbench) -> None:
    home.quarantine.restrict(2, actor=home.actor)


def refit(home: Workbench) -> None:
    (page,) = home.documents.pages(2)
    end = len(page.text)
    blocks = (Block(BlockKind.HEADING, 0, 10, 1), Block(BlockKind.PARAGRAPH, 10, end))
    half = end // 2
    cuts = [
        PassageDraft(page.text[start:stop], (Span(1, start, stop),))
        for start, stop in ((0, half), (half, end))
    ]
    found = {1: PageText(page.text, blocks=blocks)}
    deed = Deed.by(home.actor, Action.REREAD_DOCUMENT)
    refitted = Rereadings(home.engine).refit(
        2, found, cut=lambda _: cuts, deed=deed, at=home.clock()
    )
    assert refitted


def _paths(home: Workbench) -> list[Path]:
    return sorted((home.home.parent / "files").iterdir())


@pytest.mark.parametrize(
    "change", [add, version, remove, rename, hide, wipe, withdraw, discard, restrict, refit]
)
def test_what_changes_is_logged_and_nothing_else_is_read(
    filled: Workbench,
    tmp_path: Path,
    looked_at: list[int],
    whole: list[str],
    change: Callable[[Workbench], None],
) -> None:
    filled.refresh()
    other = open_home(tmp_path)
    other.refresh()
    looked_at.clear()
    whole.clear()
    before = set(filled.passages.ids().tolist())
    counter = filled.passages.changes.latest()
    change(other)
    assert filled.passages.changes.latest() > counter
    filled.refresh()
    other.refresh()
    held = set(filled.passages.ids().tolist())
    assert set(filled.lexical.ids().tolist()) == held
    of_it = {p.id for p in filled.passages.of_version(2)}
    assert set(looked_at) <= (held - before) | of_it
    assert whole == ["lexical"]  # this test's own
    other.close()


def test_a_new_title_is_found_however_it_came(filled: Workbench) -> None:
    filled.refresh()
    rename(filled)
    assert filled.retriever.search("电梯")[0].document.title == "电梯"


def test_vectors_are_none_of_the_lexical_index(workbench: Workbench, looked_at: list[int]) -> None:
    add(workbench)
    assert workbench.lexical_indexing.catch_up() == Change(len(workbench.passages.ids()))
    looked_at.clear()
    assert workbench.dense is not None
    workbench.dense.encode()
    assert workbench.lexical_indexing.catch_up() == Change()
    assert looked_at == []
    assert workbench.dense.catch_up()


def test_vectors_that_come_after_the_words_are_taken_in(
    filled: Workbench, tmp_path: Path, looked_at: list[int], whole: list[str]
) -> None:
    other = open_home(tmp_path)
    assert filled.dense is not None
    assert other.dense is not None
    filled.refresh()
    add(other)
    filled.refresh()
    held = set(filled.dense.ids().tolist())
    looked_at.clear()
    whole.clear()
    other.dense.encode()
    filled.refresh()
    new = set(filled.passages.ids().tolist()) - held
    assert new
    assert set(filled.dense.ids().tolist()) == held | new
    assert set(looked_at) == new
    assert whole == []
    other.close()


def test_a_version_kept_closer_is_known_to_the_index_at_once(filled: Workbench) -> None:
    filled.refresh()
    counter = filled.passages.changes.latest()
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE versions SET file_name = 'b.txt' WHERE id = 2"))
    assert filled.passages.changes.latest() == counter
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE versions SET access = 'named' WHERE id = 2"))
    touched = filled.passages.changes.since(counter).ids
    assert touched is not None
    assert touched.tolist() == [each.id for each in filled.passages.of_version(2)]


def test_who_is_too_far_behind_compares_everything(filled: Workbench, whole: list[str]) -> None:
    filled.refresh()
    whole.clear()
    add(filled)
    remove(filled)
    with filled.engine.begin() as connection:
        connection.execute(text("DELETE FROM changes"))
    filled.refresh()
    assert whole == ["lexical"]
    _agree(filled)


def test_an_older_copy_of_the_database_is_compared(filled: Workbench, tmp_path: Path) -> None:
    add(filled)
    filled.index()
    filled.close()
    (tmp_path / "home" / "index" / "lexical.upto").write_text("999999:7", encoding="utf-8")
    again = open_home(tmp_path)
    rename(again)
    assert again.retriever.search("电梯")[0].document.title == "电梯"
    _agree(again)
    assert again.lexical_indexing.behind() == 0
    again.close()


def test_a_note_that_was_never_written_means_doing_it_twice(
    filled: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    add(filled)
    with monkeypatch.context() as patched:
        patched.setattr("knowledge.indexing.write_durably", killed)
        with pytest.raises(KeyboardInterrupt):
            filled.lexical_indexing.catch_up()
    for home in (filled, open_home(tmp_path)):
        home.lexical_indexing.catch_up()
        _agree(home)
        home.close()


def test_a_big_change_forgets_the_oldest(workbench: Workbench) -> None:
    with workbench.engine.begin() as connection:
        for change in (7, 262150, 262151):
            connection.execute(
                text("INSERT INTO changes (id, passage_id) VALUES (:id, 2)"), {"id": change}
            )
        assert connection.execute(text("SELECT id FROM changes")).scalars().all() == [
            262150,
            262151,
        ]
    changes = workbench.passages.changes
    latest = changes.latest()
    assert latest.number == 262151
    assert changes.since(Mark(7, 7)).ids is None
    with workbench.engine.connect() as connection:
        sign = connection.execute(text("SELECT sign FROM changes WHERE id = 262150")).scalar_one()
    assert changes.since(Mark(262150, sign + 1)).ids is None
    touched = changes.since(Mark(262150, sign))
    assert touched.ids is not None
    assert touched.ids.tolist() == [2]


def test_a_search_does_not_wait_for_another_that_catches_up(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.refresh()
    monkeypatch.setattr("briefs.workbench.house._PATIENCE", 0.01)
    with filled.house._fresh_lock:
        assert filled.retriever.search("助餐点")


def test_while_another_process_writes_the_index_is_searched_as_it_is(
    filled: Workbench, tmp_path: Path
) -> None:
    filled.refresh()
    add(filled)
    other = open_home(tmp_path)
    with other.lexical_indexing._lock:
        assert filled.lexical_indexing.catch_up() is None
        assert filled.retriever.search("助餐点")
    assert filled.lexical_indexing.catch_up()
    other.close()


def _agree(home: Workbench) -> None:
    wanted = home.passages.ids().tolist()
    assert home.lexical.ids().tolist() == wanted


def test_the_indexes_hold_what_their_keeper_sees(filled: Workbench, tmp_path: Path) -> None:
    hide(filled)
    other = filled.people.ensure("乙", branch="二馆", at=START).person_id
    with filled.engine.begin() as connection:
        connection.execute(
            text("UPDATE documents SET access = 'named', made_by = :by WHERE id = 3"), {"by": other}
        )
    fill(filled, tmp_path, NEW)
    assert filled.dense is not None
    held = filled.lexical.ids().tolist()
    assert filled.dense.ids().tolist() == held
    assert len(held) > len(filled.passages.ids())
