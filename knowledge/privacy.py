"""What in free text tells who somebody is: found, offered for blanking, never blanked unasked.

Found are telephone numbers, identity card numbers, bank cards, e-mail addresses, chat accounts,
vehicle plates, house addresses and persons' names where the words around say that they are names.
Rules find what has a form; a person still reads the text before it becomes public. Telephones and
addresses of offices are let be where the text says that they are an office's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.number_forms import is_bank_card, is_identity, is_mobile
from knowledge.person_names import name_before, names
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
    is_sure: bool = True
    """Its own form proves it – a check digit, a series of the numbering plan; else the words around
    it make it likely."""


BLANK: Final = "□□"
"""Stands where a trace was."""

_COUNTED: Final = (
    r"(?!\s?(?:[万亿千百]|元|人次|册|人|秒|次|分|天|年|户|平方|吨|公里|件|项|份|度|号文))"
)
_RUNNING: Final = re.compile(
    r"(?:编号|编码|条码|条形码|流水号?|订单号?|单号|文号|标识|项目|发票|税号|代码|批号|序号|批准文号|馆藏号|索书号"
    r"|登记号|备案号|许可证号?|证书号?|合同号?|isbn|issn|doi|no\.?|第|参考号|受理号|[查询验证兑取]+码"
    r"|[数额值量计]|投资|资金)"
    r"\s*(?:是|为)?\s*[:：]?\s*(?:[a-z]{0,4}[-/]?)?$"
)
_PRIVATE: Final = re.compile(
    r"家里|家中|我家|住宅|宅电|家庭|座机|本人|我的|联系我|找我|回电|打给我|请打|留下|留的|在家"
    r"|我(?![国省市县区镇乡局馆院校部处厅委办司中])"
)
_OFFICE: Final = re.compile(r"办公|单位|[局科处委厅站所馆]的?座机|总机|传真")
_AT_WORK: Final = re.compile(
    r"办理|办公|受理|政府|机关|单位|公司|注册|大厦|服务中心|邮寄地址|同一|的"
)
_SENTENCE: Final = re.compile(r"[。；;!?！？]")
_REACH: Final = 30
_OLD_CARD: Final = 15
_MOBILE: Final = 11
_SIGNING: Final = frozenset(Kind) - {Kind.NAME}
"""Beside one of these a person names who they are, or who is to be asked for."""

_RULES: Final[Sequence[tuple[Kind, re.Pattern[str]]]] = (
    (
        Kind.EMAIL,
        re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[a-z\d-]+\.)+[a-z]{2,}(?![\w-])", re.ASCII),
    ),
    (Kind.IDENTITY, re.compile(r"(?<![\da-z])\d{17}[\dx](?![\da-z])")),
    (
        Kind.IDENTITY,
        re.compile(
            r"(?:身份证|证件|id)\D{0,8}?"
            r"(?P<it>\d{6}[ -]?(?:\d{8}|\d{6})[ -]?\d{3}[\dx]?)(?![\da-z])"
        ),
    ),
    (
        Kind.IDENTITY,
        re.compile(
            r"(?:护照|通行证|台胞证|回乡证)[^\d。]{0,8}?(?P<it>[a-z]{1,2}\d{7,9}|\d{8})(?!\d)"
        ),
    ),
    (
        Kind.PHONE,
        re.compile(
            r"(?<!\d)(?<!\d[-/.,])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d%]|\.\d)"
            + _COUNTED
        ),
    ),
    (
        Kind.PHONE,
        re.compile(
            r"(?<!\d)(?<!\d[.-])(?:\+?86[- ])?(?:\(0\d{2,3}\)[- ]?|0\d{2,3}[- ])"
            r"[2-9]\d{2,3}-?\d{4}(?:-\d{1,5})?(?![\d-])"
        ),
    ),
    (
        Kind.PHONE,
        re.compile(
            r"(?:电话|座机|手机|tel|phone)\s*(?:号码?)?\s*(?:是|为)?\s*[:：]?\s*"
            r"(?P<it>[1-9]\d{6,7}|1\d{10})(?!\d)"
        ),
    ),
    (
        Kind.ACCOUNT,
        re.compile(
            r"(?:微信(?!公众|小程序|群|视频|服务号|订阅)|wechat|vx|v信|qq(?!群)|抖音|钉钉|支付宝)"
            r"\s*(?:号码?|id|账号)?\s*(?:[:：]|是|为)?\s*(?P<it>(?!gh_)[a-z\d][\w.@-]{4,29})(?!\w)",
            re.ASCII,
        ),
    ),
    (
        Kind.BANK_CARD,
        re.compile(r"(?<![\da-z])[3-6]\d{3}(?:[ -]?\d{4}){2,3}[ -]?\d{1,7}(?![\da-z])"),
    ),
    (
        Kind.PLATE,
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
            r"[a-hj-np-z][ ·]?(?=[a-z]{0,2}\d{2})[a-hj-np-z\d]{5,6}(?![a-z\d])"
        ),
    ),
    (
        Kind.ADDRESS,
        re.compile(
            rf"(?:住址|家住|现住|住在|[我,(]住|[请信件]寄|[请]送|送[到至]|户籍(?:地|所在地)?|家庭(?:地址|住址)|家里?在|寄到|寄至|收货地址|通信地址|户口在|租住在?)"
            rf"(?:为|是|在|于)?\s*[:：]?\s*(?P<it>[{HAN}]{{2,24}}[{HAN}a-z\d-]{{0,30}}?\d{{1,6}}\s*(?:号|弄|幢|栋|座|组|室)"
            r"(?:\s?-?\d{0,5}[a-z]?\s?(?:号楼|幢|栋|座|单元|楼|室|户|号|层))*(?:\d{2,4}(?!\d|年|元|人))?)"
        ),
    ),
    (
        Kind.ADDRESS,
        re.compile(
            rf"(?P<it>[{HAN}]{{2,12}}(?:路|街|巷|弄|道|小区|花园|苑|村|里|园|城|府|庭|\d+号)\s*\d{{0,5}}(?:-\d+)?(?:号|弄)?"
            r"\s*\d{1,4}\s*(?:号楼|幢|栋|座)\s*(?:\d{1,3}\s*单元)?\s*\d{1,5}\s*(?:室|户|号)?)(?!\d|平|万|元)"
        ),
    ),
)
"""Over one line of folded text (lower case, half width); the group ``it`` is the trace, if any."""


def traces(text: str) -> list[Trace]:
    """Find what tells who somebody is: ascending, not overlapping; the first of its place wins.

    Width and capitals do not matter. What is a number must be one by its own rules, so that other
    long numbers are let be.

    Args:
        text: as typed; lines are looked at one by one.
    """
    found: list[Trace] = []
    position = 0
    for line in text.splitlines(keepends=True):
        folded, offsets = fold_with_map(line)
        for kind, start, end, is_sure in _in_line(folded):
            first, last = position + offsets[start], position + offsets[end - 1] + 1
            found.append(Trace(kind, first, last, is_sure))
        position += len(line)
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


_Found = tuple[Kind, int, int, bool]


def _in_line(line: str) -> list[_Found]:
    found: list[_Found] = []
    taken = bytearray(len(line))

    def take(kind: Kind, span: tuple[int, int], *, is_sure: bool) -> None:
        start, end = span
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append((kind, start, end, is_sure))

    for kind, rule in _RULES:
        for match in rule.finditer(line):
            span = match.span("it" if "it" in rule.groupindex else 0)
            is_sure = _weighed(kind, line, *span)
            if is_sure is not None:
                take(kind, span, is_sure=is_sure)
    is_signed = any(kind in _SIGNING for kind, *_ in found)
    for span in (*names(line, is_signed=is_signed), *_names_by_numbers(line, found)):
        take(Kind.NAME, span, is_sure=False)
    return found


def _names_by_numbers(line: str, found: Sequence[_Found]) -> Iterator[tuple[int, int]]:
    for kind, start, _, _ in tuple(found):
        if kind in {Kind.PHONE, Kind.IDENTITY} and (name := name_before(line, start)):
            yield name


def _weighed(kind: Kind, line: str, start: int, end: int) -> bool | None:
    """Whether a match is sure (True) or likely (False); None: it is none."""
    words = line[start:end]
    before = _SENTENCE.split(line[max(0, start - _REACH) : start])[-1]
    match kind:
        case Kind.PHONE:
            return _phone(line, start, words, before)
        case Kind.IDENTITY:
            return _identity(words, before)
        case Kind.BANK_CARD:
            return _bank_card(words, before)
        case Kind.ADDRESS:
            return None if _AT_WORK.search(before + words) else False
        case _:
            return kind in {Kind.EMAIL, Kind.PLATE}


def _identity(words: str, before: str) -> bool | None:
    number = re.sub(r"[ -]", "", words)
    if len(number) < _OLD_CARD:
        return False
    if is_identity(number) and len(number) > _OLD_CARD:
        return True
    is_named = re.search(r"身份证|证件|\bid", before) is not None
    return False if is_named and is_identity(number, checked=False) else None


def _bank_card(words: str, before: str) -> bool | None:
    digits = re.sub(r"\D", "", words)
    if not is_bank_card(digits) or _RUNNING.search(before):
        return None
    return digits.startswith("62") or re.search(r"[卡户账]", before) is not None


def _phone(line: str, start: int, words: str, before: str) -> bool | None:
    digits = re.sub(r"\D", "", words)
    mobile = digits[-_MOBILE:]
    if len(digits) >= _MOBILE and not words.startswith(("0", "(0")) and mobile.startswith("1"):
        return True if is_mobile(mobile) and not _RUNNING.search(before) else None
    # Most of these are offices': one is a person's where the words say so, or a name stands by it.
    after = _SENTENCE.split(line[start + len(words) : start + len(words) + _REACH])[0]
    is_private = _PRIVATE.search(before + after) or name_before(line, start)
    return False if is_private and not _OFFICE.search(before) else None
