"""The order of a list of references in the author-date system.

GB/T 7714 keeps entries of one language together – Chinese, Japanese, Western, Russian, others – and
orders each by names, then by year. Chinese names go by pinyin, which the standard allows beside the
order of strokes.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from briefs.citing.cleaning import cleaned
from knowledge.csl import Name, Work
from knowledge.text import HAN

_HAN: Final = re.compile(f"[{HAN}]")
_JAPANESE: Final = re.compile(r"[\u3040-\u30ff]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LANGUAGES: Final = {"ja": 1, "en": 2, "fr": 2, "de": 2, "es": 2, "it": 2, "pt": 2, "ru": 3}
_OTHERS: Final = 4
_LONGEST_NAME: Final = 4
"""Characters of a person's name; longer ones are bodies."""
_SURNAMES: Final = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "朴": "piao",
    "盖": "ge", "覃": "qin", "繁": "po", "乐": "yue", "种": "chong", "折": "she", "秘": "bi",
    "翟": "zhai", "缪": "miao", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "任": "ren",
    "华": "hua", "员": "yun", "召": "shao", "黑": "he", "洗": "xian", "牟": "mou", "宿": "su",
    "逄": "pang", "郇": "xun", "臧": "zang", "晟": "cheng", "祭": "zhai", "隗": "wei", "过": "guo",
}  # fmt: skip
"""Surnames that are read otherwise than the word."""


def language_group(work: Work) -> int:
    """0 Chinese, 1 Japanese, 2 Western, 3 Russian, 4 others."""
    if work.is_chinese:
        return 0
    named = _LANGUAGES.get(work.language.lower().split("-")[0])
    if named is not None:
        return named
    if _JAPANESE.search(work.title) or _HAN.search(work.title):
        return 1
    if _CYRILLIC.search(work.title):
        return 3
    return 2 if _LATIN.search(work.title) else _OTHERS


def by_name(name: Name) -> tuple[str, str]:
    """A key by which names stand in order: pinyin or letters without accents, then the name."""
    if name.family:
        whole = cleaned(f"{name.family} {name.given} {name.suffix}")
        whole = whole.replace(" ", "") if _HAN.search(whole) else whole
    else:
        whole = cleaned(name.literal or name.given)
    surname = next((each for each in (whole[:2], whole[:1]) if each in _SURNAMES), "")
    if surname and len(whole) <= _LONGEST_NAME:
        return f"{_SURNAMES[surname]} {_letters(whole[len(surname) :])}".strip(), whole
    return _letters(whole), whole


def by_words(text: str) -> tuple[str, str]:
    """The same for a title."""
    return _letters(cleaned(text)), text


@cache
def _letters(text: str) -> str:
    """Each Chinese character as its pinyin with tone, other letters plain."""
    if _HAN.search(text):
        # Imported late: its dictionaries take a while, and most lists are in numeric order.
        from pypinyin import Style, lazy_pinyin

        syllables = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
        text = " ".join(syllables)
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))
