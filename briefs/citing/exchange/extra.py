"""Zotero's Extra field: lines ``variable: value`` in a note, for what a format has no field for.

Source of the form: Zotero's and citeproc-js's documentation ("citing fields from Extra"). Names are
written ``family || given``.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from briefs.citing.exchange.dates import date_of
from briefs.citing.exchange.item import language_of
from briefs.citing.exchange.types import TYPES
from knowledge.csl import DATES, NAMES, TEXTS, Name, Work, name_of

_LINE: Final = re.compile(r"\s*([A-Za-z][A-Za-z _-]{0,40}?)\s*[:：]\s*(\S.*)")
_VARIABLES: Final = {variable.lower(): field for field, variable in TEXTS.items()} | {
    "event": "event",
    "place": "publisher_place",
}


def with_extra(work: Work, note: str) -> Work:
    """Fill a work's unknown fields from a note; ``type:`` goes before the type it had.

    Lines that name no variable are a person's own notes, and ignored.
    """
    changes: dict[str, Any] = {}
    for line in note.splitlines():
        found = _LINE.fullmatch(line)
        if not found:
            continue
        variable = found.group(1).lower().replace(" ", "-").replace("_", "-")
        value = found.group(2).strip()
        if variable == "type":
            kind = TYPES.get(value.lower().replace(" ", "-"))
            changes |= {"type": kind} if kind else {}
        elif variable in NAMES:
            changes[variable] = (*changes.get(variable, ()), _name(value))
        elif variable in DATES:
            changes[variable] = date_of(value)
        elif field := _VARIABLES.get(variable):
            changes[field] = language_of(value) if field == "language" else value
    unknown = {
        field: value
        for field, value in changes.items()
        if value and (field == "type" or not getattr(work, field))
    }
    return replace(work, **unknown)


def extra_of(work: Work, fields: Mapping[str, object]) -> str:
    """The lines for those of `fields` (names of `Work`) that are known, in their order."""
    lines = []
    for field in fields:
        value = getattr(work, field)
        if isinstance(value, tuple):
            lines += [f"{field}: {_written(name)}" for name in value]
        elif value:
            lines.append(f"{TEXTS.get(field, field)}: {' '.join(str(value).split())}")
    return "\n".join(lines)


def _name(written: str) -> Name:
    family, bars, given = (part.strip() for part in written.partition("||"))
    return Name(family=family, given=given) if bars else name_of(written)


def _written(name: Name) -> str:
    return f"{name.family} || {name.given}" if name.family else name.literal or name.given
