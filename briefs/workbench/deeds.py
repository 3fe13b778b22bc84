"""Entries of the log as rows of a table, for the page, the command line and CSV."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from knowledge.accounts.audit import Entry

COLUMNS: Final = (
    "id",
    "at",
    "person",
    "action",
    "kind",
    "record",
    "address",
    "details",
    "digest",
)


def rows_of(entries: Iterable[Entry], names: Mapping[int, str]) -> Iterator[tuple[str, ...]]:
    """Entries as rows, in the order of `COLUMNS`; moments in UTC, persons by name.

    No cell begins as a formula does, so that a spreadsheet program calculates nothing.
    """
    for entry in entries:
        deed = entry.deed
        person = "" if deed.person_id is None else names.get(deed.person_id, str(deed.person_id))
        details = " ".join(f"{key}={value}" for key, value in deed.details.items())
        row = (
            str(entry.id),
            entry.at.strftime("%Y-%m-%d %H:%M:%S"),
            person,
            deed.action,
            deed.kind or "",
            "" if deed.record is None else str(deed.record),
            deed.address or "",
            details,
            entry.digest,
        )
        yield tuple(_harmless(cell) for cell in row)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
