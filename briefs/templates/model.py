"""A template of briefs, and how far a brief fulfils one, as frozen dataclasses."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from briefs.model import Length, StatementKind

PAGE: Final = 22 * 28
"""Characters that a page of GB/T 9704 holds: 22 lines of 28; a title block takes some of them."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages of the interface."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The text in a language; any but ``en`` reads Chinese."""
        return self.en if language == "en" else self.zh


class Need(StrEnum):
    """What a section must have among its statements."""

    TABLE = "table"
    FIGURE = "figure"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a template."""

    heading: str
    """As it stands in the brief; ``{title}`` in it is the brief's title."""
    guidance: Words
    """What belongs here."""
    level: int = 1
    """Depth of its heading, 1 the highest."""
    also: tuple[str, ...] = ()
    """Other headings by which it is known."""
    is_required: bool = True
    length: Length = Length.STANDARD
    """The shortest form in which it is expected: what is written here begins with this length."""
    kinds: tuple[StatementKind, ...] = ()
    """Kinds of statement expected here; none named: any."""
    least: int = 1
    """Statements that it has at least, if it stands at all."""
    most: int | None = None
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a form is to be, in characters as `briefs.templates.characters` counts them."""

    length: Length
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Template:
    """What a brief of one sort has in it."""

    name: str
    """Its file's name without the ending; kept with every brief that begins with it."""
    title: Words
    readers: Words
    """For whom such a brief is."""
    is_submitted: bool
    """报送件: sent to offices by name, not to the public."""
    budgets: tuple[Budget, ...]
    """Shortest form first; a form that is not named has no limits."""
    sections: tuple[Section, ...]

    def budget(self, length: Length) -> Budget | None:
        """The limits of a form; None where it has none."""
        return next((each for each in self.budgets if each.length is length), None)


class Gap(StrEnum):
    """What a section of a brief lacks, or has too much of."""

    MISSING = "missing"
    """Required, and its heading does not stand."""
    EMPTY = "empty"
    """Its heading stands, and nothing under it."""
    FEW = "few"
    MANY = "many"
    KIND = "kind"
    """A statement of a kind that is not expected here."""
    NO_TABLE = "no-table"
    NO_FIGURE = "no-figure"
    NO_JUDGEMENT = "no-judgement"


@dataclass(frozen=True, slots=True)
class Standing:
    """One section, as a brief has it."""

    section: Section
    number: int | None
    """Place of its heading among the brief's statements, from 1; None where it does not stand."""
    statements: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class FormStanding:
    """One form, as a brief has it."""

    length: Length
    characters: int
    is_made: bool
    """Whether the brief has a form of this length: not where no statement begins with it."""
    budget: Budget | None
    missing: tuple[Section, ...]
    """Required sections expected in this form that have nothing in it; none if it is not made."""

    @property
    def is_over(self) -> bool:
        """Whether it is too long."""
        return self.is_made and self.budget is not None and self.characters > self.budget.most

    @property
    def is_under(self) -> bool:
        """Whether it is too short."""
        return self.is_made and self.budget is not None and self.characters < self.budget.least

    @property
    def is_fit(self) -> bool:
        """Whether nothing is to be said against it."""
        return not (self.is_over or self.is_under or self.missing)


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How far a brief fulfils its template."""

    template: Template
    sections: tuple[Standing, ...]
    """In the template's order."""
    forms: tuple[FormStanding, ...]
    """All three, shortest first."""

    @property
    def is_complete(self) -> bool:
        """Whether no section has a gap and every form that is made is fit."""
        return all(not each.gaps for each in self.sections) and all(f.is_fit for f in self.forms)

    @property
    def done(self) -> int:
        """Sections without a gap that stand or are required."""
        return sum(not each.gaps for each in self._counted())

    @property
    def due(self) -> int:
        """Sections that stand or are required."""
        return len(self._counted())

    def _counted(self) -> list[Standing]:
        return [s for s in self.sections if s.section.is_required or s.number is not None]
