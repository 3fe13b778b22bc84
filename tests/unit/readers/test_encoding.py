"""Character encodings by evidence."""

import pytest

from knowledge.errors import UnknownEncodingError
from knowledge.readers.encoding import decode

SIMPLIFIED = "第一条　为了保障公民的基本文化权益，促进公共图书馆事业发展，制定本法。\n"
TRADITIONAL = "第一條　為了保障公民的基本文化權益，促進公共圖書館事業發展，制定本法。\n"
SHORT = "各县区人民政府：\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [SIMPLIFIED, SIMPLIFIED * 200])
def test_simplified(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), "x.txt").text == text


@pytest.mark.parametrize("text", [TRADITIONAL, TRADITIONAL * 50])
def test_traditional(text: str) -> None:
    decoded = decode(text.encode("big5"), "x.txt")
    assert decoded.text == text
    assert decoded.encoding in {"big5hkscs", "cp950"}


def test_short_chinese() -> None:
    assert decode(SHORT.encode("gbk"), "x.txt").text == SHORT


def test_byte_order_mark_is_not_text() -> None:
    decoded = decode(SHORT.encode("utf-8-sig"), "x.txt")
    assert decoded.text == SHORT
    assert decoded.encoding == "utf-8"


def test_western_text() -> None:
    text = "Le café de la bibliothèque a été rénové à l'été, déjà fréquenté par les élèves.\n" * 3
    assert "café" in decode(text.encode("cp1252"), "x.txt").text


def test_a_declaration_counts() -> None:
    page = '<html><meta charset="big5"><body>圖書</body></html>'
    assert decode(page.encode("big5"), "x.html", markup=True).text == page


def test_two_encodings_in_one_file() -> None:
    mixed = (SIMPLIFIED * 3).encode() + (SIMPLIFIED * 3).encode("gb18030")
    decoded = decode(mixed, "x.txt")
    assert decoded.text == SIMPLIFIED * 6
    assert decoded.remarks == ("mixed-encodings",)


def test_one_cut_character_is_let_pass() -> None:
    decoded = decode((SIMPLIFIED * 20).encode()[:-2], "x.txt")
    assert decoded.encoding == "utf-8"
    assert decoded.remarks == ("undecodable-bytes:1",)


def test_no_encoding_fits() -> None:
    with pytest.raises(UnknownEncodingError):
        decode(bytes(range(0x81, 0xFF)) * 7, "x.txt")


@pytest.mark.parametrize(
    ("data", "markup", "least", "most"),
    [
        (SIMPLIFIED.encode(), False, 1, 1),
        (SIMPLIFIED.encode("utf-16"), False, 1, 1),
        (b"plain letters", False, 1, 1),
        ((SIMPLIFIED * 20).encode("gb18030"), False, 0.9, 1),
        (b'<meta charset="gbk">' + SIMPLIFIED.encode("gbk"), True, 1, 1),
        ((TRADITIONAL * 20).encode("big5"), False, 0.9, 1),
        ((SIMPLIFIED * 3).encode() + (SIMPLIFIED * 3).encode("gb18030"), False, 0.4, 0.7),
        ((SIMPLIFIED * 20).encode()[:-2], False, 0.9, 0.999),
    ],
)
def test_how_sure_the_encoding_is(data: bytes, markup: bool, least: float, most: float) -> None:
    assert least <= decode(data, "x", markup=markup).confidence <= most


def test_a_guess_is_called_doubtful() -> None:
    text = "Le café de la bibliothèque a été rénové à l'été, déjà fréquenté par les élèves.\n" * 3
    decoded = decode(text.encode("cp1252"), "x.txt")
    assert decoded.confidence < 0.8
    assert decoded.remarks == ("doubtful-encoding",)
