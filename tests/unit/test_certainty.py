"""When a search says that nothing was found."""

from dataclasses import replace
from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.reasons import sureness
from briefs.workbench.wording import wording
from embeddings.hashing import HashingEncoder
from knowledge.access import WHOLE
from knowledge.backdrop import Backdrop
from knowledge.certainty import Judge, Searched
from knowledge.errors import BadWeightsError
from knowledge.synonyms import Synonyms
from knowledge.weighing import (
    ACROSS,
    BUNDLED,
    LEXICAL,
    Signs,
    Weights,
    certainty,
    read_weights,
    write_weights,
)

NEAR = Signs(0.9, 0.95, 0.0, nearness=0.92, lift=0.15)
WORDS = Searched(scope=WHOLE)
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


def _add(home: Workbench, folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    home.ingest.add_file(path, actor=home.actor)
    home.index()


def test_what_others_only_speak_of_is_shown_as_that(filled: Workbench, tmp_path: Path) -> None:
    text = "本县依照河政发〔2020〕7号和《河湾县志》的记载编写年鉴。"
    _add(filled, tmp_path, "年鉴.txt", text)
    for query in ("河政发〔2020〕7号", "《河湾县志》"):
        found = filled.lexical_retriever.ask(query)
        assert found.answered
        assert found.not_held == query
        assert "提到" in sureness(wording("zh"), found)
    assert filled.lexical_retriever.ask("《年鉴》").not_held is None


def test_words_that_no_document_holds_are_named_as_typed(filled: Workbench) -> None:
    found = filled.retriever.ask("ＧＤＰ与加裝電梯的寵物補貼")
    assert found.unknown == ("ＧＤＰ", "寵物補貼")
    assert filled.retriever.ask("加装电梯财政补助").unknown == ()


def test_a_query_of_which_no_word_is_held_is_not_answered(filled: Workbench) -> None:
    found = filled.retriever.ask("地铁")
    assert not found.answered
    assert found.unknown == ("地铁",)
    nothing = Signs(0.0, 0.0, 1.0, nearness=0.99, lift=0.4)
    assert certainty(nothing, BUNDLED) < BUNDLED.threshold
    assert certainty(replace(nothing, across=True), ACROSS) > ACROSS.threshold


def test_no_half_of_two_words_is_named_as_unknown(filled: Workbench) -> None:
    # 梯财 stands nowhere, but it is no word: both of its characters do.
    assert filled.retriever.ask("电梯财政").unknown == ()
    assert filled.retriever.ask("电梯 财政").unknown == ()
    assert filled.retriever.ask("有几台电梯").unknown == ()


def test_a_word_held_in_another_form_is_not_unknown(filled: Workbench) -> None:
    same = Synonyms((("升降机", "电梯"),))
    results = filled.lexical_retriever.search("加装电梯")
    known = Judge(filled.lexical, synonyms=lambda: same)
    assert known.unknown("加装升降机", WHOLE) == ()
    assert Judge(filled.lexical).unknown("加装升降机", WHOLE) == ("升降机",)
    with_form, without = (
        judge.signs("加装升降机", results, searched=WORDS)
        for judge in (known, Judge(filled.lexical))
    )
    assert with_form.coverage > without.coverage


def test_the_backdrop_is_kept_for_the_next_start(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    query = encoder.encode_queries(["电梯"])
    first = Backdrop(encoder, folder=tmp_path).nearness(query, chinese=True)
    (kept,) = tmp_path.iterdir()
    assert Backdrop(encoder, folder=tmp_path).nearness(query, chinese=True) == pytest.approx(first)
    kept.write_bytes(b"damaged")
    assert Backdrop(encoder, folder=tmp_path).nearness(query, chinese=True) == pytest.approx(first)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_how_sure_a_search_is_is_said_in_words(filled: Workbench, language: str) -> None:
    words, said = wording(language), []
    for query in (
        "加装电梯财政补助",
        "红烧排骨放多少冰糖",
        "河湾县公共图书馆条例",
        "河湾县旅游条例",
    ):
        said.append(sureness(words, filled.lexical_retriever.ask(query)))
    assert len(set(said)) == len(said)
    assert all(said)
    assert "100" not in "".join(said)
    assert "河湾县旅游条例" in said[3]


def test_weights_are_used_for_their_own_encoder_alone(filled: Workbench) -> None:
    query = "红烧排骨放多少冰糖，全县"
    result = filled.retriever.search("加装电梯")
    sure = Weights(encoder="hashing", base=50.0, coverage=0, together=0, unknown=0, threshold=0.5)
    never = replace(sure, encoder="another", base=-50.0)
    vector = filled.encoder.encode_queries([query])
    searched = Searched(scope=WHOLE, vector=vector, nearest=0.1)
    backdrop = Backdrop(filled.encoder)
    judge = Judge(filled.lexical, backdrop=backdrop, fitted=[never, sure])
    assert judge.judge(query, result, k=5, searched=searched).certainty > 0.99
    other = Judge(filled.lexical, backdrop=backdrop, fitted=[never])
    assert not other.judge(query, result, k=5, searched=searched).answered


def test_kept_weights_come_back(tmp_path: Path) -> None:
    path = tmp_path / "certainty.json"
    assert read_weights(path) == ()
    write_weights(path, [LEXICAL, BUNDLED])
    assert read_weights(path) == (LEXICAL, BUNDLED)
    path.write_text('[{"encoder": null}]', "utf-8")
    with pytest.raises(BadWeightsError):
        read_weights(path)


def test_a_draft_quotes_nothing_under_a_heading_that_nothing_answers(filled: Workbench) -> None:
    draft = filled.drafting.draft("县情", ["一、电梯补助", "二、红烧排骨放糖", "三、高龄老人送餐"])
    assert draft.empty == ["二、红烧排骨放糖"]


def test_a_heading_of_any_outline_asks_for_the_title(filled: Workbench) -> None:
    assert filled.drafting.draft("加装电梯", ["一、现状与问题"]).empty == []
    draft = filled.drafting.draft("加装电梯", ["红烧排骨放糖", "财政补助"])
    assert draft.empty == ["红烧排骨放糖"]


def test_a_query_in_another_script_is_judged_by_cosines_alone() -> None:
    foreign = Signs(0.0, 0.0, 1.0, nearness=0.84, lift=0.12, across=True)
    assert certainty(foreign, ACROSS) > ACROSS.threshold
    assert certainty(foreign, BUNDLED) < certainty(foreign, ACROSS)


@pytest.mark.parametrize("weights", [LEXICAL, BUNDLED])
def test_where_one_passage_holds_every_word_it_is_no_near_miss(weights: Weights) -> None:
    few = Signs(1.0, 1.0, 0.0, nearness=0.78, lift=0.01)
    assert certainty(few, weights) >= 0.5
