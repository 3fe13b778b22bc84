"""The query's words in a passage."""

import pytest

from briefs.workbench.pages.highlight import coverage, highlighted, marks


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("加装电梯每台补助20万元", "电梯补助", ["电梯", "补助"]),
        ("ＧＤＰ增长5.2％，比2022年高", "gdp 2022", ["ＧＤＰ", "2022"]),
        ("公共圖書館免費開放", "公共图书馆", ["公共圖書館"]),
        ("a reader reads", "read", []),
        ("2023年与120235号", "2023", ["2023"]),
        ("的确", "的", ["的"]),
        ("没有相同的字", "", []),
        ("根据《中华人民共和国公司法》", "中华人民共和国公司法", ["中华人民共和国公司法"]),
        ("电梯和补助", "电梯的补助", ["电梯", "补助"]),
    ],
)
def test_words_of_the_query_are_found_in_any_form(
    text: str, query: str, expected: list[str]
) -> None:
    assert [text[start:end] for start, end in marks(text, query)] == expected


def test_highlighting_escapes_what_a_source_says() -> None:
    assert highlighted("<b>电梯</b>&", "电梯") == "&lt;b&gt;<mark>电梯</mark>&lt;/b&gt;&amp;"
    assert coverage("加装电梯", "电梯补助") == 1


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("如何办理借书证", "如何续借图书", ["书"][:0]),
        ("台灣電梯補助", "电梯补助有哪些", ["電梯補助"]),
        ("Lifts and 电梯", "what are lifts 电梯", ["Lifts", "电梯"]),
    ],
)
def test_question_words_are_not_marked(text: str, query: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in marks(text, query)] == expected


def test_words_that_count_as_the_same_are_marked() -> None:
    text = "县人力资源和社会保障局负责。"
    spans = marks(text, "人社局", same=["人力资源和社会保障局"])
    assert [text[start:end] for start, end in spans] == ["人力资源和社会保障局"]
