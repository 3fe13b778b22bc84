"""The few words that the exporters add, in the language of the publication.

They are part of a published file and never change with the reader's settings, so they are kept here
and not in the interface's catalogues.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words; those in braces are filled with `str.format`."""

    judgement: str
    background: str
    draft: str
    superseded: str
    withdrawn: str
    edition: str
    references: str
    contents_skip: str
    source: str
    source_page: str
    source_pages: str
    source_part: str
    pinpoint_page: str
    pinpoint_part: str
    back: str
    closed: str
    published_by: str
    checksums: str
    date: str
    open_mark: str
    close_mark: str
    tag: str
    aside: str
    recognised: str
    recognised_at: str
    recognised_place: str
    list_comma: str
    stop_after_mark: bool
    """True when a statement's full stop follows its citation marks."""


CHINESE = Wording(
    judgement="判断",
    background="背景",
    draft="草稿·未刊发",
    superseded="本版已被新版取代，仅供查考。",
    withdrawn="本版已撤回，请勿引用。",
    edition="第 {number} 版",
    references="参考文献",
    contents_skip="跳到正文",
    source="来源 {number}",
    source_page="来源 {number}，第 {page} 页",
    source_pages="来源 {number}，第 {page} 页",
    source_part="来源 {number}，{page}",
    pinpoint_page="第 {page} 页",
    pinpoint_part="{page}",
    back="回到正文第 {number} 处引用",
    closed="原文须登录后查看",
    published_by="刊发：{name}",
    checksums="核对原件（SHA-256）",
    date="{when.year}年{when.month}月{when.day}日",
    open_mark="“",
    close_mark="”",
    tag="〔{tag}〕",
    aside="（{note}）",
    recognised="识别文本，可信度 {percent}%",
    recognised_at="识别文本，可信度：{places}",
    recognised_place="{place} {percent}%",
    list_comma="、",
    stop_after_mark=True,
)

ENGLISH = Wording(
    judgement="Judgement",
    background="Background",
    draft="DRAFT · not published",
    superseded="This edition has been superseded; kept for the record.",
    withdrawn="This edition has been withdrawn; do not cite it.",
    edition="Edition {number}",
    references="References",
    contents_skip="Skip to the text",
    source="Source {number}",
    source_page="Source {number}, page {page}",
    source_pages="Source {number}, pages {page}",
    source_part="Source {number}, {page}",
    pinpoint_page="p. {page}",
    pinpoint_part="{page}",
    back="Back to citation {number} in the text",
    closed="Sign in to see the source",
    published_by="Published by {name}",
    checksums="Check the originals (SHA-256)",
    date="{when.year}-{when.month:02}-{when.day:02}",
    open_mark="“",
    close_mark="”",
    tag="[{tag}] ",
    aside=" ({note})",
    recognised="recognised text, confidence {percent}%",
    recognised_at="recognised text, confidence: {places}",
    recognised_place="{place} {percent}%",
    list_comma=", ",
    stop_after_mark=False,
)


def wording_of(language: str) -> Wording:
    """The words for a BCP 47 tag: Chinese for any ``zh``, English for all else."""
    return CHINESE if language.lower().split("-")[0] == "zh" else ENGLISH


def printed_date(when: datetime, words: Wording) -> str:
    """The day as the publication's readers write it, in the time zone that `when` carries."""
    return words.date.format(when=when)
