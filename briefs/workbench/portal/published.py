"""Published briefs: the list, the editions, and their files."""

import base64
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from briefs.errors import UnknownEditionError
from briefs.exporters import ExportFormat, export
from briefs.model import Edition, EditionState
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import rendering
from briefs.workbench.portal.access import may_read

_KEPT: Final = 64
_STYLE: Final = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_BEFORE_TEXT: Final = b'<main id="text"'
_AFTER_TEXT: Final = b"</main>"
_HEAD_END: Final = b"</head>"


class Published:
    """The routes under ``/published`` and ``/briefs``; safe in several threads."""

    def __init__(self, workbench: Callable[[], Workbench]) -> None:
        self._workbench = workbench
        self._rendered: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def all(self, request: Request) -> Response:
        """The newest edition of every published brief, newest first."""
        bench = self._workbench()
        editions = [edition for edition in bench.briefs.editions() if may_read(edition.stamp)]
        return rendering.page(
            request,
            "published",
            language=rendering.language_of(request, bench.settings.language),
            values={"editions": editions, "withdrawn": EditionState.WITHDRAWN},
        )

    def brief(self, request: Request) -> Response:
        """An edition of a brief as a page: the newest, or the one named."""
        found = self._edition(request)
        if found is None:
            return self.missing(request)
        edition, newest = found
        language = rendering.language_of(request, self._workbench().settings.language)
        values = {"edition": edition, "newest": newest, "formats": tuple(ExportFormat)[1:]}
        body = self._file(edition, ExportFormat.HTML, base_url="")
        for marker, template in (
            (_HEAD_END, "brief_head"),
            (_BEFORE_TEXT, "brief_top"),
            (_AFTER_TEXT, "brief_foot"),
        ):
            made = rendering.fragment(template, language=language, request=request, values=values)
            before, found_marker, after = body.partition(marker)
            if marker == _AFTER_TEXT:
                body = before + found_marker + made.encode() + after
            else:
                body = before + made.encode() + found_marker + after
        return rendering.answer(
            request,
            body,
            media_type=rendering.HTML,
            headers={"Content-Security-Policy": _policy(body)},
        )

    def file(self, request: Request) -> Response:
        """An edition of a brief as a file to keep: the newest, or the one named."""
        suffix = request.path_params["suffix"]
        found = self._edition(request)
        if found is None or suffix not in set(ExportFormat):
            return self.missing(request)
        edition, _ = found
        to = ExportFormat(suffix)
        body = self._file(edition, to, base_url=str(request.base_url))
        name = rendering.attachment(
            f"{edition.publication.title}{to.suffix}",
            fallback=f"brief-{edition.brief_id}{to.suffix}",
        )
        return rendering.answer(
            request,
            body,
            media_type=to.media_type,
            headers={
                "Content-Disposition": name,
                "Content-Security-Policy": f"{_policy(body)}; sandbox",
            },
        )

    def missing(self, request: Request) -> Response:
        """The page for an address that leads nowhere."""
        return rendering.missing(request, self._workbench().settings.language)

    def _edition(self, request: Request) -> tuple[Edition, Edition] | None:
        """The edition asked for and the newest one of its brief."""
        brief_id = rendering.number(request.path_params["brief"])
        named = request.path_params.get("edition")
        number = None if named is None else rendering.number(named)
        if brief_id is None or (named is not None and number is None):
            return None
        briefs = self._workbench().briefs
        try:
            newest = briefs.edition(brief_id)
            edition = newest if number is None else briefs.edition(brief_id, number)
        except UnknownEditionError:
            return None
        return (edition, newest) if may_read(edition.stamp) else None

    def _file(self, edition: Edition, to: ExportFormat, *, base_url: str) -> bytes:
        key = (edition.sha256, edition.state.value, to.value, base_url)
        with self._lock:
            if key in self._rendered:
                self._rendered.move_to_end(key)
                return self._rendered[key]
        folder = self._workbench().settings.font_folder
        made = export(
            edition.publication,
            to,
            base_url=base_url,
            font_folder=Path(folder) if folder else None,
        )
        with self._lock:
            self._rendered[key] = made
            while len(self._rendered) > _KEPT:
                self._rendered.popitem(last=False)
        return made


def _policy(body: bytes) -> str:
    """Our plain policy, which also lets the file's one style sheet in, by its hash."""
    match = _STYLE.search(body)
    if match is None:
        return rendering.PLAIN_POLICY
    digest = base64.b64encode(hashlib.sha256(match.group(1)).digest()).decode()
    return rendering.PLAIN_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")
