"""Source pages: where every citation opens, its words marked and boxed; and the originals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from briefs.cutting import is_drawn
from briefs.model import percent
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.picturing import WIDTHS, regions
from briefs.workbench.picturing.boxes import MARGIN
from briefs.workbench.picturing.marking import marked_words, marks_of, pieces, valid_marks
from briefs.workbench.portal import rendering
from briefs.workbench.portal.access import for_reader, is_public, may_read
from briefs.workbench.portal.openings import is_opening, note_opened
from briefs.workbench.wording import wording
from knowledge.accounts.actions import Action
from knowledge.errors import UnknownRecordError
from knowledge.model import Document, Page, Span, Version
from knowledge.places import Box, Places

_HARMLESS: Final = ("text/plain", "text/csv", "application/pdf")
_NEVER_RUN: Final = "default-src 'none'; sandbox"
_PICTURE_KEPT: Final = "private, max-age=3600"
_SCREEN: Final = WIDTHS[2]
_LARGE: Final = WIDTHS[-1]
_AROUND: Final = 18.0
"""Points shown above and below the boxes where a page is cut to them."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """The size of a page, and its boxes as (x, y, width, height); all in points."""

    width: float
    height: float
    shapes: tuple[tuple[float, float, float, float], ...]

    @property
    def cut(self) -> tuple[float, float]:
        """Top and height of the part of the page around the boxes, of which there is one."""
        top = max(min(y for _, y, _, _ in self.shapes) - _AROUND, 0)
        bottom = min(max(y + tall for _, y, _, tall in self.shapes) + _AROUND, self.height)
        return round(top, 1), round(bottom - top, 1)


@dataclass(frozen=True, slots=True)
class Quoted:
    """The marked words of one page."""

    page: Page
    words: str
    boxes: Boxes | None
    """None where the words have no place on the page."""
    percent: int | None
    """How sure recognition is of them; None where the file holds them."""


class Sources:
    """The routes under ``/pages`` and ``/originals``; safe in several threads.

    A document that was removed from the collection still opens: briefs cite it. A document or a
    version that whoever asks may not see does not exist here, and what not everybody may see is
    kept in no cache.
    """

    def __init__(self, workbench: Callable[[], Workbench]) -> None:
        self._workbench = workbench

    def page(self, request: Request) -> Response:
        """One page of a version, its marked words in view."""
        bench = for_reader(request, self._workbench())
        found = _source(bench, request)
        index = rendering.number(request.path_params["page"])
        if found is None or index is None or index > found[1].page_count:
            return self._missing(request)
        document, version = found
        given = marks_of(request.query_params.getlist("mark"))
        shown = {p.index: p for p in bench.documents.pages(version.id, _indexes(index, given))}
        if index not in shown:
            return self._missing(request)
        if is_opening(request):
            note_opened(bench, Action.OPEN_PAGE, document, version=version, page=index)
        marks = _real(given, shown)
        drawn = is_drawn(version)
        places = bench.documents.places(version.id, sorted(shown)) if drawn else {}
        quotes = _quotes(shown, marks, places)
        return rendering.page(
            request,
            "source",
            language=rendering.language_of(request, bench.settings.language),
            private=not is_public(document.stamp, version.stamp),
            values={
                "document": document,
                "version": version,
                "page": shown[index],
                "pieces": pieces(shown[index], marks),
                "quotes": quotes,
                "query": "&".join(f"mark={m.page}:{m.start}-{m.end}" for m in marks),
                # In a frame of the workbench, which has its own head, pages turn without one.
                "is_framed": "framed" in request.query_params,
                "is_drawn": drawn,
                "boxes": _boxes(places.get(index), [m for m in marks if m.page == index]),
                "screen": _SCREEN,
                "large": _LARGE,
                "removed": not bench.documents.many([document.id]),
                "newer": _newer(bench, document, version),
            },
        )

    def image(self, request: Request) -> Response:
        """A picture of one page, its marked words boxed."""
        bench = for_reader(request, self._workbench())
        found = _source(bench, request)
        index = rendering.number(request.path_params["page"])
        width = rendering.number(request.query_params.get("width", str(WIDTHS[1])))
        if found is None or index is None or width is None:
            return self._missing(request)
        language = rendering.language_of(request, bench.settings.language)
        try:
            body = bench.pictures.png(
                found[1].id,
                index,
                width=width,
                marks=marks_of(request.query_params.getlist("mark")),
                words=wording(language),
            )
        except UnknownRecordError:
            return self._missing(request)
        document, version = found
        if is_opening(request):
            note_opened(bench, Action.OPEN_PICTURE, document, version=version, page=index)
        return rendering.answer(
            request,
            body,
            media_type="image/png",
            headers={"Cache-Control": _PICTURE_KEPT, "Vary": "Accept-Language, Cookie"},
            private=not is_public(document.stamp, version.stamp),
        )

    def original(self, request: Request) -> Response:
        """A version's file as it was added, to be saved, never shown."""
        bench = for_reader(request, self._workbench())
        found = _source(bench, request)
        if found is None:
            return self._missing(request)
        document, version = found
        try:
            body = bench.originals.read(version.sha256)
        except UnknownRecordError:
            return self._missing(request)
        if is_opening(request):
            note_opened(bench, Action.DOWNLOAD_ORIGINAL, document, version=version)
        harmless = version.media_type in _HARMLESS
        suffix = version.file_name.rpartition(".")[2]
        return rendering.answer(
            request,
            body,
            media_type=version.media_type if harmless else "application/octet-stream",
            headers={
                "Content-Disposition": rendering.attachment(
                    version.file_name, fallback=f"source-{version.id}.{suffix}"
                ),
                "Content-Security-Policy": _NEVER_RUN,
            },
            private=not is_public(document.stamp, version.stamp),
        )

    def _missing(self, request: Request) -> Response:
        return rendering.missing(request, self._workbench().settings.language)


