"""What a catalogue entry is worked out from, and what is found there with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.model import BlockKind, Ground, Origin, PageText

_HEAD: Final = 25
_TAIL: Final = 40
_LONGEST_GROUND: Final = 200


@dataclass(frozen=True, slots=True)
class Hints:
    """What the file's own properties claim; weaker than the words on the page, but for `url`."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    issuer: str | None = None
    issued_on: str | None = None
    url: str | None = None
    table: bool = False
    """The file is a table or a workbook."""
    web: bool = False
    """The file is a saved web page."""
    headings: tuple[str, ...] = ()
    """Headings of a web page, also those outside its main text, in order."""
    around: tuple[str, ...] = ()
    """Short lines of a web page outside its main text: day, source, address."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One line of a document."""

    text: str
    page: int
    """Physical page, 1-based."""
    level: int | None = None
    """Depth of a heading; None for any other line."""

    def gives(self, value: str, words: str | None = None) -> "Found":
        """A finding on this line; `words` are those that it rests on, the whole line failing it."""
        return Found(value, self.text if words is None else words, Origin.PAGE, self.page)


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a field of the catalogue, and the words it was taken from."""

    value: str
    words: str
    origin: Origin = Origin.PAGE
    page: int | None = None

    def ground(self, field: str) -> Ground:
        """Why `field` has its value."""
        return Ground(field, self.origin, self.words.strip()[:_LONGEST_GROUND], self.page)


@dataclass(frozen=True, slots=True)
class Material:
    """One document as those see it who look for its title, issuer, number and days."""

    lines: tuple[Printed, ...]
    """All lines with words, in reading order."""
    name: str
    """The file's name."""
    hints: Hints

    @property
    def head(self) -> tuple[Printed, ...]:
        """The lines among which title, number and notes of adoption stand."""
        return self.lines[:_HEAD]

    @property
    def tail(self) -> tuple[Printed, ...]:
        """The last lines: signature, coming into force, notes of a website."""
        return self.lines[max(len(self.lines) - _TAIL, _HEAD) :]

    @property
    def edges(self) -> tuple[Printed, ...]:
        """Head and tail."""
        return self.head + self.tail

    @property
    def texts(self) -> list[str]:
        """The words of all lines."""
        return [line.text for line in self.lines]


def material_of(pages: Sequence[PageText], name: str, hints: Hints) -> Material:
    """Take the lines of pages; of page furniture only what bears a label, such as 文号：."""
    lines = [
        Printed(text, number, level)
        for number, page in enumerate(pages, start=1)
        for text, level in _lines(page)
        if text
    ]
    return Material(tuple(lines), name, hints)


def _lines(page: PageText) -> list[tuple[str, int | None]]:
    if not page.blocks:
        return [(_bare(line), None) for line in page.text.split("\n")]
    return [
        (_bare(line), block.level if block.kind is BlockKind.HEADING else None)
        for block in page.blocks
        for line in page.text[block.start : block.end].split("\n")
        if block.kind is not BlockKind.FURNITURE or "：" in line or ":" in line
    ]


def _bare(line: str) -> str:
    return line.strip(" \u3000#")
