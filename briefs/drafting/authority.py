"""Which source comes first: by who issued it and what it is, never by how it reads.

The order follows the force of the text (Legislation Law, articles 98–102: law, administrative
regulation, local regulation, rules) and, among sources without force, how near they stand to what
they tell of. It is read from the catalogue alone – type, issuer, title – so a wrong entry gives a
wrong order, and correcting the entry mends it.

============================  ====================================================================
Rank                          Why here
============================  ====================================================================
law                           Of the National People's Congress; nothing below may contradict it.
regulation                    行政法规, of the State Council; binds ministries and provinces.
national                      Documents of the central authorities that are no regulation.
ministry                      Rules and notices of ministries and of the supreme courts.
provincial, municipal,        Local regulations and documents, the wider territory first; the four
district                      municipalities rank with the provinces.
bulletin                      Official statistics: the figure's own source, but no rule. Whoever
                              wants figures finds little beside it, whoever wants rules finds it
                              behind them.
research                      Reports, surveys, books, articles: somebody's findings.
press                         Newspapers and agencies: they tell what others found.
web                           Pages that nobody answers for.
unknown                       The catalogue says nothing.
============================  ====================================================================
"""

import re
from collections.abc import Iterable
from enum import IntEnum
from pathlib import PurePath
from typing import Final

from briefs.gate.gazetteer import PLACES
from knowledge.model import Document, DocumentType, Metadata
from knowledge.text import fold


class Authority(IntEnum):
    """Ranks of sources, the first before the last."""

    LAW = 1
    REGULATION = 2
    NATIONAL = 3
    MINISTRY = 4
    PROVINCIAL = 5
    MUNICIPAL = 6
    DISTRICT = 7
    BULLETIN = 8
    RESEARCH = 9
    PRESS = 10
    WEB = 11
    UNKNOWN = 12


_BY_TYPE: Final = {
    DocumentType.BULLETIN: Authority.BULLETIN,
    DocumentType.DATASET: Authority.BULLETIN,
    DocumentType.WEB_PAGE: Authority.WEB,
    DocumentType.OTHER: Authority.UNKNOWN,
    **dict.fromkeys(
        (
            *(DocumentType.REPORT, DocumentType.SURVEY, DocumentType.ARTICLE, DocumentType.BOOK),
            *(DocumentType.CHAPTER, DocumentType.CONFERENCE_PAPER, DocumentType.THESIS),
            *(DocumentType.PREPRINT, DocumentType.STANDARD, DocumentType.PATENT),
            *(DocumentType.MAP, DocumentType.ARCHIVE, DocumentType.REFERENCE_ANSWER),
        ),
        Authority.RESEARCH,
    ),
}
_OF_ORGANS: Final = frozenset(
    {DocumentType.LAW, DocumentType.OFFICIAL, DocumentType.PLAN, DocumentType.MINUTES, None}
)
"""Types whose rank is their issuer's; a report or a page is an organ's if it has a number 文号."""
_PROVINCES: Final = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|"
    "贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
"""The municipalities rank with the provinces."""
_CONGRESS: Final = re.compile("全国人民代表大会|全国人大")
_STATE: Final = re.compile("国务院|中共中央|党中央|中央办公厅|中央军委|中央委员会")
_NOT_STATE: Final = re.compile("国务院(?!办公厅|令)[\u4e00-\u9fff]{2,}")
"""国务院国有资产监督管理委员会 is of the rank of a ministry."""
_MINISTRY: Final = re.compile(
    "最高人民(?:法院|检察院)|^(?:中华人民共和国|国家)|^[\u4e00-\u9fff]{2,9}[部署]|总局(?:办公厅)?$|"
    "^中国(?:人民银行|气象局|地震局|科学院|工程院|证券监督|银行保险)|^海关总署"
)
_DISTRICT: Final = re.compile("(?<!自治)(?<!地)(?<!社)(?<!军)[区县旗]|街道|[镇乡](?!村)")
_MUNICIPAL: Final = re.compile("市|自治州|地区|盟")
_PROVINCIAL: Final = re.compile("省|自治区")
_ORGAN: Final = re.compile("政府|人大|人民代表大会|委员会|[局厅办院署委]$|办公[厅室]")
_STATISTICS: Final = re.compile("统计")
_PRESS: Final = re.compile(
    "[日晚早晨时周]报|报社|通讯社|新华社|新华网|人民网|电视台|广播|新闻网|商报"
)
_REGULATION: Final = re.compile("条例|实施细则|暂行规定")
_LAW_TITLE: Final = re.compile("^(?:中华人民共和国)?[\u4e00-\u9fff]{1,30}(?:法|法典|宪法)$")
_ENDED: Final = re.compile(
    r"[（(\[【〔][^（）()\[\]【】〔〕]{0,12}(?:已废止|已失效|废止|失效|已被[^（）()]{0,20}(?:代替|取代))"
    r"[^（）()\[\]【】〔〕]{0,12}[）)\]】〕]|^(?:已废止|已失效)|(?:已废止|已失效)$"
)
_NOT_ENDED: Final = re.compile("未废止|未失效|尚未")
_YEAR: Final = re.compile(
    r"[（(]\s*(?:19|20)\d\d[-年./\d月日]*\s*(?:修正|修订|修改|年?版|文本|本|公布|通过)?\s*[）)]"
)
_STATED: Final = re.compile(r"^[（(\[【〔](?:现行)?有效[）)\]】〕]")


