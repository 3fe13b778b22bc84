"""Working off the queue: recognise the pages that wait, then let each version take them up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from knowledge import chunking
from knowledge.errors import UnknownRecordError
from knowledge.model import (
    Document,
    DocumentType,
    Ground,
    Layer,
    Metadata,
    Origin,
    Page,
    PageText,
    Version,
)
from knowledge.readers.metadata import Hints, catalogue
from knowledge.recognition.remote import PageRecogniser, UnreadPageError
from knowledge.recognition.sheet import Sheet, sheet_texts
from knowledge.secrecy import mark_of
from knowledge.store.documents import Documents
from knowledge.store.recognitions import Recognitions, Settlement, Tally, Waiting

_REPLACED: Final = ("pages-without-text", "pages-garbled", "pages-recognised", "pages-unread")


@dataclass(frozen=True, slots=True)
class Worked:
    """What one run did."""

    done: int = 0
    failed: int = 0
    settled: tuple[int, ...] = ()
    """Versions that have taken up their pages."""
    withheld: tuple[int, ...] = ()
    """Versions whose document went into quarantine instead."""
    busy: bool = False
    """Another process or thread is at it; nothing was done."""

    @property
    def pages(self) -> int:
        """Pages read or tried."""
        return self.done + self.failed


class Recognising:
    """Recognises the pages that wait; safe in several threads and processes, one works at a time.

    Every page is a transaction of its own, and so is a version's taking up: stopping at any moment
    loses the page in hand and nothing else.
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
        return self._settle_all(worked, settled)

    def _read(self, page: Waiting) -> bool:
        try:
            sheet = self._recogniser.recognise(page.sha256, page.page)
        except (UnreadPageError, UnknownRecordError) as error:
            self._store.fail(page, str(error), at=self._clock())
            return False
        self._store.finish(page, sheet.pack(), at=self._clock())
        return True

    def _settle_all(self, worked: Worked, settled: Callable[[], object]) -> Worked:
        before = worked
        for version_id in self._store.unsettled():
            if self._settle(version_id):
                worked = replace(worked, settled=(*worked.settled, version_id))
            else:
                worked = replace(worked, withheld=(*worked.withheld, version_id))
        if worked != before:
            settled()
        return worked

    def _settle(self, version_id: int) -> bool:
        version = self._documents.version(version_id)
        held = self._documents.pages(version_id)
        fresh = self._fresh(version_id)
        pages = [fresh.get(page.index) or _page_text(page) for page in held]
        mark = mark_of(pages, paged=version.paged)
        if mark is not None and self._withhold(version, mark):
            return False
        document = self._documents.document_of_version(version_id)
        unknown = version.number == 1 and not any(
            page.text.strip() for page in held if page.index not in fresh
        )
        settlement = Settlement(
            fresh,
            chunking.passages(pages),
            _remarks(version.remarks, pages),
            _catalogued(pages, version.file_name, document) if unknown else None,
        )
        self._store.settle(version_id, settlement)
        return True

    def _fresh(self, version_id: int) -> Mapping[int, PageText]:
        """The pages that waited, as they were read; they are put in order among themselves."""
        lines = self._store.lines(version_id)
        read = [position for position, packed in lines.items() if packed]
        sheets = [Sheet.unpack(packed) for packed in lines.values() if packed]
        unread = PageText("", layer=Layer.UNREAD)
        return dict.fromkeys(lines, unread) | dict(zip(read, sheet_texts(sheets), strict=True))


def _page_text(page: Page) -> PageText:
    return PageText(page.text, page.label, page.blocks, page.layer, None, page.recognised)


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
