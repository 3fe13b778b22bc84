"""What becomes of hostile files, beside what their list expects."""

import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from knowledge.access import KEEPER
from knowledge.accounts.roles import Permission
from knowledge.errors import (
    BadManifestError,
    CrashingError,
    EmptyFileError,
    EncryptedArchiveError,
    EncryptedError,
    MissingFileError,
    TooDemandingError,
    TookTooLongError,
)
from knowledge.ingest import Added, AddOutcome, Ingest, Records
from knowledge.model import Layer, Page
from knowledge.originals import Originals
from knowledge.readers.legibility import legibility_of
from knowledge.readers.sandbox import LIMITS, Sandbox
from knowledge.store.documents import Documents
from knowledge.store.engine import migrate, open_engine
from knowledge.store.failures import Failures
from knowledge.store.people import People
from knowledge.store.quarantine import QuarantinedFiles
from knowledge.text import fold

LONGEST_SECONDS: Final = 30.0
MOST_MEMORY: Final = 1_500_000_000
_LIST: Final = "manifest.jsonl"
_SCRIPT: Final = re.compile(r"(?i)</?script|function\s*\(|document\.write|\balert\(")
_OUT_OF_BOUNDS: Final = (CrashingError, TooDemandingError, TookTooLongError)


class Verdict(StrEnum):
    """How an outcome compares with what was expected."""

    MET = "met"
    NOT_MET = "not-met"
    LOOK = "look"
    """No rule decides it: a person compares."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one file."""

    added: Added
    pages: tuple[Page, ...]
    seconds: float
    peak: int | None
    """Bytes that the process held which read it; None where it gave no answer."""

    @property
    def text(self) -> str:
        """All its words."""
        return "\n".join(page.text for page in self.pages)

    @property
    def refused(self) -> bool:
        """Nothing of it was taken in."""
        return self.added.outcome is AddOutcome.FAILED

    @property
    def waiting(self) -> int:
        """Pages that wait for recognition."""
        return sum(page.layer is Layer.WAITING for page in self.pages)

    @property
    def is_sound(self) -> bool:
        """Refused, or readable as far as it was read."""
        return legibility_of(self.text).is_legible and "\ufffd" not in self.text


@dataclass(frozen=True, slots=True)
class HostileMeasure:
    """One file: expected beside actual."""

    name: str
    category: str
    what: str
    expected: str
    seen: Seen
    verdict: Verdict
    faults: tuple[str, ...] = ()
    """What must never be: ``crash``, ``seconds``, ``memory``, ``half-stored``, ``name-as-path``."""


def measure_hostile(folder: Path, *, apart: bool = True) -> Iterator[HostileMeasure]:
    """Take every file that a folder's ``manifest.jsonl`` names into a throw-away home, in order.

    A line of the list is a JSON object with ``file``, ``category``, ``what`` and ``expect``.

    Args:
        folder: with the files and their list.
        apart: a new process for each file, so that its peak of memory is the file's own; otherwise
            one for all that behave, as in use.

    Raises:
        MissingFileError: there is no such list, or a file that it names is not there.
        BadManifestError: a line of it cannot be read.
    """
    with tempfile.TemporaryDirectory() as scratch:
        limits = replace(LIMITS, requests=1) if apart else LIMITS
        home = _Home(Path(scratch), Sandbox(limits=limits))
        try:
            for item in _items(folder / _LIST):
                yield home.measure(folder, item)
        finally:
            home.close()


