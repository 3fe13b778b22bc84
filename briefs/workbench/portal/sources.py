"""Source pages: where every citation opens, its words marked; and the originals themselves."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import rendering
from briefs.workbench.portal.access import may_read
from briefs.workbench.portal.images import WIDTHS, PageImages
from briefs.workbench.portal.marking import marked_words, marks_of, pieces, valid_marks
from knowledge.errors import UnknownRecordError
from knowledge.model import Document, Page, Span, Version

PDF: Final = "application/pdf"
_HARMLESS: Final = ("text/plain", "text/csv", PDF)
_NEVER_RUN: Final = "default-src 'none'; sandbox"


class Sources:
    """The routes under ``/pages`` and ``/originals``; safe in several threads.

    A document that was removed from the collection still opens: briefs cite it. One that is not
    public does not exist for whoever may not read it.
    """

    def __init__(self, workbench: Callable[[], Workbench]) -> None:
        self._workbench = workbench

    def page(self, request: Request) -> Response:
        """One page of a version, its marked words in view."""
        bench = self._workbench()
        found, index = self._source(request), rendering.number(request.path_params["page"])
        if found is None or index is None or index > found[1].page_count:
            return self._missing(request)
        document, version = found
        given = marks_of(request.query_params.getlist("mark"))
        shown = {p.index: p for p in bench.documents.pages(version.id, _indexes(index, given))}
        if index not in shown:
            return self._missing(request)
        marks = _real(given, shown)
        return rendering.page(
            request,
            "source",
            language=rendering.language_of(request, bench.settings.language),
            values={
                "document": document,
                "version": version,
                "page": shown[index],
                "pieces": pieces(shown[index], marks),
                "quotes": _quotes(shown, marks),
                "query": "&".join(f"mark={m.page}:{m.start}-{m.end}" for m in marks),
                "is_pdf": version.media_type == PDF,
                "widths": WIDTHS,
                "removed": not bench.documents.many([document.id]),
            },
        )

    def image(self, request: Request) -> Response:
        """A picture of one page of a PDF."""
        bench = self._workbench()
        found, index = self._source(request), rendering.number(request.path_params["page"])
        width = rendering.number(request.query_params.get("width", str(WIDTHS[1])))
        if found is None or index is None or width is None or found[1].media_type != PDF:
            return self._missing(request)
        images = PageImages(bench.home / "cache" / "pages", bench.originals)
        try:
            body = images.png(found[1].sha256, index, width=width)
        except UnknownRecordError:
            return self._missing(request)
        kept = {"Cache-Control": "private, max-age=3600"}
        return rendering.answer(request, body, media_type="image/png", headers=kept)

    def original(self, request: Request) -> Response:
        """A version's file as it was added, to be saved, never shown."""
        bench = self._workbench()
        found = self._source(request)
        if found is None:
            return self._missing(request)
        _, version = found
        try:
            body = bench.originals.read(version.sha256)
        except UnknownRecordError:
            return self._missing(request)
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
        )

    def _source(self, request: Request) -> tuple[Document, Version] | None:
        version_id = rendering.number(request.path_params["version"])
        if version_id is None:
            return None
        documents = self._workbench().documents
        try:
            document = documents.document_of_version(version_id)
            version = documents.version(version_id)
        except UnknownRecordError:
            return None
        return (document, version) if may_read(document.stamp) else None

    def _missing(self, request: Request) -> Response:
        return rendering.missing(request, self._workbench().settings.language)


def _indexes(index: int, marks: Sequence[Span]) -> list[int]:
    return sorted({index, *(mark.page for mark in marks)})


def _real(marks: Sequence[Span], shown: dict[int, Page]) -> list[Span]:
    return [mark for mark in marks if mark.page in shown and valid_marks(shown[mark.page], [mark])]


def _quotes(shown: dict[int, Page], marks: Sequence[Span]) -> list[tuple[Page, str]]:
    """The marked words of each page, in page order."""
    quoted = [(page, marked_words(page, marks)) for _, page in sorted(shown.items())]
    return [(page, words) for page, words in quoted if words]
