"""Files that could not be taken in, as the staff see them."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.model import Access, Stamp


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be taken in, kept visible with its reason until it can."""

    id: int
    source: str
    file_name: str
    sha256: str | None
    reason: str
    """The English sentence of the error: also the key of its translation once formatted."""
    sentence: str
    """The error's unformatted sentence, for translation."""
    details: Mapping[str, str]
    stamp: Stamp
    opens_as: Access = Access.STAFF
    """Who was to see it: tried again, it becomes a document for them and no wider."""
