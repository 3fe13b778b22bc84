"""A catalogue entry in words: its fields, and why each has its value; for pages and commands."""

import re
from collections.abc import Sequence
from typing import Final

from briefs.workbench.wording import Wording
from knowledge.model import Document, Ground, Metadata, Origin, Page, Span, Version
from knowledge.text import HAN

MAIN_FIELDS: Final = (
    "title",
    "type",
    "issuer",
    "number",
    "issued_on",
    "effective_on",
    "authors",
    "language",
    "url",
    "carrier",
)
"""What most documents of the collection have."""
MORE_FIELDS: Final = (
    "container_title",
    "volume",
    "issue",
    "pages",
    "publisher",
    "publisher_place",
    "edition",
    "isbn",
    "doi",
    "accessed_on",
    "editors",
    "translators",
    "event",
    "issn",
    "release",
    "scale",
    "dimensions",
    "archive",
    "archive_place",
)
"""What articles, books, maps and papers of archives need besides."""
NAMES: Final = ("authors", "editors", "translators")
"""Fields that hold several names."""
_LONGEST: Final = 48
_HAN: Final = re.compile(f"[{HAN}]")


def value_of(metadata: Metadata, field: str) -> str:
    """A field as a person types it, authors between ``、`` or semicolons; empty when unknown."""
    value = getattr(metadata, field)
    if isinstance(value, tuple):
        return ("、" if _HAN.search("".join(value)) else "; ").join(value)
    return str(value or "")


def names_of(typed: str) -> tuple[str, ...]:
    """Names typed one after another, between ``、`` or semicolons."""
    names = typed.replace("；", "、").replace(";", "、").split("、")
    return tuple(name.strip() for name in names if name.strip())


def ground_of(document: Document, field: str) -> Ground | None:
    """Why a field has its value; None when it is unknown or a person gave it."""
    return next((ground for ground in document.grounds if ground.field == field), None)


def ground_in_words(words: Wording, ground: Ground, *, paged: bool) -> str:
    """“依据：正文第 1 页「……」”, or the file's name, its properties, the whole text.

    Args:
        words: the language.
        ground: the evidence.
        paged: whether the pages are such that a person can turn to.
    """
    quoted = " ".join(ground.words.split())
    quoted = quoted if len(quoted) <= _LONGEST else f"{quoted[: _LONGEST - 1]}…"
    if ground.origin is Origin.PAGE and ground.page is not None and paged:
        return words("catalogue.ground.page", page=ground.page, words=quoted)
    origin = Origin.CONTENT if not quoted else ground.origin
    key = "text" if origin is Origin.PAGE else origin.value
    return words(f"catalogue.ground.{key}", words=quoted)


def place_of(ground: Ground, pages: Sequence[Page]) -> Span | None:
    """Where the words of a ground stand; None when its page does not have them (any more)."""
    page = next((page for page in pages if page.index == ground.page), None)
    if page is None or not ground.words:
        return None
    first = ground.words.split("\n", 1)[0]
    for words in (ground.words, first):
        start = page.text.find(words)
        if start >= 0:
            return Span(page.index, start, start + len(words))
    return None


def encoding_in_words(words: Wording, version: Version) -> str | None:
    """The character encoding of a text file and how sure it is; None for other formats."""
    if version.encoding is None:
        return None
    if version.encoding_confidence is None:
        return words("catalogue.encoding", encoding=version.encoding)
    sure = int(version.encoding_confidence * 100)
    return words("catalogue.encoding_sure", encoding=version.encoding, percent=sure)


def remark_in_words(words: Wording, remark: str) -> str:
    """A machine word on a version, such as ``pages-without-text:3-5``, as a sentence."""
    code, _colon, value = remark.partition(":")
    return words(f"remark.{code}", value=value)
