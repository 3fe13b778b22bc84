"""The proof of a short form from what was printed: two files in Markdown."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from briefs.exporters.wording import CHINESE, ENGLISH
from briefs.lengths.abridgement import Flaw, FlawKind, Item, Proof, compared, proved
from briefs.lengths.entries import Listing, Place, entry_flaws, entry_of
from briefs.model import StatementKind

_BLANK: Final = re.compile(r"\n{2,}")
_REFERENCES: Final = tuple(f"## {words.references}" for words in (CHINESE, ENGLISH))
_MARK: Final = re.compile(
    r"\[(\d+)((?:，|, )[^\[\]]*)?\]()|\[\\\[(\d+)((?:，|, )[^\[\]]*?)?\\\]\]\(([^)]*)\)"
)
_MARKS: Final = re.compile(rf"((?:{_MARK.pattern})+)([。！？；]?(?:（[^（）]*）| \(.*\))?)$")
"""Marks, then the stop, then how a figure was worked out."""
_NAMED: Final = re.compile(r"[（(]([^（）()]*?\d{4}[a-z]?)(?:[：:] ?([^（）()]*))?[）)]")
"""A mark by name and year, in the text itself."""
_NOTICE: Final = "> "
_DOT: Final = " · "
_FORMS: Final = frozenset(form for words in (CHINESE, ENGLISH) for form in words.form.values())
_MEANT: Final = {
    means.format(tag=words.tag.format(tag=tag).strip()): words.tag.format(tag=tag).strip()
    for words in (CHINESE, ENGLISH)
    for tag, means in (
        (words.judgement, words.judgement_means),
        (words.background, words.background_means),
        (words.computed, words.computed_means),
    )
}
"""The label that each part of a legend explains."""


@dataclass(frozen=True, slots=True)
class _File:
    """All that stands in a file, each block in one place."""

    before: tuple[str, ...]
    """Blocks before the title: draft, superseded, withdrawn."""
    title: str
    about: str
    """Library, date, edition, form, who published."""
    items: tuple[Item, ...]
    legend: tuple[str, ...]
    """What the labels mean, label by label."""
    listing: Listing


def proof_of_print(short: str, long: str) -> Proof:
    """Prove as `briefs.lengths.proving` does from two files in Markdown that the exporter wrote.

    Every block of the short file is accounted for: what stands before the title, the title, the
    line that says who published it and when, which may say which form it is besides, the notice,
    the lines, what the labels in them mean, the references. Marks are followed to the list of
    references, whose numbers may differ between the files. What is not printed cannot be compared:
    characters quoted, checksums, of which length a line is, so whether one of the form is gone;
    nor wholly how surely words were recognised, of which a place has several or whose reference is
    called by name and year.
    """
    said, meant = _read(short), _read(long)
    found = compared(said.items, meant.items)
    found.flaws += _edition(said, meant)
    found.flaws += entry_flaws(said.listing, meant.listing)
    return proved(found)


def _edition(said: _File, meant: _File) -> Iterator[Flaw]:
    pairs = [
        ("\n".join(said.before), "\n".join(meant.before)),
        (said.title, meant.title),
        (_named(said), _named(meant)),
        (_notice(said), _notice(meant)),
        ("；".join(said.legend), "；".join(_legend_for(said, meant.legend))),
    ]
    yield from (Flaw(FlawKind.EDITION, 0, one, other) for one, other in pairs if one != other)
    if len(said.items) < len(meant.items) and not _FORMS & set(said.about.split(_DOT)):
        # It would pass for the whole.
        yield Flaw(FlawKind.FORM, 0, said.about)


def _named(file: _File) -> str:
    """Who published it and when, without the form that it says it is."""
    parts = file.about.split(_DOT)
    form = next((at for at, part in enumerate(parts) if part in _FORMS), len(parts))
    return _DOT.join(parts[:form] + parts[form + 1 :])


def _notice(file: _File) -> str:
    return "\n".join(item.text for item in file.items if item.label == _NOTICE)


def _legend_for(file: _File, legend: Sequence[str]) -> list[str]:
    """Of a legend what the labels in a file ask for."""
    labels = {item.label.strip() for item in file.items}
    return [part for part in legend if _MEANT[part] in labels]


def _read(text: str) -> _File:
    blocks = [block.strip("\n") for block in _BLANK.split(text.strip())]
    ends = [at for at, block in enumerate(blocks) if block in _REFERENCES]
    end = ends[-1] if ends else len(blocks)
    legend = _legend(blocks[end - 1]) if end else ()
    last = end - 1 if legend else end
    start = next((at for at, block in enumerate(blocks) if block.startswith("# ")), 0)
    entries = tuple(entry_of(block) for block in blocks[end + 1 :])
    listed = {entry.number: entry.text for entry in entries}
    lines = blocks[start + 2 : last]
    read = _places if all(entry.number for entry in entries) else _names
    return _File(
        tuple(blocks[:start]),
        blocks[start],
        "".join(blocks[start + 1 : start + 2]),
        tuple(_of_block(block, listed) for block in lines),
        legend,
        Listing(entries, tuple(place for block in lines for place in read(block))),
    )


def _legend(block: str) -> tuple[str, ...]:
    """What it says of labels, part by part; nothing where it says anything else."""
    plain = block.replace("\\", "")
    for words in (CHINESE, ENGLISH):
        parts = plain.removesuffix(words.stop).split(words.clause_comma)
        if max(Counter(parts).values()) == 1 and set(parts) <= set(_MEANT):
            return tuple(parts)
    return ()


def _places(block: str) -> list[Place]:
    """The marks of a block, in order."""
    marks = _MARKS.search(block)
    found = _MARK.finditer(marks[1]) if marks else ()
    return [
        Place(*(each or "" for each in (mark.groups()[:3] if mark[1] else mark.groups()[3:])))
        for mark in found
    ]


def _names(block: str) -> list[Place]:
    """The marks by name and year of a block, in order."""
    return [Place(found[1], found[2] or "", "") for found in _NAMED.finditer(block)]


def _of_block(block: str, entries: dict[str, str]) -> Item:
    marks = _MARKS.search(block)
    text = block if marks is None else block[: marks.start()] + (marks.groups()[-1] or "")
    sources = tuple(
        (entries.get(each.number, ""), each.place, each.href) for each in _places(block)
    )
    if heading := re.match(r"(#+) ", text):
        return Item(StatementKind.HEADING, text[heading.end() :], len(heading[1]), sources)
    label = re.match(rf"〔[^〕]{{1,8}}〕|\[[^\]]{{1,12}}\] |{_NOTICE}", text)
    kind = StatementKind.TABLE if text.startswith("|") else StatementKind.PARAPHRASE
    cut = label.end() if label else 0
    return Item(kind, text[cut:], None, sources, label=text[:cut])
