"""What articles of laws owe to their law."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.workbench.bootstrap import Workbench
from knowledge.fusion import FusedList, fuse
from knowledge.laws import LOOKED_AT, looked_at, weighed
from knowledge.model import Mode
from knowledge.protocols import LexicalHit
from knowledge.tokens import law_of
from tests.homes import fill

_CODE = "河湾县民事条例 第{}条"
_PARKS = "河湾县湿地公园管理办法 第{}条"


def _fused(*scores: float) -> FusedList:
    """Candidates 1, 2, 3 … with these dense scores, and one far behind."""
    return fuse([], [*enumerate(scores, 1), (99, 0.0)], weight=1.0)


def _none() -> FusedList:
    return fuse([], [], weight=1.0)


def _order(fused: FusedList) -> list[int]:
    return [hit.passage_id for hit in fused]


@pytest.mark.parametrize(
    ("title", "law"),
    [
        ("河湾县民事条例 第三条", "河湾县民事条例"),
        ("公共圖書館法 第 12 条", "公共图书馆法"),
        ("刑法 第一百二十条之一", "刑法"),
        ("关于第三条的说明", None),
        ("第三条", None),
        ("", None),
    ],
)
def test_titles_of_articles(title: str, law: str | None) -> None:
    assert law_of(title) == law


def test_near_articles_of_one_law_support_each_other() -> None:
    titles = {1: _PARKS.format("一"), **{n: _CODE.format(n) for n in (2, 3, 4, 5)}}
    before = _fused(0.82, 0.80, 0.79, 0.78, 0.77)
    assert _order(before)[0] == 1
    assert _order(weighed(before, "合伙散伙时财产怎么分", titles=titles))[0] == 2


def test_words_of_a_laws_name_count_less_unless_the_law_is_named() -> None:
    titles = {1: _PARKS.format("一"), 2: _CODE.format("二")}
    before = _fused(0.82, 0.80)
    assert _order(weighed(before, "在湿地公园里被狗咬伤", titles=titles))[0] == 2
    assert _order(weighed(before, "湿地公园管理办法 狗", titles=titles))[0] == 1


def test_other_titles_are_left_alone() -> None:
    before = _fused(0.9, 0.8, 0.7)
    titles = {1: "湿地公园简介", 2: "湿地公园简介", 3: "湿地公园年报"}
    assert weighed(before, "湿地公园", titles=titles) == before
    assert weighed(before, "湿地公园", titles={}) == before
    assert not weighed(_none(), "湿地公园", titles=titles)


def test_being_an_article_is_neither_good_nor_bad() -> None:
    before = _fused(0.9, 0.8, 0.7, 0.6)
    after = weighed(before, "候鸟", titles={2: _CODE.format("一")})
    assert _order(after) == _order(before)
    assert after[1].parts["law"] == pytest.approx(0, abs=1e-9)
    assert "law" not in after[0].parts


def test_exact_hits_stay_first_and_are_not_asked_for() -> None:
    lexical = [LexicalHit(7, 1.0, exact=True), *(LexicalHit(n, 9.0 - n) for n in range(1, 5))]
    fused = fuse(lexical, [(n, 0.9 - n / 20) for n in range(1, 90)], weight=0.6)
    asked = looked_at(fused)
    assert len(asked) == LOOKED_AT
    assert 7 not in asked
    titles = {id_: (_PARKS if id_ % 2 else _CODE).format(id_) for id_ in asked}
    assert _order(weighed(fused, "湿地公园的狗", titles=titles))[0] == 7


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 64).map(lambda n: n / 64), min_size=1, max_size=20),
    st.lists(st.sampled_from((_CODE, _PARKS, "年报")), min_size=20, max_size=20),
    st.sampled_from(("湿地公园", "河湾县 民事 纠纷", "wetland", "？")),
)
def test_bounds_order_and_completeness(scores: list[float], forms: list[str], query: str) -> None:
    before = _fused(*scores)
    titles = {n: form.format(n) for n, form in enumerate(forms, 1)}
    after = weighed(before, query, titles=titles)
    assert sorted(_order(after)) == sorted(_order(before))
    assert [hit.score for hit in after] == sorted((hit.score for hit in after), reverse=True)
    for hit in after:
        assert -1e-9 <= hit.score <= 1 + 1e-9
        assert hit.score == pytest.approx(sum(hit.parts.values()))


def test_search_weighs_articles_in_hybrid_mode_only(workbench: Workbench, tmp_path: Path) -> None:
    texts = {
        f"{_CODE.format(n)}.md": f"# {_CODE.format(n)}\n\n{text}"
        for n, text in (("一", "财产归合伙人共有。"), ("二", "合伙人对债务承担责任。"))
    }
    fill(workbench, tmp_path, {**texts, "简介.txt": "合伙人俱乐部简介，与财产和债务无关。"})
    parts = {mode: workbench.retriever.search("合伙人 财产", mode=mode) for mode in Mode}
    with workbench.passages.finding() as finding:
        titles = finding.titles(workbench.passages.ids().tolist())
    assert sum(law_of(title) == "河湾县民事条例" for title in titles.values()) == 2
    assert sum("law" in result.parts for result in parts[Mode.HYBRID]) == 2
    for mode in (Mode.LEXICAL, Mode.DENSE):
        assert not any("law" in result.parts for result in parts[mode])
