"""Kinds of values that commands take."""

import re

import click

from knowledge.errors import BadDateError

ID = click.IntRange(1, 2**63 - 1)
"""An id, as far as SQLite counts."""
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


class _Date(click.ParamType[str]):
    name = "date"

    def convert(
        self, value: str, _parameter: click.Parameter | None, _context: click.Context | None
    ) -> str:
        if not _DATE.fullmatch(value):
            raise BadDateError(value=value)
        return value


DATE = _Date()
"""A date of the precision known: ``2021``, ``2021-05`` or ``2021-05-30``."""
