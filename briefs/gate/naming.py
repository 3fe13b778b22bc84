"""What is a name in a folded text, and which names are the same."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from briefs.gate.gazetteer import ENDINGS, NO_NAMES, PLACES
from briefs.gate.lexicon import either
from knowledge.text import HAN

PLACE: Final = re.compile(either(" ".join(PLACES)))
_END: Final = re.compile(rf"(?:{either(ENDINGS)})")
_GENERIC: Final = re.compile(
    r"(?:全|各|该|本|各级|我|某|每|两|相关|有关|主管|上级|下级|所在|当地|多个|其他|"
    r"地方|部分|所属|同级|基层|城|若干|\d|[一二三四五六七八九十]|"
    r"[\d一二三四五六七八九十余多几]个|数个|万人|[每人户]均)$"
)
ORGAN: Final = re.compile(
    r"全国(?:人民代表大会|人大)(?:常务委员会|常委会)?|国务院|党中央|中共中央|"
    r"全国政协|最高人民(?:法院|检察院)|人民(?:法院|检察院|政府)|中央军委"
    rf"|[{HAN}]{{2}}(?:机关|部门)|(?:教育|财政|公安|司法|民政|商务|水利|国防|外交|"
    rf"科技|交通运输|生态环境|农业农村|自然资源|文化和旅游|住房城乡建设)部"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name, or the end of one."""

    name: str
    start: int
    end: int
    ending: str


@lru_cache(maxsize=512)
def endings(words: str, classes: str) -> tuple[Named, ...]:
    """What ends like a name, with up to four characters before the ending."""
    found = []
    for match in _END.finditer(words):
        at = match.start()
        start = at
        while (
            start > 0
            and at - start < 4
            and classes[start - 1] == "c"
            and _goes_into(words[start - 1])
        ):
            start -= 1
        if start < at and not _follows(words, match.end(), match.group()):
            found.append(Named(words[start : match.end()], start, match.end(), match.group()))
    return tuple(found)


_PARTS: Final = "的了在有末由与和及是对向从将把被等到于其"
"""Characters that names are not made of."""


def _goes_into(character: str) -> bool:
    """Whether a character may belong to a name."""
    return "\u4e00" <= character <= "\u9fff" and character not in _PARTS


_GOES_ON: Final = {
    "部": "门署分队位长件委级属件落", "委": "托任派员屈书", "局": "部面势限长",
    "市": "场民长政区面值容", "区": "域分别间长块位", "县": "长城域级", "省": "份级长内心",
    "村": "民庄镇落", "镇": "长区", "乡": "村镇愁土长", "署": "名", "厅": "长级",
    "州": "长", "旗": "帜下舰",
}  # fmt: skip


def _follows(words: str, end: int, ending: str) -> bool:
    """Whether the word goes on: 部门, 市场."""
    after = words[end : end + 1]
    return bool(after) and after in _GOES_ON.get(ending, "")


@lru_cache(maxsize=512)
def mentions(words: str, classes: str) -> tuple[Named, ...]:
    """Places, and organs known by name or by how they end; the longest where several begin."""
    found = [Named(m.group(), *m.span(), "") for m in PLACE.finditer(words)]
    organs = [Named(m.group(), *m.span(), "-") for m in ORGAN.finditer(words)]
    found += organs
    taken = {at for named in organs for at in range(named.start, named.end)}
    for named in endings(words, classes):
        start = max(named.start, named.end - len(named.ending) - 2)
        if named.end - 1 not in taken and not is_generic(named):
            found.append(Named(words[start : named.end], start, named.end, "-"))
    return tuple(sorted(found, key=lambda named: (named.start, named.end)))


def is_generic(named: Named) -> bool:
    """Whether it only looks like a name: 全县, 各级政府, 布局."""
    name = named.name
    if any(name[-length:] in NO_NAMES for length in range(len(named.ending) + 1, 6)):
        return True
    return bool(_GENERIC.search(name[: -len(named.ending)]))


def abbreviates(short: str, long: str) -> bool:
    """Whether one has the characters of the other in order: 发改委 and its full name."""
    if short[-1:] != long[-1:] and not (short.endswith("委") and long.endswith("委员会")):
        return False
    rest = iter(long)
    return len(short) > 2 and all(character in rest for character in short)
