"""A publication made ready to print: what every renderer shows, in the order it is shown."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from briefs.citing import pinpoint
from briefs.exporters.exhibits import Picture, Pictures, picture_of, table_in
from briefs.exporters.quoting import quoted
from briefs.exporters.wording import Wording, printed_date, wording_of
from briefs.exporters.working import worked_out
from briefs.model import (
    Citation,
    EditionState,
    Line,
    Publication,
    Reference,
    StatementKind,
    percent,
)
from briefs.tables import Table

_STOPS = "。！？；"
_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_NUMBER = re.compile(r"[0-9]+|[ivxlcdm]+|[IVXLCDM]+|[A-Za-z]?-?[0-9]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """One citation mark: ``[1]12`` raised, or ``（陶野，2023：12）`` in the line."""

    id: int
    """1-based, counted through the whole text."""
    reference: int
    words: str
    """Names, year and page; empty where the mark is a number."""
    pinpoint: str
    """Page as cited; empty when there is none to name."""
    spoken: str
    """For those who hear it: “来源 1，第 12 页”."""
    place: str
    """Pinpoint in words: “第 12 页”."""
    href: str
    percent: int | None
    """How sure recognition is of the words quoted; None where the source held them as text."""

    @property
    def text(self) -> str:
        """What is printed."""
        return self.words or f"[{self.reference}]{self.pinpoint}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement, or a heading when `level` is given."""

    id: int
    """1-based position among the lines of the whole edition; HTML has it as ``#s3``."""
    level: int | None
    """1, 2, 3 … without gaps; None for a statement."""
    kind: StatementKind
    tag: str
    """Label that a reader must see, ``〔判断〕``; empty for most kinds."""
    text: str
    """Of a table or figure the caption."""
    tail: str
    """The stop that follows the marks."""
    marks: tuple[Mark, ...]
    formula: str = ""
    """How a computed figure was worked out; empty where that is not known."""
    number: str = ""
    """``表1``, ``图2``; empty for all else."""
    table: Table | None = None
    """Its cells are clean."""
    picture: Picture | None = None
    source: str = ""
    """Of a figure: the work and the page that it was taken from."""

    @property
    def hook(self) -> str:
        """The last character, which must stay on the first mark's line; empty without marks."""
        return self.text[-1:] if self.marks else ""

    @property
    def stem(self) -> str:
        """The text before `hook`."""
        return self.text[:-1] if self.marks else self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference with the ids of the marks that lead to it."""

    number: int
    label: str
    """What the text calls it in place of its number; empty where that is the number."""
    text: str
    href: str
    closed: bool
    """True when a reader must sign in to see the source."""
    sha256: str
    marks: tuple[int, ...]
    recognised: str
    """That words cited from it were recognised from a picture, and how surely; else empty."""


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is printed; all texts are clean (see `clean`)."""

    title: str
    language: str
    words: Wording
    library: str
    published_at: datetime | None
    meta: tuple[str, ...]
    """Library, date, edition, form, who published: what is known, in this order."""
    banner: str
    """Draft, superseded or withdrawn; empty for a current edition."""
    notice: str
    sentences: tuple[Sentence, ...]
    entries: tuple[Entry, ...]
    base_url: str
    """Without a closing slash; empty when the file knows no server."""
    legend: str = ""
    """What the labels in the text mean; empty where there are none."""

    @property
    def numbered(self) -> bool:
        """Whether references are known by their numbers."""
        return not any(entry.label for entry in self.entries)


