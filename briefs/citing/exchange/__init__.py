"""References to and from other programs: CSL-JSON, RIS, BibTeX.

A file is read whole or not at all: the first thing that is wrong gives one sentence with its line,
and nothing was taken over. Reading takes time in proportion to the size of the file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from briefs.citing.cleaning import bare_doi
from briefs.citing.errors import NoReferencesError, RepeatedKeyError, UnknownReferencesError
from briefs.citing.exchange.bibtex import read_bibtex, write_bibtex
from briefs.citing.exchange.csl_json import read_csl_json, write_csl_json
from briefs.citing.exchange.item import Item
from briefs.citing.exchange.ris import read_ris, write_ris
from knowledge.errors import TooLargeError
from knowledge.text import clean

__all__ = ["ExchangeFormat", "Item", "read", "write"]

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a file that is read."""
_MIB: Final = 1024 * 1024


class ExchangeFormat(StrEnum):
    """What references are exchanged as; the value is what a person types."""

    CSL_JSON = "csl-json"
    RIS = "ris"
    BIBTEX = "bibtex"


_READERS: Final[Mapping[ExchangeFormat, Callable[..., list[Item]]]] = {
    ExchangeFormat.CSL_JSON: read_csl_json,
    ExchangeFormat.RIS: read_ris,
    ExchangeFormat.BIBTEX: read_bibtex,
}
_WRITERS: Final[Mapping[ExchangeFormat, Callable[[Sequence[Item]], str]]] = {
    ExchangeFormat.CSL_JSON: write_csl_json,
    ExchangeFormat.RIS: write_ris,
    ExchangeFormat.BIBTEX: write_bibtex,
}


def read(data: bytes, *, name: str) -> list[Item]:
    """The references of a file, in its order; the format is seen from the content.

    UTF-8 with or without a mark, UTF-16 with one, else GB 18030, which old Chinese programs write.

    Args:
        data: the file.
        name: what errors call it.

    Raises:
        TooLargeError: over 64 MB.
        ReferencesFileError: no known format, no reference, or a line that is wrong.
    """
    if len(data) > LARGEST:
        size = f"{len(data) / _MIB:.0f} MB"
        raise TooLargeError(name=name, size=size, limit=f"{LARGEST // _MIB} MB")
    text = clean(_decoded(data, name=name))
    items = [_tidy(item) for item in _READERS[_format_of(text, name=name)](text, name=name)]
    if not items:
        raise NoReferencesError(path=name)
    first: dict[str, int] = {}
    for item in items:
        if item.key in first:
            began = first[item.key]
            raise RepeatedKeyError(path=name, line=item.line, key=item.key, first=began)
        first[item.key] = item.line
    return items


def _tidy(item: Item) -> Item:
    doi = bare_doi(item.work.doi)
    return item if doi == item.work.doi else replace(item, work=replace(item.work, doi=doi))


def write(items: Sequence[Item], to: ExchangeFormat) -> str:
    """The references as text of one format, in their order; the same items give the same text."""
    return _WRITERS[to](items)


def _decoded(data: bytes, *, name: str) -> str:
    codecs = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise UnknownReferencesError(path=name)


def _format_of(text: str, *, name: str) -> ExchangeFormat:
    begin = text.lstrip()
    if not begin:
        raise NoReferencesError(path=name)
    if begin[0] in "[{":
        return ExchangeFormat.CSL_JSON
    if begin.startswith("TY  -") or "\nTY  -" in text:
        return ExchangeFormat.RIS
    if "@" in text and "{" in text:
        return ExchangeFormat.BIBTEX
    raise UnknownReferencesError(path=name)
