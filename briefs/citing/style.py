"""Which form references take: the edition of GB/T 7714 and its system, and where editions differ.

Everything in which the two editions differ stands in `RULES`; the shapes ask for it by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.csl import WorkType


class RulesEdition(StrEnum):
    """The edition of GB/T 7714; the value is what a person types."""

    OF_2025 = "2025"
    """In force since 2026-07-01."""
    OF_2015 = "2015"


class System(StrEnum):
    """How text and list of references are tied together; the value is what a person types."""

    NUMERIC = "numeric"
    """顺序编码制: ``[1]``, the list in order of first appearance."""
    AUTHOR_DATE = "author-date"
    """著者-出版年制: ``（著者，年）``, the list in order of languages and names."""


@dataclass(frozen=True, slots=True)
class Style:
    """One of the four forms; the desk's own is the newest edition, numeric."""

    edition: RulesEdition = RulesEdition.OF_2025
    system: System = System.NUMERIC


DEFAULT: Final = Style()


@dataclass(frozen=True, slots=True)
class Rules:
    """What one edition of the standard does its own way."""

    comma: str
    colon: str
    opening: str
    closing: str
    marks: Mapping[WorkType, str]
    """Document mark by type; a type that is missing is ``EB`` on the network and ``Z`` off it."""
    capital_surnames: bool
    """WESTERN surnames in capitals."""
    pinyin_in_full: bool
    """Given names in pinyin are not cut to initials."""
    hyphenated: bool
    """Initials keep the hyphen of a name: J-L."""
    serial_others: bool
    """Translators of an article in a journal or newspaper are named."""
    and_others: str
    """Between the first name and 等 in the text."""
    every_access: bool
    """The day of access stands in every entry from the network, not only where that is all."""
    standard_first: bool
    """A standard begins with its number; its body is named in the author-date system only."""
    volume: str
    """Which volume of a book in a language other than Chinese."""
    has_scale: bool
    """A map's scale and size are given."""


_MARKS: Final = {
    WorkType.LEGISLATION: "A",
    WorkType.REGULATION: "A",
    WorkType.MANUSCRIPT: "A",
    WorkType.REPORT: "R",
    WorkType.ARTICLE: "J",
    WorkType.NEWS: "N",
    WorkType.BOOK: "M",
    WorkType.CHAPTER: "M",
    WorkType.CONFERENCE_PAPER: "C",
    WorkType.THESIS: "D",
    WorkType.STANDARD: "S",
    WorkType.PATENT: "P",
    WorkType.MAP: "CM",
    WorkType.WEB_PAGE: "EB",
    WorkType.DATASET: "DS",
}
RULES: Final[Mapping[RulesEdition, Rules]] = {
    RulesEdition.OF_2025: Rules(
        comma="，",
        colon="：",
        opening="（",
        closing="）",
        marks=_MARKS | {WorkType.PREPRINT: "PP"},
        capital_surnames=False,
        pinyin_in_full=True,
        hyphenated=True,
        serial_others=True,
        and_others="",
        every_access=False,
        standard_first=True,
        volume="v.{number}",
        has_scale=True,
    ),
    RulesEdition.OF_2015: Rules(
        comma=", ",
        colon=": ",
        opening="(",
        closing=")",
        # It knows no preprints; as papers kept for reference they are of its class A.
        marks=_MARKS | {WorkType.PREPRINT: "A"},
        capital_surnames=True,
        pinyin_in_full=False,
        hyphenated=False,
        serial_others=False,
        and_others=" ",
        every_access=True,
        standard_first=False,
        volume="Vol. {number}",
        has_scale=False,
    ),
}
