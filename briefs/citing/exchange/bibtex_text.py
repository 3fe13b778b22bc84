"""The text of a BibTeX file cut into entries and fields; nothing is interpreted here."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from briefs.citing.errors import MalformedReferencesError, UnclosedReferenceError

_ENTRY: Final = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_KEY: Final = re.compile(r"\s*([^\s,{}()=\"#%]*)\s*(?=[,})])")
_FIELD: Final = re.compile(r"\s*([A-Za-z][^\s={}(),\"#%]*)\s*=\s*")
_BARE: Final = re.compile(r"[^\s,{}()=\"#%]+")
_BETWEEN: Final = re.compile(r"\s*#\s*")
_BRACES: Final = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTED: Final = re.compile(r"\\.|[{}\"]", re.DOTALL)
_BLANK: Final = re.compile(r"\s*")
_COMMAS: Final = re.compile(r"[\s,]*")
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One ``@type{key, …}`` with its values as they are written, outer braces taken off."""

    type: str
    """Lower case."""
    key: str
    fields: Mapping[str, str]
    """By lower-case name; of a field given twice the first counts, as BibTeX has it."""
    line: int


class _Text:
    """The text and a place in it."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name, self.at = text, name, 0
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def line(self, at: int) -> int:
        return bisect_right(self._lines, at)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def malformed(self) -> MalformedReferencesError:
        rest = self.text[self.at : self.at + _SHOWN].strip().partition("\n")[0]
        line = self.line(min(self.at, len(self.text) - 1))
        return MalformedReferencesError(path=self.name, line=line, words=rest, format="BibTeX")

    def unclosed(self, begun: int) -> UnclosedReferenceError:
        return UnclosedReferenceError(path=self.name, line=self.line(begun))

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]


def entries(text: str, *, name: str) -> Iterator[RawEntry]:
    """Entries in the file's order; ``@string`` is put in, ``@comment`` and ``@preamble`` left out.

    What stands between entries is a comment, as BibTeX has it.

    Raises:
        MalformedReferencesError: no field where one must be.
        UnclosedReferenceError: a brace, a quotation mark or an entry that does not end.
    """
    # The names of months are macros that stand for themselves here.
    reader, macros = _Text(text, name), dict[str, str]()
    while found := _ENTRY.search(text, reader.at):
        kind, begun = found.group(1).lower(), found.start()
        reader.at = found.end()
        close = "}" if found.group(2) == "{" else ")"
        if kind in {"comment", "preamble"} and close == "}":
            _skip(reader, begun)
        elif kind == "string":
            macros |= {k.lower(): v for k, v in _fields(reader, begun, close, macros).items()}
        else:
            key = reader.take(_KEY)
            if key is None:
                raise reader.malformed() if text[reader.at :].strip() else reader.unclosed(begun)
            fields = _fields(reader, begun, close, macros)
            yield RawEntry(kind, key.group(1), fields, reader.line(begun))


def _skip(reader: _Text, begun: int) -> None:
    end = _closing(reader.text, reader.at - 1)
    if end < 0:
        raise reader.unclosed(begun)
    reader.at = end + 1


def _fields(reader: _Text, begun: int, close: str, macros: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    while True:
        reader.take(_COMMAS)
        if reader.peek() == close:
            reader.at += 1
            return found
        if not reader.peek() or reader.peek() == "@":
            raise reader.unclosed(begun)
        field = reader.take(_FIELD)
        if field is None:
            raise reader.malformed()
        value = _value(reader, macros)
        found.setdefault(field.group(1).lower(), value)
        reader.take(_BLANK)
        if reader.peek() not in {",", close}:
            raise reader.malformed() if reader.peek() else reader.unclosed(begun)


def _value(reader: _Text, macros: Mapping[str, str]) -> str:
    parts = [_part(reader, macros)]
    while reader.take(_BETWEEN):
        parts.append(_part(reader, macros))
    return "".join(parts)


def _part(reader: _Text, macros: Mapping[str, str]) -> str:
    begun, first = reader.at, reader.peek()
    if first in {"{", '"'}:
        end = _closing(reader.text, begun) if first == "{" else _closing_quote(reader.text, begun)
        if end < 0:
            raise reader.unclosed(begun)
        reader.at = end + 1
        return reader.text[begun + 1 : end]
    bare = reader.take(_BARE)
    if bare is None:
        raise reader.malformed()
    return macros.get(bare.group().lower(), bare.group())


def _closing(text: str, begun: int) -> int:
    """Where the brace at `begun` is closed; −1 if it is not. Escaped braces do not count."""
    depth = 0
    for found in _BRACES.finditer(text, begun):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if depth == 0 and found.group() == "}":
            return found.start()
    return -1


def _closing_quote(text: str, begun: int) -> int:
    depth = 0
    for found in _QUOTED.finditer(text, begun + 1):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if found.group() == '"' and depth == 0:
            return found.start()
    return -1
