"""The tantivy index keeps the contract, and its own promises on disk."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge import lexical
from knowledge.access import PUBLIC, WHOLE, Scope, Viewer
from knowledge.errors import IndexBusyError
from knowledge.lexical import TantivyIndex, fault_of
from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.lexical_scope import Conditions
from knowledge.protocols import LexicalIndex
from knowledge.synonyms import Synonyms
from tests.contracts.lexical_index import (
    NOTHING,
    LexicalIndexContract,
    TableInHand,
    entry,
    found,
    ids,
    open_to_all,
)


class TestTantivyIndex(LexicalIndexContract):
    @pytest.fixture
    def make(self, tmp_path: Path, table: TableInHand) -> Callable[[], LexicalIndex]:
        numbers = count()
        return lambda: TantivyIndex(tmp_path / str(next(numbers)), synonyms=table)


def filled(folder: Path, size: int = 20) -> TantivyIndex:
    index = TantivyIndex(folder)
    index.update(remove=NOTHING, add=[entry(i, f"读者借书{i}") for i in range(size)])
    return index


def test_persists(tmp_path: Path) -> None:
    assert filled(tmp_path).opened_fresh == "there is none yet"
    again = TantivyIndex(tmp_path)
    assert again.opened_fresh is None
    assert again.ids().tolist() == list(range(20))
    assert found(again.search("借书", 1, scope=WHOLE)) == [0]


def test_another_reader_sees_a_commit_when_it_refreshes(tmp_path: Path) -> None:
    writer = filled(tmp_path)
    reader = TantivyIndex(tmp_path)
    writer.update(remove=ids(0), add=[entry(50, "新书")])
    assert reader.search("新", 5, scope=WHOLE) == []
    reader.refresh()
    assert found(reader.search("新", 5, scope=WHOLE)) == [50]
    assert 0 not in reader.ids()


def test_where_nothing_is_hidden_scores_are_the_engines(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, synonyms=lambda: SAME)
    texts = ["读者", "读者借书", "书馆开放 读者 借书", "开放a1"]
    add = [open_to_all(entry(i, text)) for i, text in enumerate(texts)]
    index.update(remove=NOTHING, add=[*add, entry(8, "读者")])
    index.update(remove=NOTHING, add=[open_to_all(entry(8, "读者"))])
    # A removed passage was hidden: as long as it may count, the public has weights of its own.
    whole = TantivyIndex(tmp_path / "new", synonyms=lambda: SAME)
    whole.update(remove=NOTHING, add=[*add, open_to_all(entry(8, "读者"))])
    for query in ("读者借书", "书馆开放的读者", "a1 读"):
        expected = whole.search(query, 9, scope=WHOLE)
        assert whole.search(query, 9, scope=Scope(PUBLIC)) == expected
        hits = index.search(query, 9, scope=Scope(PUBLIC))
        assert found(hits) == found(expected)


def test_what_was_counted_stays_until_something_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = filled(tmp_path)
    index.update(remove=NOTHING, add=[open_to_all(entry(90, "读者"))])
    counted: list[str] = []
    holding = Conditions.holding

    def count_it(self: Conditions, term: str, *, viewer: Viewer) -> int:
        counted.append(term)
        return holding(self, term, viewer=viewer)

    monkeypatch.setattr(Conditions, "holding", count_it)
    for _ in range(3):
        assert found(index.search("读", 9, scope=Scope(PUBLIC))) == [90]
        index.refresh()
    assert counted == ["读"]
    TantivyIndex(tmp_path).update(remove=NOTHING, add=[open_to_all(entry(91, "读者"))])
    index.refresh()
    assert found(index.search("读", 9, scope=Scope(PUBLIC))) == [90, 91]
    assert counted == ["读", "读"]


def test_two_open_indexes_can_write_in_turn(tmp_path: Path) -> None:
    first, second = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    first.update(remove=NOTHING, add=[entry(1, "甲")])
    second.update(remove=NOTHING, add=[entry(2, "乙")])
    first.update(remove=ids(2), add=[entry(3, "丙")])
    assert second.ids().tolist() == [1, 3]


def test_a_second_writer_waits_then_says_so(tmp_path: Path) -> None:
    filled(tmp_path)
    index = TantivyIndex(tmp_path, patience=0.2)
    with FileLock(tmp_path / "writer.lock"), pytest.raises(IndexBusyError, match="try again"):
        index.update(remove=ids(1), add=[])
    assert len(index.ids()) == 20
    index.update(remove=ids(1), add=[])
    assert len(index.ids()) == 19


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from knowledge.errors import IndexWriteError
from knowledge.lexical import TantivyIndex
from tests.contracts.lexical_index import entry, ids

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
index = TantivyIndex(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
try:
    index.update(remove=ids(0), add=(entry(i, f"新书{i}") for i in range(100, 900)))
except IndexWriteError as error:
    print(error)
"""


def test_a_full_disk_is_said_and_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "free some disk space" in told
    index = TantivyIndex(tmp_path)
    assert index.opened_fresh is None
    assert index.ids().tolist() == list(range(20))


def test_many_small_updates_leave_few_segments(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path)
    for i in range(40):
        index.update(remove=NOTHING, add=[entry(i, "读者")])
    assert len(list((tmp_path / "tantivy").glob("*.term"))) <= 16


def test_a_newer_tokenizer_starts_it_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    monkeypatch.setattr(lexical, "_FORMAT", {"schema": 1, "tokenizer": -1})
    assert fault_of(tmp_path) == "it was made by another version of Zhiku"
    index = TantivyIndex(tmp_path)
    assert index.opened_fresh == "it was made by another version of Zhiku"
    assert len(index) == 0
    index.update(remove=NOTHING, add=[entry(1, "新")])
    assert TantivyIndex(tmp_path).opened_fresh is None


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


