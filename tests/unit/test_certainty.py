"""When a search says that nothing was found."""

from dataclasses import replace
from pathlib import Path

import pytest

from briefs.drafting import empty_headings
from briefs.workbench.bootstrap import Workbench
from knowledge import calibrating, evaluation
from knowledge.calibrating import Case, Kind
from knowledge.certainty import (
    ACROSS,
    BUNDLED,
    LEXICAL,
    Judge,
    Signs,
    Weights,
    certainty,
    looked_up,
    read_weights,
    write_weights,
)
from knowledge.errors import BadWeightsError
from knowledge.judged import CorpusPassage, JudgedSet
from knowledge.model import Access, Mode, Stamp

NEAR = Signs(0.9, 0.95, 0.0, nearness=0.92, lift=0.15)
FAR = Signs(0.05, 0.1, 0.6, nearness=0.82, lift=0.04)


@pytest.mark.parametrize("weights", [LEXICAL, BUNDLED])
def test_the_weights_that_come_with_it_tell_near_from_far(weights: Weights) -> None:
    assert certainty(FAR, weights) < weights.threshold < certainty(NEAR, weights)


def test_a_question_is_answered_or_all_of_it_is_a_miss(filled: Workbench) -> None:
    found = filled.lexical_retriever.ask("加装电梯补助多少钱", 2)
    assert found.answered
    assert 1 <= len(found.results) <= 2
    assert found.misses == ()
    assert found.every == found.results
    lost = filled.lexical_retriever.ask("红烧排骨放多少冰糖", 2)
    assert not lost.answered
    assert lost.results == ()
    assert lost.every == lost.misses
    assert any("红烧排骨" in words for words in lost.unknown)


def test_ask_ranks_as_search_does(filled: Workbench) -> None:
    for query in ("加装电梯补助", "公共图书馆条例第三条"):
        asked, searched = filled.retriever.ask(query, 3), filled.retriever.search(query, 3)
        assert list(asked.every) == searched


def test_blank_and_empty_collections_are_not_answered(
    filled: Workbench, tmp_path: Path, workbench: Workbench
) -> None:
    blank = filled.lexical_retriever.ask("  ")
    assert (blank.every, blank.certainty, blank.answered) == ((), 0.0, False)


def test_how_many_are_asked_for_decides_nothing(filled: Workbench) -> None:
    one, many = (filled.lexical_retriever.ask("养老服务站送餐", k) for k in (1, 20))
    assert one.certainty == many.certainty
    assert len(one.every) == 1


@pytest.mark.parametrize("query", ["河政办发（2023）12号", "《河湾县公共图书馆条例》"])
def test_a_name_that_is_held_is_certain(filled: Workbench, query: str) -> None:
    found = filled.lexical_retriever.ask(query)
    assert found.answered
    assert found.certainty == 1.0


def test_a_law_named_in_part_is_no_miss(filled: Workbench) -> None:
    assert filled.lexical_retriever.ask("图书馆条例第3条").answered


@pytest.mark.parametrize(
    "query",
    [
        "河政办发〔2099〕12号",
        "河湾县公共图书馆条例第九十九条",
        "《河湾县公共体育馆条例》",
        "国务院令第999号的内容",
    ],
)
def test_a_name_that_is_not_held_is_not_found_however_near(filled: Workbench, query: str) -> None:
    found = filled.lexical_retriever.ask(query)
    assert not found.answered
    assert found.certainty == 0.0
    assert found.unknown == (looked_up(query),)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("公司法第3条怎么规定的？", "公司法第3条"),
        ("刑法第一百三十三条之一第二款", "刑法第一百三十三条之一"),
        ("《民法典》是什么", "《民法典》"),
        ("根据公司法第3条，股东要承担什么责任", None),
        ("这条街叫什么", None),
        ("面条", None),
        ("我家住在三条", None),
    ],
)
def test_a_look_up_is_told_from_a_question(query: str, name: str | None) -> None:
    assert looked_up(query) == name


def test_a_document_that_speaks_of_the_name_is_no_miss(filled: Workbench, tmp_path: Path) -> None:
    text = "本县依照河政发〔2020〕7号和《河湾县志》的记载编写年鉴。"
    path = tmp_path / "年鉴.txt"
    path.write_text(text, encoding="utf-8")
    filled.ingest.add_file(path, actor=filled.actor)
    filled.index()
    for query in ("河政发〔2020〕7号", "《河湾县志》"):
        assert filled.lexical_retriever.ask(query).answered


