"""TXT and Markdown."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from knowledge.errors import EmptyFileError
from knowledge.headings import enumerator_of, structure_of
from knowledge.model import BlockKind, Reading
from knowledge.readers.assembly import Cell, PageBuilder, add_grid
from knowledge.readers.encoding import decode
from knowledge.readers.furniture import is_furniture
from knowledge.readers.guard import check_text_size
from knowledge.readers.metadata import catalogue
from knowledge.text import clean

# Each of these takes time in proportion to a line's length, whatever the line holds.
_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})(?:\s|$)")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NEVER_FIRST: Final = frozenset("，。、；：！？》”’）】」』〉〕％")
_NEVER_LAST: Final = frozenset("，、《“‘（【「『〈〔")
_UNIT: Final = re.compile(r"[％%℃]|(?:万亿|[万亿])(?=[元人册件吨户平公米次吨亩千余多，。、；）]|$)")
_PIPE: Final = re.compile(r"(?<!\\)\|")
_SHORTEST_BROKEN: Final = 8
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_RULES: Final = frozenset("-*_=:| ")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^)\s\[]*(?:\s+\"[^\"\[]*\")?\)")
_MARK: Final = re.compile(r"\*\*|__|`")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_QUOTED: Final = re.compile(r"\s*(?:>\s?)+")
_BULLET: Final = re.compile(r"^(\s*)[-*+]\s+")


class PlainReader:
    """Reads TXT and MD as one part without pages; Markdown's marks are left out of the text."""

    suffixes = frozenset({".txt", ".text", ".md", ".markdown"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a text of any usual encoding; see `knowledge.protocols.Reader`."""
        decoded = decode(data, name)
        check_text_size(len(decoded.text), name)
        text = clean(decoded.text)
        if not text.strip():
            raise EmptyFileError(name=name)
        builder = PageBuilder()
        markdown = PurePath(name).suffix.lower() in {".md", ".markdown"}
        if markdown:
            _add_markdown(builder, text)
        else:
            for line in _whole_lines(text):
                kind = BlockKind.FURNITURE if is_furniture(line) else BlockKind.PARAGRAPH
                builder.add(kind, line)
        page = builder.page()
        if not page.text:
            raise EmptyFileError(name=name)
        known = catalogue((page,), name)
        return Reading(
            "text/markdown" if markdown else "text/plain",
            False,
            (page,),
            known.metadata,
            decoded.encoding,
            decoded.remarks,
            known.grounds,
            decoded.confidence,
        )


def _add_markdown(builder: PageBuilder, text: str) -> None:
    table: list[list[Cell]] = []
    for line in [*_whole_lines(_COMMENT.sub("", text)), ""]:
        is_rule = _is_rule(line)
        if line.lstrip().startswith("|") and not is_rule:
            table.append([Cell(_without_marks(cell)) for cell in _cells(line)])
            continue
        if is_rule and table:
            continue
        add_grid(builder, table)
        table = []
        if heading := _HEADING.match(line):
            level = len(heading.group(1))
            words = line[heading.end() :].strip().rstrip("#").rstrip()
            builder.add(BlockKind.HEADING, _without_marks(words), level=level)
        elif not is_rule and not _FENCE.match(line):
            kind = BlockKind.FURNITURE if is_furniture(line) else BlockKind.PARAGRAPH
            builder.add(kind, _without_marks(line))


def _whole_lines(text: str) -> Iterator[str]:
    """Lines, with those joined that a link, a reference or a narrow window broke in a sentence.

    A line goes on for certain where the next begins with a mark that ends or closes, or where it
    ends with one that opens or divides; between a figure and its unit; before a small letter.
    """
    parts: list[str] = []
    for line in text.split("\n"):
        if parts and not _goes_on(parts[-1], line):
            yield "".join(parts)
            parts = []
        if parts and line[:1].isascii() and parts[-1][-1:].isascii():
            parts.append(" ")
        parts.append(line.rstrip() if not parts else line.strip())
    yield "".join(parts)


def _goes_on(line: str, following: str) -> bool:
    start, end = following.lstrip()[:1], line[-1:]
    if not start or not end:
        return False
    if structure_of(following) is not None or enumerator_of(following) is not None:
        return False
    if start in _NEVER_FIRST or end in _NEVER_LAST:
        return True
    if end.isdecimal():
        return bool(_UNIT.match(following.lstrip())) and len(line) > _SHORTEST_BROKEN
    return start.islower() and end.isascii() and (end.isalpha() or end == ",")


def _is_rule(line: str) -> bool:
    """A line of dashes, or what stands between a table's header and its rows."""
    marks = line.strip()
    return len(marks) >= 3 and set(marks) <= _RULES and any(mark * 3 in marks for mark in "-*_=")


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner)]


def _without_marks(line: str) -> str:
    line = _BULLET.sub(r"\1", _QUOTED.sub("", line, count=1) if _QUOTED.match(line) else line)
    # Twice: a link may hold a picture, which is written as a link is.
    line = _ESCAPED.sub(r"\1", line)
    return _without_emphasis(_LINK.sub(r"\1", _LINK.sub(r"\1", line)))


def _without_emphasis(line: str) -> str:
    """Drop the marks of bold type and code, where one opens and one closes."""
    opened: dict[str, tuple[int, int]] = {}
    dropped: list[tuple[int, int]] = []
    for match in _MARK.finditer(line):
        mark, (start, end) = match.group(), match.span()
        opening = opened.get(mark)
        if opening and start > opening[1] and not line[start - 1].isspace():
            dropped += [opening, (start, end)]
            del opened[mark]
        elif not opening and end < len(line) and not line[end].isspace():
            opened[mark] = start, end
    kept, position = [], 0
    for start, end in sorted(dropped):
        kept.append(line[position:start])
        position = end
    return "".join([*kept, line[position:]])
