"""Numbers written in another way meet, in names and in text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.access import WHOLE
from knowledge.asked import names_asked
from knowledge.figures import figures, written_otherwise
from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.synonyms import NONE
from tests.contracts.lexical_index import NOTHING, entry, found


def meant(query: str) -> set[str]:
    return {name for names in names_asked(query, NONE) for name in names}


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("借阅法第35-1条", "35-1"),
        ("借阅法第三十五条之一第二款", "35-1"),
        ("借阅法第10条第2款第（三）项", "10"),
        ("借阅法10条2款", "10"),
        ("借阅法第十条至第十二条", "11"),
        ("借阅法第10-12条", "10-12"),
        ("借阅法第10-12条", "11"),
        ("借阅法第十、十二条", "12"),
        ("借阅法第十、十二条", "10"),
        ("借阅法第一百〇八条", "108"),
        ("借阅法第廿条", "20"),
    ],
)
def test_ways_to_name_an_article(query: str, article: str) -> None:
    assert f"借阅法#{article}" in meant(query)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("国办发〔2023〕1号", "国办发2023#1"),
        ("国办发[2023]1号", "国办发2023#1"),
        ("国办发 2023 1号", "国办发2023#1"),
        ("国办发2023年第01号", "国办发2023#1"),
        ("国办发〔二〇二三〕一号", "国办发2023#1"),
        ("國辦發（二○二三）１號", "国办发2023#1"),
        ("国办发2023〔1〕号", "国办发2023#1"),
        ("国办发2023-1", "国办发2023#1"),
        ("国办发2023-01号", "国办发2023#1"),
        ("国务院第711号令", "国务院令#711"),
        ("711号国务院令", "国务院令#711"),
        ("第八十号主席令", "主席令#80"),
        ("2023年第12号公告", "公告2023#12"),
        ("国务院令第711号公告", "国务院令#711"),
    ],
)
def test_ways_to_write_a_document_number(query: str, name: str) -> None:
    assert name in meant(query)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("二〇二三年", "截至2023年底"),
        ("2023年", "截至二○二三年底"),
        ("滞纳金5%", "加收百分之五的滞纳金"),
        ("百分之五", "加收5％的滞纳金"),
        ("拘留15日", "处十五日以下拘留"),
        ("三十日内", "30日内提出"),
        ("罚款5万元", "五万元以下罚款"),
    ],
)
def test_numbers_of_both_scripts_meet(query: str, text: str) -> None:
    index = MemoryLexicalIndex()
    index.update(remove=NOTHING, add=[entry(1, "读者须知"), entry(2, text)])
    assert found(index.search(query, 1, scope=WHOLE)) == [2]
    assert [same.others for same in figures(query)]


@pytest.mark.parametrize("query", ["八九十年代", "3.5万元", "一些人", "covid19年", "千万人", "5条"])
def test_what_is_no_number_has_one_form(query: str) -> None:
    assert list(figures(query)) == []


@pytest.mark.parametrize(
    "query", ["图书借阅", "国办发〔2023〕1号", "借阅法第三条", "前100条至第9条"]
)
def test_nothing_is_rewritten_without_need(query: str) -> None:
    assert written_otherwise(query) in ([], ["国办发[2023]1号"])


@pytest.mark.parametrize("piece", ["1", "一", "一、", "1 ", "1至", "2023年", "第 1"])
def test_a_long_query_takes_no_longer_than_its_length(piece: str) -> None:
    begun = time.process_time()
    assert not any("#" in name for name in meant(piece * (10_000 // len(piece))))
    assert time.process_time() - begun < 2


@settings(deadline=None)
@given(st.text(alphabet="第条至、-〔2023〕号令公告一二十百年日%之法", max_size=40))
def test_any_query_is_taken(query: str) -> None:
    assert all("#" in name or len(name) > 1 for name in meant(query))
    assert all(query and same.others for same in figures(query))
