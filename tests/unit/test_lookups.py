"""Names that are looked up, and what a collection has of them."""

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.lookups import looked_up

NUMBERS = (
    "河政办发〔2023〕12号",
    "河政办发[2023]12号",
    "河政办发(2023)12号",
    "河政办发（2023）12号",
    "河政办发【2023】12号",
    "河政办发﹝2023﹞12号",
    "河政办发〔２０２３〕１２号",
    "河政办发〔2023〕 12 号",
    "河政办发2023年12号",
    "河政辦發〔2023〕12號",
)
ARTICLES = (
    "河湾县公共图书馆条例第三条",
    "河湾县公共图书馆条例第3条",
    "河湾县公共图书馆条例第３条",
    "《河湾县公共图书馆条例》第三条",
    "河灣縣公共圖書館條例第三條",
    "河湾县公共图书馆条例 第 三 条",
)
TITLES = (
    "河湾县公共图书馆条例",
    "《河湾县公共图书馆条例》",
    "河灣縣公共圖書館條例",
    "河湾县人民政府办公室关于老旧小区加装电梯的通知",
)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("公司法第3条怎么规定的？", "公司法第3条"),
        ("刑法第一百三十三条之一第二款", "刑法第一百三十三条之一"),
        ("《民法典》是什么", "《民法典》"),
        ("云汀区旅游条例", "云汀区旅游条例"),
        ("雲汀區旅遊條例", "雲汀區旅遊條例"),
        ("公共图书馆法", "公共图书馆法"),
        ("居民医保管理办法（试行）", "居民医保管理办法（试行）"),
        ("国务院关于加强消防工作的意见", "国务院关于加强消防工作的意见"),
        ("根据公司法第3条，股东要承担什么责任", None),
        ("旅游条例有哪些规定", None),
        ("加装电梯补助办法", None),
        ("问卷调查法", None),
        ("停车规划", None),
        ("这条街叫什么", None),
        ("面条", None),
        ("我家住在三条", None),
        ("", None),
    ],
)
def test_a_look_up_is_told_from_a_question(query: str, name: str | None) -> None:
    assert looked_up(query) == name


@pytest.mark.parametrize("query", NUMBERS)
def test_a_document_number_is_found_in_any_brackets_width_and_script(
    filled: Workbench, query: str
) -> None:
    found = filled.retriever.ask(query)
    assert found.answered
    assert found.certainty == 1.0
    assert found.results[0].document.metadata.number == "河政办发〔2023〕12号"


@pytest.mark.parametrize("query", ARTICLES)
def test_an_article_is_first_with_either_numerals(filled: Workbench, query: str) -> None:
    found = filled.retriever.ask(query)
    assert found.certainty == 1.0
    assert found.results[0].passage.heading[-1] == "第三条"


@pytest.mark.parametrize("query", TITLES)
def test_a_title_is_first_with_and_without_its_marks(filled: Workbench, query: str) -> None:
    found = filled.retriever.ask(query)
    assert found.certainty == 1.0
    assert found.results[0].parts["exact"] == 1
    assert found.not_held is None


@pytest.mark.parametrize(
    "query",
    ["公共图书馆条例", "图书馆条例", "《公共图书馆条例》", "河湾图书馆条例", "图书馆条例第3条"],
)
def test_a_title_typed_in_part_is_held(filled: Workbench, query: str) -> None:
    found = filled.retriever.ask(query)
    assert found.answered
    assert found.not_held is None
    assert found.results[0].document.title == "河湾县公共图书馆条例"


@pytest.mark.parametrize(
    "query",
    [
        "河政办发〔2099〕12号",
        "河政办发〔2023〕13号",
        "河湾县公共图书馆条例第九十九条",
        "公司法第三条",
        "《河湾县公共体育馆条例》",
        "河湾县公共体育馆条例",
        "国务院令第999号的内容",
    ],
)
def test_a_name_that_is_not_held_is_not_found_however_near(filled: Workbench, query: str) -> None:
    found = filled.retriever.ask(query)
    assert not found.answered
    assert found.certainty == 0.0
    assert found.not_held == looked_up(query)
    assert found.misses
