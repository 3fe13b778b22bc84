"""Working off the queue: recognise the pages that wait, then let each version take them up."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from knowledge import chunking
from knowledge.access import Viewer
from knowledge.errors import UnknownRecordError
from knowledge.model import (
    Document,
    DocumentType,
    Ground,
    Layer,
    Metadata,
    Origin,
    PageText,
    Version,
)
from knowledge.readers.metadata import Hints, catalogue
from knowledge.recognition.remote import PageRecogniser, UnreadPageError
from knowledge.recognition.sheet import Sheet, sheet_texts
from knowledge.secrecy import awaits_recognition, mark_of
from knowledge.store.documents import Documents
from knowledge.store.recognitions import Recognitions, Settlement, Tally, Waiting
from knowledge.store.rows import page_text

_REPLACED: Final = (
    "pages-without-text",
    "pages-garbled",
    "pages-recognised",
    "pages-unread",
    "first-page-unread",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worked:
    """What one run did."""

    done: int = 0
    failed: int = 0
    settled: tuple[int, ...] = ()
    """Versions that have taken up their pages."""
    withheld: tuple[int, ...] = ()
    """Versions that went into quarantine instead."""
    busy: bool = False
    """Another process or thread is at it; nothing was done."""

    @property
    def pages(self) -> int:
        """Pages read or tried."""
        return self.done + self.failed


class Recognising:
    """Recognises the pages that wait; safe in several threads and processes, one works at a time.

    Every page is a transaction of its own, and so is a version's taking up: stopping at any moment
    loses the page in hand and nothing else. As soon as the first words of a version are read, they
    are looked at for a mark of secrecy. A page that cannot be read fails, and so do the pages of a
    version that cannot take them up: neither is in the way of the others.
    """

    def __init__(
        self,
        store: Recognitions,
        documents: Documents,
        *,
        recogniser: PageRecogniser,
        withhold: Callable[[Version, str], bool],
        lock: Path,
        clock: Callable[[], datetime],
    ) -> None:
        """Make the service.

        Args:
            store: the queue.
            documents: the catalogue.
            recogniser: reads one page.
            withhold: told a version and the mark of secrecy that recognition found on it; says
                whether it put the document into quarantine.
            lock: a file that whoever works holds.
            clock: gives the moment at which a page was read.
        """
        self._store = store
        self._documents = documents
        self._recogniser = recogniser
        self._withhold = withhold
        self._lock = FileLock(lock)
        self._clock = clock

    def tally(self) -> Tally:
        """How many pages wait, are done and failed."""
        return self._store.tally()

    def tally_for(self, viewer: Viewer) -> Tally:
        """As `tally`, of the versions that a viewer may see: what a person is told."""
        return self._store.tally_for(viewer)

    def again(self) -> int:
        """Let every failed page wait once more; returns how many."""
        return self._store.again()

    def work(
        self,
        *,
        limit: int | None = None,
        progress: Callable[[Tally], None] = lambda _tally: None,
        settled: Callable[[], object] = lambda: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Worked:
        """Recognise the pages that wait, and those that come to wait meanwhile.

        Does nothing while another process is at it: that one does these too.

        Args:
            limit: pages after which it ends.
            progress: told after every page how many wait and are done.
            settled: called whenever versions have taken up their pages.
            stop: asked before every page whether to end.

        Raises:
            RecognitionUnavailableError: pages wait, and the library for them is not installed.
        """
        try:
            with self._lock.acquire(timeout=0):
                try:
                    return self._work(limit, progress, settled, stop)
                finally:
                    self._recogniser.close()
        except Timeout:
            return Worked(busy=True)

    def _work(
        self,
        limit: int | None,
        progress: Callable[[Tally], None],
        settled: Callable[[], object],
        stop: Callable[[], bool],
    ) -> Worked:
        worked, version_id = self._settle_all(Worked(), settled), None
        looked_at: set[int] = set()
        while limit is None or worked.pages < limit:
            page = self._store.next()
            if page is None or stop():
                break
            if version_id not in (None, page.version_id):
                worked = self._settle_all(worked, settled)
            version_id = page.version_id
            if self._read(page):
                worked = replace(worked, done=worked.done + 1)
            else:
                worked = replace(worked, failed=worked.failed + 1)
            progress(self._store.tally())
            if version_id not in looked_at:
                withheld = self._guarded(version_id, self._look)
                if withheld is not None:
                    looked_at.add(version_id)
                if withheld:
                    worked = replace(worked, withheld=(*worked.withheld, version_id))
                    settled()
        return self._settle_all(worked, settled)

    def _read(self, page: Waiting) -> bool:
        try:
            sheet = self._recogniser.recognise(page.sha256, page.page)
        except (UnreadPageError, UnknownRecordError, OSError, ValueError) as error:
            _log.warning("page %d of version %d failed: %s", page.page, page.version_id, error)
            self._store.fail(page, str(error), at=self._clock())
            return False
        self._store.finish(page, sheet.pack(), at=self._clock())
        return True

    def _settle_all(self, worked: Worked, settled: Callable[[], object]) -> Worked:
        before = worked
        for version_id in self._store.unsettled():
            taken_up = self._guarded(version_id, self._settle)
            if taken_up:
                worked = replace(worked, settled=(*worked.settled, version_id))
            elif taken_up is not None:
                worked = replace(worked, withheld=(*worked.withheld, version_id))
        if worked != before:
            settled()
        return worked

    def _guarded(self, version_id: int, step: Callable[[Version], bool | None]) -> bool | None:
        """What `step` says of a version; None too when it cannot be done: its pages then fail."""
        try:
            return step(self._documents.version(version_id))
        except (ArithmeticError, LookupError, TypeError, ValueError) as problem:
            reason = f"{type(problem).__name__}: {problem}"
            _log.warning("version %d cannot take up its pages: %s", version_id, reason)
            self._store.give_up(version_id, reason, at=self._clock())
            return None

    def _look(self, version: Version) -> bool | None:
        """Whether a version was withheld for its mark; None while its first words wait."""
        fresh, _ = self._fresh(version.id)
        pages = [
            fresh.get(page.index) or page_text(page) for page in self._documents.pages(version.id)
        ]
        if awaits_recognition(pages):
            return None
        mark = mark_of(pages, paged=version.paged)
        return mark is not None and self._withhold(version, mark)

    def _settle(self, version: Version) -> bool:
        fresh, failed = self._fresh(version.id)
        pages = [
            fresh.get(page.index) or page_text(page) for page in self._documents.pages(version.id)
        ]
        mark = mark_of(pages, paged=version.paged)
        if mark is not None and self._withhold(version, mark):
            return False
        unknown = PageText("", layer=Layer.WAITING)
        looked_at = not awaits_recognition(
            [unknown if index in failed else page for index, page in enumerate(pages, start=1)]
        )
        remarks = _remarks(version.remarks, pages)
        if not looked_at:
            remarks.append("first-page-unread")
        first = next((i for i, page in enumerate(pages, start=1) if page.text.strip()), None)
        catalogued = None
        if version.number == 1 and first in fresh:
            document = self._documents.document_of_version(version.id)
            catalogued = _catalogued(pages, version.file_name, document)
        self._store.settle(
            version.id,
            Settlement(fresh, chunking.passages(pages), remarks, catalogued, looked_at),
        )
        return True

    def _fresh(self, version_id: int) -> tuple[Mapping[int, PageText], frozenset[int]]:
        """Pages to take up, put in order among themselves; and those of them that failed."""
        lines = self._store.lines(version_id)
        read = {page: Sheet.unpack(packed) for page, packed in lines.items() if packed}
        failed = frozenset(page for page, packed in lines.items() if packed == b"")
        texts = dict(zip(read, sheet_texts(list(read.values())), strict=True))
        return texts | dict.fromkeys(failed, PageText("", layer=Layer.UNREAD)), failed


def _remarks(known: tuple[str, ...], pages: list[PageText]) -> list[str]:
    kept = [remark for remark in known if remark.partition(":")[0] not in _REPLACED]
    for name, layer in (("pages-recognised", Layer.RECOGNISED), ("pages-unread", Layer.UNREAD)):
        numbers = [number for number, page in enumerate(pages, start=1) if page.layer is layer]
        if numbers:
            kept.append(f"{name}:{_ranges(numbers)}")
    return kept


def _ranges(numbers: list[int]) -> str:
    """Ascending page numbers: ``3-5,8``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return ",".join("-".join(map(str, each)) for each in ranges)


def _catalogued(
    pages: list[PageText], name: str, document: Document
) -> tuple[Metadata, tuple[Ground, ...]]:
    """The entry worked out anew from the words read; what a person gave at the start stays."""
    known, grounds = document.metadata, {ground.field: ground for ground in document.grounds}
    claimed = {field for field, why in grounds.items() if why.origin is Origin.PROPERTIES}
    hints = Hints(
        title=known.title if "title" in claimed else None,
        authors=known.authors if "authors" in claimed else (),
        url=known.url if "url" in claimed else None,
    )
    found = catalogue(pages, name, hints=hints)
    values = {field.name: getattr(known, field.name) for field in fields(Metadata)}
    given = {
        field
        for field, value in values.items()
        if value and value != DocumentType.OTHER and field not in grounds
    }
    for field in values.keys() - given:
        values[field] = getattr(found.metadata, field) or values[field]
    news = {ground.field: ground for ground in found.grounds if ground.field not in given}
    return Metadata(**values), tuple((grounds | news).values())
