"""The appendix 检索范围与结果: how the sources of a brief were searched for.

What it says is given in words; here it becomes statements, which are composed and rendered as those
of any brief: a source that is named opens on its page. It is exported by itself, or as the last
part of the brief.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefs.model import Brief, Evidence, Statement, StatementKind
from briefs.tables import Table, text_of


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, with the place it speaks of if there is one."""

    text: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the appendix; without sentences, table and parts it is left out."""

    heading: str
    said: tuple[Said, ...] = ()
    table: Table | None = None
    parts: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Appendix:
    """All of it."""

    title: str
    said: tuple[Said, ...]
    """What stands before the first section: of which revision it is, and when it was made."""
    sections: tuple[Section, ...]


def alone(brief: Brief, appendix: Appendix) -> Brief:
    """The appendix in the brief's place, to be composed."""
    lines = (*_sentences(appendix.said), *_sections(appendix, level=1))
    return replace(brief, title=appendix.title, statements=lines)


def attached(brief: Brief, appendix: Appendix, *, heading: str) -> Brief:
    """The brief with the appendix as its last part, below a heading of its own, to be composed."""
    lines = (
        *brief.statements,
        Statement(StatementKind.HEADING, heading, level=1),
        *_sentences(appendix.said),
        *_sections(appendix, level=2),
    )
    return replace(brief, statements=lines)


def _sections(appendix: Appendix, *, level: int) -> Iterator[Statement]:
    for section in appendix.sections:
        yield from _section(section, level)


def _section(section: Section, level: int) -> Iterator[Statement]:
    body = [*_sentences(section.said)]
    if section.table is not None and section.table.rows:
        body.append(Statement(StatementKind.TABLE, text_of(section.table)))
    for part in section.parts:
        body.extend(_section(part, level + 1))
    if body:
        yield Statement(StatementKind.HEADING, section.heading, level=level)
        yield from body


def _sentences(said: tuple[Said, ...]) -> Iterator[Statement]:
    # Paraphrases are the one kind that readers get without a label or quotation marks.
    for each in said:
        evidence = () if each.evidence is None else (each.evidence,)
        yield Statement(StatementKind.PARAPHRASE, each.text, evidence)
