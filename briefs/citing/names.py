"""Names as GB/T 7714 prints them: family name first, initials without stops, three at the most."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from briefs.citing.cleaning import cleaned, joined
from briefs.citing.style import Rules
from knowledge.csl import Name
from knowledge.text import HAN

SHOWN: Final = 3
_HAN: Final = re.compile(f"[{HAN}]")
_SYLLABLE: Final = (
    r"(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?"
    r"(?:i?ang|i?ong|uang|[aeiou]ng|iao|uai|ian|uan|[aeiu]n|ai|ei|ao|ou|ia|ie|iu|ua|uo|ui|ue|ve|er|[aoeiuv])"
)
_PINYIN: Final = re.compile(rf"(?:{_SYLLABLE}){{1,2}}(?:[-' ](?:{_SYLLABLE}))?", re.IGNORECASE)
_SURNAMES: Final = frozenset(
    (Path(__file__).parent / "surnames.txt").read_text(encoding="utf-8").split()
)
"""Chinese surnames in pinyin."""


def printed(names: Sequence[Name], rules: Rules, *, chinese: bool) -> str:
    """Up to three names, then 等 or et al; empty when none has anything to print."""
    shown = [each for each in (_one(name, rules) for name in names) if each]
    if len(shown) > SHOWN:
        shown = [*shown[:SHOWN], "等" if chinese else "et al"]
    return rules.comma.join(shown)


def in_text(name: Name, *, initials: bool = False) -> str:
    """A name as the text names it: a Western family name alone, any other name whole.

    Args:
        name: who.
        initials: put the initials behind a family name, to tell two apart.
    """
    if not _is_western(name):
        return _whole(name)
    given = _initials(name.given, between="-") if initials else ""
    return joined(" ", name.family, given)


def _one(name: Name, rules: Rules) -> str:
    if not _is_western(name):
        return _whole(name)
    full = rules.pinyin_in_full and is_pinyin(name)
    family = name.family.upper() if rules.capital_surnames else name.family
    between = "-" if rules.hyphenated else " "
    whole = joined(" ", family, name.given if full else _initials(name.given, between=between))
    suffix = name.suffix.strip()
    # The 2015 edition keeps “Jr.” apart: PEEBLES P Z, Jr.
    return joined(", " if rules.capital_surnames else " ", whole, suffix.rstrip("."))


def is_pinyin(name: Name) -> bool:
    """Whether a name reads as a Chinese one in pinyin: a known surname, one or two syllables."""
    family = name.family.lower()
    return family in _SURNAMES and _PINYIN.fullmatch(name.given.strip()) is not None


def _is_western(name: Name) -> bool:
    return bool(not name.literal and name.family and not _HAN.search(name.family))


def _whole(name: Name) -> str:
    if name.literal or not name.family:
        return cleaned(name.literal or name.given)
    return cleaned(name.family + name.given)


def _initials(given: str, *, between: str) -> str:
    return " ".join(
        between.join(piece[0].upper() for piece in word.split("-") if piece)
        for word in cleaned(given).replace(".", " ").split()
    )
