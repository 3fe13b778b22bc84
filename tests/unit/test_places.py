"""Boxes of characters: kept small, right at any resolution, joined to what is boxed on a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places import Box, Places

WIDTH, HEIGHT = 595.0, 842.0


def row(left: float, top: float, count: int, *, step: float = 12.0) -> list[Box | None]:
    return [
        Box(left + step * i, top, left + step * i + abs(step), top + 12.0) for i in range(count)
    ]


def placed(*boxes: Box | None) -> Places:
    return Places.of(WIDTH, HEIGHT, boxes=boxes)


@given(
    st.lists(
        st.none()
        | st.tuples(st.floats(0, 580), st.floats(0, 820), st.floats(0.5, 14), st.floats(0.5, 14)),
        max_size=30,
    )
)
def test_what_is_packed_comes_back_within_a_hundredth_of_a_point(
    given_boxes: list[tuple[float, float, float, float] | None],
) -> None:
    boxes = [None if b is None else Box(b[0], b[1], b[0] + b[2], b[1] + b[3]) for b in given_boxes]
    places = Places.unpack(placed(*boxes).pack())
    assert len(places) == len(boxes)
    for position, box in enumerate(boxes):
        kept = places.box(position)
        if box is None or kept is None:
            assert kept is box
            continue
        assert kept.left == pytest.approx(box.left, abs=0.02)
        assert kept.bottom == pytest.approx(box.bottom, abs=0.02)


def test_one_rectangle_a_line_and_blanks_belong_to_none() -> None:
    places = placed(*row(100, 50, 5), None, *row(100, 70, 3))
    first, second = places.regions(2, 8)
    assert (first.left, first.right) == pytest.approx((124, 160), abs=0.1)
    assert (second.left, second.right) == pytest.approx((100, 124), abs=0.1)
    assert places.regions(5, 6) == ()


def test_two_columns_at_one_height_are_two_rectangles() -> None:
    assert len(placed(*row(50, 50, 4), *row(330, 50, 4)).regions(0, 8)) == 2


def test_vertical_writing_is_one_rectangle_a_column() -> None:
    down = [Box(500, 100 + 12 * i, 512, 112 + 12 * i) for i in range(6)]
    beside = [Box(480, 100 + 12 * i, 492, 112 + 12 * i) for i in range(3)]
    assert len(placed(*down, *beside).regions(0, 9)) == 2


@pytest.mark.parametrize(
    "line",
    [
        row(400, 300, 8, step=-12.0),
        [Box(300, 500 - 12 * i, 312, 512 - 12 * i) for i in range(8)],
    ],
    ids=["upside down", "running upwards"],
)
def test_a_turned_page_still_has_one_rectangle_a_line(line: list[Box | None]) -> None:
    assert len(placed(*line).regions(0, 8)) == 1


def test_spans_beyond_the_text_and_boxes_beyond_the_page_are_cut() -> None:
    places = placed(Box(-20, 10, 700, 20))
    (region,) = places.regions(-5, 99)
    assert 0 <= region.left < region.right <= WIDTH
