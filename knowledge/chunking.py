"""Pages into passages: whole sentences under their headings, as spans of the pages' text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from knowledge.headings import Structure, enumerator_of, structure_of, tidy
from knowledge.model import BlockKind, PageText, PassageDraft, Span
from knowledge.text import fold, sentences

TOLERANCE: Final = 40
"""A passage shorter than this joins its neighbour, which may then pass the limit by as much."""

_LINE: Final = re.compile(r"[^\n]+")
_CONTENTS: Final = frozenset({"目录", "目次", "contents", "tableofcontents"})
_LEADERS: Final = re.compile(r"[\s.…·]*\d*$")
_FINISHED: Final = "。！？；：…”’』」）)》】.!?:;"
_SHORTEST_RUNNING_ON: Final = 12
_BREAKS: Final = re.compile(r"[，、；;：:,](?!(?<=\d[，：,:])\d)|\s")
# What a cut of last resort leaves whole: a number, a Latin word.
_WHOLE: Final = re.compile(r"[^\W_]+(?:[.,:/%‰-][^\W_]+)*[%‰]?", re.ASCII)
_LONGEST_WHOLE: Final = 40
_MOST_CONTENTS: Final = 2000
_MOST_HEADINGS: Final = 12


@dataclass(slots=True)
class _Unit:
    """A paragraph, heading or row; the only thing that may run over a page's end."""

    kind: BlockKind
    level: int | None
    pieces: list[Span]
    text: str
    header: Span | None = None
    """The column names above a row, with the blanks up to their next line."""


@dataclass(slots=True)
class _Section:
    """What stands under one heading, the heading's own line included."""

    path: tuple[str, ...]
    units: list[_Unit] = field(default_factory=list)
    headings: int = 0
    """How many of the first units are headings."""
    whole: bool = False
    """An article: kept in one passage as far as the limit allows."""


@dataclass(slots=True)
class _Part:
    """A passage in the making."""

    spans: list[Span]
    repeats: int = 0

    @property
    def length(self) -> int:
        return sum(span.end - span.start for span in self.spans)


