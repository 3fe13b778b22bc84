"""A text that a person types or pastes, as statements without evidence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from briefs.evidence.stream import is_wide
from briefs.model import Statement, StatementKind
from briefs.tables import Table, text_of
from knowledge.headings import enumerator_of, structure_of
from knowledge.numerals import NUMERAL_CHARACTERS
from knowledge.text import sentences

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_MARKED: Final = re.compile(r"(#{1,6})[ \t\u3000]+(\S.*)")
_DIVISION: Final = re.compile(
    rf"第[{NUMERAL_CHARACTERS}\d]{{1,9}}(分编|编|篇|章|节)[ \u3000]+[^。；，？！]{{1,30}}"
)
"""第一章 一般规定: with a blank in it, it says nothing that is laid down."""
_LEVELS: Final = {"编": 1, "篇": 1, "分编": 1, "章": 1, "节": 2, "一、": 1, "（一）": 2, "1.": 3}
"""Of headings, by what `knowledge.headings` calls them."""
_BULLET: Final = re.compile(r"\s*[-*+•·●○◆■□▪▶➤—]\s*\S")
_DASHES: Final = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_BAR: Final = re.compile(r"(?<!\\)\|")
_CAPTION: Final = re.compile(
    r"(?:附?表|续表|Table|Tab\.)\s*[\d一二三四五六七八九十（(]", re.IGNORECASE
)
_LONGEST_CAPTION: Final = 45
_STOPPED: Final = re.compile(r"[。！？!?…；;：:][”’」』）)》〉】\]\"']*$|[.][”’)\]\"']*$")
_ENDING: Final = re.compile(r"[。！？!?；]|[a-z][.](?:\s|$)")
_NUMBERED: Final = re.compile(r"\s*(\d+)")
_CLAUSE: Final = re.compile("[，,；]")
_GOES_ON: Final = re.compile(r"[，、,（(《“‘「『【\[—-]$")
_CONTINUES: Final = re.compile(r"[，、,。；;：:！？!?）)》〉】\]”’」』%％‰℃a-z]")
_BRACKETS: Final = {"（": "）", "(": ")", "《": "》", "“": "”", "「": "」", "【": "】", "〔": "〕"}
_FARTHEST: Final = 200
"""Characters that a bracket is waited for."""
_NARROWEST: Final = 16
"""Columns of the shortest line that is taken for one broken by the width of a page."""
_NEARLY_FULL: Final = 0.6
"""Of the widest line of its paragraph: a line of that width was broken, not ended."""


def pasted(text: str) -> list[Statement]:
    """What a person typed or pasted, as statements without evidence.

    A sentence is a paraphrase of its own, as `knowledge.text.sentences` divides; lines that the
    width of a page broke are joined first. An item of a list begins a statement, a blank line ends
    one. Headings are Markdown's (``#`` its level), 第一章, 一、 (1), 第一节, （一） (2) and 1. (3)
    where the line is short and ends no sentence; numbered lines one after the other are a list.
    Rows with tabs, or between bars with Markdown's line of dashes, are one table with the caption
    above it. No character is lost but white space and Markdown's ``#``, bars and dashes.
    """
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    made: list[Statement] = []
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at:
            made.append(_table(lines[at:end], made))
        elif lines[at].strip():
            end = at + 1
            while end < len(lines) and lines[end].strip() and _table_end(lines, end) == end:
                end += 1
            made += _prose(lines[at:end])
        at = max(end, at + 1)
    return made


def split(text: str, kind: StatementKind) -> list[Statement]:
    """A text that a person declared to be of one kind, a statement a sentence.

    A heading, a table and a figure stay whole.
    """
    if kind is StatementKind.HEADING:
        whole = text.strip()
        return [Statement(kind, whole, level=1)] if whole else []
    if kind in {StatementKind.TABLE, StatementKind.FIGURE}:
        return [Statement(kind, text)] if text.strip() else []
    found = (text[start:end].strip() for start, end in sentences(text))
    return [Statement(kind, words) for words in found if words]


@dataclass(slots=True)
class _Run:
    """Lines of one paragraph as far as they are read; at the least one."""

    lines: list[str]
    sure: list[bool] = field(default_factory=list)
    """Of each line but the first, whether it certainly goes on from the one before."""
    widest: int = 0
    """In columns."""
    tail: str = ""
    """Their last characters."""

    def add(self, line: str, *, is_sure: bool) -> None:
        """Go on with a line."""
        self._look(self.lines[-1])
        self.lines.append(line)
        self.sure.append(is_sure)

    def goes_on(self, following: str) -> bool | None:
        """Whether it certainly goes on with a line, or may (False); None: it does not."""
        line = self.lines[-1]
        if not following or _begins(following):
            return None
        is_open = _is_open(self.tail + line)
        if _CONTINUES.match(following) or _GOES_ON.search(line) or is_open:
            return True
        if _STOPPED.search(line) or not _is_full(line, max(self.widest, _width(following))):
            return None
        return False

    def _look(self, line: str) -> None:
        self.widest = max(self.widest, _width(line))
        self.tail = (self.tail + line)[-_FARTHEST:]

    def texts(self) -> list[str]:
        """The paragraph; as its lines where none of it ends a sentence: a list of names is none."""
        is_prose = any(map(_ENDING.search, self.lines))
        texts = [self.lines[0]]
        for line, is_sure in zip(self.lines[1:], self.sure, strict=True):
            if is_sure or is_prose:
                texts[-1] = _glued(texts[-1], line)
            else:
                texts.append(line)
        return texts


def _prose(lines: Sequence[str]) -> list[Statement]:
    """The statements of lines between which none is blank."""
    made: list[Statement] = []
    run: _Run | None = None
    for number, line in enumerate(lines):
        heading = _heading(lines, number)
        joint = None if run is None or heading is not None else run.goes_on(line.strip())
        if run is not None and joint is not None:
            run.add(line.strip(), is_sure=joint)
            continue
        made += _sentences(run)
        run = _Run([line.strip()]) if heading is None else None
        made += [] if heading is None else [heading]
    return [*made, *_sentences(run)]


def _sentences(run: _Run | None) -> Iterator[Statement]:
    for text in run.texts() if run is not None else ():
        yield from split(text, StatementKind.PARAPHRASE)


def _heading(lines: Sequence[str], number: int) -> Statement | None:
    line = lines[number].strip()
    following = lines[number + 1].strip() if number + 1 < len(lines) else ""
    if marked := _MARKED.fullmatch(line):
        return _headed(marked[2].strip(), len(marked[1]))
    kind = _kind(line)
    if kind is None or _STOPPED.search(line) or (kind == "1." and _is_listed(lines, number)):
        return None
    # The first line of a broken paragraph may look like one; a heading is not gone on with.
    is_broken = bool(following and _CLAUSE.search(line)) and _is_full(line, _width(following))
    return None if _CONTINUES.match(following) or is_broken else _headed(line, _LEVELS[kind])


def _kind(line: str) -> str | None:
    """What kind of heading a line may be, a key of `_LEVELS`."""
    if division := _DIVISION.fullmatch(line):
        return division[1]
    structure = structure_of(line)
    return None if structure is None or structure.kind not in _LEVELS else structure.kind


def _headed(text: str, level: int) -> Statement:
    return Statement(StatementKind.HEADING, text, level=level)


def _is_listed(lines: Sequence[str], number: int) -> bool:
    """Whether the number of a line is counted on in the one beside it: then they are a list."""
    own = _number(lines[number])
    before = _number(lines[number - 1]) if number else None
    after = _number(lines[number + 1]) if number + 1 < len(lines) else None
    return own is not None and (before == own - 1 or after == own + 1)


def _number(line: str) -> int | None:
    found = _NUMBERED.match(line)
    return int(found[1]) if found and enumerator_of(line) == "1." else None


def _is_full(line: str, widest: int) -> bool:
    """Whether a line is about as long as those beside it: the width of a page broke it."""
    return _width(line) >= max(_NARROWEST, _NEARLY_FULL * widest)


def _begins(line: str) -> bool:
    """Whether a line begins something new, whatever stands before it."""
    if enumerator_of(line) is not None or _BULLET.match(line) or _MARKED.fullmatch(line):
        return True
    structure = structure_of(line)
    return _kind(line) is not None or (structure is not None and structure.is_article)


def _is_open(text: str) -> bool:
    """Whether a bracket or a quotation was not closed in the last of its characters."""
    tail = text[-_FARTHEST:]
    return any(tail.count(one) > tail.count(two) for one, two in _BRACKETS.items())


def _glued(before: str, after: str) -> str:
    is_hyphened = before.endswith("-") and before[-2:-1].isalpha() and after[:1].islower()
    if is_hyphened or is_wide(before[-1]) or is_wide(after[0]):
        return before + after
    return f"{before} {after}"


def _width(line: str) -> int:
    """In columns: a Han character takes two."""
    return sum(2 if is_wide(character) else 1 for character in line.strip())


def _table_end(lines: Sequence[str], start: int) -> int:
    """Where a table that begins at `start` ends; `start` itself where none begins."""
    end = start
    if "\t" in lines[start].strip():
        while end < len(lines) and "\t" in lines[end] and lines[end].strip():
            end += 1
        return end if end > start + 1 else start
    if start + 1 < len(lines) and _is_barred(lines[start]) and _is_dashes(lines[start + 1]):
        end = start + 2
        while end < len(lines) and (_is_barred(lines[end]) or lines[end].strip()[:1] == "|"):
            end += 1
    return end if end > start + 2 else start


def _is_barred(line: str) -> bool:
    return len(list(_barred(line))) > 1


def _is_dashes(line: str) -> bool:
    return "|" in line and bool(_DASHES.fullmatch(line.strip()))


def _table(lines: Sequence[str], made: list[Statement]) -> Statement:
    """The table of some lines; its caption is taken from the statements before it."""
    if "\t" in lines[0]:
        rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    else:
        rows = [list(_barred(line)) for line in (lines[0], *lines[2:])]
    columns = max(map(len, rows))
    header, *rest = ((*row, *[""] * (columns - len(row))) for row in rows)
    last = made[-1] if made else None
    caption = made.pop().text if last is not None and _is_caption(last) else ""
    return Statement(StatementKind.TABLE, text_of(Table(caption, header, tuple(rest))))


def _barred(line: str) -> Iterator[str]:
    bare = line.strip()
    bare = bare[1:] if bare.startswith("|") else bare
    cells = _BAR.split(bare)
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    yield from (cell.strip().replace("\\|", "|") for cell in cells)


def _is_caption(line: Statement) -> bool:
    is_short = len(line.text) <= _LONGEST_CAPTION and not _STOPPED.search(line.text)
    return line.kind is StatementKind.PARAPHRASE and is_short and bool(_CAPTION.match(line.text))
