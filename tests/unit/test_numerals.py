"""Chinese numerals."""

import pytest

from knowledge.numerals import arabic


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
