"""A reranker orders the first candidates anew; what it is not shown stays behind them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.reasons import reasons
from briefs.workbench.settings import Settings
from briefs.workbench.wording import wording
from embeddings.errors import RerankerBrokenError
from embeddings.hashing import HashingEncoder
from embeddings.reranking import Fits, Reranker
from knowledge.explaining import explain
from knowledge.fusion import Fused
from knowledge.model import Mode
from knowledge.reordering import RERANKED, Reordering
from knowledge.retrieval import Retriever
from tests.homes import Clock, fill
from tests.small_models import write_model


class Wanting:
    """Stands in for a model: a text fits by the first of some words that it holds."""

    name = "wanting"

    def __init__(self, fits: Mapping[str, float]) -> None:
        self._fits = fits
        self.asked: list[str] = []

    def score(self, query: str, texts: Sequence[str]) -> Fits:
        self.asked += texts
        found = ([fit for word, fit in self._fits.items() if word in text] for text in texts)
        return np.array([(fits or [0.0])[0] for fits in found], dtype=np.float64)


def retriever(workbench: Workbench, reranker: Reranker | None) -> Retriever:
    dense = workbench.dense
    assert dense is not None
    return Retriever(
        workbench.documents,
        workbench.passages,
        lexical=workbench.lexical,
        dense=(workbench.encoder, dense),
        reranker=reranker,
    )


def test_results_come_in_the_order_of_the_reranker(filled: Workbench) -> None:
    usual = retriever(filled, None).search("加装电梯补助多少钱")
    assert "电梯" in usual[0].passage.text
    wanted = Wanting({"送餐": 0.9, "免费开放": 0.8, "电梯": 0.1})
    found = retriever(filled, wanted).search("加装电梯补助多少钱")
    assert {each.passage.id for each in found} == {each.passage.id for each in usual}
    assert "送餐" in found[0].passage.text
    assert "免费开放" in found[1].passage.text
    assert "电梯" in found[2].passage.text
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].parts == {"reranked": pytest.approx(0.95), "exact": 0.0}
    before = {each.passage.id: (each.lexical_rank, each.dense_rank) for each in usual}
    assert all(before[hit.passage.id] == (hit.lexical_rank, hit.dense_rank) for hit in found)


def test_the_question_is_read_with_title_and_headings(filled: Workbench) -> None:
    wanted = Wanting({})
    retriever(filled, wanted).search("文献信息和咨询服务")
    assert any("河湾县公共图书馆条例" in text and "文献信息" in text for text in wanted.asked)


def test_an_exact_name_stays_first(filled: Workbench) -> None:
    wanted = Wanting({"送餐": 1.0})
    found = retriever(filled, wanted).search("河湾县公共图书馆条例第三条")
    assert found[0].passage.heading[-1] == "第三条"
    assert found[0].score > 1 >= found[1].score
    assert "送餐" in found[1].passage.text


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.DENSE])
def test_one_list_alone_is_shown_as_it_is(filled: Workbench, mode: Mode) -> None:
    wanted = Wanting({"送餐": 1.0})
    usual = retriever(filled, None).search("电梯补助", mode=mode)
    assert retriever(filled, wanted).search("电梯补助", mode=mode) == usual
    assert wanted.asked == []


def test_only_the_first_are_read_and_each_once(workbench: Workbench, tmp_path: Path) -> None:
    fill(workbench, tmp_path, {f"{n}.txt": f"第{n}号材料讲湿地保护。" for n in range(40)})
    usual = retriever(workbench, None).search("湿地保护", 40)
    wanted = Wanting({usual[RERANKED - 1].passage.text: 1.0, usual[RERANKED].passage.text: 1.0})
    found = retriever(workbench, wanted).search("湿地保护", 40)
    assert len(wanted.asked) == RERANKED
    ids = [each.passage.id for each in found]
    before = [each.passage.id for each in usual]
    assert ids == [before[RERANKED - 1], *before[: RERANKED - 1], *before[RERANKED:]]
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(each.score == pytest.approx(sum(each.parts.values())) for each in found)


def test_longer_lists_of_one_question_cost_no_second_reading(filled: Workbench) -> None:
    wanted = Wanting({"送餐": 1.0})
    reordered = Reordering(wanted, filled.passages, "电梯")
    ids = filled.passages.ids().tolist()
    parts = MappingProxyType({"lexical": 0.2, "dense": 0.3, "exact": 0.0})
    fused = [Fused(id_, 0.5, 1, 1, parts) for id_ in [*ids, max(ids) + 1]]
    first = reordered(fused[:2])
    assert len(wanted.asked) == 2
    assert reordered(fused[:2]) == first
    assert len(wanted.asked) == 2
    every = reordered(fused)
    assert len(wanted.asked) == len(ids)
    assert every[-1].passage_id == max(ids) + 1, "what SQL no longer has is read by nobody"
    assert reordered([]) == []


def test_the_explanation_names_the_reranking(filled: Workbench) -> None:
    result = retriever(filled, Wanting({"电梯": 0.5})).search("电梯")[0]
    for language, word in (("zh", "重排 0.75"), ("en", "reranker 0.75")):
        assert any(word in line for line in reasons(wording(language), explain("电梯", result)))


def test_the_reranker_of_the_settings_is_used(tmp_path: Path) -> None:
    from transformers import BertForSequenceClassification

    folder = write_model(tmp_path / "reranker", BertForSequenceClassification)
    settings = Settings(tmp_path / "home", reranker=str(folder))
    workbench = Workbench(settings, clock=Clock(), encoder=HashingEncoder())
    fill(workbench, tmp_path)
    assert workbench.reranker_problem is None
    found = workbench.retriever.search("加装电梯补助多少钱")
    assert len(found) > 3
    assert all("reranked" in each.parts for each in found)
    assert "reranked" not in workbench.lexical_retriever.search("电梯")[0].parts
    workbench.close()


def test_a_reranker_that_cannot_be_used_is_named_and_done_without(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", reranker=str(tmp_path / "no-model"))
    workbench = Workbench(settings, clock=Clock(), encoder=HashingEncoder())
    fill(workbench, tmp_path)
    assert isinstance(workbench.reranker_problem, RerankerBrokenError)
    assert "20万元" in workbench.retriever.search("加装电梯补助多少钱")[0].passage.text
    workbench.close()


def test_no_reranker_is_the_default(filled: Workbench) -> None:
    assert filled.settings.reranker == ""
    assert filled.reranker_problem is None
    assert "reranked" not in filled.retriever.search("电梯")[0].parts
