"""The few words that the exporters add, in the language of the publication.

They are part of a published file and never change with the reader's settings, so they are kept here
and not in the interface's catalogues.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from briefs.model import Length


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words; those in braces are filled with `str.format`."""

    judgement: str
    background: str
    computed: str
    judgement_means: str
    background_means: str
    computed_means: str
    table: str
    figure: str
    taken_from: str
    draft: str
    superseded: str
    withdrawn: str
    edition: str
    form: Mapping[Length, str]
    """What a form is called that is not the whole."""
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
    clause_comma: str
    stop: str
    gap: str
    """Between the number of a table and its caption."""
    stop_after_mark: bool
    """True when a statement's full stop follows its citation marks."""


CHINESE = Wording(
    judgement="判断",
    background="常识",
    computed="计算",
    judgement_means="{tag}为本馆的判断",
    background_means="{tag}为通行的常识，不另注出处",
    computed_means="{tag}为由所引数字算得",
    table="表{number}",
    figure="图{number}",
    taken_from="来源：{source}",
    draft="草稿·未刊发",
    superseded="本版已被新版取代，仅供查考。",
    withdrawn="本版已撤回，请勿引用。",
    edition="第 {number} 版",
    form={
        Length.ONE_PAGE: "一页要报（节自全文）",
        Length.STANDARD: "标准篇幅（节自全文）",
        Length.DEEP: "深度篇幅",
    },
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
    clause_comma="；",
    stop="。",
    gap="\u3000",
    stop_after_mark=True,
)

ENGLISH = Wording(
    judgement="Judgement",
    background="Background",
    computed="Calculation",
    judgement_means="{tag} is our own view",
    background_means="{tag} is common knowledge, given without a source",
    computed_means="{tag} is worked out from the figures cited",
    table="Table {number}",
    figure="Figure {number}",
    taken_from="Source: {source}",
    draft="DRAFT · not published",
    superseded="This edition has been superseded; kept for the record.",
    withdrawn="This edition has been withdrawn; do not cite it.",
    edition="Edition {number}",
    form={
        Length.ONE_PAGE: "One-page form of the whole",
        Length.STANDARD: "Standard form of the whole",
        Length.DEEP: "In-depth form",
    },
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
    clause_comma="; ",
    stop=".",
    gap=". ",
    stop_after_mark=False,
)


def wording_of(language: str) -> Wording:
    """The words for a BCP 47 tag: Chinese for any ``zh``, English for all else."""
    return CHINESE if language.lower().split("-")[0] == "zh" else ENGLISH


def printed_date(when: datetime, words: Wording) -> str:
    """The day as the publication's readers write it, in the time zone that `when` carries."""
    return words.date.format(when=when)
