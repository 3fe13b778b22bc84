"""Markdown: plain CommonMark that also reads well unrendered."""

import re

from briefs.exporters.view import Entry, Mark, Sentence, View
from briefs.tables import Table

_ACTIVE = re.compile(
    r"[\\`*<>#|~$]"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # inside a word an underscore means nothing
    r"|&(?=#?\w+;)"
    r"|\](?=[(\[:]|$)"  # without these a bracket is only a bracket: nothing here defines links
)
_LINE_START = re.compile(r"([-+=])|(\d{1,9})([.)])")


def to_markdown(view: View) -> bytes:
    """Render CommonMark without raw HTML; UTF-8, one paragraph per statement.

    Tables are GitHub's, which other readers show as lines with bars. Marks read
    ``[1，第 12 页]``; they are links when the server's address is known.
    """
    blocks = [f"# {escaped(view.title)}", escaped(" · ".join(view.meta))]
    if view.banner:
        blocks.insert(0, f"**{escaped(view.banner)}**")
    if view.notice:
        blocks.append(f"> {escaped(view.notice)}")
    blocks += [_line(sentence, view) for sentence in view.sentences]
    blocks.append(escaped(view.legend))
    if view.entries:
        blocks.append(f"## {view.words.references}")
        blocks += [_entry(entry, view) for entry in view.entries]
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def escaped(text: str) -> str:
    """Text that CommonMark shows as it is, wherever in a line or at its start it stands."""
    safe = _inside(text)
    start = _LINE_START.match(safe)
    if start is None:
        return safe
    at = start.start(1) if start.group(1) else start.start(3)
    return f"{safe[:at]}\\{safe[at:]}"


def _inside(text: str) -> str:
    """As `escaped`, for text that does not begin a line."""
    return _ACTIVE.sub(lambda found: "\\" + found.group(), text)


def _line(sentence: Sentence, view: View) -> str:
    marks = "".join(_mark(mark, view) for mark in sentence.marks)
    text = escaped(sentence.text) + marks + escaped(sentence.tail)
    if sentence.level:
        return f"{'#' * min(sentence.level + 1, 6)} {text}"
    if sentence.number:
        return _exhibit(sentence, text, view)
    if sentence.formula:
        text += escaped(view.words.aside.format(note=sentence.formula))
    if sentence.tag:
        text = escaped(sentence.tag) + text
    return text


def _exhibit(sentence: Sentence, caption: str, view: View) -> str:
    """A table below its caption; a figure above it, linked to where the server is known."""
    gap = view.words.gap if caption else ""
    blocks = [f"**{escaped(sentence.number)}**{gap}{caption}"]
    if sentence.table is not None:
        blocks.append(_table(sentence.table))
    if sentence.picture is not None and view.base_url:
        alt = escaped(sentence.text).replace("[", "\\[").replace("]", "\\]")
        blocks.insert(0, f"![{alt}]({sentence.picture.address})")
    if sentence.source:
        blocks.append(escaped(sentence.source))
    return "\n\n".join(blocks)


def _table(table: Table) -> str:
    dashes = ("---:" if figures else "---" for figures in table.figures)
    lines = [map(_inside, table.header), dashes, *(map(_inside, row) for row in table.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _mark(mark: Mark, view: View) -> str:
    if mark.words:
        words = escaped(mark.words)
        return f"[{words}]({mark.href})" if view.base_url else words
    comma = "，" if view.words.stop_after_mark else ", "
    text = f"{mark.reference}{comma}{escaped(mark.place)}" if mark.place else str(mark.reference)
    return f"[\\[{text}\\]]({mark.href})" if view.base_url else f"[{text}]"


def _entry(entry: Entry, view: View) -> str:
    notes = (entry.recognised, view.words.closed if entry.closed else "")
    note = "".join(view.words.aside.format(note=note) for note in notes if note)
    opened = f" <{entry.href}>" if view.base_url else ""
    number = f"[{entry.number}] " if view.numbered else ""
    return f"{number}{escaped(entry.text)}{note}{opened}"
