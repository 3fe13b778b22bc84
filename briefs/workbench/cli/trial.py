"""Files added to a throw-away home, to see what becomes of them."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.settings import Settings
from knowledge.errors import UnknownRecordError
from knowledge.ingest import Added
from knowledge.measuring.boxes import Witness
from knowledge.measuring.pictured import Cuttings, PicturedWitness
from knowledge.measuring.printed import PrintedWitness
from knowledge.measuring.report import TakenIn
from knowledge.measuring.texts import Stored
from knowledge.model import Layer, Reading


class Trial:
    """A home of its own with the settings of another; what is added is never encoded."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench

    def take_in(self, path: Path, name: str) -> TakenIn:
        """Add a file as ``zhiku add`` does, and recognise its pages that wait for it."""
        start = time.perf_counter()
        added = self.workbench.ingest.add_file(path, actor=self.workbench.actor)
        seconds = time.perf_counter() - start
        if added.document_id is None:
            return TakenIn(name, None, seconds, problem=_reason(added))
        start = time.perf_counter()
        self.workbench.recognising.work()
        recognising = time.perf_counter() - start
        try:
            version = self.workbench.documents.get(added.document_id).current_version
        except UnknownRecordError as gone:
            # Recognition may find a mark of secrecy.
            return TakenIn(name, None, seconds, recognising, problem=console.words().error(gone))
        return TakenIn(name, self._stored(version, name, path.read_bytes()), seconds, recognising)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a file; when pages wait for recognition, with the entry that comes of it.

        Raises:
            UnreadableError: the file cannot be read.
        """
        reading = self.workbench.files.read(data, name)
        if all(page.layer is not Layer.WAITING for page in reading.pages):
            return reading
        added = self.workbench.ingest.add(
            data, name, source=f"upload:{name}", actor=self.workbench.actor
        )
        if added.document_id is None:
            return reading
        self.workbench.recognising.work()
        try:
            return replace(
                reading, metadata=self.workbench.documents.get(added.document_id).metadata
            )
        except UnknownRecordError:
            return reading

    @contextmanager
    def witnesses(
        self, stored: Stored | None, cuttings: Cuttings
    ) -> Iterator[Mapping[Layer, Witness]]:
        """Who can say what is to be seen on the pages of a file."""
        if stored is None or not stored.places:
            yield {}
            return
        pictured = PicturedWitness(
            stored.data,
            stored.places,
            draw=lambda data, page, width: self.workbench.files.draw(data, page, width=width),
            recognise=cuttings.recognise,
        )
        if not stored.data.startswith(b"%PDF"):
            yield {Layer.RECOGNISED: pictured}
            return
        with PrintedWitness(stored.data) as printed:
            yield {Layer.RECOGNISED: pictured, Layer.TEXT: printed}

    def _stored(self, version_id: int, name: str, data: bytes) -> Stored:
        documents = self.workbench.documents
        pages = tuple(documents.pages(version_id))
        return Stored(
            name,
            data,
            pages,
            tuple(self.workbench.passages.of_version(version_id)),
            documents.places(version_id, [page.index for page in pages]),
        )


@contextmanager
def trial(settings: Settings) -> Iterator[Trial]:
    """A throw-away home with the same settings."""
    with tempfile.TemporaryDirectory(prefix="zhiku-measure-") as folder:
        workbench = Workbench(replace(settings, home=Path(folder)))
        try:
            yield Trial(workbench)
        finally:
            workbench.close()


def _reason(added: Added) -> str:
    return added.outcome.value if added.error is None else console.words().error(added.error)
