"""Why a passage was found."""

import pytest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.reasons import reasons
from briefs.workbench.wording import wording
from knowledge.explaining import explain, spans_of, split, terms_of
from knowledge.model import Mode
from knowledge.synonyms import Synonyms


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("加装电梯有哪些补助？", ("加装", "装电", "电梯", "补助")),
        ("What is the subsidy for lifts", ("subsidy", "lifts")),
        ("加裝電梯", ("加装", "装电", "电梯")),
        ("的", ("的",)),
        ("为什么", ("为什", "什么")),
    ],
)
def test_question_words_are_no_terms(query: str, expected: tuple[str, ...]) -> None:
    terms = terms_of(query)
    assert [term for term in terms if len(term) > 1 or len(expected) == 1] == list(expected) or (
        set(expected) <= set(terms)
    )


@pytest.mark.parametrize(
    ("query", "held", "matched", "missing"),
    [
        ("老旧小区加装电梯", {"加装", "装电", "电梯"}, ("加装电梯",), ("老旧小区",)),
        ("图书馆员", {"图书", "书馆"}, ("图书馆",), ("员",)),
        ("读者证丢了", {"读者", "证", "丢", "者"}, ("读者",), ("证丢",)),
        ("电梯财政", {"电梯", "财政", "梯", "财"}, ("电梯", "财政"), ()),
        ("电梯 财政", {"电梯", "梯"}, ("电梯",), ("财政",)),
        ("老年读者 到馆率", {"老年", "年读", "读者", "到馆", "馆率"}, ("老年读者", "到馆率"), ()),
        ("ＧＤＰ 增长", {"gdp"}, ("ＧＤＰ",), ("增长",)),
        ("電梯補助", {"电梯", "补助"}, ("電梯", "補助"), ()),
        ("电梯", set(), (), ("电梯",)),
        ("云汀政发2022-15", {"云汀", "汀政", "政发", "2022", "15"}, ("云汀政发", "2022", "15"), ()),
        ("占36.5%", {"占", "36.5"}, ("36.5",), ()),
        ("", set(), (), ()),
    ],
)
def test_a_query_is_split_into_what_is_held_and_what_is_not(
    query: str, held: set[str], matched: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert split(query, held) == (matched, missing)


def test_words_are_found_in_any_script_and_width() -> None:
    text = "公共圖書館與ＧＤＰ"
    assert [text[a:b] for a, b in spans_of(["图书", "书馆", "gdp"], text)] == ["圖書館", "ＧＤＰ"]


def test_a_result_says_which_words_it_has_and_where_it_stood(filled: Workbench) -> None:
    query = "加装电梯的宠物补贴"
    result = filled.lexical_retriever.search(query)[0]
    why = explain(query, result)
    assert "加装电梯" in why.matched
    assert any("宠物" in each for each in why.missing)
    assert (why.lexical_rank, why.dense_rank, why.exact) == (1, None, False)
    assert not why.by_meaning
    said = reasons(wording("zh"), why)
    assert any("加装电梯" in line for line in said)
    assert any("按字词排第 1" in line for line in said)


def test_an_exact_name_is_said_first(filled: Workbench) -> None:
    query = "河政办发〔2023〕12号"
    why = explain(query, filled.lexical_retriever.search(query)[0])
    assert why.exact
    assert why.missing == ()
    assert reasons(wording("en"), why)[0].startswith("Its title, document number or article")


def test_a_passage_without_a_word_of_the_query_is_near_in_meaning(filled: Workbench) -> None:
    query = "subsidies for lifts"
    result = filled.retriever.search(query, mode=Mode.DENSE)[0]
    why = explain(query, result)
    assert why.by_meaning
    assert reasons(wording("zh"), why)[0].startswith("语义相近")


def test_a_synonym_that_the_search_used_is_named(filled: Workbench) -> None:
    result = filled.lexical_retriever.search("加装电梯")[0]
    why = explain("升降机的补助", result, synonyms=Synonyms((("升降机", "电梯", "扶梯"),)))
    assert why.others == ("电梯",)
    assert why.matched == ("补助",)
    assert why.missing == ()
    assert not why.by_meaning
    assert any("电梯" in line and "同义词" in line for line in reasons(wording("zh"), why))


def test_the_parts_of_a_score_are_said_and_make_it_up(filled: Workbench) -> None:
    for result in filled.retriever.search("加装电梯补助"):
        why = explain("加装电梯补助", result)
        assert sum(why.parts.values()) == pytest.approx(why.score)
        (said,) = [line for line in reasons(wording("zh"), why) if line.startswith("综合得分")]
        assert f"{why.score:.2f}" in said
        assert said.count("+") == len([v for n, v in why.parts.items() if v or n != "exact"]) - 1


@pytest.mark.parametrize("query", ["加裝電梯補助", "加装电梯补助", "加装電梯 补助"])
def test_either_script_and_both_mixed_are_explained_as_typed(filled: Workbench, query: str) -> None:
    why = explain(query, filled.retriever.search(query)[0])
    assert "".join(why.matched).replace(" ", "") == query.replace(" ", "")
    assert why.missing == ()


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("书房 补助", ("书房", "补助")),
        ("图书馆　新型智库", ("图书", "书馆", "新型", "型智", "智库")),
        ("加装电梯补助多少钱", ("加装", "装电", "电梯", "梯补", "补助")),
        ("图 书 馆", ("图", "书", "馆", "图书", "书馆")),
    ],
)
def test_no_word_reaches_over_a_blank_or_a_question_word(
    query: str, terms: tuple[str, ...]
) -> None:
    assert terms_of(query) == terms
