"""What ``zhiku search`` says: results, why, and that nothing was found."""

import json
from pathlib import Path

import pytest

from tests.commands import Zhiku
from tests.integration.test_cli import files, zhiku

__all__ = ["files", "zhiku"]
_UNANSWERED = ("红烧排骨", "放", "多少冰糖")


@pytest.fixture
def asked(zhiku: Zhiku, files: Path) -> Zhiku:
    """The command over a home that holds the three texts."""
    zhiku("add", files)
    return zhiku


def test_nothing_found_is_said_and_the_misses_stay_folded(asked: Zhiku) -> None:
    code, out, _ = asked("search", *_UNANSWERED)
    assert code == 0
    assert "没有找到" in out
    assert "没有出现的：红烧排骨" in out
    assert "--misses" in out
    assert "1. " not in out
    unfolded = asked("search", *_UNANSWERED, "--misses")[1]
    assert "1. " in unfolded
    assert unfolded.index("没有找到") < unfolded.index("1. ")


def test_json_keeps_results_and_misses_apart(asked: Zhiku) -> None:
    lost = json.loads(asked("search", *_UNANSWERED, "--json")[1])
    assert (lost["answered"], lost["results"], lost["not_held"]) == (False, [], None)
    assert lost["misses"]
    assert lost["certainty"] < 0.5
    assert "红烧排骨" in lost["unknown"][0]
    found = json.loads(asked("search", "加装电梯财政补助", "--json", "--explain")[1])
    assert (found["answered"], found["misses"], found["unknown"]) == (True, [], [])
    why = found["results"][0]["why"]
    assert "加装电梯" in "".join(why["matched"])
    assert sum(why["score_parts"].values()) == pytest.approx(found["results"][0]["score"], abs=1e-5)


def test_a_name_that_is_not_held_is_said_to_be_missing(asked: Zhiku) -> None:
    out = asked("search", "河湾县旅游条例")[1]
    assert "馆藏没有“河湾县旅游条例”" in out
    assert (
        json.loads(asked("search", "河湾县旅游条例", "--json")[1])["not_held"] == "河湾县旅游条例"
    )


def test_an_explained_search_says_how_sure_it_is_and_why(asked: Zhiku) -> None:
    out = asked("search", "河政办发〔2023〕12号", "--explain")[1]
    assert "找到了同名" in out
    assert "排在最前" in out
    out = asked("search", "加裝電梯", "--explain")[1]
    assert "检索词中出现在这里的：加裝電梯" in out
    assert "馆藏" in out.splitlines()[0]


def test_a_word_in_another_form_is_explained(asked: Zhiku, tmp_path: Path) -> None:
    (tmp_path / "home" / "synonyms.txt").write_text("升降机\t电梯\n", encoding="utf-8")
    out = asked("search", "加装升降机", "--explain")[1]
    assert "算作相同的：电梯" in out
    assert "没有出现" not in out
