"""Published briefs: the list, the editions, their files; and the preview of a draft."""

import base64
import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from briefs.errors import DamagedEditionError, UnknownBriefError, UnknownEditionError
from briefs.exporters import ExportFormat, export
from briefs.lengths.forms import at_length, forms
from briefs.model import Edition, EditionState, Length, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import rendering
from briefs.workbench.portal.access import for_reader, is_public, signed_in
from briefs.workbench.portal.openings import is_opening
from briefs.workbench.settings import address_of
from briefs.workbench.sharing import tag_of
from briefs.workbench.wording import wording
from knowledge.errors import UnknownRecordError

_log = logging.getLogger(__name__)
_KEPT: Final = 64
_STYLE: Final = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_BEFORE_TEXT: Final = b'<main id="text"'
_AFTER_TEXT: Final = b"</main>"
_HEAD_END: Final = b"</head>"
_FRAMED: Final = "sandbox allow-popups allow-popups-to-escape-sandbox"
"""A preview is a stranger on our own site: it runs nothing, and its links open beside it."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An edition in a form and a format."""

    edition: Edition
    to: ExportFormat
    length: Length | None
    base_url: str = ""
    is_file: bool = False
    """Whether it is kept by the reader, and so holds its pictures itself."""


class Published:
    """The routes under ``/published``, ``/briefs`` and ``/previews``; safe in several threads.

    Whoever asks gets what is meant for them: another edition, or a brief without one for them, does
    not exist. What was withdrawn says so, and its words are given to nobody.
    """

    def __init__(self, workbench: Callable[[], Workbench]) -> None:
        self._workbench = workbench
        self._rendered: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def all(self, request: Request) -> Response:
        """The newest edition of every published brief, what is for the reader by name first."""
        bench = for_reader(request, self._workbench())
        editions = bench.briefs.editions()
        person = bench.actor.person_id
        own = [each for each in editions if person in each.stamp.recipients]
        language = rendering.language_of(request, bench.settings.language)
        return rendering.page(
            request,
            "published",
            language=language,
            private=not is_public(*(each.stamp for each in editions)),
            values={
                "own": own,
                "editions": [each for each in editions if each not in own],
                "tags": {each.id: tag_of(wording(language), each.stamp) for each in editions},
            },
        )

    def brief(self, request: Request) -> Response:
        """An edition of a brief as a page: the newest, or the one named.

        In its shortest form unless ``?length=`` names another that it has: one page first. A
        statement has the same anchor in every form. Who opens one that is not public is entered
        in the log.
        """
        bench = for_reader(request, self._workbench())
        found = _edition(bench, request)
        if found is None:
            return self.missing(request)
        edition, numbers = found
        if edition.state is EditionState.WITHDRAWN:
            return self._withdrawn(request, edition, numbers)
        if signed_in(request) is not None and is_opening(request):
            bench.publishing.note_opening(edition, actor=bench.actor)
        language = rendering.language_of(request, bench.settings.language)
        offered = forms(edition.publication.lines)
        form = rendering.length_of(request, offered)
        values = {
            "edition": edition,
            "numbers": numbers,
            "formats": tuple(ExportFormat)[1:],
            "audience": tag_of(wording(language), edition.stamp),
            "forms": offered,
            "form": form,
            "whole": offered[-1] if offered else None,
            "elsewhere": _elsewhere(edition, form),
        }
        body = self._file(bench, _Wanted(edition, ExportFormat.HTML, form))
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
            private=not is_public(edition.stamp),
        )

    def file(self, request: Request) -> Response:
        """An edition of a brief as a file to keep: the newest, or the one named.

        The whole of it unless ``?length=`` names a form that it has. Who takes one that is not
        public is entered in the log.
        """
        bench = for_reader(request, self._workbench())
        suffix = request.path_params["suffix"]
        found = _edition(bench, request)
        if found is None or suffix not in set(ExportFormat):
            return self.missing(request)
        edition, numbers = found
        if edition.state is EditionState.WITHDRAWN:
            return self._withdrawn(request, edition, numbers, status=410)
        to = ExportFormat(suffix)
        offered = forms(edition.publication.lines)
        form = rendering.length_of(request, offered, default=offered[-1] if offered else None)
        address = address_of(bench.settings)
        body = self._file(bench, _Wanted(edition, to, form, address, is_file=True))
        if signed_in(request) is not None and is_opening(request):
            bench.publishing.note_export(edition.publication, to.value, actor=bench.actor)
        title = edition.publication.title
        if form is not None and form != offered[-1]:
            language = rendering.language_of(request, bench.settings.language)
            title = f"{title}-{wording(language)(f'length.{form}')}"
        name = rendering.attachment(
            f"{title}{to.suffix}", fallback=f"brief-{edition.brief_id}{to.suffix}"
        )
        return rendering.answer(
            request,
            body,
            media_type=to.media_type,
            headers={
                "Content-Disposition": name,
                "Content-Security-Policy": f"{_policy(body)}; sandbox",
            },
            private=not is_public(edition.stamp),
        )

    def preview(self, request: Request) -> Response:
        """A draft as its readers would get it, or have it, for a frame on the workbench's page.

        The whole of it unless ``?length=`` names a form that it has.
        """
        brief_id = rendering.number(request.path_params["brief"])
        bench = for_reader(request, self._workbench())
        try:
            publication = bench.publishing.shown(bench.briefs.get(brief_id or 0))
        except UnknownBriefError:
            return self.missing(request)
        offered = forms(publication.lines)
        if offered:
            form = rendering.length_of(request, offered, default=offered[-1])
            publication = at_length(publication, form or offered[-1])
        body = export(publication, ExportFormat.HTML, pictures=bench.cutting)
        body = body.replace(b'href="/pages/', b'target="_blank" rel="noopener" href="/pages/')
        return rendering.answer(
            request,
            body,
            media_type=rendering.HTML,
            headers={"Content-Security-Policy": f"{_with_pictures(_policy(body))}; {_FRAMED}"},
            private=True,
        )

    def missing(self, request: Request) -> Response:
        """The page for an address that leads nowhere."""
        return rendering.missing(request, self._workbench().settings.language)

    def _withdrawn(
        self, request: Request, edition: Edition, numbers: list[int], *, status: int = 200
    ) -> Response:
        language = rendering.language_of(request, self._workbench().settings.language)
        return rendering.page(
            request,
            "withdrawn",
            language=language,
            status=status,
            private=not is_public(edition.stamp),
            values={"edition": edition, "numbers": numbers},
        )

    def _file(self, bench: Workbench, wanted: "_Wanted") -> bytes:
        edition, to, length = wanted.edition, wanted.to, wanted.length
        key = (
            *(edition.sha256, edition.state.value, to.value, wanted.base_url, length or ""),
            *(str(wanted.is_file), *_seen(bench, edition)),
        )
        with self._lock:
            if key in self._rendered:
                self._rendered.move_to_end(key)
                return self._rendered[key]
        folder = self._workbench().settings.font_folder
        whole = edition.publication
        made = export(
            whole if length is None else at_length(whole, length),
            to,
            base_url=wanted.base_url,
            font_folder=Path(folder) if folder else None,
            pictures=bench.cutting,
            embedded=wanted.is_file,
        )
        with self._lock:
            self._rendered[key] = made
            while len(self._rendered) > _KEPT:
                self._rendered.popitem(last=False)
        return made


