"""Statements divided, joined, moved and pasted, without losing evidence."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs import arranging
from briefs.arranging import dropped, inserted, merged, moved, pasted, split_at
from briefs.errors import (
    GoneStatementError,
    IndivisibleError,
    LastStatementError,
    UnlikeStatementsError,
    WithheldStatementError,
)
from briefs.model import Evidence, Length, Statement, StatementKind
from knowledge.model import Page, Span

K = StatementKind
SOURCE = "全县建成服务站35个。全年送餐12万人次。\n群众满意率为92%。另有三处在建。"
PAGE = Page(1, 1, None, SOURCE, ())


def rests(words: str) -> Evidence:
    at = SOURCE.index(words)
    return Evidence(1, 1, (Span(1, at, at + len(words)),), words)


def quote(id_: int, words: str) -> Statement:
    return Statement(K.QUOTE, words, (rests(words),), id=id_)


def line(id_: int, text: str, kind: StatementKind = K.PARAPHRASE, *on: str) -> Statement:
    return Statement(kind, text, tuple(map(rests, on)), id=id_)


def heading(id_: int, level: int) -> Statement:
    return Statement(K.HEADING, f"第{id_}题", level=level, id=id_)


def said(text: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.text) for each in pasted(text)]


def sentences(text: str) -> list[str]:
    made = pasted(text)
    assert {each.kind for each in made} == {K.PARAPHRASE}
    return [each.text for each in made]


# Dividing


def test_evidence_goes_with_the_half_that_it_bears_out() -> None:
    whole = line(
        1,
        "全县服务站达到35个，全年送餐12万人次。",
        K.PARAPHRASE,
        "全县建成服务站35个。",
        "全年送餐12万人次。",
    )
    first, second = split_at([whole], 1, whole.text.index("，") + 1)
    assert (first.id, second.id) == (1, None)
    assert [item.quote for item in first.evidence] == ["全县建成服务站35个。"]
    assert [item.quote for item in second.evidence] == ["全年送餐12万人次。"]


def test_evidence_of_which_one_cannot_tell_goes_to_both() -> None:
    whole = line(1, "情况见文件，成效明显。", K.PARAPHRASE, "另有三处在建。")
    first, second = split_at([whole], 1, 6)
    assert first.evidence == second.evidence == whole.evidence
    covers = line(1, "服务站35个，送餐12万人次。", K.PARAPHRASE, SOURCE[:21])
    assert all(each.evidence == covers.evidence for each in split_at([covers], 1, 7))


def test_halves_of_a_quote_are_quotes_only_word_for_word() -> None:
    whole = quote(1, "全县建成服务站35个。全年送餐12万人次。")
    assert [each.kind for each in split_at([whole], 1, 12)] == [K.QUOTE, K.QUOTE]
    # Inside of a number neither half says what stands there.
    cut = split_at([whole], 1, whole.text.index("5"))
    assert [each.kind for each in cut] == [K.PARAPHRASE, K.PARAPHRASE]
    assert all(each.evidence == whole.evidence for each in cut)


def test_a_formula_goes_with_the_figures() -> None:
    whole = replace(
        line(1, "增长3.2%，势头良好。", K.COMPUTED, "全年送餐12万人次。"), formula="1+1"
    )
    first, second = split_at([whole], 1, 7)
    assert (first.kind, first.formula) == (K.COMPUTED, "1+1")
    assert (second.kind, second.formula) == (K.PARAPHRASE, None)


@pytest.mark.parametrize("figure", ["二十万人次", "一成半", "20万人次", "２０万人次", "两千册"])
def test_a_formula_goes_with_figures_in_whatever_numerals(figure: str) -> None:
    text = f"两馆合计{figure}，较为均衡。"
    whole = replace(line(1, text, K.COMPUTED), formula="12+8")
    first, second = split_at([whole], 1, text.index("较"))
    assert (first.kind, first.formula) == (K.COMPUTED, "12+8")
    assert (second.kind, second.formula) == (K.PARAPHRASE, None)
    turned = f"较为均衡，两馆合计{figure}。"
    first, second = split_at([replace(whole, text=turned)], 1, turned.index("两馆"))
    assert (first.kind, first.formula) == (K.PARAPHRASE, None)
    assert (second.kind, second.formula) == (K.COMPUTED, "12+8")


def test_a_formula_without_figures_stays_with_the_first_half() -> None:
    whole = replace(line(1, "两馆大体相当，较为均衡。", K.COMPUTED), formula="12/8")
    first, second = split_at([whole], 1, 7)
    assert (first.kind, first.formula) == (K.COMPUTED, "12/8")
    assert (second.kind, second.formula) == (K.PARAPHRASE, None)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_judgement_joined_takes_no_formula_away(is_first: bool) -> None:
    computed = replace(line(1, "合计20万人次。", K.COMPUTED), formula="12万+8万")
    judgement = line(2, "应当加强。", K.JUDGEMENT)
    pair = [computed, judgement] if is_first else [judgement, computed]
    made = merged(pair, pair[0].id or 0)[0]
    assert (made.kind, made.formula) == (K.COMPUTED, "12万+8万")


def test_a_heading_is_divided_into_headings_of_its_level() -> None:
    first, second = split_at([Statement(K.HEADING, "现状和问题", level=2, id=1)], 1, 2)
    assert (first.kind, first.level, first.text) == (K.HEADING, 2, "现状")
    assert (second.kind, second.level, second.text) == (K.HEADING, 2, "和问题")


@pytest.mark.parametrize("at", [-1, 0, 1, 2, 9])
def test_nothing_is_divided_into_something_and_nothing(at: int) -> None:
    with pytest.raises(IndivisibleError):
        split_at([line(1, " 好 ")], 1, at)


def test_tables_and_what_is_withheld_stay_whole() -> None:
    table = Statement(K.TABLE, "题\n甲\t乙\n1\t2", id=1)
    hidden = Statement(K.QUOTE, "", id=2, is_withheld=True)
    with pytest.raises(IndivisibleError):
        split_at([table], 1, 3)
    with pytest.raises(WithheldStatementError):
        split_at([hidden], 2, 0)
    for pair in ([table, line(3, "丙。")], [line(3, "丙。"), table]):
        with pytest.raises(UnlikeStatementsError):
            merged(pair, pair[0].id or 0)
    for pair in ([hidden, line(3, "丙。")], [line(3, "丙。"), hidden]):
        with pytest.raises(WithheldStatementError):
            merged(pair, pair[0].id or 0)


# Joining


def test_quotes_that_touch_are_one_quote() -> None:
    pair = [quote(1, "全县建成服务站35个。"), quote(2, "全年送餐12万人次。")]
    (made,) = merged(pair, 1)
    assert (made.id, made.kind, made.text) == (1, K.QUOTE, SOURCE[:21])
    assert made.evidence == (rests(SOURCE[:21]),)


def test_quotes_with_white_space_between_are_one_quote_where_the_page_is_at_hand() -> None:
    pair = [quote(1, "全年送餐12万人次。"), quote(2, "群众满意率为92%。")]
    (made,) = merged(pair, 1, pages=[PAGE])
    assert made.kind is K.QUOTE
    assert made.evidence == (rests("全年送餐12万人次。\n群众满意率为92%。"),)
    (unseen,) = merged(pair, 1)
    assert unseen.kind is K.PARAPHRASE
    assert unseen.evidence == (*pair[0].evidence, *pair[1].evidence)


def test_quotes_with_words_between_are_a_paraphrase_with_the_evidence_of_both() -> None:
    pair = [quote(1, "全县建成服务站35个。"), quote(2, "群众满意率为92%。")]
    for pages in ((), (PAGE,)):
        (made,) = merged(pair, 1, pages=pages)
        assert made.kind is K.PARAPHRASE
        assert made.evidence == (*pair[0].evidence, *pair[1].evidence)
    backwards = [quote(1, "全年送餐12万人次。"), quote(2, "全县建成服务站35个。")]
    assert merged(backwards, 1, pages=[PAGE])[0].kind is K.PARAPHRASE


def test_what_was_divided_is_joined_again() -> None:
    whole = quote(1, "全县建成服务站35个。全年送餐12万人次。")
    halves = [replace(each, id=n) for n, each in enumerate(split_at([whole], 1, 12), start=1)]
    assert merged(halves, 1) == (whole,)


@pytest.mark.parametrize(
    ("kinds", "made"),
    [
        ((K.QUOTE, K.PARAPHRASE), K.PARAPHRASE),
        ((K.PARAPHRASE, K.JUDGEMENT), K.JUDGEMENT),
        ((K.JUDGEMENT, K.COMPUTED), K.COMPUTED),
        ((K.COMPUTED, K.QUOTE), K.COMPUTED),
        ((K.BACKGROUND, K.BACKGROUND), K.BACKGROUND),
        ((K.BACKGROUND, K.QUOTE), K.PARAPHRASE),
    ],
)
def test_the_kind_of_both_needs_no_less_than_either(
    kinds: tuple[StatementKind, StatementKind], made: StatementKind
) -> None:
    on = ("全县建成服务站35个。", "群众满意率为92%。")
    pair = [
        line(n, words, kind, words) for n, (words, kind) in enumerate(zip(on, kinds, strict=True))
    ]
    (joined,) = merged(pair, 0)
    assert joined.kind is made
    assert joined.text == "全县建成服务站35个。群众满意率为92%。"
    assert [item.quote for item in joined.evidence] == list(on)


def test_evidence_of_both_is_kept_once() -> None:
    pair = [line(n, "有站。", K.PARAPHRASE, "全县建成服务站35个。") for n in (1, 2)]
    assert merged(pair, 1)[0].evidence == pair[0].evidence


def test_a_formula_is_kept_and_two_are_not_made_one() -> None:
    one = replace(line(1, "增长3%。", K.COMPUTED), formula="1+2", length=Length.DEEP)
    two = line(2, "其中一半是新建。", K.COMPUTED)
    (made,) = merged([one, two], 1)
    assert (made.formula, made.length) == ("1+2", Length.STANDARD)
    with pytest.raises(UnlikeStatementsError):
        merged([one, replace(two, formula="2+2")], 1)


def test_a_heading_is_joined_with_a_heading_only() -> None:
    assert merged([heading(1, 2), heading(2, 1)], 1)[0].text == "第1题第2题"
    for pair in ([heading(1, 1), line(2, "句。")], [line(1, "句。"), heading(2, 1)]):
        with pytest.raises(UnlikeStatementsError):
            merged(pair, 1)


def test_words_of_english_stay_apart() -> None:
    assert merged([line(1, "It rose."), line(2, "It fell.")], 1)[0].text == "It rose. It fell."


# Moving


LINES = [
    heading(1, 1),
    line(2, "甲。"),
    heading(3, 2),
    line(4, "乙。"),
    heading(5, 1),
    line(6, "丙。"),
]


def order(lines: tuple[Statement, ...]) -> list[int | None]:
    return [each.id for each in lines]


def test_statements_are_moved_inserted_and_taken_out() -> None:
    assert order(moved(LINES, 2, to=0)) == [2, 1, 3, 4, 5, 6]
    assert order(moved(LINES, 2, to=99)) == [1, 3, 4, 5, 6, 2]
    new = Statement(K.JUDGEMENT, "新。")
    assert order(inserted(LINES, [new], after=6))[-2:] == [6, None]
    assert order(inserted(LINES, [new], after=None))[:2] == [None, 1]
    assert order(dropped(LINES, 4)) == [1, 2, 3, 5, 6]


def test_a_heading_takes_along_what_stands_under_it() -> None:
    assert order(moved(LINES, 1, to=2, with_section=True)) == [5, 6, 1, 2, 3, 4]
    assert order(moved(LINES, 3, to=0, with_section=True)) == [3, 4, 1, 2, 5, 6]
    assert order(dropped(LINES, 1, with_section=True)) == [5, 6]
    assert order(moved(LINES, 4, to=0, with_section=True)) == [4, 1, 2, 3, 5, 6]


def test_a_statement_that_is_gone_is_named() -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: split_at(LINES, 9, 1),
        lambda: merged(LINES, 9),
        lambda: moved(LINES, 9, to=0),
        lambda: inserted(LINES, [], after=9),
        lambda: dropped(LINES, 9),
    )
    for act in acts:
        with pytest.raises(GoneStatementError, match="Statement 9"):
            act()
    with pytest.raises(LastStatementError):
        merged(LINES, 6)


@given(
    st.lists(
        st.sampled_from(["全县建成服务站35个。", "全年送餐12万人次。", "群众满意率为92%。"]),
        max_size=3,
    ),
    st.integers(1, 30),
)
def test_dividing_and_joining_lose_no_evidence(on: list[str], at: int) -> None:
    text = "全县服务站35个，送餐12万人次，满意率92%，群众认可。"
    whole = line(1, text, K.PARAPHRASE, *dict.fromkeys(on))
    halves = split_at([whole], 1, min(at, len(text) - 1))
    assert "".join(each.text for each in halves) == text
    found = [item for each in halves for item in each.evidence]
    assert set(found) == set(whole.evidence)
    named = [replace(each, id=n) for n, each in enumerate(halves, start=1)]
    assert set(merged(named, 1)[0].evidence) == set(whole.evidence)


# Pasting


def test_a_text_is_divided_as_chinese_sentences_are() -> None:
    assert sentences(
        "据《公报》（第3.2节）称：“增长8.5%。比上年多。”第三条 图书馆应当开放。It was the U.S. that paid. He left!真的吗？"
    ) == [
        "据《公报》（第3.2节）称：“增长8.5%。比上年多。”",
        "第三条 图书馆应当开放。",
        "It was the U.S. that paid.",
        "He left!",
        "真的吗？",
    ]


def test_lines_that_a_page_broke_are_joined() -> None:
    assert sentences(
        "受访的二十三家食堂中，有十四家表示仅靠餐费收入不能维\n"
        "持日常运转，其中九家的缺口超过三成。主要原因是午餐集\n"
        "中、早晚餐客流不足。\n"
        "另起一段的话。"
    ) == [
        "受访的二十三家食堂中，有十四家表示仅靠餐费收入不能维持日常运转，其中九家的缺口超过三成。",
        "主要原因是午餐集中、早晚餐客流不足。",
        "另起一段的话。",
    ]
    assert sentences("The meals are subsidised by the dis-\ntrict and\nattended.") == [
        "The meals are subsidised by the dis-trict and attended."
    ]
    titles = ["关于印发社区食堂建设行动方案的通知", "关于加强社区养老服务的若干意见"]
    assert sentences("\n".join(titles)) == titles
    assert sentences("共建成\n12个\n\n站点") == ["共建成", "12个", "站点"]


def test_items_of_a_list_and_articles_begin_a_statement() -> None:
    assert sentences(
        "（1）设点，\n  方便群众；\n（2）送餐；\n- 助浴\n• 助医\n第二条 应当公开\n第三条 应当免费"
    ) == [
        "（1）设点，方便群众；",
        "（2）送餐；",
        "- 助浴",
        "• 助医",
        "第二条 应当公开",
        "第三条 应当免费",
    ]
    assert sentences("1. 苹果\n2. 梨\n3. 桃") == ["1. 苹果", "2. 梨", "3. 桃"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("一、基本情况", 1),
        ("（一）经营难以持续", 2),
        ("1. 加强领导", 3),
        ("第一章 总则", 1),
        ("第二节　服务", 2),
        ("第一章 一般规定", 1),
        ("## 存在的问题", 2),
        ("# Overview", 1),
    ],
)
def test_headings_are_known_and_keep_their_level(text: str, level: int) -> None:
    first, second = pasted(f"{text}\n这是正文，说明情况。")
    assert (first.kind, first.level, first.text) == (K.HEADING, level, text.lstrip("# "))
    assert second.kind is K.PARAPHRASE


@pytest.mark.parametrize(
    "text",
    [
        "一、要加强领导。",
        "一、加强组织领导，各镇要成立由主要负责同志牵头的工\n作专班，明确责任，抓好落实。",
        "1.5万人参加",
        "第二章规定了服务的标准和期限",
        "#标签不是标题",
    ],
)
def test_a_sentence_is_no_heading(text: str) -> None:
    assert [each.kind for each in pasted(text)] == [K.PARAPHRASE]


def test_rows_are_one_table_with_the_caption_above_it() -> None:
    tabs = "前文。\n表1 各馆人次\n馆名\t人次\t备注\n城东馆\t12\n城西馆\t8\t新\n后文。"
    assert said(tabs) == [
        ("paraphrase", "前文。"),
        ("table", "表1 各馆人次\n馆名\t人次\t备注\n城东馆\t12\t\n城西馆\t8\t新"),
        ("paraphrase", "后文。"),
    ]
    bars = "| 馆名 | 人次 |\n| --- | :-: |\n| 城东馆 | 12 |\n\n后文。"
    assert said(bars) == [("table", "\n馆名\t人次\n城东馆\t12"), ("paraphrase", "后文。")]
    assert said("一行\t不是表") == [("paraphrase", "一行\t不是表")]


def test_a_text_of_one_kind_is_divided_into_statements_of_it() -> None:
    assert arranging.split("甲。乙。", K.JUDGEMENT) == [
        Statement(K.JUDGEMENT, "甲。"),
        Statement(K.JUDGEMENT, "乙。"),
    ]
    assert arranging.split(" 甲。乙 ", K.HEADING) == [Statement(K.HEADING, "甲。乙", level=1)]
    assert len(arranging.split("题\n甲\t乙\n1\t2", K.TABLE)) == 1
    assert arranging.split(" \n", K.TABLE) == []


_PIECES = st.sampled_from(
    [
        *(
            "一、情况",
            "（一）",
            "1. 好",
            "第三条 ",
            "全县建成35个",
            "。",
            "，",
            "；",
            "“",
            "”",
            "（",
            "）",
        ),
        *(
            "\n",
            "\n\n",
            "\t",
            " ",
            "e.g. ",
            "It rose. ",
            "3.5",
            "%",
            "表1 人次\n",
            "甲\t乙\n",
            "- ",
        ),
    ]
)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_no_character_is_lost_but_white_space_and_marks(text: str) -> None:
    made = "".join(_bare(each.text) for each in pasted(text))
    marks = re.compile(r"[#|:\\-]")
    if not marks.search(text):
        assert made == _bare(text)
    assert marks.sub("", made) == marks.sub("", _bare(text))
    assert all(each.text.strip() for each in pasted(text))
