"""The order in which printed lines are read."""

import random
from collections.abc import Sequence

import pytest

from knowledge.readers.layout import gutters_of, in_reading_order
from knowledge.readers.pdf_lines import Line
from tests.unit.readers.setting import line

WIDTH = 400.0
LETTERS = "甲乙丙丁戊己庚辛壬癸"


def column(name: str, left: float, top: float, *, rows: int = 8) -> list[Line]:
    return [line(f"{name}{LETTERS[row]}" * 8, left, top + 15 * row) for row in range(rows)]


def two_columns() -> list[Line]:
    """A title, two columns, a heading across both, two columns again, a page number."""
    return [
        line("题" * 30, 20, 10),
        *column("左", 20, 40),
        *column("右", 200, 40),
        line("章" * 30, 20, 180),
        *column("下", 20, 200),
        *column("末", 200, 200, rows=5),
        line("９", 190, 350),
    ]


def texts(lines: Sequence[Line]) -> list[str]:
    return [one.text for one in lines]


@pytest.mark.parametrize("seed", range(5))
def test_columns_are_read_one_after_the_other_between_bands(seed: int) -> None:
    right = two_columns()
    given = right[:]
    random.Random(seed).shuffle(given)
    ordered = texts(in_reading_order(given, width=WIDTH))
    assert ordered == texts(right)


def test_lines_given_across_both_columns_are_put_right() -> None:
    right = two_columns()
    across = sorted(right, key=lambda one: (one.top, one.left))
    assert texts(in_reading_order(across, width=WIDTH)) == texts(right)


def test_an_order_that_reads_down_is_left_alone() -> None:
    cells = [
        line("名称", 20, 10),
        line("一二三", 150, 10),
        line("四五", 150, 22),
        line("金额", 20, 40),
    ]
    assert in_reading_order(cells, width=WIDTH) == cells
    assert in_reading_order(two_columns(), width=WIDTH) == two_columns()


def test_rows_of_short_cells_are_no_columns() -> None:
    rows = [
        line(word * 3, left, 15.0 * row)
        for row, word in enumerate("子丑寅卯辰")
        for left in (20, 150, 300)
    ]
    assert gutters_of(rows) == ()
    given = rows[:]
    random.Random(1).shuffle(given)
    ordered = in_reading_order(given, width=WIDTH)
    assert [one.top for one in ordered] == sorted(one.top for one in rows)
    assert [one.left for one in ordered[:3]] == [20, 150, 300]


def upright(text: str, left: float) -> Line:
    boxes = b"".join(
        number.to_bytes(2, "little")
        for place in range(len(text))
        for number in (1, 10 + 10 * place, 2, 20 + 10 * place)
    )
    return Line(text, left, 10, left + 10, 10 + 10 * len(text), 10, marks=boxes)


def test_upright_columns_are_read_from_right_to_left() -> None:
    given = [upright("左边一行", 100), upright("右边一行", 140), upright("中间一行", 120)]
    assert texts(in_reading_order(given, width=WIDTH)) == ["右边一行", "中间一行", "左边一行"]
