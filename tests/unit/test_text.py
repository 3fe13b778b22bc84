"""Cleaning, folding, sentences."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import clean, fold, fold_with_map, sentences

CHINESE = st.text(
    alphabet=st.one_of(
        st.sampled_from("公共圖书馆，。；：！？“”‘’（）《》「」…— \n\u3000aB.1%ﬁ①é\u200b"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=120,
)


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(CHINESE)
def test_sentences_cover_the_text_in_order(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


@given(CHINESE)
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(CHINESE)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(CHINESE)
def test_the_map_agrees_with_fold(text: str) -> None:
    folded, offsets = fold_with_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


def test_clean_takes_out_what_nobody_sees() -> None:
    assert (
        clean("政\u200b府\u202e信\u00ad息\ufeff\0公\x07开\r\n目\t录\u2028末")
        == "政府信息公开\n目 录\n末"
    )
    assert clean("cafe\u0301") == "café"
    assert clean("Ｇ，　“引”") == "Ｇ，　“引”"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公共圖書館法", "公共图书馆法"),
        ("ＧＢ／Ｔ ７７１４", "gb/t 7714"),
        ("增长 5.1 %", "增长5.1%"),
        ("公共\n  图书馆", "公共图书馆"),
        ("「引文」", "“引文”"),
        ("2020—2025", "2020-2025"),
        ("ﬁrst  line", "First line"),
        ("二○二三年", "二〇二三年"),
        ("⼀、⾏政", "一、行政"),
        ("，“", ',"'),
    ],
)
def test_forms_that_compare_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_stay_different() -> None:
    assert fold("不低于5%") != fold("低于5%")
    assert fold("a b") != fold("ab")


def test_a_quote_is_found_by_the_map() -> None:
    page = "前文。公共\n圖書館 應當“免費”開放。后文"
    folded, offsets = fold_with_map(page)
    at = folded.index(fold("图书馆应当“免费”开放"))
    last = at + len(fold("图书馆应当“免费”开放")) - 1
    assert page[offsets[at] : offsets[last] + 1] == "圖書館 應當“免費”開放"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句。二句！三句？", ["一句。", "二句！", "三句？"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("他说“好。”，又说“行”。", ["他说“好。”，又说“行”。"]),
        ("增长3.5%（不含1.2亿元。）。下句。", ["增长3.5%（不含1.2亿元。）。", "下句。"]),
        ("短；也短。", ["短；也短。"]),
        ("甲" * 60 + "；乙。", ["甲" * 60 + "；", "乙。"]),
        ("标题\n正文。", ["标题\n", "正文。"]),
        ("好……他想。", ["好……他想。"]),
        ("Dr. Li wrote it. It is short.", ["Dr. Li wrote it. ", "It is short."]),
        (
            "About 3.5 of them, e.g. two. Yes! No?",
            ["About 3.5 of them, e.g. two. ", "Yes! ", "No?"],
        ),
        ("1. First item. Next.", ["1. First item. ", "Next."]),
        (
            "于12:30闭馆，比上年增长3.5%。次日开放。",
            ["于12:30闭馆，比上年增长3.5%。", "次日开放。"],
        ),
        ("The U.S. Congress met at 5 p.m. Monday.", ["The U.S. Congress met at 5 p.m. Monday."]),
        ("See No. 5 of it. Then go.", ["See No. 5 of it. ", "Then go."]),
        ("真的？！当然。", ["真的？！", "当然。"]),
        ('他说"好。"然后走了。"行。"', ['他说"好。"', "然后走了。", '"行。"']),
        (
            'He said "Yes!" and left. "Never." He stayed.',
            ['He said "Yes!" and left. ', '"Never." ', "He stayed."],
        ),
        ("（一）甲（含乙。丙。）；丁。”戊。", ["（一）甲（含乙。丙。）；丁。”", "戊。"]),
        ("《甲。乙》一书。𠀀。", ["《甲。乙》一书。", "𠀀。"]),
        ("没有句号", ["没有句号"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


HOSTILE = {
    "open brackets": "“" * 300_000 + "”" * 300_000,
    "dots": "…" * 1_000_000 + "a",
    "clauses": ";" * 1_000_000,
    "initials": "A. " * 400_000,
    "blanks": "a" + " " * 1_000_000 + "b",
    "wide blanks": "a" + " \u3000" * 500_000 + "b",
    "marks": "a" + "\u0301\u0327" * 500_000,
    "straight quotes": '"a. ' * 300_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_with_the_length_alone(kind: str) -> None:
    text = HOSTILE[kind]
    began = time.process_time()
    spans = sentences(text)
    fold_with_map(clean(text))
    fold(text)
    assert time.process_time() - began < 10
    assert "".join(text[start:end] for start, end in spans) == text


def test_a_very_long_quotation_is_split() -> None:
    quotation = "“" + "甲乙丙丁。" * 60 + "”"
    assert len(parts(quotation)) > 1
    assert len(parts("“" + "甲乙丙丁。" * 20 + "”")) == 1


def test_traditional_characters_fold_as_the_library_converts_each() -> None:
    from opencc import OpenCC

    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    expected = {old: new for old, new in zip(characters, converted, strict=True) if old != new}
    assert len(expected) > 3000
    assert {old: new for old, new in expected.items() if fold(old) != new} == {}
