"""Guessed catalogue entries beside what is known to be true of the files."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from knowledge.errors import BadManifestError, MissingFileError, UnreadableError
from knowledge.model import Metadata, Reading
from knowledge.readers import read_file
from knowledge.readers.dates import dates_in
from knowledge.text import fold

MANIFEST: Final = "manifest.jsonl"
"""The list of a folder's files, a JSON object a line: ``path`` and what is known, empty for not."""
TRUTH: Final = "catalogue.jsonl"
"""Beside it, of the same form: what it says of a field goes before the manifest; a list gives
several right values, and an empty one means that the document does not say."""

FIELDS: Final = (
    "title", "issuer", "number", "issued_on", "effective_on", "type", "language", "carrier",
)  # fmt: skip
"""What is compared; a manifest may call `issued_on` ``date``."""
_DATES: Final = frozenset({"issued_on", "effective_on", "accessed_on"})
_MARKS: Final = re.compile(r"[\s《》〈〉<>（）()\[\]“”\"'、，,·]+")

Read = Callable[[bytes, str], Reading]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of one file: for each field the values that are right."""

    path: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A field that was guessed otherwise."""

    path: str
    field: str
    expected: tuple[str, ...]
    actual: str | None
    reason: str | None = None
    """Why the file could not be read, if it could not."""


@dataclass(frozen=True, slots=True)
class Share:
    """How often one field was right."""

    field: str
    right: int
    judged: int


@dataclass(frozen=True, slots=True)
class CatalogueMeasure:
    """What came of reading all files of a manifest."""

    files: int
    shares: tuple[Share, ...]
    """One for each field that something is known of."""
    deviations: tuple[Deviation, ...]
    """In the order of the manifest; a file that cannot be read deviates in every known field."""


def expectations(folder: Path, *, truth: Path | None = None) -> tuple[Expected, ...]:
    """Read what is known of a folder's files.

    Args:
        folder: it holds `MANIFEST`.
        truth: read instead of `TRUTH` in the folder.

    Raises:
        MissingFileError: the folder has no manifest, or `truth` does not exist.
        BadManifestError: a line is no JSON object with a path.
    """
    known = {
        path: {key: given for key, given in values.items() if given != ("",)}
        for path, values in _read(folder / MANIFEST).items()
    }
    side = truth or folder / TRUTH
    for path, values in (_read(side) if truth or side.is_file() else {}).items():
        if path in known:
            known[path] |= values
    return tuple(Expected(path, values) for path, values in known.items())


def measure_catalogue(
    folder: Path, *, truth: Path | None = None, read: Read = read_file
) -> CatalogueMeasure:
    """Read every file of the folder's manifest and compare its guessed entry with what is known.

    Texts are compared without blanks, brackets and quotation marks; a day that is known only to
    the month or year is right when the guess agrees as far.

    Raises:
        MissingFileError: the folder has no manifest, or a file that it names is missing.
        BadManifestError: a line is no JSON object with a path.
    """
    expected = expectations(folder, truth=truth)
    deviations: list[Deviation] = []
    for each in expected:
        deviations.extend(_deviations(each, folder, read))
    counted = [field for field in FIELDS if any(field in each.values for each in expected)]
    return CatalogueMeasure(
        len(expected),
        tuple(_share(field, expected, deviations) for field in counted),
        tuple(deviations),
    )


def _share(field: str, expected: Sequence[Expected], deviations: Sequence[Deviation]) -> Share:
    judged = sum(field in each.values for each in expected)
    return Share(field, judged - sum(each.field == field for each in deviations), judged)


def _deviations(expected: Expected, folder: Path, read: Read) -> list[Deviation]:
    path = folder / expected.path
    if not path.is_file():
        raise MissingFileError(path=path)
    metadata, reason = Metadata(), None
    try:
        metadata = read(path.read_bytes(), path.name).metadata
    except UnreadableError as error:
        reason = str(error)
    found: list[Deviation] = []
    for field, right in expected.values.items():
        actual = getattr(metadata, field)
        if reason or not any(_same(field, value, actual or "") for value in right):
            found.append(Deviation(expected.path, field, right, actual, reason))
    return found


def _same(field: str, right: str, actual: str) -> bool:
    if field in _DATES:
        return actual.startswith(right) if right else not actual
    return _bare(right) == _bare(actual)


def _bare(text: str) -> str:
    return _MARKS.sub("", fold(text))


def _read(path: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    if not path.is_file():
        raise MissingFileError(path=path)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = dict(json.loads(line))
            found[str(entry["path"])] = _values(entry)
        except (ValueError, KeyError, TypeError) as error:
            raise BadManifestError(path=path, line=number) from error
    return found


def _values(entry: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    named = {"issued_on" if key == "date" else key: value for key, value in entry.items()}
    return {
        field: tuple(_written(field, value) for value in _listed(named[field]))
        for field in FIELDS
        if field in named
    }


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _written(field: str, value: object) -> str:
    text = "" if value is None else str(value)
    if field in _DATES and (days := dates_in(text, compact=True)):
        return days[0]
    return text