@pytest.mark.parametrize("pattern", ["*.term", "*.idx", "*.fast", "*.fieldnorm", "meta.json"])
@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
def test_damage_is_noticed_and_starts_it_empty(
    tmp_path: Path, pattern: str, damage: Callable[[Path], None]
) -> None:
    filled(tmp_path)
    damage(next((tmp_path / "tantivy").glob(pattern)))
    assert (fault_of(tmp_path) or "").startswith("it is damaged")
    index = TantivyIndex(tmp_path)
    assert (index.opened_fresh or "").startswith("it is damaged")
    assert index.ids().tolist() == []
    index.update(remove=NOTHING, add=[entry(1, "新")])
    assert found(index.search("新", 1, scope=WHOLE)) == [1]


def test_removals_half_written_by_a_kill_are_in_nobodys_way(tmp_path: Path) -> None:
    filled(tmp_path).update(remove=ids(3), add=())
    engine = tmp_path / "tantivy"
    number = json.loads((engine / "meta.json").read_text("utf-8"))["opstamp"]
    (removals,) = engine.glob("*.del")
    left = [engine / f"{removals.name.split('.')[0]}.{number + n}.del" for n in range(1, 9)]
    for path in left:
        path.write_bytes(removals.read_bytes()[: 7 if path == left[0] else None])
    index = TantivyIndex(tmp_path)
    assert index.opened_fresh is None
    index.update(remove=ids(4), add=())
    assert index.ids().tolist() == [i for i in range(20) if i not in (3, 4)]
    assert not any(path.exists() and path.stat().st_size == 7 for path in left)


def test_what_others_wrote_is_cleared_away_too(tmp_path: Path) -> None:
    indexes = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    for number in range(8):
        last = ids(*range(number * 9 - 9, number * 9))
        fresh = [entry(i, "读者") for i in range(number * 9, number * 9 + 9)]
        indexes[number % 2].update(remove=last, add=fresh)
    managed = json.loads((tmp_path / "tantivy" / ".managed.json").read_text("utf-8"))
    present = {path.name for path in (tmp_path / "tantivy").iterdir()}
    assert {name for name in present if not name.startswith(".")} <= set(managed)


def test_a_folder_with_other_things_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    (tmp_path / "format.json").write_text("{", "utf-8")
    assert TantivyIndex(tmp_path).opened_fresh == "its format file is damaged"
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


def test_an_interrupted_start_starts_again(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "format.json").unlink()
    assert len(TantivyIndex(tmp_path)) == 0


WRITER = """
import sys
from pathlib import Path
from knowledge.lexical import TantivyIndex
from tests.contracts.lexical_index import entry, ids

def slowly():
    for i in range(1000, 1000000):
        yield entry(i, "新书上架" * 20)
        if i == 3000:
            print("busy", flush=True)

def often(index):
    print("busy", flush=True)
    for i in range(1000000):
        index.update(remove=ids(), add=[entry(i * 2, "一"), entry(i * 2 + 1, "二")])

index = TantivyIndex(Path(sys.argv[1]))
index.update(remove=ids(*range(10)), add=slowly()) if sys.argv[2] == "one" else often(index)
"""


def kill_while_writing(folder: Path, kind: str, *, after: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), kind], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after)
        process.send_signal(signal.SIGKILL)


def test_killed_in_the_middle_of_an_update_it_holds_what_it_held(tmp_path: Path) -> None:
    filled(tmp_path)
    kill_while_writing(tmp_path, "one", after=0.05)
    index = TantivyIndex(tmp_path, patience=2)
    assert index.opened_fresh is None
    assert index.ids().tolist() == list(range(20))
    index.update(remove=ids(0), add=[])
    assert len(index) == 19


@pytest.mark.parametrize("after", [0.03, 0.11, 0.19])
def test_killed_among_many_commits_it_holds_whole_updates(tmp_path: Path, after: float) -> None:
    TantivyIndex(tmp_path)
    kill_while_writing(tmp_path, "many", after=after)
    index = TantivyIndex(tmp_path, patience=2)
    assert index.opened_fresh is None
    held = index.ids().tolist()
    assert held == list(range(len(held)))
    assert len(held) % 2 == 0
    index.update(remove=NOTHING, add=[entry(5000, "三")])
    assert index.ids().tolist() == [*held, 5000]


SAME = Synonyms((("读者", "借书", "书馆开放"), ("a1", "馆读")))


@settings(max_examples=25, deadline=None)
@example(texts=["", "1"], query="1")
@given(
    texts=st.lists(st.text(alphabet="读者借书馆开放a1 ", max_size=12), min_size=1, max_size=8),
    query=st.text(alphabet="读者借书馆开放a1", min_size=1, max_size=8),
)
def test_agrees_with_the_reference(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str
) -> None:
    folder = tmp_path_factory.mktemp("index")
    real = TantivyIndex(folder, synonyms=lambda: SAME)
    reference = MemoryLexicalIndex(synonyms=lambda: SAME)
    for index in (real, reference):
        index.update(remove=NOTHING, add=[entry(i, text) for i, text in enumerate(texts)])
    expected = {hit.passage_id: hit.score for hit in reference.search(query, 20, scope=WHOLE)}
    hits = real.search(query, 20, scope=WHOLE)
    assert {hit.passage_id for hit in hits} == set(expected)
    for hit in hits:
        # Lengths up to 40 are exact in tantivy's one-byte code; longer ones are rounded.
        assert hit.score == pytest.approx(expected[hit.passage_id], abs=2e-4)