def _elsewhere(edition: Edition, form: Length | None) -> list[tuple[int, Length]]:
    """The lines that are not in a form, by their anchors, with the shortest form that has them."""
    if form is None:
        return []
    lines = edition.publication.lines
    shown = {line.number for line in at_length(edition.publication, form).lines}
    if None in shown:
        return []
    return [
        (number, line.length)
        for number, line in enumerate(lines, start=1)
        if number not in shown and line.kind is not StatementKind.HEADING
    ]


def _seen(bench: Workbench, edition: Edition) -> Iterator[str]:
    """The versions whose figures this reader may see: what is kept is for such readers alone."""
    lines = (each for each in edition.publication.lines if each.kind is StatementKind.FIGURE)
    for version_id in sorted({each.citations[0].version_id for each in lines if each.citations}):
        with suppress(UnknownRecordError):
            yield str(bench.documents.version(version_id).id)


def _with_pictures(policy: str) -> str:
    """A frame without an origin sends no cookie, so its pictures stand in the page itself."""
    return policy.replace("img-src 'self'", "img-src 'self' data:")


def _policy(body: bytes) -> str:
    """Our plain policy, which also lets the file's one style sheet in, by its hash."""
    match = _STYLE.search(body)
    if match is None:
        return rendering.PLAIN_POLICY
    digest = base64.b64encode(hashlib.sha256(match.group(1)).digest()).decode()
    return rendering.PLAIN_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")


def _edition(bench: Workbench, request: Request) -> tuple[Edition, list[int]] | None:
    """The edition asked for, and the numbers of those of its brief that the reader may see."""
    brief_id = rendering.number(request.path_params["brief"])
    named = request.path_params.get("edition")
    number = None if named is None else rendering.number(named)
    if brief_id is None or (named is not None and number is None):
        return None
    try:
        edition = bench.briefs.edition(brief_id, number)
    except UnknownEditionError:
        return None
    except DamagedEditionError as error:
        # Nobody is given words that were not published; the doctor names the edition.
        _log.error("published: %s", error)
        return None
    return edition, bench.briefs.numbers(brief_id)
