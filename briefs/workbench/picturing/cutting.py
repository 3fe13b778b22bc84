"""Figures cut out of the pages of sources, for the files of a brief and for its page."""

from collections.abc import Sequence
from typing import Final

from briefs.cutting import area_of, cropped, is_drawn
from briefs.workbench.picturing.marking import valid_marks
from briefs.workbench.picturing.pictures import WIDTHS, Pictures, regions
from briefs.workbench.wording import Wording
from knowledge.errors import UnknownRecordError
from knowledge.model import Span
from knowledge.places import Box
from knowledge.store.documents import Documents

_WIDTH: Final = WIDTHS[-1]


class Cutting:
    """Cuts figures for one person, see `briefs.exporters.Pictures`; safe in several threads.

    What the person may not see has no picture for them.
    """

    def __init__(self, documents: Documents, pictures: Pictures, *, words: Wording) -> None:
        """Make the service.

        Args:
            documents: those that the person may see.
            pictures: of their pages.
            words: in which a page that cannot be drawn would be labelled.
        """
        self._documents = documents
        self._pictures = pictures
        self._words = words

    def cut(self, version_id: int, spans: Sequence[Span], /) -> bytes | None:
        """The part of the page of the first span around the words at `spans`, as a PNG.

        None where the person may not see the page, where its format has no printed pages, and where
        the words have no place on it.
        """
        try:
            return self._cut(version_id, spans)
        except UnknownRecordError:
            return None

    def _cut(self, version_id: int, spans: Sequence[Span]) -> bytes | None:
        version = self._documents.version(version_id)
        number = spans[0].page
        pages = self._documents.pages(version_id, [number])
        if not pages or not is_drawn(version):
            return None
        places = self._documents.places(version_id, [number]).get(number)
        shapes = regions(places, valid_marks(pages[0], spans))
        if places is None or not shapes:
            return None
        page = Box(0, 0, places.width, places.height)
        around, band = area_of(shapes, places.regions(0, len(pages[0].text)), page=page)
        drawn = self._pictures.png(version_id, number, width=_WIDTH, words=self._words)
        return cropped(drawn, around, band, page=page)
