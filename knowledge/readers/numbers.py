"""Numbers that a document bears: 文号, the number of an order, ISBN and DOI."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from knowledge.model import Origin
from knowledge.readers.findings import Found, Material, Printed
from knowledge.text import HAN

_NUMBER: Final = re.compile(
    rf"([{HAN}]{{1,12}})\s*[〔\[［（(【﹝]\s*((?:19|20)\d{{2}})\s*[〕\]］）)】﹞]\s*第?\s*(\d{{1,5}})\s*号"
)
_LETTERHEAD: Final = re.compile(rf"[{HAN}]{{2,30}}文件\s+")
_SIGNED_BY: Final = re.compile(r"\s+签发人.*$")
_ORDER: Final = re.compile(
    rf"(?:([{HAN}]{{2,20}}?(?:令|公告))\s*[（(]?\s*((?:19|20)\d{{2}})\s*年\s*)?第\s*(\d{{1,5}})\s*号[）)]?$"
)
_ORDER_PLAIN: Final = re.compile(rf"[{HAN}]{{2,20}}令\s*[（(]?第\s*\d{{1,5}}\s*号[）)]?$")
_ORDER_BELOW: Final = re.compile(r"[（(]?\s*(?:\d{4}\s*年\s*)?第\s*\d{1,5}\s*号\s*[）)]?")
_LABELLED: Final = re.compile(r"(?:文号|发文字号|发文号|公文字号)\s*[：:]\s*(\S.*)")
_IN_TITLE: Final = re.compile(
    rf"[{HAN}]{{2,20}}(?:公告|令)\s*[（(]?\d{{4}}\s*年\s*第\s*\d{{1,5}}\s*号"
)
_DOI: Final = re.compile(r"\b(?:doi\s*[:：]?\s*|doi\.org/)(10\.\d{4,9}/[^\s，。；,;）)]+)", re.I)
_ISBN: Final = re.compile(r"ISBN(?:-1[03])?\s*[:：]?\s*((?:97[89][-\s]?)?(?:\d[-\s]?){9}[\dXx])")


def is_number_line(line: str) -> bool:
    """Whether a line bears a document's number, not its title."""
    return bool(_NUMBER.fullmatch(line) or _ORDER.search(line))


def number_at_start(text: str) -> str:
    """The number that a file's name begins with, as it stands there; empty if none."""
    match = _NUMBER.match(text)
    return match.group() if match else ""


def find_number(material: Material, title: Found) -> Found | None:
    """The document's own number: a label, a line of its own, an order's, in title or file name.

    Numbers inside sentences are other documents' and never taken.
    """
    for line in material.head:
        if (labelled := _LABELLED.search(line.text)) is not None:
            if match := _NUMBER.match(labelled.group(1)):
                return line.gives(_written(match), f"{labelled.group()}"[:60])
        elif (match := _NUMBER.fullmatch(_alone(line.text))) is not None:
            return line.gives(_written(match), match.group())
        elif _ORDER_PLAIN.match(line.text) and "《" not in line.text:
            return line.gives(re.sub(r"\s+", "", line.text))
    return _order_over_two_lines(material.head) or _in_title(material, title)


def find_doi(lines: Sequence[Printed]) -> Found | None:
    """The work's own DOI: the first on its first pages."""
    for line in lines:
        if match := _DOI.search(line.text):
            return line.gives(match.group(1).rstrip("."), match.group())
    return None


def find_isbn(lines: Sequence[Printed]) -> Found | None:
    """The first ISBN whose check digit is right, as printed."""
    for line in lines:
        for match in _ISBN.finditer(line.text):
            if _is_isbn(re.sub(r"[-\s]", "", match.group(1))):
                return line.gives(match.group(1).strip(), match.group())
    return None


def _is_isbn(digits: str) -> bool:
    values = [10 if digit in "Xx" else int(digit) for digit in digits]
    if len(values) == 10:
        return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0
    return sum(value * (1, 3)[place % 2] for place, value in enumerate(values)) % 10 == 0


def _alone(line: str) -> str:
    """A line without the brackets, the letterhead before and the signer after a number."""
    bare = line.strip("（）() ")
    return _SIGNED_BY.sub("", _LETTERHEAD.sub("", bare))


def _order_over_two_lines(head: Sequence[Printed]) -> Found | None:
    """中华人民共和国商务部令 / 2018年第2号."""
    for above, below in pairwise(head[:7]):
        if above.text.endswith(("令", "公告")) and _ORDER_BELOW.fullmatch(below.text):
            number = re.sub(r"[\s（()）]+", "", above.text + below.text)
            return above.gives(number, f"{above.text}\n{below.text}")
    return None


def _in_title(material: Material, title: Found) -> Found | None:
    """海关总署公告2016年第8号（关于…的公告）, or a file name that begins with the number."""
    if match := _IN_TITLE.match(title.value):
        number = re.sub(r"[\s（(]", "", match.group())
        return Found(number, match.group(), title.origin, title.page)
    bare = re.sub(r"^\s*\d{1,3}\s*[-_.、．]\s*", "", material.name)
    match = _NUMBER.match(bare)
    return Found(_written(match), match.group(), Origin.FILE_NAME) if match else None


def _written(match: re.Match[str]) -> str:
    return f"{match.group(1)}〔{match.group(2)}〕{int(match.group(3))}号"
