"""Two processes on one home: what one adds or removes, the other knows at its next search."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from briefs.workbench.bootstrap import Workbench
from knowledge.model import Mode
from tests.homes import fill, open_home

OTHER = r"""
import sys
from pathlib import Path
from sqlalchemy import text
from tests.homes import open_home, take_out
home = open_home(Path(sys.argv[1]))
home.refresh()
print("ready", flush=True)
for line in sys.stdin:
    action, _, argument = line.strip().partition(" ")
    if action == "add":
        home.ingest.add(argument.encode(), "a.txt", source="upload:" + argument, actor=home.actor)
    elif action == "many":
        for n in range(int(argument)):
            text = "\n\n".join(f"第{n}批第{i}户，雪橇租赁押金退还。" for i in range(40))
            home.ingest.add(text.encode(), "a.txt", source=f"upload:{n}", actor=home.actor)
            home.index()
    elif action == "index":
        home.index()
    elif action == "remove":
        take_out(home, int(argument))
    elif action == "search":
        modes = "lexical", "dense", "hybrid"
        print(sum(len(home.retriever.search(argument, mode=mode)) for mode in modes), flush=True)
        continue
    elif action == "hold":
        connection = home._kept._writer.connect()
        connection.execute(text("UPDATE documents SET title = 'unfinished'"))
        lock = home.lexical_indexing._lock.acquire()
    print("done", flush=True)
"""
PATIENCE = 10.0
"""Seconds for what takes a fraction of one: the machine may be busy with other things. Whoever waited
for a lock would wait 15."""
WORDS = "雪橇租赁押金退还规定"


class Other:
    """The other process."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[2],
        )
        self._answer()

    def does(self, command: str) -> str:
        """Have it do something and wait until it has."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n".encode())
        self._process.stdin.flush()
        return self._answer()

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().strip()


@pytest.fixture
def other(filled: Workbench, tmp_path: Path) -> Iterator[Other]:
    filled.refresh()
    process = Other(tmp_path)
    yield process
    process.kill()


def _hits(home: Workbench, words: str, mode: Mode) -> int:
    results = home.retriever.search(words, mode=mode)
    return sum(words[:5] in result.passage.text for result in results)


def test_what_another_process_adds_is_found_at_the_next_search(
    filled: Workbench, other: Other
) -> None:
    other.does(f"add {WORDS}")
    begun = time.perf_counter()
    while not _hits(filled, WORDS, Mode.LEXICAL):
        assert time.perf_counter() - begun < PATIENCE
    other.does("index")
    begun = time.perf_counter()
    while not _hits(filled, WORDS, Mode.DENSE):
        assert time.perf_counter() - begun < PATIENCE


def test_what_is_removed_gives_no_hit_anywhere(
    filled: Workbench, other: Other, tmp_path: Path
) -> None:
    (document,) = [each.id for each in filled.documents.find() if "养老" in each.title]
    words, gone = "养老服务站", {p.id for p in filled.passages.of_version(document)}
    assert int(other.does(f"search {words}"))
    assert all(_hits(filled, words, mode) for mode in Mode)
    other.does(f"remove {document}")
    for home in (filled, open_home(tmp_path)):
        for mode in Mode:
            results = home.retriever.search(words, mode=mode)
            assert all(result.document.id != document for result in results)
        assert home.dense is not None
        assert not gone & set(home.lexical.ids().tolist())
        assert not gone & set(home.dense.ids().tolist())
        home.close()
    again = Other(tmp_path)
    found = int(again.does(f"search {words}"))
    again.kill()
    assert found == int(other.does(f"search {words}"))


def test_a_removal_is_heeded_before_the_indexes_know(filled: Workbench, other: Other) -> None:
    retriever = filled.retriever
    (document,) = [each.id for each in filled.documents.find() if "养老" in each.title]
    other.does(f"remove {document}")
    for mode in Mode:
        found = retriever.search("养老服务站", mode=mode)
        assert all(result.document.id != document for result in found)


def test_a_writer_in_the_middle_of_its_work_keeps_nobody_waiting(
    filled: Workbench, other: Other
) -> None:
    filled.retriever.search("助餐点")
    other.does("hold")
    begun = time.perf_counter()
    for mode in Mode:
        assert _hits(filled, "助餐点为高龄", mode)
    assert time.perf_counter() - begun < PATIENCE
    other.kill()
    filled.ingest.add(WORDS.encode(), "a.txt", source="upload:a", actor=filled.actor)
    filled.index()
    assert _hits(filled, WORDS, Mode.HYBRID)
    assert all(finding.is_sound for finding in filled.doctor.examine())


def test_searches_go_on_while_another_process_adds(filled: Workbench, other: Other) -> None:
    filled.refresh()
    adding = threading.Thread(target=other.does, args=("many 30",))
    adding.start()
    seen, slowest = [0], 0.0
    while adding.is_alive():
        for mode in Mode:
            begun = time.perf_counter()
            assert _hits(filled, "助餐点为高龄", mode)
            slowest = max(slowest, time.perf_counter() - begun)
        found = filled.retriever.search("雪橇租赁押金退还", 50, mode=Mode.LEXICAL, collapse=False)
        seen.append(len({result.document.id for result in found}))
    adding.join()
    assert slowest < PATIENCE
    # What was added first was found long before the last was.
    assert any(0 < count < 30 for count in seen)
    filled.refresh()
    assert len(filled.passages.ids()) == len(filled.lexical.ids())


def test_both_processes_add_at_once_and_nothing_is_lost(
    filled: Workbench, other: Other, tmp_path: Path
) -> None:
    for n in range(6):
        other.does(f"add 对方第{n}份材料，{WORDS}。")
        fill(filled, tmp_path, {f"{n}.txt": f"我方第{n}份材料，{WORDS}。"})
    other.does("index")
    filled.refresh()
    held = filled.passages.ids().tolist()
    assert filled.lexical.ids().tolist() == held
    assert filled.dense is not None
    assert filled.dense.ids().tolist() == held
    with filled.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM documents")).scalar() == 3 + 12
