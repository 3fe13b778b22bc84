"""A brief compared with its template: what is missing, what is too long."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from typing import Final

from briefs.lengths.forms import forms, stands_in
from briefs.lengths.ties import Told
from briefs.model import Brief, Length, Statement, StatementKind
from briefs.templates.model import FormStanding, Fulfilment, Gap, Need, Section, Standing, Template
from knowledge.text import fold

_NUMERAL: Final = "[一二三四五六七八九十百\\d]{1,3}"
_ENUMERATOR: Final = re.compile(
    rf"(?:\d+(?:\.\d+)+|第{_NUMERAL}(?:部分|章|节)|[(]{_NUMERAL}[)]|{_NUMERAL}(?:[)、,.]|(?=\s)))"
    r"\s*[:、,.]?\s*"
)
_NO_WORD: Final = re.compile(r"[\W_]+")
_NEEDED: Final = {
    Need.TABLE: (StatementKind.TABLE, Gap.NO_TABLE),
    Need.FIGURE: (StatementKind.FIGURE, Gap.NO_FIGURE),
    Need.JUDGEMENT: (StatementKind.JUDGEMENT, Gap.NO_JUDGEMENT),
}


def fulfilment(brief: Brief, template: Template) -> Fulfilment:
    """How far a brief fulfils a template.

    A section is the first heading of its name, or of another name that it goes by, whatever number,
    width or variant that heading is written in; under it stands what comes before the next heading
    of its level or a higher one. What is withheld from the viewer counts as a statement.
    """
    lines = brief.statements
    parts = [_part(lines, each, title=brief.title) for each in template.sections]
    made = forms(lines)
    return Fulfilment(
        template,
        tuple(
            _standing(section, part, lines, inner=_inner(part, parts))
            for section, part in zip(template.sections, parts, strict=True)
        ),
        tuple(
            FormStanding(
                length,
                characters(_in_form(lines, length)),
                length in made,
                template.budget(length),
                tuple(_absent(template, parts, lines, length)) if length in made else (),
            )
            for length in Length
        ),
    )


def length_at(lines: Sequence[Statement], place: int, *, template: Template, title: str) -> Length:
    """The length with which a statement begins that is put at a place.

    Args:
        lines: of the brief.
        place: where it goes, from 0: before the line that is there now.
        template: of the brief.
        title: of the brief.

    Returns:
        That of the innermost section around the place; standard outside of all.
    """
    found = Length.STANDARD
    for section in template.sections:
        part = _part(lines, section, title=title)
        if part is not None and part.start < place <= part.stop:
            found = section.length
    return found


def in_sections(lines: Sequence[Statement], *, template: Template, title: str) -> list[Statement]:
    """The statements of a new brief, each with the length of the section in which it stands.

    A table or a figure is not put into the one-page form: it would fill the page.
    """
    made = []
    for place, line in enumerate(lines):
        length = length_at(lines, place, template=template, title=title)
        is_wide = line.kind in {StatementKind.TABLE, StatementKind.FIGURE}
        if is_wide and length is Length.ONE_PAGE:
            length = Length.STANDARD
        made.append(replace(line, length=length))
    return made


def characters(lines: Sequence[Told]) -> int:
    """How much room the words take, in full-width characters: two Latin letters count as one."""
    wide = sum(
        1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5
        for line in lines
        for letter in line.text
        if not letter.isspace()
    )
    return math.ceil(wide)


def same_heading(left: str, right: str) -> bool:
    """Whether two headings are the same but for number, spaces, punctuation and variant."""
    return _bare(left) == _bare(right)


def _bare(heading: str) -> str:
    plain = unicodedata.normalize("NFKC", heading).strip()
    number = _ENUMERATOR.match(plain)
    named = plain[number.end() :] if number else plain
    return _NO_WORD.sub("", fold(named)) or fold(plain)


def _in_form(lines: Sequence[Statement], form: Length) -> list[Statement]:
    """Statements and headings of a form; a heading stands when something under it does."""
    kept: list[Statement] = []
    above: list[Statement] = []
    for line in lines:
        if line.kind is StatementKind.HEADING:
            above = [each for each in above if (each.level or 1) < (line.level or 1)] + [line]
        elif stands_in(line.length, form):
            kept += [*above, line]
            above = []
    return kept


def _part(lines: Sequence[Statement], section: Section, *, title: str) -> range | None:
    """Places of a section, its heading first; None where it does not stand."""
    names = [each.replace("{title}", title) for each in (section.heading, *section.also)]
    for at, line in enumerate(lines):
        if line.kind is StatementKind.HEADING and any(same_heading(line.text, x) for x in names):
            level = line.level or 1
            end = next(
                (
                    further
                    for further in range(at + 1, len(lines))
                    if lines[further].kind is StatementKind.HEADING
                    and (lines[further].level or 1) <= level
                ),
                len(lines),
            )
            return range(at, end)
    return None


def _inner(part: range | None, parts: Sequence[range | None]) -> set[int]:
    """Places of a section that are another section's within it."""
    return {
        at
        for each in parts
        if part is not None and each is not None and part.start < each.start < part.stop
        for at in each
    }


def _standing(
    section: Section, part: range | None, lines: Sequence[Statement], *, inner: set[int]
) -> Standing:
    if part is None:
        return Standing(section, None, 0, (Gap.MISSING,) if section.is_required else ())
    body = [lines[at] for at in part if lines[at].kind is not StatementKind.HEADING]
    own = {lines[at].kind for at in part if at not in inner} - {StatementKind.HEADING}
    return Standing(section, part.start + 1, len(body), tuple(_gaps(section, body, own=own)))


def _gaps(section: Section, body: Sequence[Statement], *, own: Set[StatementKind]) -> Iterator[Gap]:
    if not body:
        yield Gap.EMPTY
        return
    if len(body) < section.least:
        yield Gap.FEW
    if section.most is not None and len(body) > section.most:
        yield Gap.MANY
    if section.kinds and own - set(section.kinds):
        yield Gap.KIND
    kinds = {line.kind for line in body}
    for need in section.needs:
        kind, gap = _NEEDED[need]
        if kind not in kinds:
            yield gap


def _absent(
    template: Template, parts: Sequence[range | None], lines: Sequence[Statement], form: Length
) -> Iterator[Section]:
    for section, part in zip(template.sections, parts, strict=True):
        if not section.is_required or not stands_in(section.length, form):
            continue
        if part is None or not any(
            lines[at].kind is not StatementKind.HEADING and stands_in(lines[at].length, form)
            for at in part
        ):
            yield section