def test_weights_are_used_for_their_own_encoder_alone(filled: Workbench) -> None:
    result = filled.retriever.search("加装电梯")
    sure = Weights(encoder="hashing", base=50.0, coverage=0, together=0, unknown=0, threshold=0.5)
    never = replace(sure, encoder="another", base=-50.0)
    vector = filled.encoder.encode_queries(["红烧排骨"])
    judge = Judge(filled.lexical, encoder=filled.encoder, fitted=[never, sure])
    assert judge.judge("红烧排骨", result, k=5, vector=vector, nearest=0.1).certainty > 0.99
    other = Judge(filled.lexical, encoder=filled.encoder, fitted=[never])
    assert not other.judge("红烧排骨", result, k=5, vector=vector, nearest=0.1).answered


def test_kept_weights_come_back(tmp_path: Path) -> None:
    path = tmp_path / "certainty.json"
    assert read_weights(path) == ()
    write_weights(path, [LEXICAL, BUNDLED])
    assert read_weights(path) == (LEXICAL, BUNDLED)
    path.write_text('[{"encoder": null}]', "utf-8")
    with pytest.raises(BadWeightsError):
        read_weights(path)


def _judged(name: str, subject: str) -> JudgedSet:
    things = [f"{subject}{thing}" for thing in "甲乙丙丁戊己庚辛壬癸"]
    return JudgedSet(
        name,
        tuple(CorpusPassage(f"{name}{n}", "", f"{t}的规定是{t}。") for n, t in enumerate(things)),
        {f"q-{name}-{n}": f"{t}有什么规定" for n, t in enumerate(things)},
        {f"q-{name}-{n}": {f"{name}{n}": 1} for n in range(len(things))},
    )


def test_calibrating_learns_what_a_collection_holds(workbench: Workbench) -> None:
    held, other = _judged("a", "电梯"), _judged("b", "宠物狗")
    actor = workbench.actor
    stamp = Stamp(actor.branch_id, Access.PUBLIC, actor.person_id, workbench.clock())
    for _ in evaluation.load(held, workbench.documents, stamp=stamp):
        pass
    cases = list(
        calibrating.ask_all(
            held,
            [other],
            retriever=workbench.lexical_retriever,
            documents=workbench.documents,
            mode=Mode.LEXICAL,
            limit=10,
        )
    )
    assert [sum(case.kind is kind for case in cases) for kind in Kind] == [10, 10, 10]
    weights = calibrating.fit(cases, encoder=None)
    (*_, every) = calibrating.worth(cases, weights)
    assert every.auc > 0.95
    assert every.caught > 0.5
    assert every.auc_removed > 0.6


def test_the_curve_is_straight_where_the_certainty_is_true() -> None:
    weights = Weights(encoder=None, base=-4, coverage=8, together=0, unknown=0, threshold=0.1)
    cases = []
    for step in range(1, 200):
        signs = Signs(step / 200, 0, 0)
        share = certainty(signs, weights)
        kind = Kind.HELD if (step * 0.618) % 1 < share else Kind.ELSEWHERE
        cases.append(Case("set", kind, False, signs))
    bins = calibrating.curve(cases, weights)
    assert sum(each.questions for each in bins) == len(cases)
    assert [each.predicted for each in bins] == sorted(each.predicted for each in bins)
    assert all(abs(each.predicted - each.observed) < 0.25 for each in bins)
    assert calibrating.fit([replace(c, tuning=True) for c in cases], encoder=None).coverage > 4


def test_a_draft_quotes_nothing_under_a_heading_that_nothing_answers(filled: Workbench) -> None:
    lines = filled.drafting.propose(
        "县情", ["一、电梯补助", "二、红烧排骨放糖", "三、高龄老人送餐"]
    )
    assert empty_headings(lines) == ["二、红烧排骨放糖"]


def test_a_heading_of_any_outline_asks_for_the_title(filled: Workbench) -> None:
    assert empty_headings(filled.drafting.propose("加装电梯", ["一、现状与问题"])) == []
    lines = filled.drafting.propose("加装电梯", ["红烧排骨放糖", "财政补助"])
    assert empty_headings(lines) == ["红烧排骨放糖"]


def test_a_query_in_another_script_is_judged_by_cosines_alone() -> None:
    foreign = Signs(0.0, 0.0, 1.0, nearness=0.84, lift=0.12, across=True)
    assert certainty(foreign, ACROSS) > ACROSS.threshold
    assert certainty(foreign, BUNDLED) < certainty(foreign, ACROSS)
