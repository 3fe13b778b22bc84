"""The pictures of figures on the page of a brief, cut out of the pages of its sources."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.picturing.marking import marks_of
from briefs.workbench.portal import rendering
from briefs.workbench.portal.access import for_reader, is_public, may_read
from briefs.workbench.portal.openings import is_opening, note_opened
from knowledge.accounts.actions import Action
from knowledge.errors import UnknownRecordError


class Figures:
    """The route ``/pages/{version}/figure.png``; safe in several threads.

    Who may see the source's page may see the figure, and nobody else: it is asked anew each time.
    """

    def __init__(self, workbench: Callable[[], Workbench]) -> None:
        self._workbench = workbench

    def image(self, request: Request) -> Response:
        """The part of a page around the words marked by ``?mark=2:10-48``."""
        bench = for_reader(request, self._workbench())
        version_id = rendering.number(request.path_params["version"])
        marks = marks_of(request.query_params.getlist("mark"))
        if version_id is None or not marks:
            return self._missing(request)
        try:
            document = bench.documents.document_of_version(version_id)
            version = bench.documents.version(version_id)
        except UnknownRecordError:
            return self._missing(request)
        if not may_read(bench, document.stamp, version.stamp):
            return self._missing(request)
        body = bench.cutting.cut(version_id, marks)
        if body is None:
            return self._missing(request)
        if is_opening(request):
            page = marks[0].page
            note_opened(bench, Action.OPEN_PICTURE, document, version=version, page=page)
        return rendering.answer(
            request,
            body,
            media_type="image/png",
            headers={"Cache-Control": "private, max-age=3600", "Vary": "Cookie"},
            private=not is_public(document.stamp, version.stamp),
        )

    def _missing(self, request: Request) -> Response:
        return rendering.missing(request, self._workbench().settings.language)
