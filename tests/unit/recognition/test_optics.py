"""How print lies on a page, and punctuation and places of recognised lines."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Layer
from knowledge.places import Box
from knowledge.recognition.given import typed
from knowledge.recognition.glyphs import cells, ink_of, rows
from knowledge.recognition.optics import Stance
from knowledge.recognition.sheet import Sheet, sheet_texts
from knowledge.recognition.width import widened


@pytest.mark.parametrize(
    ("turns", "seen"),
    [
        (0, Box(10, 20, 30, 40)),
        (1, Box(160, 10, 180, 30)),
        (2, Box(170, 60, 190, 80)),
        (3, Box(20, 70, 40, 90)),
    ],
)
def test_a_box_of_the_upright_page_is_shown_where_its_words_are(turns: int, seen: Box) -> None:
    assert Stance(200, 100, turns).shown(Box(10, 20, 30, 40)) == seen


@given(
    st.floats(-0.2, 0.2),
    st.sampled_from([0, 1, 2, 3]),
    st.floats(50, 550),
    st.floats(50, 550),
)
def test_straightening_is_undone_when_shown(skew: float, turns: int, x: float, y: float) -> None:
    stance = Stance(600, 600, turns, skew)
    left, top = stance.straight(x, y)
    shown = stance.shown(Box(left, top, left, top))
    there = Stance(600, 600, turns).shown(Box(x, y, x, y))
    assert math.isclose(shown.left, there.left, abs_tol=1e-6)
    assert math.isclose(shown.top, there.top, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("(市商务委、市交通局按职责分工负责）", "（市商务委、市交通局按职责分工负责）"),
        ("各区县,市政府各部门:", "各区县，市政府各部门："),
        ("渝府办发[2022]109号", "渝府办发〔2022〕109号"),
        ("增长5.2%,比上年高", "增长5.2%，比上年高"),
        ("共1,200件，12:30开始", "共1,200件，12:30开始"),
        ("see Smith (2019), p. 4; and others", "see Smith (2019), p. 4; and others"),
        ("一是改革--重在落实", "一是改革——重在落实"),
    ],
)
def test_stops_and_brackets_of_chinese_are_wide(read: str, printed: str) -> None:
    assert widened(read) == printed


@given(st.text(alphabet="图书馆2019 ,.;:!?()（）[]-一“”ab%", max_size=40))
def test_widening_moves_no_character(text: str) -> None:
    assert len(widened(text)) == len(text)


def test_cells_are_cut_at_the_gaps_and_drawn_in_to_the_ink() -> None:
    picture = np.full((40, 120, 3), 255, dtype=np.uint8)
    for left, right in ((5, 30), (36, 60), (66, 74)):
        picture[8:32, left:right] = 0
    ink = ink_of(picture)
    top, bottom = rows(ink)
    assert (top, bottom) == (7, 33)
    # Where recognition looked is rough: the ink decides.
    assert cells(ink[top:bottom], [15.0, 50.0, 73.0]) == [(5, 30), (36, 60), (66, 74)]


def test_a_strip_without_ink_still_has_a_cell_for_each_character() -> None:
    ink = ink_of(np.full((40, 100, 3), 200, dtype=np.uint8))
    found = cells(ink, [20.0, 60.0])
    assert len(found) == 2
    assert all(0 <= left < right <= 100 for left, right in found)


def test_a_sheet_survives_packing() -> None:
    sheet = Sheet(Stance(595, 842, 1, 0.01), typed(["读者须知", "开馆 9:00"]).lines)
    assert Sheet.unpack(sheet.pack()) == sheet


def test_sheets_become_pages_with_a_box_and_a_confidence_for_every_character() -> None:
    words = ["社区书房每周二至周日开放。", "借书每次不超过十册。"]
    pages = sheet_texts([typed(words, confidence=0.9), typed([])])
    page, blank = pages
    assert page.layer is Layer.RECOGNISED
    assert "".join(words) == "".join(page.text.split())
    assert page.places is not None
    assert len(page.places) == len(page.text)
    for position, character in enumerate(page.text):
        assert (page.places.box(position) is None) == character.isspace()
        covered = [r for r in page.recognised if r.start <= position < r.end]
        assert character.isspace() or [r.confidence for r in covered] == [0.9]
    assert (blank.text, blank.layer) == ("", Layer.UNREAD)
