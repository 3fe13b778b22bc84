"""Tables and figures of a publication, made ready to print."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from briefs.errors import TableError
from briefs.model import page_href
from briefs.tables import Table, table_of
from knowledge.model import Span

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SIZE: Final = struct.Struct(">II")
_SIZE_AT: Final = 16


class Pictures(Protocol):
    """Cuts figures out of the pages of sources; the reader's own, so that access is obeyed."""

    def cut(self, version_id: int, spans: Sequence[Span], /) -> bytes | None:
        """The part of a page around the words at `spans`, as a PNG.

        None where the reader may not see the page, or it has no picture.
        """
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure's picture."""

    png: bytes
    width: int
    """In pixels."""
    height: int
    address: str
    """Where the site has it, ``/pages/7/figure.png?mark=2:10-48``, with the server if known."""


def figure_href(version_id: int, spans: Sequence[Span]) -> str:
    """Site path of the picture cut around the words at `spans` (at least one)."""
    _, _, marks = page_href(version_id, spans).partition("?")
    return f"/pages/{version_id}/figure.png?{marks}"


def picture_of(
    version_id: int, spans: Sequence[Span], *, pictures: Pictures | None, base: str
) -> Picture | None:
    """The picture of a figure; None without one."""
    png = None if pictures is None else pictures.cut(version_id, spans)
    if png is None or not png.startswith(_PNG):
        return None
    width, height = _SIZE.unpack_from(png, _SIZE_AT)
    return Picture(png, width, height, base + figure_href(version_id, spans))


def table_in(text: str) -> Table | None:
    """The table of a statement; None where its text is none, and is printed as it stands."""
    try:
        return table_of(text)
    except TableError:
        return None
