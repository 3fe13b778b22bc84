"""What in free text tells who somebody is: found, offered for blanking, never blanked unasked.

Found are telephone numbers, identity card numbers, bank cards, e-mail addresses, chat accounts,
vehicle plates, house addresses and persons' names where the words around say that they are names.
Rules find what has a form; a person still reads the text before it becomes public.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.text import HAN, fold_with_map


class Kind(StrEnum):
    """What a stretch of text tells of a person."""

    PHONE = "phone"
    IDENTITY = "identity"
    """The number of an identity card or a passport."""
    BANK_CARD = "bank-card"
    EMAIL = "email"
    ACCOUNT = "account"
    """A name in a chat service."""
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Trace:
    """A stretch ``[start, end)`` of a text that tells who somebody is."""

    kind: Kind
    start: int
    end: int


BLANK: Final = "□□"
"""Stands where a trace was."""

_SURNAMES: Final = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|端木|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "康易乔赖文樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄辛管祝左涂谷祁时舒耿卜路詹关苗凌"
    "费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丛华车冉房边净阚邬臧畅巩]"
)
_NAME: Final = rf"(?:{_SURNAMES})[{HAN}]{{1,2}}?"
_GIVEN: Final = rf"(?:{_SURNAMES})[{HAN}]{{1,2}}"
_NO_NAME: Final = re.compile(
    r"(?:许多|何时|何人|任何|任意|方便|方面|高度|常见|成年|时候|向您|向你|于是|安全|管理|平安|关于|万一"
    r"|文化|文明|石油|金融|江苏|江西|云南|和平|华东|华北|成都|温州|宁波|安徽|康复|高级|白天|关心|路过)"
)
_WIDTH: Final = 18
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10x98765432"

_PATTERNS: Final[Sequence[tuple[Kind, re.Pattern[str]]]] = (
    (Kind.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    (Kind.IDENTITY, re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dx](?![\da-z])")),
    (Kind.IDENTITY, re.compile(r"(?:护照|通行证)\D{0,6}?(?P<it>[a-z]{1,2}\d{7,9})(?!\d)")),
    (
        Kind.PHONE,
        re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),
    ),
    (
        Kind.PHONE,
        re.compile(r"(?<![\d.-])(?:\(0\d{2,3}\)|0\d{2,3}[- ])[2-9]\d{6,7}(?:-\d{1,5})?(?!\d)"),
    ),
    (
        Kind.PHONE,
        re.compile(
            r"(?:电话|座机|手机|tel|phone)\s*(?:号码?|是|为)?\s*[:：]?\s*(?P<it>\d{7,12})(?!\d)"
        ),
    ),
    (
        Kind.ACCOUNT,
        re.compile(
            r"(?:微信|wechat|qq|抖音)\s*(?:号码?|id)?\s*(?:[:：是为]\s*)?(?P<it>[a-z\d][\w-]{4,19})(?!\w)",
            re.ASCII,
        ),
    ),
    (Kind.BANK_CARD, re.compile(r"(?<!\d)(?:\d{4}[ -]?){3,4}\d{1,7}(?!\d)")),
    (
        Kind.PLATE,
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
            r"[a-hj-np-z][ ·]?[a-hj-np-z\d]{5,6}(?![a-z\d])"
        ),
    ),
    (
        Kind.ADDRESS,
        re.compile(
            rf"(?:[{HAN}]{{2,8}}(?:路|街|巷|弄|道|小区|花园|苑|村|里))\d{{1,5}}(?:-\d+)?(?:号|弄|幢|栋|座)"
            r"(?:\s*\d{1,4}\s*(?:号楼|幢|栋|座|单元|号))*(?:\s*\d{1,5}\s*(?:室|户|号))?"
        ),
    ),
    (
        Kind.NAME,
        re.compile(
            rf"(?:姓名|联系人|咨询人|提问人|读者|申请人|本人|我叫|我是|名叫|名字叫|署名)\s*[:：]?\s*(?P<it>{_GIVEN})"
            rf"(?=[\s,，。;；、()（）]|$|电话|手机|联系|住|家|来自|想|[,.])"
        ),
    ),
    (
        Kind.NAME,
        re.compile(rf"(?<![{HAN}])(?P<it>{_NAME})(?:先生|女士|小姐|同志|老师|大爷|大妈|阿姨|师傅)"),
    ),
)
"""Over folded text (lower case, half width); the group ``it``, where there is one, is the trace."""


def traces(text: str) -> list[Trace]:
    """Find what tells who somebody is: ascending, not overlapping; the first of its place wins.

    Width and capitals do not matter. An identity number must have a right check digit, a bank card
    too, so that other long numbers are let be.

    Args:
        text: as typed.
    """
    folded, offsets = fold_with_map(text)
    found: list[Trace] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            start, end = match.span("it" if "it" in pattern.groupindex else 0)
            if _is_trace(kind, folded[start:end]):
                trace = Trace(kind, offsets[start], offsets[end - 1] + 1)
                if not any(trace.start < each.end and each.start < trace.end for each in found):
                    found.append(trace)
    return sorted(found, key=lambda trace: trace.start)


def blanked(text: str, chosen: Iterable[Trace]) -> str:
    """The text with `BLANK` in place of each trace.

    Args:
        text: the one that they were found in.
        chosen: traces that do not overlap, in any order.
    """
    for trace in sorted(chosen, key=lambda trace: trace.start, reverse=True):
        text = text[: trace.start] + BLANK + text[trace.end :]
    return text


def _is_trace(kind: Kind, text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    if kind is Kind.IDENTITY and len(text) == _WIDTH:
        return _has_check_digit(text)
    if kind is Kind.BANK_CARD:
        return 15 <= len(digits) <= 19 and _luhn(digits)
    return kind is not Kind.NAME or not _NO_NAME.match(text)


def _has_check_digit(number: str) -> bool:
    """GB 11643: the last place is a weighted sum of the others, modulo 11."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11] == number[-1]


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812: every second digit doubled, counted from the right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
