"""Chinese numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import arabic, chinese


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("三十五", 35),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百二十", 120),
        ("一百零八", 108),
        ("一百〇八", 108),
        ("一千二百六十", 1260),
        ("二〇二三", 2023),
        ("二○二三", 2023),
        ("两千", 2000),
        ("廿五", 25),
        ("一万二千", 12000),
        ("三亿零五十万", 300_500_000),
        ("１２", 12),
        ("7", 7),
        ("叁佰", 300),
    ],
)
def test_values(numeral: str, value: int) -> None:
    assert arabic(numeral) == value


@pytest.mark.parametrize("numeral", ["", " ", "条", "三x", "12三"])
def test_refuses_what_is_no_numeral(numeral: str) -> None:
    with pytest.raises(ValueError, match="numeral"):
        arabic(numeral)


def test_every_article_number_of_a_long_law() -> None:
    ones = "零一二三四五六七八九"
    for value in range(1, 1300):
        thousands, hundreds, tens, rest = (value // d % 10 for d in (1000, 100, 10, 1))
        written = ""
        for digit, unit in ((thousands, "千"), (hundreds, "百"), (tens, "十"), (rest, "")):
            if digit:
                written += ones[digit] + unit
            elif written and not written.endswith("零"):
                written += "零"
        assert arabic(written.rstrip("零")) == value


@given(st.integers(0, 10**8 - 1))
def test_a_numeral_is_read_as_it_was_written(value: int) -> None:
    assert arabic(chinese(value)) == value


@pytest.mark.parametrize(
    ("value", "numeral"),
    [(0, "零"), (10, "十"), (15, "十五"), (35, "三十五"), (108, "一百零八"), (110, "一百一十"),
     (1260, "一千二百六十"), (10_035, "一万零三十五"), (120_000, "十二万")],
)  # fmt: skip
def test_how_numerals_are_written(value: int, numeral: str) -> None:
    assert chinese(value) == numeral


@pytest.mark.parametrize("value", [-1, 10**8])
def test_no_numeral_is_written(value: int) -> None:
    with pytest.raises(ValueError, match="numeral"):
        chinese(value)
