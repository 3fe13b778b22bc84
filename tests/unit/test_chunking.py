"""Pages into passages."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import TOLERANCE, passages
from knowledge.model import Block, BlockKind, PageText, PassageDraft, Span
from knowledge.readers import read_file

LAW = """青河市阅读促进条例
（2021年3月30日通过）
目　　录
第一章　总　　则
第二章　服　　务
第一章　总　　则
第一条　为了促进全民阅读，制定本条例。
第二条　本条例所称书房，应当具备下列条件：
（一）固定的馆址；
（二）必要的经费。
依照本条例第一条规定设立的，同样适用。
第二章　服　　务
第三条　书房应当免费开放。"""


def page(*blocks: tuple[BlockKind, str], level: int = 1) -> PageText:
    texts: list[str] = []
    made: list[Block] = []
    position = 0
    for kind, text in blocks:
        depth = level if kind is BlockKind.HEADING else None
        made.append(Block(kind, position, position + len(text), depth))
        texts.append(text)
        position += len(text) + 1
    return PageText("\n".join(texts), None, tuple(made))


def headed(drafts: list[PassageDraft]) -> list[tuple[tuple[str, ...], str]]:
    return [(draft.heading, draft.text) for draft in drafts]


WORDS = st.text(
    alphabet=st.sampled_from("公共图书馆，。；：“”（）一二三第章条节、1.,: \n\u3000ab\U00020000𪚥"),
    max_size=300,
)
KINDS = st.sampled_from(list(BlockKind))


@st.composite
def pages_of_anything(draw: st.DrawFn) -> list[PageText]:
    made: list[PageText] = []
    for _ in range(draw(st.integers(1, 4))):
        text = draw(WORDS)
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
        blocks: list[Block] = []
        for start, end in pairwise(cuts) if draw(st.booleans()) else batched(cuts):
            kind = draw(KINDS)
            level = draw(st.integers(1, 3)) if kind is BlockKind.HEADING else None
            blocks.append(Block(kind, start, end, level))
        made.append(PageText(text, None, tuple(blocks)))
    return made


def batched(cuts: list[int]) -> Iterator[tuple[int, int]]:
    return zip(cuts[::2], cuts[1::2], strict=False)


def offsets(pages: list[PageText], spans: Iterable[Span]) -> list[tuple[int, int]]:
    """(page, offset) of every character of the spans that is not blank, in order."""
    return [
        (span.page, offset)
        for span in spans
        for offset in range(span.start, span.end)
        if not pages[span.page - 1].text[offset].isspace()
    ]


def cut(pages: list[PageText], limit: int) -> list[PassageDraft]:
    return passages(pages, target=limit * 2 // 3, limit=limit)


@given(pages_of_anything(), st.integers(20, 80))
def test_every_character_is_in_exactly_one_passage(pages: list[PageText], limit: int) -> None:
    drafts = cut(pages, limit)
    furniture = {
        (number, offset)
        for number, made in enumerate(pages, start=1)
        for block in made.blocks
        if block.kind is BlockKind.FURNITURE
        for offset in range(block.start, block.end)
    }
    wanted = [
        (number, offset)
        for number, made in enumerate(pages, start=1)
        for offset, character in enumerate(made.text)
        if not character.isspace() and (number, offset) not in furniture
    ]
    repeated = offsets(pages, (span for draft in drafts for span in draft.spans[: draft.repeats]))
    own = offsets(pages, (span for draft in drafts for span in draft.spans[draft.repeats :]))
    assert own == [place for place in wanted if place not in set(repeated)]


@given(pages_of_anything(), st.integers(20, 80))
def test_spans_hold_the_words_claimed(pages: list[PageText], limit: int) -> None:
    for draft in cut(pages, limit):
        assert draft.text.strip()
        assert 0 < len(draft.text) <= limit + TOLERANCE
        assert 0 <= draft.repeats < len(draft.spans)
        assert draft.text == "".join(
            pages[span.page - 1].text[span.start : span.end] for span in draft.spans
        )


@given(pages_of_anything(), st.integers(40, 80))
def test_only_column_names_are_repeated(pages: list[PageText], limit: int) -> None:
    headers = {
        (number, block.start, block.end)
        for number, made in enumerate(pages, start=1)
        for block in made.blocks
        if block.kind is BlockKind.HEADER
    }
    for draft in cut(pages, limit):
        for span in draft.spans[: draft.repeats]:
            assert any(
                span.page == page and start <= span.start and span.end <= end + 1
                for page, start, end in headers
            )


NUMBERS = st.from_regex(r"[1-9][0-9]{0,2}(,[0-9]{3}){0,3}([.:][0-9]{1,2})?[%‰]?", fullmatch=True)


@given(st.lists(st.one_of(NUMBERS, st.text("图书馆共，、", min_size=1, max_size=40)), min_size=3))
def test_no_number_is_cut(words: list[str]) -> None:
    text = "馆".join(words)
    drafts = cut([PageText(text)], 60)
    inside = {
        offset
        for match in re.finditer(r"[0-9][0-9.,:]*[0-9%‰]", text)
        for offset in range(match.start() + 1, match.end())
    }
    assert not inside & {draft.spans[0].start for draft in drafts}


def test_an_article_is_a_passage_under_its_chapter() -> None:
    assert headed(passages([PageText(LAW)])) == [
        ((), "青河市阅读促进条例\n（2021年3月30日通过）"),
        (("目录",), "目　　录\n第一章　总　　则\n第二章　服　　务"),
        (("第一章 总则", "第一条"), "第一章　总　　则\n第一条　为了促进全民阅读，制定本条例。"),
        (
            ("第一章 总则", "第二条"),
            "第二条　本条例所称书房，应当具备下列条件：\n（一）固定的馆址；\n（二）必要的经费。\n"
            "依照本条例第一条规定设立的，同样适用。",
        ),
        (("第二章 服务", "第三条"), "第二章　服　　务\n第三条　书房应当免费开放。"),
    ]


def test_a_long_article_keeps_its_heading() -> None:
    law = "第一条　" + "书房应当改善服务条件，听取读者意见。" * 60
    drafts = passages([PageText(law)])
    assert len(drafts) > 1
    assert {draft.heading for draft in drafts} == {("第一条",)}
    assert all(draft.text.endswith("。") for draft in drafts)


def test_enumerated_headings_of_a_notice() -> None:
    body = "书房要方便居民就近阅读，坚持免费开放。"
    notice = (
        f"一、总体要求\n（一）指导思想。\n{body}\n（二）发展目标。\n{body}\n二、主要任务\n{body}"
    )
    assert [draft.heading for draft in passages([PageText(notice)])] == [
        ("一、总体要求", "（一）指导思想"),
        ("一、总体要求", "（二）发展目标"),
        ("二、主要任务",),
    ]


def test_a_list_is_not_headings() -> None:
    text = "附件清单如下。\n1.申报表\n2.名单\n3.说明\n以上材料请于月底前报送本局备案。"
    assert [draft.heading for draft in passages([PageText(text)])] == [()]


def test_a_row_is_a_passage_and_furniture_none() -> None:
    made = page(
        (BlockKind.FURNITURE, "浏览次数：3"),
        (BlockKind.ROW, "名称：东门书房；座席：12"),
        (BlockKind.ROW, "名称：西门书房；座席：8"),
    )
    assert [draft.text for draft in passages([made])] == [
        "名称：东门书房；座席：12",
        "名称：西门书房；座席：8",
    ]


def test_column_names_are_repeated_over_the_page() -> None:
    first = page(
        (BlockKind.PARAGRAPH, "各书房情况如下。"),
        (BlockKind.HEADER, "名称 座席"),
        (BlockKind.ROW, "东门书房 12"),
        (BlockKind.ROW, "西门书房 8"),
        (BlockKind.FURNITURE, "1"),
    )
    second = page(
        (BlockKind.FURNITURE, "年报"),
        (BlockKind.ROW, "南门书房 20"),
        (BlockKind.PARAGRAPH, "以上为全部书房。"),
        (BlockKind.ROW, "合计 40"),
    )
    drafts = passages([first, second])
    assert [(draft.text, draft.repeats) for draft in drafts] == [
        ("各书房情况如下。", 0),
        ("名称 座席\n东门书房 12", 1),
        ("名称 座席\n西门书房 8", 1),
        ("名称 座席\n南门书房 20", 1),
        ("以上为全部书房。", 0),
        ("合计 40", 0),
    ]
    assert drafts[3].spans == (Span(1, 9, 15), Span(2, 3, 10))


def test_column_names_without_rows_or_too_long_are_words() -> None:
    alone = page((BlockKind.HEADER, "名称 座席"), (BlockKind.PARAGRAPH, "无记录。"))
    assert [(draft.text, draft.repeats) for draft in passages([alone])] == [
        ("名称 座席\n无记录。", 0)
    ]
    names = " ".join(f"第{number}列的名称" for number in range(60))
    wide = page((BlockKind.HEADER, names), (BlockKind.ROW, "东门书房 12"))
    drafts = passages([wide])
    assert drafts[-1].text == "东门书房 12"
    assert {draft.repeats for draft in drafts} == {0}


def test_a_long_row_repeats_its_column_names_in_each_part() -> None:
    row = "；".join("值" * 30 for _ in range(30))
    drafts = passages([page((BlockKind.HEADER, "名称 说明"), (BlockKind.ROW, row))])
    assert len(drafts) > 1
    assert all(draft.text.startswith("名称 说明\n值") for draft in drafts)
    assert "".join(draft.text.removeprefix("名称 说明\n") for draft in drafts) == row


def test_a_long_row_is_split_between_cells() -> None:
    row = "；".join(f"列{number}：{'值' * 30}" for number in range(30))
    drafts = passages([page((BlockKind.ROW, row))])
    assert len(drafts) > 1
    assert all(draft.text.endswith("；") for draft in drafts[:-1])


def test_a_sentence_that_goes_on_runs_over_the_page() -> None:
    first = page((BlockKind.PARAGRAPH, "公共图书馆应当免费向社会公众"), (BlockKind.FURNITURE, "1"))
    second = page((BlockKind.FURNITURE, "年报"), (BlockKind.PARAGRAPH, "提供下列服务。"))
    draft = passages([first, second])[0]
    assert draft.text == "公共图书馆应当免费向社会公众提供下列服务。"
    assert draft.spans == (Span(1, 0, 14), Span(2, 3, 10))


def test_a_finished_paragraph_does_not() -> None:
    drafts = passages([PageText("公共图书馆应当免费开放。"), PageText("其他图书馆鼓励开放。")])
    assert [len(draft.spans) for draft in drafts] == [1, 1]


def test_the_title_is_not_above_every_passage() -> None:
    made = PageText(
        "年度报告\n第一部分\n正文在此。",
        None,
        (Block(BlockKind.HEADING, 0, 4, 1), Block(BlockKind.HEADING, 5, 9, 2)),
    )
    assert headed(passages([made])) == [(("第一部分",), "年度报告\n第一部分\n正文在此。")]


def test_real_law(shared: Path) -> None:
    path = next((shared / "data/docs/md-laws").glob("公共图书馆法*"))
    drafts = passages(read_file(path.read_bytes(), path.name).pages)
    (found,) = [draft for draft in drafts if draft.heading[-1:] == ("第三十五条",)]
    assert found.heading == ("第四章 服务", "第三十五条")
    assert found.text.startswith("第三十五条")
    assert len([draft for draft in drafts if draft.heading[-1:] != ()]) == 55
