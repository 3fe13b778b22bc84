"""Punctuation of Chinese lines as it is printed: recognition often gives the narrow forms."""

import re
from typing import Final

from knowledge.text import HAN

_WIDE: Final = str.maketrans(",;:!?", "，；：！？")
_CHINESE: Final = f"[{HAN}，。、；：！？（）《》“”〔〕]"
_STOP: Final = re.compile(rf"(?<={_CHINESE})[,;:!?]+(?=$|[^\d])|(?<=[%\d]),(?=[{HAN}])")
_PAIR: Final = re.compile(r"[(（]([^()（）]*)[)）]")
_OPENING: Final = re.compile(rf"(?<={_CHINESE})\((?=[^)]*$)|\((?=[{HAN}])")
_CLOSING: Final = re.compile(rf"(?:(?<=^)|(?<=[{HAN}]))\)|\)(?=[{HAN}，。、；：])")
_DASH: Final = re.compile(rf"(?<=[{HAN}”）])(?:--|—-|-—|一-|-一)(?=[{HAN}“（])")
_YEAR: Final = re.compile(r"[\[【〔［](\d{4})[\]】〕］](?=\d+号)")


def widened(text: str) -> str:
    """Give stops and brackets among Chinese their wide form; every character stays where it is.

    Document numbers get their own brackets (国办发〔2023〕12号). Of the same length as `text`.
    """
    if not re.search(_CHINESE, text):
        return text
    text = _STOP.sub(lambda found: found.group().translate(_WIDE), text)
    text = _PAIR.sub(_paired, text)
    text = _OPENING.sub("（", text)
    text = _CLOSING.sub("）", text)
    text = _DASH.sub("——", text)
    return _YEAR.sub(r"〔\1〕", text)


def _paired(found: re.Match[str]) -> str:
    """Both brackets of a pair alike: wide when Chinese is in it or touches it."""
    text, start, end = found.string, found.start(), found.end()
    around = text[max(start - 1, 0) : start] + found.group(1) + text[end : end + 1]
    mixed = text[start] != "(" or text[end - 1] != ")"
    return f"（{found.group(1)}）" if mixed or re.search(_CHINESE, around) else found.group()
