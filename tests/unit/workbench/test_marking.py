"""Marks in an address, and a page cut into pieces with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.workbench.picturing.marking import MOST_MARKS, marked_words, marks_of, pieces
from knowledge.model import Block, BlockKind, Page, Span

TEXT = "一、总则\n本办法适用于公共图\n书馆。See page\none.\n— 1 —"
PAGE = Page(
    version_id=1,
    index=2,
    label=None,
    text=TEXT,
    blocks=(
        Block(BlockKind.HEADING, 0, 4, level=1),
        Block(BlockKind.PARAGRAPH, 5, 31),
        Block(BlockKind.FURNITURE, 32, 37),
    ),
)


def marked(page: Page, *marks: Span) -> list[str]:
    return [run.text for piece in pieces(page, marks) for run in piece.runs if run.marked]


def test_line_ends_inside_a_block_are_joined_as_the_script_wants() -> None:
    kinds = [(piece.kind, "".join(run.text for run in piece.runs)) for piece in pieces(PAGE, ())]
    assert kinds == [
        (BlockKind.HEADING, "一、总则"),
        (BlockKind.PARAGRAPH, "本办法适用于公共图书馆。See page one."),
        (BlockKind.FURNITURE, "— 1 —"),
    ]


def test_a_mark_over_two_blocks_is_marked_in_both_and_first_once() -> None:
    mark = Span(2, 2, 8)
    assert marked(PAGE, mark) == ["总则", "本办法"]
    firsts = [run.first for piece in pieces(PAGE, [mark]) for run in piece.runs if run.marked]
    assert firsts == [True, False]
    assert marked_words(PAGE, [mark]) == "总则本办法"


def test_overlapping_marks_become_one() -> None:
    assert marked(PAGE, Span(2, 5, 8), Span(2, 7, 11)) == ["本办法适用于"]


@pytest.mark.parametrize("mark", [Span(1, 0, 4), Span(2, 30, 99), Span(2, 4, 4), Span(2, 9, 5)])
def test_a_mark_that_is_not_on_the_page_is_ignored(mark: Span) -> None:
    assert marked(PAGE, mark) == []


@pytest.mark.parametrize(
    "value", ["", "2:1", "2:1-", "a:1-2", "2:-1-2", "２:1-2", "2:1-2;x", "9999999:1-2", "<script>"]
)
def test_what_is_no_mark_is_ignored(value: str) -> None:
    assert marks_of([value, "2:1-3"]) == (Span(2, 1, 3),)


def test_marks_are_bounded_in_number() -> None:
    assert len(marks_of(["1:0-1"] * 1000)) == MOST_MARKS


@given(
    st.text(alphabet="中文，ab 1\n", max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=5),
)
def test_no_character_is_lost_or_doubled(text: str, ends: list[tuple[int, int]]) -> None:
    page = Page(version_id=1, index=1, label=None, text=text, blocks=())
    marks = [Span(1, start, end) for start, end in ends]
    shown = "".join(run.text for piece in pieces(page, marks) for run in piece.runs)
    kept = "".join(line for line in text.split("\n") if line.strip())
    assert shown == kept
