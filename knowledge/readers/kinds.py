"""What kind of work a document is, and in which language."""

import re
from typing import Final

from knowledge.headings import structure_of
from knowledge.model import DocumentType, Origin
from knowledge.readers.findings import Found, Material
from knowledge.text import HAN

_SAMPLE_LINES: Final = 400
_SAMPLE: Final = 20_000
_OFFICIAL_TITLE: Final = re.compile(
    r"(?:通知|意见|决定|批复|函|公告|通报|通告|决议|命令|令)[》）)]?(?:[（(].{1,8}[）)])?$"
)
_LAW_TITLE: Final = re.compile(
    r"(?<!办)(?:法|法典|条例|办法|规定|细则|规则|解释|章程)(?:[（(].{1,8}[）)])?$"
)
_LONGEST_LAW_TITLE: Final = 30
_TYPES: Final = (
    (re.compile(r"调查问卷|问卷|调查报告|抽样调查"), DocumentType.SURVEY),
    (re.compile(r"(?:公报|年鉴|统计资料)$"), DocumentType.BULLETIN),
    (
        re.compile(r"(?:规划|纲要|(?:行动|工作|五年|年度|立法)计划)(?:[（(].*[）)])?$"),
        DocumentType.PLAN,
    ),
    (re.compile(r"(?:会议纪要|纪要|会议记录)$"), DocumentType.MINUTES),
    (re.compile(r"(?:报告|白皮书|蓝皮书)$"), DocumentType.REPORT),
)


def find_type(material: Material, title: Found, number: Found | None) -> Found | None:
    """The kind of work; None when nothing tells it."""
    by_name = Found("", material.name, Origin.FILE_NAME)
    if material.hints.table:
        return _kind(DocumentType.DATASET, by_name)
    sample = material.lines[:_SAMPLE_LINES]
    articles = [line for line in sample if (found := structure_of(line.text)) and found.is_article]
    if kind := _by_title(title.value, articles=len(articles), numbered=number is not None):
        return _kind(kind, title)
    if number:
        return _kind(DocumentType.OFFICIAL, number)
    if len(articles) >= 5 and len(articles) * 4 >= len(sample):
        return _kind(DocumentType.LAW, articles[0].gives("", articles[0].text[:40]))
    return _kind(DocumentType.WEB_PAGE, by_name) if material.hints.web else None


def _by_title(title: str, *, articles: int, numbered: bool) -> DocumentType | None:
    for pattern, kind in _TYPES:
        if pattern.search(title):
            return kind
    if _OFFICIAL_TITLE.search(title) and ("关于" in title or "印发" in title or numbered):
        return DocumentType.OFFICIAL
    short = len(title) <= _LONGEST_LAW_TITLE
    return DocumentType.LAW if _LAW_TITLE.search(title) and (articles >= 3 or short) else None


def _kind(kind: DocumentType, found: Found) -> Found:
    return Found(kind.value, found.words, found.origin, found.page)


def find_language(material: Material) -> Found | None:
    """``zh``, ``ja`` or ``en`` by the share of scripts; None when there is too little."""
    language = language_of("".join(material.texts[:2000])[:_SAMPLE])
    return Found(language, "", Origin.CONTENT) if language else None


def language_of(text: str) -> str | None:
    """As `find_language`, of a text."""
    han = len(re.findall(f"[{HAN}]", text))
    kana = len(re.findall("[\u3040-\u30fa]", text))
    latin = len(re.findall(r"[A-Za-z]+", text))
    if han + kana + latin < 4:
        return None
    if kana * 10 > han + kana:
        return "ja"
    if han * 2 >= latin:
        return "zh"
    return "en" if re.search(r"(?i)\b(?:the|of|and|to|is)\b", text) else None