class _Home:
    """A home with nothing but what taking files in needs."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._folder = folder
        self._engine = open_engine(folder / "zhiku.db")
        migrate(self._engine)
        self._documents, self._failures = (
            Documents(self._engine, KEEPER),
            (Failures(self._engine, KEEPER)),
        )
        self._sandbox = sandbox
        self._ingest = Ingest(
            Records(self._documents, self._failures, QuarantinedFiles(self._engine)),
            originals=Originals(folder / "originals"),
            read=self._sandbox.read,
            lock=folder / "ingest.lock",
            clock=_now,
        )
        person = People(self._engine).ensure("measuring", branch="-", at=_now())
        self._actor = replace(person, permissions=frozenset({Permission.ADD}))

    def close(self) -> None:
        self._sandbox.close()
        self._engine.dispose()

    def measure(self, folder: Path, item: Mapping[str, str]) -> HostileMeasure:
        path = folder / item["file"]
        if not path.is_file():
            raise MissingFileError(path=path)
        before = self._documents.counts()
        self._sandbox.forget_peak()
        start = time.perf_counter()
        added = self._ingest.add_file(path, actor=self._actor)
        seconds = time.perf_counter() - start
        seen = Seen(added, self._pages(added), seconds, self._sandbox.peak)
        faults = tuple(self._faults(seen, before, path.name))
        verdict = Verdict.NOT_MET if faults else _verdict(item["category"], item["expect"], seen)
        return HostileMeasure(
            item["file"], item["category"], item["what"], item["expect"], seen, verdict, faults
        )

    def _pages(self, added: Added) -> tuple[Page, ...]:
        if added.document_id is None:
            return ()
        version = self._documents.get(added.document_id).current_version
        return tuple(self._documents.pages(version))

    def _faults(self, seen: Seen, before: tuple[int, int], name: str) -> Iterator[str]:
        if isinstance(seen.added.error, _OUT_OF_BOUNDS):
            yield "crash"
        if seen.seconds > LONGEST_SECONDS:
            yield "seconds"
        if (seen.peak or 0) > MOST_MEMORY:
            yield "memory"
        stored = seen.added.outcome in {AddOutcome.ADDED, AddOutcome.NEW_VERSION}
        if not stored and self._documents.counts() != before:
            yield "half-stored"
        if any(found.name == name for found in self._folder.rglob("*")):
            yield "name-as-path"


def _items(path: Path) -> Iterator[Mapping[str, str]]:
    if not path.is_file():
        raise MissingFileError(path=path)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            yield {key: str(found[key]) for key in ("file", "category", "what", "expect")}
        except (ValueError, TypeError, KeyError) as error:
            raise BadManifestError(path=path, line=number) from error


def _verdict(category: str, expected: str, seen: Seen) -> Verdict:
    rule = _RULES.get(category)
    if rule is None:
        return Verdict.LOOK
    met = rule(expected, seen)
    return Verdict.LOOK if met is None else Verdict.MET if met else Verdict.NOT_MET


def _encrypted(expected: str, seen: Seen) -> bool:
    told = isinstance(seen.added.error, EncryptedError | EncryptedArchiveError)
    may_open, may_refuse = "opens" in expected, "say" in expected
    return (may_refuse and told) or (may_open and bool(seen.text.strip()))


def _broken(expected: str, seen: Seen) -> bool:
    if "bad one" in expected:
        # Where PDFium could mend the bad page there is nothing to report.
        whole = all(page.text.strip() for page in seen.pages)
        return bool(seen.added.passages) and (whole or bool(seen.added.remarks))
    return seen.refused or seen.is_sound


def _untrusted(_expected: str, seen: Seen) -> bool:
    return seen.refused or not seen.added.passages


def _decoded(expected: str, seen: Seen) -> bool | None:
    if "names" in expected:
        return seen.refused
    if "doubtful" in expected:
        return seen.refused or bool(seen.added.remarks)
    return bool(seen.added.passages) and seen.is_sound and "\ufeff" not in seen.text


def _found(expected: str, seen: Seen) -> bool | None:
    words = re.findall("[\u4e00-\u9fff]{4,}", expected)
    folded = fold(seen.text)
    return all(word in folded for word in words) if words else None


_RULES: Final[Mapping[str, Callable[[str, Seen], bool | None]]] = {
    "encrypted-pdf": _encrypted,
    "encrypted-office": _encrypted,
    "encrypted-archive": _encrypted,
    "broken-pdf": _broken,
    "broken-office": _broken,
    "broken-archive": _broken,
    "tounicode": _untrusted,
    "scan": lambda _, seen: bool(seen.waiting),
    "many-pages": lambda _, seen: seen.refused or len(seen.pages) > 1,
    "nested": lambda _, seen: seen.refused or bool(seen.text.strip()),
    "csv": lambda _, seen: seen.refused or bool(seen.text.strip()),
    "encoding": _decoded,
    "html": lambda _, seen: not _SCRIPT.search(seen.text),
    "empty": lambda _, seen: isinstance(seen.added.error, EmptyFileError),
    "wrong-type": lambda expected, seen: seen.refused or "handled" in expected,
    "filename": lambda _, seen: bool(seen.added.passages),
    "bomb": lambda _, seen: seen.refused,
    "injection": lambda _, seen: seen.refused or bool(seen.text.strip()),
    "unicode": _found,
}
"""By category of file; None where a person must look."""


def _now() -> datetime:
    return datetime.now(UTC)
