"""Entries of the log as rows of a table, for the page, the command line and CSV."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from briefs.workbench.wording import Wording
from knowledge.accounts.audit import Entry
from knowledge.store.people import People

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
KINDS: Final = (
    "document",
    "version",
    "failure",
    "quarantine",
    "brief",
    "edition",
    "inquiry",
    "answer",
    "asker",
    "account",
    "home",
)
"""What deeds are done to; each has words, ``deed.kind.KIND``."""
BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""
_FORMULA: Final = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
"""How a cell begins that a spreadsheet program might calculate, or run."""


_SAID: Final = {
    "roles": "role.",
    "roles_before": "role.",
    "access": "share.level.",
    "format": "pages.common.format.",
}
"""Details that are names of things, one or several: whose words begin so."""
_PERSONS: Final = {"recipients"}
_BRANCHES: Final = {"branch", "branch_before"}


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in the log stand for."""

    person: Callable[[int], str | None]
    branch: Callable[[int], str | None]

    @classmethod
    def of(cls, people: People) -> "Names":
        """Of all persons and branches there are."""
        return cls(people.names().get, people.branch_name)


def rows_of(entries: Iterable[Entry], names: Mapping[int, str]) -> Iterator[tuple[str, ...]]:
    """Entries as rows, in the order of `COLUMNS`; moments in UTC, persons by name."""
    for entry in entries:
        deed = entry.deed
        person = "" if deed.person_id is None else names.get(deed.person_id, str(deed.person_id))
        yield (
            str(entry.id),
            entry.at.strftime("%Y-%m-%d %H:%M:%S"),
            person,
            deed.action,
            deed.kind or "",
            "" if deed.record is None else str(deed.record),
            deed.address or "",
            details_of(entry),
            entry.digest,
        )


def csv_of(entries: Iterable[Entry], names: Mapping[int, str], _: Wording) -> Iterator[str]:
    """A CSV file in pieces, a line each: named columns, and words beside the action's own name.

    It begins with a byte-order mark once encoded as UTF-8. No cell begins as a formula does, so
    that a spreadsheet program calculates nothing.
    """
    heads = [_(f"audit.column.{column}") for column in COLUMNS]
    at = COLUMNS.index("action") + 1
    yield BOM + csv_line([*heads[:at], _("audit.column.in_words"), *heads[at:]])
    for row in rows_of(entries, names):
        yield csv_line([*row[:at], action_in_words(_, row[at - 1]), *row[at:]])


def action_in_words(_: Wording, action: str) -> str:
    """An action as a person reads it; one of a newer Zhiku as it is entered."""
    return _word(_, f"deed.{action}", action)


def details_of(entry: Entry) -> str:
    """What else is known of a deed, in one line."""
    return " ".join(f"{key}={value}" for key, value in entry.deed.details.items())


def is_named(_: Wording, action: str, kind: str) -> bool:
    """Whether the words of an action name already what it was done to."""
    return _(f"deed.kind.{kind}").casefold() in action_in_words(_, action).casefold()


def details_in_words(_: Wording, entry: Entry, names: Names) -> Iterator[str]:
    """What else is known of a deed, each thing as a person reads it; unknown ones as entered."""
    for name, value in entry.deed.details.items():
        if value is not None and value != "":
            said = _word(_, f"deed.detail.{name}", name)
            if value is True:
                yield said
            else:
                yield _("deed.detail", name=said, value=_value(_, name, value, names))


def _value(_: Wording, name: str, value: str | int | bool, names: Names) -> str:
    if value is False:
        return _("deed.no")
    each = str(value).split()
    if prefix := _SAID.get(name):
        each = [_word(_, f"{prefix}{one}", one) for one in each]
    elif name in _PERSONS | _BRANCHES:
        known = names.person if name in _PERSONS else names.branch
        each = [(one.isdecimal() and known(int(one))) or one for one in each]
    else:
        return str(value)
    return _("share.between").join(each)


def _word(_: Wording, key: str, otherwise: str) -> str:
    said = _(key)
    return otherwise if said == key else said


def csv_line(cells: Iterable[str]) -> str:
    """A line of a CSV file, in which no cell begins as a formula does."""
    written = io.StringIO()
    csv.writer(written).writerow([_harmless(cell) for cell in cells])
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