def _is_no_character(character: str) -> bool:
    """Code points that Unicode will never give out; new Han characters are not among them."""
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def clean(text: str) -> str:
    """Drop what no format may carry (control and direction characters), fold white space."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character.isspace() or category in {"Zl", "Zp"}:
            kept.append(" ")
        elif (
            category in {"Cc", "Cs"}
            or _is_no_character(character)
            or unicodedata.bidirectional(character) in _BIDI
        ):
            continue
        else:
            kept.append(character)
    return " ".join("".join(kept).split())


def view_of(
    publication: Publication, *, base_url: str = "", pictures: Pictures | None = None
) -> View:
    """Make a publication ready to print; nothing is added that is not in it, or in its sources."""
    words = wording_of(publication.language)
    base = base_url.rstrip("/")
    make = _Making(publication, words, base, pictures)
    sentences = [make.sentence(number) for number in range(1, len(publication.lines) + 1)]
    return View(
        title=clean(publication.title),
        language=publication.language,
        words=words,
        library=clean(publication.library),
        published_at=publication.published_at,
        meta=_meta(publication, words),
        banner=_banner(publication, words),
        notice=clean(publication.notice or ""),
        sentences=tuple(sentences),
        entries=tuple(
            _entry(reference, sentences, words=words, base=base)
            for reference in publication.references
        ),
        base_url=base,
        legend=_legend(publication, words),
    )


def _tags(words: Wording) -> dict[StatementKind, tuple[str, str]]:
    """Labels and what they mean, by kind."""
    return {
        StatementKind.JUDGEMENT: (words.judgement, words.judgement_means),
        StatementKind.BACKGROUND: (words.background, words.background_means),
        StatementKind.COMPUTED: (words.computed, words.computed_means),
    }


def _legend(publication: Publication, words: Wording) -> str:
    kinds = {line.kind for line in publication.lines}
    parts = [
        means.format(tag=words.tag.format(tag=tag).strip())
        for kind, (tag, means) in _tags(words).items()
        if kind in kinds
    ]
    return words.clause_comma.join(parts) + words.stop if parts else ""


def _meta(publication: Publication, words: Wording) -> tuple[str, ...]:
    when, number, by = publication.published_at, publication.edition, publication.published_by
    parts = [
        clean(publication.library),
        printed_date(when, words) if when else "",
        words.edition.format(number=number) if number is not None else "",
        words.form[publication.length] if publication.length else "",
        words.published_by.format(name=clean(by)) if by else "",
    ]
    return tuple(part for part in parts if part)


def _banner(publication: Publication, words: Wording) -> str:
    if publication.edition is None:
        return words.draft
    return {
        EditionState.SUPERSEDED: words.superseded,
        EditionState.WITHDRAWN: words.withdrawn,
    }.get(publication.state or EditionState.CURRENT, "")


@dataclass(slots=True)
class _Making:
    """Makes sentences of lines, one after the other."""

    publication: Publication
    words: Wording
    base: str
    pictures: Pictures | None
    above: list[tuple[int, int]] = field(default_factory=list)
    """Level and depth of the headings that the present one stands under, and its own."""
    marks: int = 0
    tables: int = 0
    figures: int = 0

    def sentence(self, number: int) -> Sentence:
        """The sentence of the line at a 1-based position; lines are asked for in order."""
        line, words = self.publication.lines[number - 1], self.words
        if line.kind is StatementKind.HEADING:
            self._under(line.level or 1)
        text, tail = _parted(line, words)
        tag, _ = _tags(words).get(line.kind, ("", ""))
        made = Sentence(
            # In a shorter form, too, a statement has the anchor that it has in the whole.
            id=line.number or number,
            level=self.above[-1][1] if line.kind is StatementKind.HEADING else None,
            kind=line.kind,
            tag=words.tag.format(tag=tag) if tag else "",
            text=text,
            tail=tail,
            marks=tuple(self._mark(citation) for citation in _adjoined(line.citations)),
            formula=clean(worked_out(line.formula, line.text)),
        )
        if line.kind is StatementKind.TABLE:
            return self._table(made, line)
        return self._figure(made, line) if line.kind is StatementKind.FIGURE else made

    def _under(self, level: int) -> None:
        """Go to a heading: no depth is skipped, and neighbours of one level have one depth."""
        depth = self.above[-1][1] if self.above else 0
        while self.above and self.above[-1][0] > level:
            self.above.pop()
        if not self.above or self.above[-1][0] < level:
            self.above.append((level, min(max(level, 1), depth + 1)))

    def _mark(self, citation: Citation) -> Mark:
        self.marks += 1
        return _mark(self.marks, citation, words=self.words, base=self.base)

    def _table(self, made: Sentence, line: Line) -> Sentence:
        table = table_in(line.text)
        if table is None:
            return made
        self.tables = line.exhibit or self.tables + 1
        return replace(
            made,
            text=clean(table.caption),
            number=self.words.table.format(number=line.exhibit or self.tables),
            table=Table(
                clean(table.caption),
                tuple(map(clean, table.header)),
                tuple(tuple(map(clean, row)) for row in table.rows),
            ),
        )

    def _figure(self, made: Sentence, line: Line) -> Sentence:
        self.figures = line.exhibit or self.figures + 1
        number = self.words.figure.format(number=line.exhibit or self.figures)
        if not line.citations:
            return replace(made, number=number)
        first = line.citations[0]
        titles = {each.number: clean(each.title) for each in self.publication.references}
        comma = "，" if self.words.stop_after_mark else ", "
        parts = (titles.get(first.reference, ""), made.marks[0].place)
        return replace(
            made,
            number=number,
            picture=picture_of(
                first.version_id, first.spans, pictures=self.pictures, base=self.base
            ),
            source=self.words.taken_from.format(source=comma.join(filter(None, parts))),
        )


def _adjoined(citations: Iterable[Citation]) -> list[Citation]:
    """Citations as they are printed: neighbours that would read alike are one, to both places."""
    found: list[Citation] = []
    for each in citations:
        last = found[-1] if found else None
        if last is None or _printed(last) != _printed(each):
            found.append(each)
            continue
        sure = [one for one in (last.confidence, each.confidence) if one is not None]
        found[-1] = replace(
            last,
            spans=tuple(dict.fromkeys((*last.spans, *each.spans))),
            confidence=min(sure, default=None),
        )
    return found


def _printed(citation: Citation) -> tuple[object, ...]:
    """What a mark reads, and the file that it opens."""
    reads = clean(citation.words), clean(pinpoint(citation))
    return citation.reference, citation.version_id, citation.page, *reads


def _parted(line: Line, words: Wording) -> tuple[str, str]:
    """The words of a line, and the stop that follows its marks."""
    text = clean(line.text)
    if line.kind is StatementKind.QUOTE:
        return quoted(text, words), ""
    if line.citations and words.stop_after_mark and text[-1:] in tuple(_STOPS):
        return text[:-1], text[-1]
    return text, ""


def _mark(number: int, citation: Citation, *, words: Wording, base: str) -> Mark:
    page = clean(pinpoint(citation))
    called = clean(citation.words)
    sure = None if citation.confidence is None else percent(citation.confidence)
    spoken, place = words.source, ""
    if page:
        is_number = citation.page is not None or _NUMBER.fullmatch(page)
        spoken, place = (
            (words.source_page, words.pinpoint_page)
            if is_number
            else (words.source_part, words.pinpoint_part)
        )
        if is_number and "-" in page and page[0].isdecimal():
            spoken = words.source_pages
    return Mark(
        id=number,
        reference=citation.reference,
        words=called,
        pinpoint=page,
        spoken=_spoken(called or spoken.format(number=citation.reference, page=page), sure, words),
        place=place.format(page=page),
        href=base + citation.href,
        percent=sure,
    )


def _spoken(source: str, sure: int | None, words: Wording) -> str:
    return source if sure is None else source + words.aside.format(note=_sure(sure, words))


def _sure(sure: int, words: Wording) -> str:
    return words.recognised.format(percent=sure)


def _recognised(marks: Sequence[Mark], words: Wording) -> str:
    """One figure where all marks have the same, else one for each place cited."""
    sure = [mark.percent for mark in marks]
    if not sure or sure == [None] * len(sure):
        return ""
    if None not in sure and len(set(sure)) == 1:
        return _sure(min(each for each in sure if each is not None), words)
    least: dict[str, int] = {}
    for mark in marks:
        if mark.percent is not None:
            place = mark.place or f"↑{mark.id}"
            least[place] = min(mark.percent, least.get(place, mark.percent))
    places = (words.recognised_place.format(place=at, percent=n) for at, n in least.items())
    return words.recognised_at.format(places=words.list_comma.join(places))


def _entry(reference: Reference, sentences: list[Sentence], *, words: Wording, base: str) -> Entry:
    marks = [
        mark for line in sentences for mark in line.marks if mark.reference == reference.number
    ]
    # The list opens the source where the text first used it.
    href = marks[0].href if marks else f"{base}/pages/{reference.version_id}/1"
    return Entry(
        number=reference.number,
        label=clean(reference.label),
        text=clean(reference.entry),
        href=href,
        closed=not reference.access_is_open,
        sha256=reference.sha256,
        marks=tuple(mark.id for mark in marks),
        recognised=_recognised(marks, words),
    )
