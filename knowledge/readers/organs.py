"""Names of organs: what ends like one, letterheads, signatures, congresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.readers.dates import find_dates, is_date_line
from knowledge.readers.findings import Material, Printed
from knowledge.text import HAN

ORGAN: Final = re.compile(
    r"(?:人民政府|办公厅|办公室|委员会|常务委员会|代表大会|国务院|人民法院|人民检察院|海关总署|总局|党组|军区|"
    r"司令部|银行|图书馆|协会|研究院|大学|[厅局部委署院司处])$"
)
"""What ends like the name of an organ."""
_CONGRESS: Final = re.compile(
    rf"([{HAN}]{{0,12}}?)第[^届\s]{{1,6}}届((?:全国)?(?:人民代表大会|人大)(?:常务委员会|常委会)?)"
)
_LONGEST: Final = 30
_LINES_ABOVE: Final = 6


@dataclass(frozen=True, slots=True)
class Signature:
    """The organs that signed, and the day."""

    signers: tuple[Printed, ...]
    """Their lines, from top to bottom; empty when only the day stands there."""
    line: Printed
    day: str


def letterhead(line: str) -> str:
    """The organ of a red letterhead such as 某市人民政府文件; empty for any other line."""
    organ = re.sub(r"\s+", "", line).removesuffix("文件")
    return organ if line.endswith("文件") and ORGAN.search(organ) else ""


def common_name(organ: str) -> str:
    """An organ as it is catalogued: 国务院, not 中华人民共和国国务院."""
    return re.sub(r"^中华人民共和国(?=国务院|最高人民)", "", organ)


def congress_in(text: str) -> str:
    """The congress or its standing committee that a note of adoption names; empty if none."""
    match = _CONGRESS.search(text)
    if match is None:
        return ""
    region = re.sub(r"^.*[日过正订，]", "", match.group(1))
    body = match.group(2).replace("常委会", "常务委员会")
    return region + re.sub(r"人大(?!表)", "人民代表大会", body)


def signature_of(material: Material) -> Signature | None:
    """The first day below the names of organs, else the first line that is a day and no more.

    The latter counts at the head and the tail only, where no table stands.
    """
    lines = material.lines
    for position, line in enumerate(lines):
        if position and is_date_line(line.text):
            if signers := _signers(lines[max(0, position - _LINES_ABOVE) : position]):
                return Signature(signers, line, find_dates(line.text)[0].day)
        elif organ := _signed_on_one_line(line):
            return Signature((organ,), line, find_dates(line.text)[-1].day)
    edge = lines[1:25] + material.tail
    dated = next((line for line in edge if is_date_line(line.text)), None)
    return Signature((), dated, find_dates(dated.text)[0].day) if dated else None


def _signers(above: Sequence[Printed]) -> tuple[Printed, ...]:
    found: list[Printed] = []
    for line in reversed(above):
        organ = re.sub(r"\s+", "", line.text)
        if len(organ) > _LONGEST or not ORGAN.search(organ):
            break
        found.insert(0, Printed(organ, line.page))
    return tuple(found)


def _signed_on_one_line(line: Printed) -> Printed | None:
    """市水务局 2017年11月24日, as some programs write the two lines of a signature."""
    dates = find_dates(line.text)
    if len(dates) != 1 or not dates[0].is_full or len(line.text) > _LONGEST + 16:
        return None
    before, after = line.text[: dates[0].start], line.text[dates[0].end :]
    organ = re.sub(r"\s+", "", before)
    whole = re.fullmatch(rf"[{HAN}]{{4,{_LONGEST}}}", organ) and before != before.rstrip()
    return Printed(organ, line.page) if whole and not after and ORGAN.search(organ) else None
