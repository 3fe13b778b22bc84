"""The structure that Chinese laws, notices and reports print at the start of a line."""

import re
from dataclasses import dataclass
from typing import Final

from knowledge.numerals import NUMERAL_CHARACTERS
from knowledge.text import HAN

_NUMBER: Final = rf"[{NUMERAL_CHARACTERS}\d０-９]{{1,9}}"
_DIVISION: Final = re.compile(
    rf"(第\s?{_NUMBER}\s?(分编|编|篇|章|节))(?![{NUMERAL_CHARACTERS}])[ \u3000、：:]*(.*)$"
)
_ARTICLE: Final = re.compile(
    rf"(第\s?{_NUMBER}\s?条(?:之{_NUMBER})?)(?=[\s：:【（(]|$|[^规定的第和及、至到款项所中，,或以与。；;）)》」】\]])"
)
_ENUMERATED: Final = (
    ("一、", re.compile(rf"[{NUMERAL_CHARACTERS}]{{1,4}}[、．]")),
    ("（一）", re.compile(rf"[（(][{NUMERAL_CHARACTERS}]{{1,4}}[）)]")),
    ("1.", re.compile(r"[\d０-９]{1,2}(?:[、．]|\.(?!\d))")),
    ("（1）", re.compile(r"[（(][\d０-９]{1,2}[）)]")),
    ("①", re.compile("[①-⑳]")),
)
_RANK: Final = {
    "编": 11, "篇": 11, "分编": 12, "章": 13, "节": 14, "条": 16,
    "一、": 17, "（一）": 18, "1.": 19, "（1）": 20, "①": 21,
}  # fmt: skip
_LONGEST_HEADING: Final = 45
_LONGEST_DOTTED: Final = 25
_HAN_ONLY: Final = re.compile(rf"[{HAN}]+$")


@dataclass(frozen=True, slots=True)
class Structure:
    """What a line announces."""

    kind: str
    """编, 分编, 章, 节, 条, or the shape of its enumerator: 一、 （一） 1. （1） ①."""
    rank: int
    """Nesting, higher is deeper; always deeper than the levels of explicit headings (1 … 9)."""
    label: str
    """How it stands in a heading path, e.g. “第四章 服务” or “第三十五条”."""

    @property
    def is_article(self) -> bool:
        """True for 第X条, whose line is heading and words at once."""
        return self.kind == "条"


def structure_of(line: str) -> Structure | None:
    """Recognise a division, an article or a short enumerated heading; None for all other lines.

    Whether an enumerated line is a heading also depends on its neighbours: see `chunking`.
    """
    stripped = line.strip()
    if division := _DIVISION.match(stripped):
        number, kind, name = division.groups()
        if len(stripped) > _LONGEST_HEADING or re.search(r"[。；，]|规定", name):
            return None
        return Structure(kind, _RANK[kind], f"{_unspaced(number)} {tidy(name)}".strip())
    if article := _ARTICLE.match(stripped):
        return Structure("条", _RANK["条"], _unspaced(article.group(1)))
    for kind, pattern in _ENUMERATED:
        if pattern.match(stripped) and _short(stripped):
            return Structure(kind, _RANK[kind], tidy(stripped).rstrip("。．."))
    return None


def _unspaced(text: str) -> str:
    return re.sub(r"\s", "", text)


def _short(line: str) -> bool:
    if line.endswith(("；", ";", "：", ":", "，", "、", "！", "？")) or "；" in line:
        return False
    if line.endswith("。"):
        return len(line) <= _LONGEST_DOTTED and not re.search(r"[。，]", line[:-1])
    return len(line) <= _LONGEST_HEADING and "。" not in line


def enumerator_of(line: str) -> str | None:
    """The shape of an enumerator at a line's start, however long the line; as `Structure.kind`."""
    stripped = line.strip()
    return next((kind for kind, pattern in _ENUMERATED if pattern.match(stripped)), None)


def tidy(heading: str) -> str:
    """One line without the blanks that only space out letters: 总　　则 → 总则."""
    result = ""
    previous = ""
    for part in heading.split():
        spaced = _HAN_ONLY.match(previous) and _HAN_ONLY.match(part)
        joined = spaced and min(len(previous), len(part)) == 1
        result += part if joined or not result else f" {part}"
        previous = part
    return result
