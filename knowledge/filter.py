"""Which documents a search may find."""

from dataclasses import dataclass
from typing import Final

from knowledge.model import Access, DocumentType


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents a search may find; an empty field does not restrict."""

    types: frozenset[DocumentType] = frozenset()
    issuers: frozenset[str] = frozenset()
    documents: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    issued_from: str | None = None
    issued_to: str | None = None
    branches: frozenset[int] = frozenset()
    access: frozenset[Access] = frozenset()

    @property
    def is_open(self) -> bool:
        """True when nothing is restricted."""
        return self == NO_FILTER


NO_FILTER: Final = Filter()
"""Restricts nothing."""
