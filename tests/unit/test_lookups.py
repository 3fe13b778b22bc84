"""Names that are looked up, and what a collection has of them."""

from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.reasons import sureness
from briefs.workbench.wording import wording
from knowledge.filter import Filter
from knowledge.lookups import looked_up
from knowledge.model import Mode
from tests.homes import fill

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
        ("民法典", "民法典"),
        ("本条例", None),
        ("云汀区旅游条例", "云汀区旅游条例"),
        ("雲汀區旅遊條例", "雲汀區旅遊條例"),
        ("公共图书馆法", "公共图书馆法"),
        ("居民医保管理办法（试行）", "居民医保管理办法（试行）"),
        ("国务院关于加强消防工作的意见", "国务院关于加强消防工作的意见"),
        ("关于加强消防工作的意见", "关于加强消防工作的意见"),
        ("老年人关于送书上门的意见", None),
        ("我关于电梯的意见", None),
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
        "河政〔2023〕12号",
        "县政办发〔2023〕12号",
        "公共图书馆条例第九十九条",
        "河湾图书馆条例第九十九条",
        "河政办发〔2023〕12号第九十九条",
        "《河湾县图书条例》第三条",
    ],
)
def test_a_name_that_is_not_held_is_not_found_however_near(filled: Workbench, query: str) -> None:
    found = filled.retriever.ask(query)
    assert not found.answered
    assert found.certainty == 0.0
    assert found.not_held == looked_up(query)
    assert found.misses


RULES = """河湾县公共图书馆服务管理办法
河政规〔2023〕2号

第一条 本办法适用于本县公共图书馆的服务。

第二条 公共图书馆免费开放，不收押金。

第三条 图书馆为老年人送书上门。
"""
FIGURES = """2024年河湾县公共文化服务统计公报

2024年全县公共图书馆接待读者一百二十万人次。
"""


@pytest.fixture
def ruled(filled: Workbench, tmp_path: Path) -> Workbench:
    """A home that also holds a numbered regulation with articles, and a year's figures."""
    fill(filled, tmp_path / "more", {"办法.txt": RULES, "公报.txt": FIGURES})
    return filled


@pytest.mark.parametrize(
    "query",
    ["2024年统计公报", "2024年河湾县统计公报", "《2024年统计公报》", "《2024年河湾县统计公报》"],
)
def test_a_title_with_a_year_is_no_document_number(ruled: Workbench, query: str) -> None:
    found = ruled.lexical_retriever.ask(query)
    assert found.not_held is None
    assert found.certainty > 0
    assert found.every[0].document.title == "2024年河湾县公共文化服务统计公报"


@pytest.mark.parametrize(
    "query", ["《公共图书馆法》", "《图书馆法》", "公共图书馆法", "图书馆法", "2023年统计公报"]
)
def test_scattered_characters_of_a_longer_title_are_not_held(ruled: Workbench, query: str) -> None:
    found = ruled.lexical_retriever.ask(query)
    assert found.not_held == query
    assert found.certainty == 0.0


def test_an_article_of_a_document_number_is_first_and_the_only_exact_one(ruled: Workbench) -> None:
    found = ruled.lexical_retriever.ask("河政规〔2023〕2号第三条")
    assert found.certainty == 1.0
    assert "送书上门" in found.results[0].passage.text
    assert [result.parts["exact"] > 0 for result in found.results].count(True) == 1
    missing = ruled.lexical_retriever.ask("河政规〔2023〕2号第九十九条")
    assert missing.certainty == 0.0
    assert all(result.parts["exact"] == 0 for result in missing.every)


@pytest.mark.parametrize(
    "query", ["政规〔2023〕2号", "中共河政规〔2023〕2号", "政规〔2023〕2号第三条"]
)
def test_a_document_number_typed_in_part_is_held(ruled: Workbench, query: str) -> None:
    found = ruled.lexical_retriever.ask(query)
    assert found.not_held is None


def test_vectors_alone_miss_no_name(filled: Workbench) -> None:
    found = filled.retriever.ask("河政办发〔2023〕12号", mode=Mode.DENSE)
    assert found.not_held is None
    assert filled.retriever.ask("河政办发〔2023〕12号").certainty == 1.0


@pytest.mark.parametrize(
    ("language", "held", "within"), [("zh", "馆藏", "筛选范围内"), ("en", "collection", "filters")]
)
def test_under_a_filter_only_what_it_lets_through_is_denied(
    filled: Workbench, language: str, held: str, within: str
) -> None:
    words, query = wording(language), "河政办发〔2023〕12号"
    (lifts,) = filled.retriever.search(query, 1)
    others = frozenset(each.id for each in filled.documents.find()) - {lifts.document.id}
    found = filled.retriever.ask(query, selection=Filter(documents=others))
    assert found.not_held == query
    said = sureness(words, found)
    assert within in said
    assert held not in said
    assert held in sureness(words, filled.retriever.ask("河政办发〔2099〕12号"))
