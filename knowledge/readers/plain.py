"""TXT and Markdown."""

import re
from pathlib import PurePath
from typing import Final

from knowledge.errors import EmptyFileError
from knowledge.model import BlockKind, Reading
from knowledge.readers.assembly import PageBuilder, lines_of
from knowledge.readers.encoding import decode
from knowledge.readers.furniture import is_furniture
from knowledge.readers.guard import check_text_size
from knowledge.readers.metadata import describe
from knowledge.text import clean

_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_RULE: Final = re.compile(r"\s*(?:[-*_]\s*){3,}$|\s*\|?[\s:|-]*-{3}[\s:|-]*$")
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_EMPHASIS: Final = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
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
            for line in text.split("\n"):
                kind = BlockKind.FURNITURE if is_furniture(line) else BlockKind.PARAGRAPH
                builder.add(kind, line)
        page = builder.page()
        if not page.text:
            raise EmptyFileError(name=name)
        metadata = describe(lines_of(page, furniture=True), name)
        media_type = "text/markdown" if markdown else "text/plain"
        return Reading(media_type, False, (page,), metadata, decoded.encoding, decoded.remarks)


def _add_markdown(builder: PageBuilder, text: str) -> None:
    for line in _COMMENT.sub("", text).split("\n"):
        if heading := _HEADING.match(line):
            level = len(heading.group(1))
            builder.add(BlockKind.HEADING, _without_marks(heading.group(2)), level=level)
        elif not _FENCE.match(line) and not _RULE.match(line):
            kind = BlockKind.FURNITURE if is_furniture(line) else BlockKind.PARAGRAPH
            builder.add(kind, _without_marks(line))


def _without_marks(line: str) -> str:
    line = _BULLET.sub(r"\1", _QUOTED.sub("", line, count=1) if _QUOTED.match(line) else line)
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", line))
