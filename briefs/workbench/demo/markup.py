"""The few signs in which the sources of the PDF and DOCX files are written."""

from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What a part of a source is."""

    TITLE = "title"
    META = "meta"
    """Number, issuer, date: a centred line."""
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    PLAIN = "plain"
    """A paragraph without indent, e.g. the addressees."""
    SIGNATURE = "signature"
    CAPTION = "caption"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a source, in reading order."""

    kind: PartKind
    text: str = ""
    level: int = 0
    """Depth of a heading, 1 the highest; 0 otherwise."""
    rows: tuple[tuple[str, ...], ...] = ()
    """A table's rows, the column names first; empty otherwise."""


_SIGNS = (
    ("### ", PartKind.HEADING, 2),
    ("## ", PartKind.HEADING, 1),
    ("# ", PartKind.TITLE, 0),
    ("> ", PartKind.META, 0),
    ("@ ", PartKind.SIGNATURE, 0),
)


def parts_of(source: str) -> tuple[Part, ...]:
    """Split a source into parts: blank lines part them, their first sign says what they are.

    A paragraph right before a table is its caption; one that ends in a colon before any heading
    is the line of addressees.
    """
    parts: list[Part] = []
    for chunk in source.strip().split("\n\n"):
        if chunk.startswith("|"):
            if parts and parts[-1].kind is PartKind.PARAGRAPH:
                parts[-1] = Part(PartKind.CAPTION, parts[-1].text)
            parts.append(Part(PartKind.TABLE, rows=_rows(chunk)))
        else:
            parts.append(_part(chunk, begun=any(part.kind is PartKind.HEADING for part in parts)))
    return tuple(parts)


def _part(chunk: str, *, begun: bool) -> Part:
    for sign, kind, level in _SIGNS:
        if chunk.startswith(sign):
            return Part(kind, chunk.removeprefix(sign), level)
    return Part(PartKind.PLAIN if chunk.endswith("：") and not begun else PartKind.PARAGRAPH, chunk)


def _rows(chunk: str) -> tuple[tuple[str, ...], ...]:
    lines = [line for line in chunk.splitlines() if not line.startswith("| ---")]
    return tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines)
