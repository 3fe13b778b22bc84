"""A home whose dense index is divided searches as before, and says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import dividing
from briefs.workbench.house import House
from embeddings import kept
from embeddings.growing import Sizes
from embeddings.protocols import Encoder
from knowledge.indexing import DenseIndexing
from knowledge.model import Mode
from tests.homes import TEXTS, fill, open_home, remove

PLACES = ("东河", "西山", "南湖", "北关", "新城", "老街", "石桥", "柳林", "白塔", "青石")
MANY = {
    **TEXTS,
    **{f"{place}.txt": f"{place}社区食堂开业通告。\n\n{place}老年人凭证就餐。" for place in PLACES},
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes are divided from five passages on."""

    def of(home: House, encoder: Encoder) -> DenseIndexing:
        return DenseIndexing(
            home.indexed,
            encoder,
            folder=home.home / "index" / "dense",
            lock=home.lock_file("dense"),
            sizes=Sizes(exact=4, tail=4, segment=8),
        )

    monkeypatch.setattr(House, "_dense_of", of)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workbench]:
    opened = open_home(tmp_path)
    fill(opened, tmp_path, MANY)
    serving.share(opened)
    yield opened
    serving.share(None)
    opened.close()


def index_of(home: Workbench) -> DenseIndexing:
    assert home.dense is not None
    return home.dense


def found(home: Workbench, query: str) -> list[int]:
    results = home.retriever.search(query, 50, mode=Mode.DENSE, collapse=False)
    return [each.passage.document_id for each in results]


def test_it_is_divided_aside_and_every_passage_is_found(home: Workbench) -> None:
    dense = index_of(home)
    dense.finish()
    assert dense.shape.segments
    assert not dense.shape.is_due
    assert len(found(home, "白塔社区食堂")) == len(home.passages.ids())


def test_a_removed_document_is_gone_at_once_and_after_a_start(
    home: Workbench, tmp_path: Path
) -> None:
    index_of(home).finish()
    best = found(home, "白塔社区食堂")[0]
    remove(home, best)
    assert best not in found(home, "白塔社区食堂")
    again = open_home(tmp_path)
    assert best not in found(again, "白塔社区食堂")
    assert index_of(again).shape.segments
    assert all(finding.is_sound for finding in again.doctor.examine())
    again.close()


def test_a_document_added_by_another_process_is_found(home: Workbench, tmp_path: Path) -> None:
    index_of(home).finish()
    other = open_home(tmp_path)
    fill(other, tmp_path, {"渡口.txt": "渡口社区图书角开放公告。"})
    index_of(other).finish()
    new = max(document.id for document in other.documents.find())
    assert found(home, "渡口社区图书角")[0] == new
    other.close()


def test_the_command_says_how_it_searches(
    home: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    index_of(home).finish()
    shape = index_of(home).shape
    capsys.readouterr()
    dividing.describe(home)
    said = capsys.readouterr().out
    assert f"{shape.divided} 段已分入 {shape.segments} 个" in said


def test_a_division_that_fails_is_told_and_search_goes_on(
    home: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index_of(home).finish()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "make_segment", full)
    monkeypatch.setattr(kept, "_BRIEF_PATIENCE", 0.0)
    for number in range(9):
        added = f"第{number}号渡口公告。".encode()
        home.ingest.add(added, f"{number}.txt", source=f"upload:{number}", actor=home.actor)
    index_of(home)._index._patient_until = 0.0
    home.index()
    dividing.finish(home)
    said = capsys.readouterr().out
    assert "未能划分" in said
    assert "No space" in said
    assert found(home, "第3号渡口公告")
    assert "No space" in _library()


def test_the_library_page_says_how_it_searches(home: Workbench) -> None:
    index_of(home).finish()
    shape = index_of(home).shape
    said = _library()
    assert f"{shape.divided} 段分在 {shape.segments} 个分区文件中" in said
    assert "待编码" not in said


def _library() -> str:
    test = AppTest.from_function(_script, default_timeout=60).run()
    assert not test.exception
    return "\n".join(caption.value for caption in test.caption)


def _script() -> None:
    from briefs.workbench.pages import library
    from briefs.workbench.pages.common import keep_language

    keep_language()
    library.page()
