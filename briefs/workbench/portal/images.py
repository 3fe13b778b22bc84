"""Pictures of PDF pages, made when first asked for and kept in a bounded folder."""

import hashlib
import io
import os
import threading
from pathlib import Path
from typing import Final

import pypdfium2

from knowledge.errors import UnknownRecordError
from knowledge.originals import Originals

WIDTHS: Final = (480, 800, 1200, 1600)
"""Pixels; any other width is brought to the next of these."""
TALLEST: Final = 6400
LIMIT: Final = 200_000_000
"""Bytes that the folder may hold; the oldest pictures go first."""
COLOURS: Final = 64

# PDFium keeps global state: one thread at a time in the whole process.
_pdfium = threading.Lock()


class PageImages:
    """Renders and keeps pictures of pages; safe in several threads."""

    def __init__(self, folder: Path, originals: Originals, *, limit: int = LIMIT) -> None:
        self._folder = folder
        self._originals = originals
        self._limit = limit

    def png(self, sha256: str, page: int, *, width: int) -> bytes:
        """A picture of a page.

        Args:
            sha256: of the PDF.
            page: 1-based.
            width: in pixels; brought to one of `WIDTHS`.

        Raises:
            UnknownRecordError: no such file, no such page, or the page cannot be drawn.
        """
        wide = next((known for known in WIDTHS if known >= width), WIDTHS[-1])
        name = hashlib.sha256(f"{sha256}/{page}/{wide}/{COLOURS}".encode()).hexdigest()
        path = self._folder / f"{name}.png"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            made = _drawn(self._originals.read(sha256), page, wide)
        self._keep(path, made)
        return made

    def _keep(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        temporary.write_bytes(data)
        temporary.replace(path)
        kept = sorted(
            ((file.stat().st_mtime_ns, file.stat().st_size, file) for file in self._files()),
            reverse=True,
        )
        total = 0
        for _, size, file in kept:
            total += size
            if total > self._limit:
                file.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return [file for file in self._folder.glob("*.png") if file.is_file()]


def _drawn(data: bytes, page: int, width: int) -> bytes:
    try:
        with _pdfium:
            document = pypdfium2.PdfDocument(data)
            try:
                drawn = document[page - 1]
                wide, tall = drawn.get_size()
                scale = min(width / wide, TALLEST / tall)
                picture = drawn.render(scale=scale).to_pil()
            finally:
                document.close()
    except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError) as error:
        raise UnknownRecordError(kind="page", id=page) from error
    out = io.BytesIO()
    # A palette makes a page of print a third of its size, and keeps a red head red.
    picture.convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()
