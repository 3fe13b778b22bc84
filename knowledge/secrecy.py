"""Marks of secrecy (密级) on the first page of a file, as GB/T 9704 prints them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from knowledge.model import BlockKind, Layer, PageText

_ABOVE: Final = 1500
"""How far from its top a format without pages is looked through, in characters."""
_MARK: Final = "(?P<mark>极机密|極機密|绝密|絕密|机密|機密|秘密|祕密)"
_NUMBER: Final = "[0-9〇零一二三四五六七八九十百两]+"
_PERIOD: Final = (
    f"(?P<period>{_NUMBER}(?:年|个月|個月|月|天|日)|永久|长期|長期|"
    "[至到]?[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?前?|"
    "[\u4e00-\u9fff]{0,8}(?:启用|啟用|启封|啟封|公布|公开|公開|发布|發布|解密|结束|完毕)前)"
)
_STAR: Final = "[★☆✩✭⭐✦*]"
_SEPARATOR: Final = f"(?:{_STAR}|[·•・/,、—-]|[(〔])?"
_COPY: Final = r"(?:(?:份号|份號|编号|NO\.?|№|第)?[::]?[0-9]{1,8}[号份]?)?"
_LABEL: Final = (
    "(?:(?:文件|保密|项目|论文|秘密|涉密)?(?:密级|密級|密别|密等|等级|等級|级别)"
    "(?:和|及|与)?(?:保密)?(?:期限)?[:|])?"
)
_URGENCY: Final = "(?:[|、/·•・]?(?:特急|加急|特提|平急|急件|急))?"
_TAIL: Final = f"[)〕]?(?:[,;、|]?(?:保密|保管)?期限[:|]?(?:{_NUMBER}(?:年|个月|月)|永久|长期))?"
_SENTENCE: Final = "。,;!?“”\"‘’'、"
"""What stands in sentences and lists, and in no mark."""
_ALONE: Final = re.compile(
    f"{_COPY}{_LABEL}[(〔]?{_MARK}[级級]?(?:{_SEPARATOR}{_PERIOD})?{_TAIL}{_STAR}?{_URGENCY}{_COPY}"
)
_BARE: Final = re.compile(f"{_MARK}[级級]?")
_LEVEL: Final = re.compile(f"{_MARK}[级級]?{_STAR}")
_STARRED: Final = re.compile(
    rf"[^{_SENTENCE}]{{0,12}}?{_MARK}[级級]?{_STAR}(?:{_PERIOD})?[^{_SENTENCE}]{{0,16}}"
)
_BEGINNING: Final = re.compile(rf"\s*{_MARK}\s*[★☆]\s*{_PERIOD}(?=\s)")
_BRACKETS: Final = str.maketrans("", "", "[]【】「」『』《》<>")
_ENGLISH: Final = "TOP SECRET"


def mark_of(pages: Sequence[PageText], *, paged: bool) -> str | None:
    """The mark of secrecy that the first page bears, e.g. ``机密★1年``; None when there is none.

    A mark is a line of its own: the level, letter-spaced or not, with or without star, period,
    copy number and urgency (``000001 机密★1年 特急``, ``密级：秘密``), also in traditional form;
    or it has a star and stands in a short line that is no sentence (``内部资料 机密★1年``); or it
    begins a line and has star and period. Words about secrecy in running text are no mark, nor are
    several levels in a line or below each other: that is a list of them.

    Args:
        pages: of one file. The first that has words counts; a page that waits for recognition
            before it may have them, so nothing is said until it is read.
        paged: whether they are pages that a person can turn to; of any other format only the top
            is looked at, and what Word repeats on every page.
    """
    first = _first(pages)
    if first is None:
        return None
    bare: dict[str, None] = {}
    for line in _lines(first, paged=paged):
        if " ".join(line.split()) == _ENGLISH:
            return _ENGLISH
        packed = "".join(line.split()).translate(_BRACKETS)
        match = _alone(packed) or _BEGINNING.match(line)
        if match is None:
            continue
        if not _BARE.fullmatch(packed):
            return _named(match)
        bare[_named(match)] = None
    return next(iter(bare)) if len(bare) == 1 else None


def is_mark(line: str) -> bool:
    """Whether a line is a mark of secrecy and nothing else: it is no title then."""
    return _alone("".join(line.split()).translate(_BRACKETS)) is not None


def awaits_recognition(pages: Sequence[PageText]) -> bool:
    """Whether the page that would bear a mark of secrecy is yet to be recognised."""
    found = (page.layer for page in pages if page.layer is Layer.WAITING or page.text.strip())
    return next(found, None) is Layer.WAITING


def _alone(packed: str) -> re.Match[str] | None:
    """The mark in a line, given without blanks, that says little or nothing else."""
    if match := _ALONE.fullmatch(packed):
        return match
    starred = _STARRED.fullmatch(packed)
    return starred if starred is not None and len(_LEVEL.findall(packed)) == 1 else None


def _first(pages: Sequence[PageText]) -> PageText | None:
    for page in pages:
        if page.layer is Layer.WAITING:
            return None
        if page.text.strip():
            return page
    return None


def _lines(page: PageText, *, paged: bool) -> Iterator[str]:
    text = page.text if paged else page.text[:_ABOVE]
    repeated = [] if paged else [b for b in page.blocks if b.kind is BlockKind.FURNITURE]
    for part in (text, *(page.text[block.start : block.end] for block in repeated)):
        yield from map(_folded, part.splitlines())


def _folded(line: str) -> str:
    plain = unicodedata.normalize("NFKC", line)
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")


def _named(match: re.Match[str]) -> str:
    period = match.groupdict().get("period")
    return match["mark"] + (f"★{period}" if period else "")