def passages(
    pages: Sequence[PageText], *, target: int = 320, limit: int = 480
) -> list[PassageDraft]:
    """Cut pages into passages, in reading order.

    Every character that is neither blank nor furniture is in exactly one passage, but for a
    table's column names, which are repeated in the passage of each of its rows; none is empty; a
    passage's text is exactly its spans' words, joined. Sentences are broken only when one alone
    exceeds `limit`, and never inside a number. A heading begins a passage and is its first line;
    an article (第X条) begins one of its own; a row is one. A passage runs over a page's end only
    when its paragraph does. Column names of more than half of `limit`, or without rows below, are
    a paragraph.

    Args:
        pages: as a reader gives them; spans count them from 1.
        target: characters at which a passage is full enough.
        limit: characters it does not exceed, but for a leftover of under `TOLERANCE` characters.
    """
    cutter = _Cutter(pages, target=target, limit=limit)
    drafts: list[PassageDraft] = []
    units = _below_headers(_units(pages), pages, longest=limit // 2)
    for section in _sections(units, pages):
        drafts.extend(cutter.cut(section))
    return drafts


def _units(pages: Sequence[PageText]) -> list[_Unit]:
    units: list[_Unit] = []
    for number, page in enumerate(pages, start=1):
        fresh = [
            unit for region in _regions(page) for unit in _of_region(page.text, number, region)
        ]
        if fresh and units and _runs_on(units[-1], fresh[0]):
            _continue(units[-1], fresh.pop(0), pages)
        units.extend(fresh)
    return units


def _below_headers(units: list[_Unit], pages: Sequence[PageText], *, longest: int) -> list[_Unit]:
    """Give each row the column names above it, and take those out where a row stands for them."""
    kept: list[_Unit] = []
    header: Span | None = None
    for index, unit in enumerate(units):
        if unit.kind is BlockKind.HEADER:
            header = None
            rows_follow = index + 1 < len(units) and units[index + 1].kind is BlockKind.ROW
            if rows_follow and len(unit.text) <= longest:
                header = _with_line_end(unit.pieces[0], pages)
                continue
            unit.kind = BlockKind.PARAGRAPH
        elif unit.kind is BlockKind.ROW:
            unit.header = header
        else:
            header = None
        kept.append(unit)
    return kept


def _with_line_end(header: Span, pages: Sequence[PageText]) -> Span:
    blank = pages[header.page - 1].text[header.end : header.end + 1].isspace()
    return Span(header.page, header.start, header.end + 1) if blank else header


def _regions(page: PageText) -> Iterator[tuple[BlockKind, int | None, int, int]]:
    """The blocks of a page but furniture; text outside of blocks counts as paragraphs."""
    position = 0
    for block in page.blocks:
        yield BlockKind.PARAGRAPH, None, position, block.start
        if block.kind is not BlockKind.FURNITURE:
            yield block.kind, block.level, block.start, block.end
        position = block.end
    yield BlockKind.PARAGRAPH, None, position, len(page.text)


def _of_region(
    text: str, number: int, region: tuple[BlockKind, int | None, int, int]
) -> Iterator[_Unit]:
    kind, level, start, end = region
    spans = [(start, end)]
    if kind is BlockKind.PARAGRAPH:
        spans = [match.span() for match in _LINE.finditer(text, start, end)]
    for first, last in spans:
        words = text[first:last]
        begin = first + len(words) - len(words.lstrip())
        words = words.strip()
        if words:
            yield _Unit(kind, level, [Span(number, begin, begin + len(words))], words)


def _runs_on(before: _Unit, after: _Unit) -> bool:
    return (
        before.kind is after.kind is BlockKind.PARAGRAPH
        and before.text[-1] not in _FINISHED
        and len(before.text) >= _SHORTEST_RUNNING_ON
        and not (structure_of(before.text) and len(before.text) < 2 * _SHORTEST_RUNNING_ON)
        and structure_of(after.text) is None
    )


def _continue(unit: _Unit, rest: _Unit, pages: Sequence[PageText]) -> None:
    last = unit.pieces[-1]
    # A reader leaves a blank at the page's end where the words of two lines must not touch.
    if pages[last.page - 1].text[last.end : last.end + 1] == " ":
        unit.pieces[-1] = Span(last.page, last.start, last.end + 1)
        unit.text += " "
    unit.pieces.extend(rest.pieces)
    unit.text += rest.text


def _sections(units: list[_Unit], pages: Sequence[PageText]) -> Iterator[_Section]:
    contents = _contents(units)
    title = _is_title(units)
    stack: list[Structure] = []
    section = _Section(())
    for index, unit in enumerate(units):
        structure = None if index in contents else _announces(units, index, stack)
        if contents and index == contents.stop and structure is None:
            # The first entry of the contents, come again, is a heading whatever it looks like.
            structure = Structure("heading", _DIVISION_RANK, tidy(unit.text))
        if structure is None and not (contents and index == contents.start):
            section.units.append(unit)
            continue
        pending = _pending(section, unit, pages)
        if section.units and not pending:
            yield section
        if structure is None:
            section = _Section(("目录",), [*pending, unit], len(pending))
            continue
        if not (index == 0 and title):
            while stack and stack[-1].rank >= structure.rank:
                stack.pop()
            stack.append(structure)
        # An article's line is words at once, so it never waits for words below it.
        own = 0 if structure.is_article and unit.kind is not BlockKind.HEADING else 1
        path = tuple(above.label for above in stack)
        section = _Section(path, [*pending, unit], len(pending) + own, structure.is_article)
    if section.units:
        yield section


def _pending(section: _Section, after: _Unit, pages: Sequence[PageText]) -> list[_Unit]:
    """The units of a section that is all headings, if they can open the next passage."""
    if section.headings < len(section.units) or not 0 < len(section.units) < _MOST_HEADINGS:
        return []
    last, first = section.units[-1].pieces[-1], after.pieces[0]
    joins = last.page == first.page and _blank(pages, last, first)
    return section.units if joins else []


def _is_title(units: list[_Unit]) -> bool:
    """Whether the first unit is the only heading of its level or higher: then it is the title."""
    if not units or units[0].kind is not BlockKind.HEADING:
        return False
    top = units[0].level or 1
    others = (unit for unit in units[1:] if unit.kind is BlockKind.HEADING)
    return all((unit.level or 1) > top for unit in others)


def _announces(units: list[_Unit], index: int, stack: list[Structure]) -> Structure | None:
    """What a unit opens, seen with its neighbours; None for words."""
    unit = units[index]
    structure = structure_of(unit.text)
    if unit.kind is BlockKind.HEADING:
        rank = unit.level or 1
        if structure and structure.is_article:
            return Structure("条", rank, structure.label)
        return Structure("heading", rank, structure.label if structure else tidy(unit.text))
    if unit.kind is not BlockKind.PARAGRAPH or structure is None:
        return None
    if structure.rank > _ARTICLE_RANK:
        # Items of an article or of a list are words; a heading has something else below it.
        neighbours = [units[i] for i in (index - 1, index + 1) if 0 <= i < len(units)]
        kinds = [enumerator_of(other.text) for other in neighbours]
        if index + 1 == len(units) or structure.kind in kinds:
            return None
        if any(above.is_article for above in stack):
            return None
    return structure


_ARTICLE_RANK: Final = 16
_DIVISION_RANK: Final = 13


def _contents(units: list[_Unit]) -> range:
    """The units of a table of contents: from its heading to where its first entry comes again."""
    for start, unit in enumerate(units):
        if len(unit.text) > TOLERANCE or start + 1 == len(units):
            continue
        if fold(unit.text).replace(" ", "") not in _CONTENTS:
            continue
        if len(units[start + 1].text) > 2 * TOLERANCE:
            continue
        first = fold(_LEADERS.sub("", units[start + 1].text))
        for index in range(start + 2, min(len(units), start + _MOST_CONTENTS)):
            text = units[index].text
            if fold(text) == first:
                return range(start, index)
            if len(text) > 2 * TOLERANCE or text.endswith("。"):
                break
    return range(0)


def _blank(pages: Sequence[PageText], before: Span, after: Span) -> bool:
    """Whether nothing but blanks lies between two spans of one page."""
    return not pages[before.page - 1].text[before.end : after.start].strip()


class _Cutter:
    """Cuts sections into passages of the wanted length."""

    def __init__(self, pages: Sequence[PageText], *, target: int, limit: int) -> None:
        self._pages = pages
        self._target = target
        self._limit = limit

    def cut(self, section: _Section) -> list[PassageDraft]:
        """Cut one section; its passages share its heading path."""
        target = self._limit if section.whole else self._target
        parts: list[_Part] = []
        open_part = False
        for index, unit in enumerate(section.units):
            below_heading = 0 < index <= section.headings
            row = unit.kind is BlockKind.ROW
            lead = [unit.header] if unit.header else []
            if row or not self._adjoins(parts, unit):
                open_part = False
            elif parts and parts[-1].length >= 0.75 * target and not below_heading:
                open_part = section.whole and open_part
            for atom in self._atoms(unit, self._limit - _length(lead)):
                goal = self._limit if row or below_heading else target
                if open_part and self._fits(parts[-1], atom, goal):
                    parts[-1].spans = self._joined(parts[-1].spans, atom)
                else:
                    parts.append(_Part([*lead, *atom], len(lead)))
                open_part = True
                below_heading = False
            open_part = open_part and not row
        if not any(unit.kind is BlockKind.ROW for unit in section.units):
            parts = self._without_leftovers(parts)
        return [
            PassageDraft(self._words(part.spans), tuple(part.spans), section.path, part.repeats)
            for part in parts
        ]

    def _adjoins(self, parts: list[_Part], unit: _Unit) -> bool:
        if not parts:
            return False
        last, first = parts[-1].spans[-1], unit.pieces[0]
        return last.page == first.page and _blank(self._pages, last, first)

    def _fits(self, part: _Part, atom: list[Span], goal: int) -> bool:
        together = _length(self._joined(part.spans, atom))
        return together <= goal or (together <= self._limit and part.length < goal / 2)

    def _joined(self, spans: list[Span], atom: list[Span]) -> list[Span]:
        last, first = spans[-1], atom[0]
        if last.page == first.page and _blank(self._pages, last, first):
            return [*spans[:-1], Span(last.page, last.start, first.end), *atom[1:]]
        return [*spans, *atom]

    def _without_leftovers(self, parts: list[_Part]) -> list[_Part]:
        kept: list[_Part] = []
        for part in parts:
            short = kept and min(kept[-1].length, part.length) < TOLERANCE
            if short and kept[-1].spans[-1].page == part.spans[0].page:
                together = self._joined(kept[-1].spans, part.spans)
                if len(together) < len(kept[-1].spans) + len(part.spans) and (
                    _length(together) <= self._limit + TOLERANCE
                ):
                    kept[-1].spans = together
                    continue
            kept.append(part)
        return kept

    def _words(self, spans: Sequence[Span]) -> str:
        return "".join(self._pages[span.page - 1].text[span.start : span.end] for span in spans)

    def _atoms(self, unit: _Unit, room: int) -> Iterator[list[Span]]:
        """The sentences of a unit (the cells of a long row), none longer than the room for it."""
        if unit.kind is BlockKind.ROW and len(unit.text) <= room:
            yield unit.pieces
            return
        for start, end in sentences(unit.text):
            for first, last in _broken(unit.text, start, end, room):
                words = unit.text[first:last]
                if words.strip():
                    begin = first + len(words) - len(words.lstrip())
                    yield _cut(unit.pieces, begin, begin + len(words.strip()))


def _broken(text: str, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
    """A sentence in parts that fit: after a cell of a row, a comma, a blank, else a word."""
    while end - start > room:
        half, full = start + room // 2, start + room
        cell = text.rfind("；", half, full) + 1
        # One character more is looked at: what follows tells a comma from a number's.
        breaks = (match.end() for match in _BREAKS.finditer(text, half, full + 1))
        stop = cell or max((place for place in breaks if place <= full), default=0)
        if not stop:
            words = _WHOLE.finditer(text, max(half, full - _LONGEST_WHOLE), full + _LONGEST_WHOLE)
            split = next((word.start() for word in words if word.end() > full), full)
            stop = split if split > half else full
        yield start, stop
        start = stop
    yield start, end


def _length(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _cut(pieces: Sequence[Span], start: int, end: int) -> list[Span]:
    """The part ``[start, end)`` of joined pieces, as spans."""
    cut: list[Span] = []
    offset = 0
    for piece in pieces:
        size = piece.end - piece.start
        first, last = max(start - offset, 0), min(end - offset, size)
        if first < last:
            cut.append(Span(piece.page, piece.start + first, piece.start + last))
        offset += size
    return cut
