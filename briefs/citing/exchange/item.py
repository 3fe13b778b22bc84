"""What every exchange format is read into and written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from knowledge.csl import Work


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a file of references."""

    key: str
    """Its name in the file; unique there."""
    work: Work
    line: int = 1
    """Where it begins, 1-based; 1 for an item that comes from no file."""


_NAMED: Final[Mapping[str, str]] = {
    "chinese": "zh", "中文": "zh", "汉语": "zh", "简体中文": "zh-CN", "繁體中文": "zh-TW",
    "zho": "zh", "chi": "zh", "cmn": "zh", "cn": "zh", "zh-hans": "zh-CN", "zh-hant": "zh-TW",
    "english": "en", "英文": "en", "英语": "en", "eng": "en", "american": "en-US",
    "british": "en-GB", "japanese": "ja", "日文": "ja", "日语": "ja", "jpn": "ja", "jp": "ja",
    "german": "de", "ngerman": "de", "deu": "de", "ger": "de", "french": "fr", "fra": "fr",
    "fre": "fr", "russian": "ru", "俄文": "ru", "俄语": "ru", "rus": "ru", "korean": "ko",
    "韩文": "ko", "kor": "ko", "spanish": "es", "spa": "es", "italian": "it", "ita": "it",
    "portuguese": "pt", "por": "pt",
}  # fmt: skip


def language_of(written: str) -> str:
    """A language as people and programs write it, as BCP 47: ``Chinese`` → ``zh``.

    What is neither known nor shaped like a tag is dropped: it would be no language.
    """
    tag = written.strip().replace("_", "-")
    if known := _NAMED.get(tag.lower()):
        return known
    primary, *rest = tag.split("-")
    if not (2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha()):
        return ""
    if not all(part.isascii() and part.isalnum() and len(part) <= 8 for part in rest):
        return ""
    return "-".join([_NAMED.get(primary.lower(), primary.lower()), *rest])
