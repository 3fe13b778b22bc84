"""Tokens, and names that stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.protocols import LexicalEntry
from knowledge.tokens import LONGEST_TOKEN, Sought, names_in, names_of, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("图书馆", ["图", "书", "馆", "图书", "书馆"]),
        ("圖書", ["图", "书", "图书"]),
        ("借，还", ["借", "还"]),
        ("ＲＦＩＤ Tags", ["rfid", "tags"]),
        ("ＲＦＩＤ　ｔａｇｓ", ["rfid", "tags"]),
        ("2023年", ["2023", "年"]),
        ("增3.5％", ["增", "3.5%", "3.5"]),
        ("GB/T 7714", ["gb/t", "gb", "t", "7714"]),
        ("COVID-19", ["covid-19", "covid", "19"]),
        ("COVID–19", ["covid-19", "covid", "19"]),
        ("1,234,567册", ["1234567", "册"]),
        ("第1,2章", ["第", "1", "2", "章"]),
        ("reader's", ["reader's", "reader", "s"]),
        ("カード", ["カ", "ー", "ド", "カー", "ード"]),
        ("", []),
        ("？！ …", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_tokens_hold_no_blanks_and_stay_short(text: str) -> None:
    assert all(token and not any(c.isspace() for c in token) for token in tokens(text))
    assert all(len(token) <= LONGEST_TOKEN for token in tokens(text))


@given(st.text(alphabet="读者圖書aＢ3.%-, ", max_size=30))
def test_case_and_width_make_no_difference(text: str) -> None:
    assert tokens(text) == tokens(text.upper().lower()) == tokens(text.replace("Ｂ", "b"))


def carried(
    title: str = "", heading: tuple[str, ...] = (), number: str | None = None, text: str = ""
) -> list[str]:
    return names_of(LexicalEntry(1, 1, title, heading, text, number))


@pytest.mark.parametrize(
    "title",
    [
        "图书借阅法",
        "中华人民共和国图书借阅法",
        "《中华人民共和国图书借阅法》",
        "圖書借閱法",
        "图书借阅法（2023年修订）",
        "图书借阅法(2021-11-25)",
        "图书借阅法（试行）",
        "图书借阅法 2021年11月25日",
    ],
)
def test_a_law_goes_by_its_bare_name(title: str) -> None:
    names = carried(title, ("第一章 总则", "第三十五条"))
    assert {"图书借阅法", "图书借阅法#35"} <= set(names)


def test_an_interpretation_keeps_its_ordinal() -> None:
    assert carried("关于适用借阅法的解释（二）", ("第三条",)) == [
        "关于适用借阅法的解释二",
        "关于适用借阅法的解释二#3",
    ]


def test_a_yearbook_keeps_its_year() -> None:
    assert carried("阅读年鉴2023") == ["阅读年鉴2023"]
    assert "宪章2018年#3" in carried("宪章（2018年）", ("第三条",))


@pytest.mark.parametrize(
    ("heading", "article"),
    [
        (("第三十五条之一",), "35-1"),
        (("第35条 开放时间",), "35"),
        (("第一百二十条", "（一）"), "120"),
        (("第二条", "第三条"), "3"),
    ],
)
def test_the_innermost_article_counts(heading: tuple[str, ...], article: str) -> None:
    assert carried("借阅法", heading) == ["借阅法", f"借阅法#{article}"]


def test_articles_that_begin_a_line_count_too() -> None:
    text = "第五条 读者可以借书。依照第九条办理。\n第六条　馆员协助。\n第七条例外。"
    assert carried("借阅法", (), text=text) == ["借阅法", "借阅法#5", "借阅法#6"]


def test_an_article_in_the_title_counts() -> None:
    assert "借阅法#5" in carried("借阅法 第五条")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("馆办发〔2023〕12号", "馆办发2023#12"),
        ("馆办发[2023] 012 号", "馆办发2023#12"),
        ("馆办发（2023）第12号", "馆办发2023#12"),
        ("公告2023年第12号", "公告2023#12"),
        ("国务院令第711号", "国务院令#711"),
        ("中华人民共和国主席令第八十号", "主席令#80"),
        ("GB/T 7714—2015", "gbt77142015"),
    ],
)
def test_the_documents_number_is_a_name(number: str, name: str) -> None:
    assert carried("", number=number) == [name]


def test_a_number_in_the_text_is_no_name() -> None:
    assert carried("通知", text="根据馆办发〔2023〕12号") == ["通知"]


def meant(query: str) -> set[str]:
    return {name for names in names_in(query) for name in names}


@pytest.mark.parametrize(
    "query",
    [
        "图书借阅法第三十五条",
        "根据图书借阅法第35条",
        "《图书借阅法》第 35 条怎么规定？",
        "中华人民共和国圖書借閱法第３５條",
        "图书借阅法35条",
        "图书借阅法的第三十五条",
        "图书借阅法（2023年修订）第三十五条",
        "图书借阅法第三条、第三十五条",
        "图书借阅法第三条和第三十五条的关系",
        "它重要。图书借阅法第三十五条",
    ],
)
def test_ways_to_name_an_article(query: str) -> None:
    assert "图书借阅法#35" in meant(query)


def test_longest_names_come_first() -> None:
    names = names_in("少年阅读法第三条")[0]
    assert names[:3] == ("少年阅读法#3", "年阅读法#3", "阅读法#3")
    assert [len(name) for name in names] == sorted(map(len, names), reverse=True)


def test_words_before_a_full_stop_are_no_part_of_a_name() -> None:
    assert "甲法乙法#3" not in meant("甲法。乙法第三条")


@pytest.mark.parametrize("brackets", ["〔〕", "[]", "()", "（）", "【】", "［］", "〈〉", "﹝﹞"])
def test_a_document_number_in_any_brackets(brackets: str) -> None:
    opening, closing = brackets[0], brackets[1]
    assert "馆办发2023#12" in meant(f"请找馆办发{opening}2023{closing}12号文件")
    assert "馆办发2023#12" in meant(f"馆办发 {opening} 2023 {closing} 第 12 号")


def test_an_article_of_a_document_number_is_one_name() -> None:
    names = carried("办法", ("第三条",), number="馆办发〔2023〕12号")
    assert "馆办发2023#12#3" in names
    for query in ("馆办发〔2023〕12号第三条", "《办法》（馆办发〔2023〕12号）第3条"):
        assert "馆办发2023#12#3" in meant(query)
        assert "馆办发2023#12" not in meant(query)
    assert "馆办发2023#12" in meant("馆办发〔2023〕12号和图书借阅法第三条")


def test_titles_in_a_query() -> None:
    assert meant("图书借阅法") == {"图书借阅法"}
    assert "图书借阅法" in meant("《图书借阅法》对志愿者有何规定")
    assert "图书借阅法" not in meant("《图书借阅法》第三十五条")


@given(st.text(alphabet="图书法第三十条号〔〕[]()（）《》2023 年之一、。", max_size=40))
def test_any_query_gives_names_of_two_characters_or_more(query: str) -> None:
    assert all(names and all(len(name) > 1 for name in names) for names in names_in(query))


def chinese(number: int) -> str:
    """Write 1 … 999 as laws do: 三百零五."""
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if number < 20 else f"{digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


@given(st.text(alphabet="图书借阅章程办令", min_size=2, max_size=12), st.integers(1, 999))
def test_an_article_and_its_asker_always_meet(law: str, number: int) -> None:
    names = set(carried(law, (f"第{chinese(number)}条",)))
    for asked in (f"第{number}条", f"第 {number} 条", f"第{chinese(number)}条"):
        assert f"{law}#{number}" in names & meant(f"根据《{law}》{asked}的规定")


@pytest.mark.parametrize(
    "number", ["法〔2020〕50号", "河〔2023〕5号", "〔2020〕3号", "国务院令第7号", "号"]
)
def test_a_document_number_of_any_shape_is_a_name(number: str) -> None:
    (held, *_) = names_of(LexicalEntry(1, 1, "甲", (), "无", number)) or [""]
    asked = {name for names in names_in(f"查一下{number}") for name in names}
    assert not held or "#" not in held or held in asked


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_title_or_number_is_refused(title: str, number: str) -> None:
    assert isinstance(names_of(LexicalEntry(1, 1, title, (), "第一条 无", number)), list)


@given(
    st.text("电梯补助的、，。 \n\u3000１2,345a-b.c%々カナ臺〔2023〕", max_size=60),
    st.lists(st.text("电梯补助１2,345ab-c々カナ台", min_size=1, max_size=4), max_size=8),
)
def test_words_sought_are_those_among_the_tokens(text: str, words: list[str]) -> None:
    every = {*words, *tokens(text)[:6]}
    assert Sought(every).held(text) == every & set(tokens(text))