def authority_of(metadata: Metadata) -> Authority:
    """The rank of a source by its catalogue entry.

    A local regulation ranks with its place, though its type is a law's; a county-level city ranks
    with the cities, as its name does not tell; a law without an issuer is told by its title.
    """
    # Of several issuers the first leads.
    issuer = re.split("[、,; ]", fold(metadata.issuer or ""))[0]
    title = _bare(metadata.title or "")
    if metadata.type is DocumentType.LAW:
        return _of_law(title, _level_of(issuer))
    if metadata.type is DocumentType.BULLETIN or _STATISTICS.search(issuer):
        return Authority.BULLETIN
    if _PRESS.search(issuer + fold(metadata.container_title or "")) and metadata.number is None:
        return Authority.PRESS
    speaks = metadata.type in _OF_ORGANS or metadata.number is not None
    if speaks or "政府工作报告" in title or _ORGAN.search(issuer):
        level = _level_of(issuer or (title if metadata.type else ""))
        if level is not None:
            return level
    return _BY_TYPE.get(metadata.type, Authority.UNKNOWN) if metadata.type else Authority.UNKNOWN


def newness(metadata: Metadata) -> int:
    """The day of issue as a number that grows with time; 0 where the catalogue has none."""
    digits = (metadata.issued_on or "").replace("-", "")
    return int(digits.ljust(8, "0")) if digits.isdecimal() else 0


def why_outdated(document: Document, others: Iterable[Document] = ()) -> str | None:
    """Why a source comes last: words of its title, or the title of the newer text; None: it counts.

    The name of its file counts as a title. Only a newer text among `others` is found, of a later
    year, of the same issuer and title, years of amendment in brackets aside.
    """
    for title in (document.title, PurePath(document.source.removeprefix("upload:")).stem):
        if (found := _ENDED.search(title)) and not _NOT_ENDED.search(title):
            return found.group()
    own, issued = _bare(document.title), _date(document)
    newer = [
        other
        for other in others
        if issued
        and _date(other)[:4] > issued[:4]
        and _bare(other.title) == own
        and _same_issuer(document, other)
    ]
    last = max(newer, key=lambda other: (_date(other), -other.id), default=None)
    return None if last is None else f"{last.title}（{_date(last)}）"


def _date(document: Document) -> str:
    return document.metadata.issued_on or ""


def _same_issuer(one: Document, other: Document) -> bool:
    left, right = one.metadata.issuer, other.metadata.issuer
    return left is None or right is None or fold(left) == fold(right)


def _bare(title: str) -> str:
    """A title without years of amendment and remarks on its force."""
    return fold(_STATED.sub("", _YEAR.sub("", title))).strip(" 《》<>")


def _of_law(title: str, level: Authority | None) -> Authority:
    if level is not None and level >= Authority.MINISTRY:
        return level
    if _PROVINCES.match(title):
        return _level_of(title) or Authority.PROVINCIAL
    if _REGULATION.search(title) or level is Authority.NATIONAL:
        return Authority.REGULATION
    is_law = level is Authority.LAW or _LAW_TITLE.match(title)
    return Authority.LAW if is_law else Authority.MINISTRY


def _level_of(name: str) -> Authority | None:
    """The rank of an organ by its name; the narrowest territory in it decides."""
    if _CONGRESS.search(name):
        return Authority.LAW
    if _STATE.search(name):
        return Authority.MINISTRY if _NOT_STATE.search(name) else Authority.NATIONAL
    province = _PROVINCES.match(name)
    rest = name[province.end() :] if province else name
    after = re.sub("^(?:市|省|[^省市区]{0,4}自治区)", "", rest) if province else rest
    levels = (
        (_DISTRICT.search(after), Authority.DISTRICT),
        (_MUNICIPAL.search(after), Authority.MUNICIPAL),
        (province or _PROVINCIAL.search(after), Authority.PROVINCIAL),
        (_MINISTRY.search(name), Authority.MINISTRY),
        (any(city in name[:4] for city in PLACES), Authority.MUNICIPAL),
    )
    return next((level for is_so, level in levels if is_so), None)
