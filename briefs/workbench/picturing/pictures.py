"""Pictures of pages with words boxed, made when first asked for and kept in a bounded folder."""

import hashlib
import io
import json
import os
import re
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Final, Protocol

from PIL import Image

from briefs.cutting import is_drawn
from briefs.workbench.picturing.boxes import boxed, packed
from briefs.workbench.picturing.marking import valid_marks
from briefs.workbench.picturing.typeset import Caption, sheet, typeset
from briefs.workbench.wording import Wording
from knowledge.errors import UnknownRecordError
from knowledge.model import Document, Page, Span, Version
from knowledge.originals import Originals
from knowledge.places import Box, Places
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages

WIDTHS: Final = (480, 800, 1200, 1600)
"""Pixels; any other width is brought to the next of these."""
LIMIT: Final = 200_000_000
"""Bytes that the folder may hold; the oldest pictures go first."""
_MADE_AS: Final = 2
"""Counts the changes to how pictures are made: an older one is not found again."""
_OF_FILE: Final = 32
"""Characters of the original's SHA-256 that a picture's name begins with."""


class Draw(Protocol):
    """Draws a page of a PDF or a picture as a PNG; raises `UnknownRecordError` where it cannot."""

    def __call__(self, data: bytes, page: int, /, *, width: int) -> bytes:
        """The page (1-based), `width` pixels wide unless that made it too tall."""
        ...


class Pictures:
    """Makes and keeps pictures of pages; safe in several threads.

    A page of a PDF or of a scanned picture is drawn from the original; of any other format a clean
    page is typeset, with the text around the marked words.
    """

    def __init__(
        self,
        documents: Documents,
        passages: Passages,
        *,
        originals: Originals,
        draw: Draw,
        folder: Path,
        limit: int = LIMIT,
    ) -> None:
        self._documents = documents
        self._passages = passages
        self._originals = originals
        self._draw = draw
        self._folder = folder
        self._limit = limit

    def png(
        self,
        version_id: int,
        page: int,
        *,
        width: int,
        marks: Sequence[Span] = (),
        words: Wording,
    ) -> bytes:
        """A picture of one page; same page, marks, width and language, same bytes.

        Args:
            version_id: of any version, current or not.
            page: 1-based.
            width: in pixels; brought to one of `WIDTHS`.
            marks: the words to box; those that are not on the page are ignored.
            words: the language of what a typeset page says of itself.

        Raises:
            UnknownRecordError: no such version or page, or the page cannot be drawn.
        """
        version = self._documents.version(version_id)
        found = self._documents.pages(version_id, [page])
        if not found:
            raise UnknownRecordError(kind="page", id=page)
        wide = next((known for known in WIDTHS if known >= width), WIDTHS[-1])
        on_page = valid_marks(found[0], marks)
        if is_drawn(version):
            return self._original(version, page, on_page, width=wide)
        above = self._headings(version_id, on_page[0]) if on_page else ()
        caption = _caption(
            self._documents.document_of_version(version_id),
            version,
            found[0],
            above=above,
            words=words,
        )
        given = sheet(found[0], on_page, caption=caption)
        name = _name(version.sha256, "typeset", given, wide)
        return self._kept(name) or self._keep(name, _typeset(given, wide))

    def forget(self, sha256: str) -> None:
        """Delete every picture kept of the pages of an original."""
        for file in self._folder.glob(f"{sha256[:_OF_FILE]}-*"):
            file.unlink(missing_ok=True)

    def _original(self, version: Version, page: int, marks: Sequence[Span], *, width: int) -> bytes:
        plain = _name(version.sha256, "drawn", page, width)
        places = self._documents.places(version.id, [page]).get(page) if marks else None
        shapes = regions(places, marks)
        if places is None or not shapes:
            return self._kept(plain) or self._keep(plain, self._drawn(version, page, width))
        name = _name(version.sha256, "boxed", page, width, [astuple(shape) for shape in shapes])
        if (known := self._kept(name)) is not None:
            return known
        drawn = self._kept(plain) or self._keep(plain, self._drawn(version, page, width))
        return self._keep(name, boxed(drawn, shapes, width=places.width, height=places.height))

    def _headings(self, version_id: int, mark: Span) -> tuple[str, ...]:
        """Of the passage in which a mark begins."""
        for passage in self._passages.of_version(version_id):
            own = passage.spans[passage.repeats :]
            if any(s.page == mark.page and s.start <= mark.start < s.end for s in own):
                return passage.heading
        return ()

    def _drawn(self, version: Version, page: int, width: int) -> bytes:
        return self._draw(self._originals.read(version.sha256), page, width=width)

    def _kept(self, name: str) -> bytes | None:
        with suppress(FileNotFoundError):
            return (self._folder / name).read_bytes()
        return None

    def _keep(self, name: str, data: bytes) -> bytes:
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = self._folder / f"{name}.{os.getpid()}-{threading.get_ident()}"
        temporary.write_bytes(data)
        temporary.replace(self._folder / name)
        _bound(self._folder.glob("*.png"), self._limit)
        return data


def regions(places: Places | None, marks: Iterable[Span]) -> list[Box]:
    """What to box on a page for `marks`, all on that page, in their order and each box once."""
    if places is None:
        return []
    found = (box for mark in marks for box in places.regions(mark.start, mark.end))
    return list(dict.fromkeys(found))


def place_of(version: Version, page: Page, *, words: Wording) -> str:
    """Physical page and printed label (or the part's name) in words."""
    where = words("portal.page" if version.paged else "portal.part", page=page.index)
    if not page.label or page.label == str(page.index):
        return where
    key = "portal.printed" if version.paged else "portal.named"
    return where + words(key, label=page.label)


def _caption(
    document: Document,
    version: Version,
    page: Page,
    *,
    above: Sequence[str],
    words: Wording,
) -> Caption:
    number = words("portal.version", number=version.number)
    is_whole = version.page_count == 1 and not page.label
    return Caption(
        title=document.title,
        heading=" › ".join(heading for heading in above if heading != document.title),
        foot=words("picture.foot", title=document.title, version=number),
        place="" if is_whole else place_of(version, page, words=words),
        left_out=words("picture.left_out"),
        language=_script(document.metadata.language) or words.language,
    )


def _script(language: str | None) -> str | None:
    """The language without its region, if it is one that Typst takes."""
    found = re.match(r"[a-z]{2,3}(?=-|$)", language or "")
    return None if found is None else found.group()


def _typeset(given: str, width: int) -> bytes:
    with Image.open(io.BytesIO(typeset(given, width=width)), formats=["PNG"]) as made:
        return packed(made)


def _name(sha256: str, *parts: object) -> str:
    made = json.dumps([_MADE_AS, sha256, *parts], ensure_ascii=False)
    return f"{sha256[:_OF_FILE]}-{hashlib.sha256(made.encode()).hexdigest()}.png"


def _bound(files: Iterable[Path], limit: int) -> None:
    """Delete the oldest of `files` until they hold no more than `limit` bytes."""
    known: list[tuple[int, int, Path]] = []
    for file in files:
        # Another thread or process may be clearing away as well.
        with suppress(FileNotFoundError):
            about = file.stat()
            known.append((about.st_mtime_ns, about.st_size, file))
    total = 0
    for _, size, file in sorted(known, reverse=True):
        total += size
        if total > limit:
            file.unlink(missing_ok=True)
