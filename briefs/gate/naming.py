"""What is a name in a folded text, and which names are the same."""

import re
from collections.abc import Iterator
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


_WHEN: Final = re.compile(
    r"(?:年|月|季|季度|学期|期|周|岁|旬)[末底初]|月中|(?<![成青少壮])年[内间来度中前后]|[上中下]旬|"
    r"新近|会上|早年|[年月日]均|"
    r"(?:[今去前明当同次本上每历往近全翌逐]|半)年(?:以来|来|度|[末底初])?|[本上下当每同次]月|季度|"
    r"[春夏秋冬]季|[当同次翌每今昨近即平假]日|(?:工作|休息|双休|节假)日|[目当日此之以会课节赛战]前|"
    r"[此之以今往随其会课节赛战]后|近[期来]|历来|同期|[平届当同暂]时|其间|期间|暑期|暑假|寒假|假期|"
    r"[上下中]午|晚上|[晚夜]间|白天|当[天晚]|清晨|[早初中后末]期|期满|[如现至迄]今|截[至止]|现[在有]|"
    r"眼下|时下|以来|春节|周末"
)
"""Words of time: a name begins behind them."""
_OWN: Final = {*"区市县省馆校院镇乡村局店站点"}
"""What 本 goes with."""


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
    timed = _timed(words)
    for match in _END.finditer(words):
        at = match.start()
        start = at
        while (
            start > 0
            and at - start < 4
            and classes[start - 1] == "c"
            and start - 1 not in timed
            and _goes_into(words[start - 1])
        ):
            start -= 1
        if start < at and not _follows(words, match.end(), match.group()):
            found.append(Named(words[start : match.end()], start, match.end(), match.group()))
    return tuple(found)


@lru_cache(maxsize=512)
def _timed(words: str) -> frozenset[int]:
    """Positions of words of time."""
    return frozenset(at for match in _WHEN.finditer(words) for at in range(*match.span()))


def places(words: str) -> Iterator[re.Match[str]]:
    """Places of the gazetteer in a text, but not 日本 in 工作日本区."""
    timed = _timed(words)
    for match in PLACE.finditer(words):
        is_cut = match.start() in timed and match.end() - 1 not in timed
        if not (is_cut and words[match.end() : match.end() + 1] in _OWN):
            yield match


_PARTS: Final = "的了在有由与和及是对向从将把被等到于其"
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
    found = [Named(m.group(), *m.span(), "") for m in places(words)]
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