def _source(bench: Workbench, request: Request) -> tuple[Document, Version] | None:
    version_id = rendering.number(request.path_params["version"])
    if version_id is None:
        return None
    try:
        document = bench.documents.document_of_version(version_id)
        version = bench.documents.version(version_id)
    except UnknownRecordError:
        return None
    return (document, version) if may_read(bench, document.stamp, version.stamp) else None


def _newer(bench: Workbench, document: Document, version: Version) -> int | None:
    """The version that counts today, if it is another one that this reader may see."""
    if document.current_version == version.id:
        return None
    current = bench.documents.version(document.current_version)
    return current.id if may_read(bench, current.stamp) else None


def _indexes(index: int, marks: Sequence[Span]) -> list[int]:
    return sorted({index, *(mark.page for mark in marks)})


def _real(marks: Sequence[Span], shown: dict[int, Page]) -> list[Span]:
    return [mark for mark in marks if mark.page in shown and valid_marks(shown[mark.page], [mark])]


def _quotes(
    shown: Mapping[int, Page], marks: Sequence[Span], places: Mapping[int, Places]
) -> list[Quoted]:
    """The marked words of each page, in page order."""
    quoted = []
    for index, page in sorted(shown.items()):
        own = [mark for mark in marks if mark.page == index]
        if not (words := marked_words(page, own)):
            continue
        sure = [page.confidence(mark.start, mark.end) for mark in own]
        least = min((each for each in sure if each is not None), default=None)
        boxes = _boxes(places.get(index), own)
        quoted.append(
            Quoted(
                page,
                words,
                boxes if boxes is not None and boxes.shapes else None,
                None if least is None else percent(least),
            )
        )
    return quoted


def _boxes(places: Places | None, marks: Sequence[Span]) -> Boxes | None:
    if places is None:
        return None
    shapes = tuple(_shape(box) for box in regions(places, marks))
    return Boxes(round(places.width, 1), round(places.height, 1), shapes)


def _shape(box: Box) -> tuple[float, float, float, float]:
    return (
        round(box.left - MARGIN, 1),
        round(box.top - MARGIN, 1),
        round(box.right - box.left + 2 * MARGIN, 1),
        round(box.bottom - box.top + 2 * MARGIN, 1),
    )
