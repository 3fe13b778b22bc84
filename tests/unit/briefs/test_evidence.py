"""Quotes are found where they stand, and nowhere else."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from briefs.errors import SpanError
from briefs.evidence import holds, locate, quotes, words_at
from briefs.model import Evidence
from knowledge.model import Block, BlockKind, Page, Span

ONE = (
    "澄江区社区食堂运行情况\n"
    "截至2024年末，全区建成社区食堂23家，其中14家由企业经营。\n"
    "受访者认为，午餐价格“基本合理”的占62.5%，比上年提高3.1个百分点。\n"
    "The survey covered 1,204 residents aged 60 and over in six sub-districts.\n"
    "经营者反映，早晚餐客流不足，"
)
TWO = "仅靠餐费收入难以维持；补贴按人次发放，偏远社区得到的少。\n全区建成社区食堂23家。"
THREE = "附：北苑街道尚有五个社区在一公里内没有食堂，面积合计3㎡。"

TRADITIONAL = str.maketrans(
    "区运况业经营价礼体认为时发难维补贴远际学", "區運況業經營價禮體認為時發難維補貼遠際學"
)
WIDE_DIGITS = {ord("0") + n: 0xFF10 + n for n in range(10)}


def page(index: int, text: str, *furniture: str, version: int = 1) -> Page:
    blocks = []
    for words in furniture:
        start = text.index(words)
        blocks.append(Block(BlockKind.FURNITURE, start, start + len(words)))
    return Page(version, index, None, text, tuple(blocks))


PAGES = [page(1, ONE), page(2, TWO), page(3, THREE)]


def is_inside_number(text: str, at: int) -> bool:
    around = text[max(at - 2, 0) : at + 2]
    return any(c.isdigit() for c in around) and all(
        c.isdigit() or c in ".," for c in text[max(at - 1, 0) : at + 1]
    )


@st.composite
def stretches(draw: st.DrawFn) -> tuple[Page, int, int]:
    """A stretch of one page without blanks at its ends that cuts no number."""
    where = draw(st.sampled_from(PAGES))
    start = draw(st.integers(0, len(where.text) - 1))
    end = draw(st.integers(start + 1, len(where.text)))
    quote = where.text[start:end]
    assume(quote == quote.strip())
    assume(not is_inside_number(where.text, start) and not is_inside_number(where.text, end))
    return where, start, end


@settings(deadline=None)
@given(stretches())
def test_any_stretch_of_a_page_is_found_at_its_place(found: tuple[Page, int, int]) -> None:
    where, start, end = found
    place = Span(where.index, start, end)
    assert locate(where.text[start:end], PAGES, near=[place]) == (place,)


@settings(deadline=None)
@given(stretches(), st.data())
def test_other_width_script_and_wrapping_are_the_same_words(
    found: tuple[Page, int, int], data: st.DataObject
) -> None:
    where, start, end = found
    quote = where.text[start:end]
    for form in data.draw(st.sets(st.sampled_from(["traditional", "wide", "wrapped", "joined"]))):
        if form == "traditional":
            quote = quote.translate(TRADITIONAL)
        elif form == "wide":
            quote = quote.translate(WIDE_DIGITS)
        elif form == "wrapped":
            quote = "".join(f"{c}\n " if "\u4e00" <= c <= "\u9fff" else c for c in quote)
        else:
            quote = quote.replace("\n", " \n  ").replace(" ", "  ")
    place = Span(where.index, start, end)
    assert locate(quote, PAGES, near=[place]) == (place,)


@settings(deadline=None)
@given(stretches(), stretches())
def test_a_quote_made_of_two_places_is_not_found(
    left: tuple[Page, int, int], right: tuple[Page, int, int]
) -> None:
    first, second = (where.text[start:end] for where, start, end in (left, right))
    quote = f"{first}这里没有的词{second}"
    assert locate(quote, PAGES) is None


def test_a_frankenquote_of_neighbouring_sentences_is_not_found() -> None:
    assert locate("全区建成社区食堂23家，补贴按人次发放。", PAGES) is None
    assert locate("截至2024年末，全区建成社区食堂23家，受访者认为", PAGES) is None


def test_a_quote_over_a_page_boundary_has_two_spans() -> None:
    quote = "早晚餐客流不足，仅靠餐费收入难以维持"
    spans = locate(quote, PAGES)
    assert spans is not None
    assert [span.page for span in spans] == [1, 2]
    assert words_at(spans, PAGES) == quote
    assert holds(Evidence(1, 1, spans, quote), PAGES)


def test_running_heads_and_page_numbers_do_not_break_a_quote() -> None:
    pages = [
        page(1, "经营者反映，早晚餐\n— 1 —", "— 1 —"),
        page(2, "澄江区调查报告\n客流不足，难以维持。", "澄江区调查报告"),
    ]
    spans = locate("早晚餐客流不足", pages)
    assert spans == (Span(1, 6, 9), Span(2, 8, 12))
    assert holds(Evidence(1, 1, spans, "早晚餐客流不足"), pages)
    assert locate("— 1 —", pages) == (Span(1, 10, 15),)


def test_words_of_two_pages_are_kept_apart_in_latin_script() -> None:
    pages = [page(1, "Every public"), page(2, ""), page(3, "library has a desk.")]
    spans = (Span(1, 6, 12), Span(3, 0, 7))
    assert locate("public library", pages) == spans
    assert locate("publiclibrary", pages) == spans, "as a passage over two pages joins it"
    assert words_at(spans, pages) == "public library"
    assert holds(Evidence(1, 1, spans, "public library"), pages)
    assert not holds(Evidence(1, 1, spans, "public library"), [pages[0], pages[2]])


def test_a_quote_is_never_joined_over_a_missing_page() -> None:
    assert locate("客流不足，附：北苑街道", [page(1, ONE), page(3, THREE)]) is None
    assert locate("客流不足，\x00附：北苑街道", [page(1, ONE), page(3, THREE)]) is None


def test_near_decides_between_equal_words() -> None:
    first, second = Span(1, ONE.index("全区"), ONE.index("全区") + 11), Span(2, 29, 40)
    assert words_at([second], PAGES) == "全区建成社区食堂23家"
    assert locate("全区建成社区食堂23家", PAGES) == (first,)
    assert locate("全区建成社区食堂23家", PAGES, near=[Span(2, 0, 10)]) == (second,)
    assert locate("全区建成社区食堂23家", PAGES, near=[Span(3, 0, 10)]) == (first,)


def test_folded_words_at_the_place_named_precede_exact_words_elsewhere() -> None:
    pages = [page(1, "建成食堂２３家。"), page(2, "建成食堂23家。")]
    assert locate("建成食堂23家", pages) == (Span(2, 0, 7),)
    assert locate("建成食堂23家", pages, near=[Span(1, 0, 8)]) == (Span(1, 0, 7),)


@pytest.mark.parametrize(
    "quote",
    ["2.5%", ".5%，比上年", "204 residents", "比上年提高3", "4年末", "截至202", "面积合计3m"],
)
def test_a_quote_may_not_cut_a_number_or_a_character(quote: str) -> None:
    assert locate(quote, PAGES) is None


def test_a_compatibility_character_is_found_by_its_plain_form() -> None:
    assert locate("合计3m2", PAGES) == (Span(3, 24, 28),)


@pytest.mark.parametrize("quote", ["", "  \n", "\u3000"])
def test_a_blank_quote_stands_nowhere(quote: str) -> None:
    assert locate(quote, PAGES) is None


@pytest.mark.parametrize(
    ("quote", "wrong"),
    [
        ("占62.5%", "占64.5%"),
        ("比上年提高", "比上年降低"),
        ("2024年末", "2023年末"),
        ("补贴按人次发放", "补贴不按人次发放"),
    ],
)
def test_changed_words_are_refused(quote: str, wrong: str) -> None:
    assert locate(quote, PAGES) is not None
    assert locate(wrong, PAGES) is None


def evidence(quote: str, *spans: Span, version: int = 1) -> Evidence:
    return Evidence(1, version, spans, quote)


def test_evidence_holds_only_where_it_says() -> None:
    spans = locate("全区建成社区食堂23家", PAGES)
    assert spans is not None
    good = evidence("全区建成社区食堂23家", *spans)
    assert holds(good, PAGES)
    assert holds(evidence("全區建成社區食堂２３家", *spans), PAGES)
    assert not holds(evidence("全区建成社区食堂24家", *spans), PAGES)
    assert not holds(evidence(good.quote, Span(1, 0, 11)), PAGES)
    assert not holds(evidence(good.quote, *spans, version=2), PAGES)
    assert not holds(evidence(good.quote), PAGES)
    assert not holds(evidence(good.quote, Span(9, 0, 5)), PAGES)
    assert not holds(evidence(good.quote, Span(1, 0, 9999)), PAGES)


def test_evidence_from_two_places_does_not_hold() -> None:
    left, right = ONE.index("全区建成"), TWO.index("补贴按人次")
    spans = Span(1, left, left + 4), Span(2, right, right + 5)
    assert words_at(spans, PAGES) == "全区建成补贴按人次"
    assert not holds(evidence("全区建成补贴按人次", *spans), PAGES)
    same_page = Span(1, 0, 3), Span(1, 5, 7)
    assert not holds(evidence(words_at(same_page, PAGES), *same_page), PAGES)


def test_words_outside_a_page_cannot_be_read() -> None:
    with pytest.raises(SpanError):
        words_at([Span(4, 0, 1)], PAGES)
    with pytest.raises(SpanError):
        words_at([Span(1, 3, 3)], PAGES)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("全县计划加装电梯6", "全县计划加装电梯62台。"),
        ("3年全县计划加装电梯62台", "2023年全县计划加装电梯62台。"),
        ("得出售或者非法提供。", "不得出售或者非法提供。"),
        ("出售或者非法提供。", "不得出售或者非法提供。"),
        ("面积为104公顷，其中12项", "面积为10⁴公顷，其中①2项"),
        ("加装电梯，每台补助", "加装电梯62台。每台补助"),
        ("", "加装电梯62台。"),
    ],
)
def test_words_that_say_something_else_are_no_quote(text: str, source: str) -> None:
    assert not quotes(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("不得出售或者非法提供。", "图书馆不得出售或者非法提供。"),
        ("每台补助不超过２０万元", "加装电梯每台补助不超过20万元。"),
        ("計劃加裝電梯62台", "全县计划加装电梯 62 台。"),
    ],
)
def test_a_quote_may_be_shortened_and_written_otherwise(text: str, source: str) -> None:
    assert quotes(text, source)
