"""The whole sentence around words that were cut out of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from briefs.errors import SpanError
from briefs.evidence.locating import words_at
from briefs.model import Evidence
from knowledge.model import BlockKind, Page
from knowledge.text import sentences

_FAR: Final = 400
"""Characters looked at on either side."""
_LINE: Final = 15
"""Characters of a line that its page broke; a shorter one ended by itself."""
_CELLS: Final = re.compile(r"[\t\n|]")
_STOPS: Final = "。；;！？!?：:"


def widened(item: Evidence, pages: Sequence[Page]) -> Evidence:
    """The evidence with the rest of the sentences in which its words begin and end.

    A sentence ends with its block, and that of a table's row with its cell; it is not followed over
    the page. Evidence that is whole sentences already is returned as it is, and so is one whose
    pages or words are not there.
    """
    own = {page.index: page for page in pages if page.version_id == item.version_id}
    if not item.quote or not item.spans or any(span.page not in own for span in item.spans):
        return item
    first, last = item.spans[0], item.spans[-1]
    start = _sentence(own[first.page], first.start)[0]
    end = _sentence(own[last.page], last.end - 1)[1]
    spans = list(item.spans)
    spans[0] = replace(first, start=min(start, first.start))
    spans[-1] = replace(spans[-1], end=max(end, last.end))
    if tuple(spans) == item.spans:
        return item
    try:
        words = words_at(spans, list(own.values()))
    except SpanError:
        return item
    return replace(item, spans=tuple(spans), quote=words)


def _sentence(page: Page, at: int) -> tuple[int, int]:
    """Where the sentence around a position begins and ends, without the blanks at its ends."""
    low, high, kind = 0, len(page.text), BlockKind.PARAGRAPH
    for block in page.blocks:
        if block.start <= at < block.end:
            low, high, kind = block.start, block.end, block.kind
    low, high = max(low, at - _FAR), min(high, at + _FAR)
    text = page.text[low:high]
    if kind in {BlockKind.ROW, BlockKind.HEADER}:
        for cell in _CELLS.finditer(text):
            if low + cell.end() <= at:
                text = " " * cell.end() + text[cell.end() :]
            elif low + cell.start() >= at:
                text = text[: cell.start()]
                break
    else:
        text = _unbroken(text)
    for start, end in sentences(text):
        if start <= at - low < end:
            words = text[start:end]
            bare = words.strip()
            begin = start + len(words) - len(words.lstrip())
            return low + begin, low + begin + len(bare)
    return at, at + 1


def _unbroken(text: str) -> str:
    """The text with blanks for the line ends inside its sentences; as long as it was."""
    made = list(text)
    start = 0
    for at, letter in enumerate(text):
        if letter == "\n":
            line = text[start:at].rstrip()
            if len(line) >= _LINE and line[-1] not in _STOPS:
                made[at] = " "
            start = at + 1
    return "".join(made)
