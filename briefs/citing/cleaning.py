"""The text of one field, fit to stand in a line, and lines made of fields."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from knowledge.text import clean

_EDGES: Final = " ,;:，；：、"
"""Punctuation that an entry puts itself; on a field's edge it would stand twice."""


_RESOLVER: Final = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def cleaned(text: str) -> str:
    """On one line, without what no reader can see and without separators at its ends."""
    kept = "".join(
        " " if unicodedata.category(each) in {"Cc", "Zl", "Zp"} else each for each in text
    )
    return " ".join(clean(kept).split()).strip(_EDGES)


def bare_doi(text: str) -> str:
    """A DOI without the address or the word that programs put before it."""
    doi = cleaned(text)
    found = _RESOLVER.match(doi)
    return doi[found.end() :] if found else doi


def doi_in(url: str) -> str:
    """The DOI that an address resolves; empty when it is another address."""
    return bare_doi(url) if _RESOLVER.match(cleaned(url)) else ""


def joined(delimiter: str, *parts: str) -> str:
    """The parts that are not empty, cleaned."""
    return delimiter.join(part for part in map(cleaned, parts) if part)


def sentence(parts: Iterable[str]) -> str:
    """The parts with full stops between them, none doubled; without the last one."""
    return ". ".join(part.rstrip(". ") for part in parts if part.strip(". "))
