"""The words of the gate, as frozen dataclasses."""

from dataclasses import dataclass
from enum import StrEnum

from briefs.model import StatementKind


class FaultType(StrEnum):
    """What is wrong with a statement."""

    NUMBER = "number"
    DATE = "date"
    """A day, a period, or what is compared with (同比, 环比)."""
    UNIT = "unit"
    """Also a currency, and percentage against percentage point."""
    COMPARATOR = "comparator"
    NEGATION = "negation"
    TREND = "trend"
    NAME = "name"
    """An organisation, a place, a person, a title, an issuer of document numbers."""
    QUOTE = "quote"
    """Words given as a quote stand nowhere."""
    FRANKENQUOTE = "frankenquote"
    """Words given as one quote stand in places that are not adjacent."""
    MISATTRIBUTED = "misattributed"
    """The quote stands in another source."""
    COMPUTED = "computed"
    """No formula over the cited figures gives the figure."""
    PICTURE = "picture"
    """A figure whose source has no picture to cut; only the gate of a brief, which knows the
    source, says so."""


class Outcome(StrEnum):
    """What the gate says of a statement."""

    SUPPORTED = "supported"
    FAULT = "fault"
    NEEDS_PERSON = "needs-person"


class Reason(StrEnum):
    """Why a person is asked."""

    NO_EVIDENCE = "no-evidence"
    UNLIKE = "unlike"
    """The statement's words are hardly those of its evidence."""
    ROUNDED = "rounded"
    """A figure is the evidence's, rounded as printed, but nothing says so (约)."""
    STRICTNESS = "strictness"
    """以上 for 超过: the same direction, another limit."""
    WORDING = "wording"
    """A negation, a trend or a term in quotation marks that the evidence words otherwise."""
    NAMED = "named"
    """A name that the evidence does not give in this form."""
    DATED = "dated"
    """A year that only the title of the source gives: figures of a report may be of another."""
    OWN_FIGURE = "own-figure"
    """A judgement or a commonplace holds a figure."""
    HEADED = "headed"
    """A heading, or the title, says what no statement below it does."""
    NO_FORMULA = "no-formula"
    """A computed figure, and nothing tells how it was computed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement to be checked."""

    kind: StatementKind
    text: str
    formula: str | None = None
    """How a computed figure was worked out: ``(64 - 62) / 62``; None lets the gate find it."""


@dataclass(frozen=True, slots=True)
class Witness:
    """The text of one piece of evidence, or of another source."""

    text: str
    source: str = ""
    """Where it comes from, as the caller names it; it comes back in faults."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words and where they stand: characters ``[start, end)`` of the text as it was given."""

    words: str
    start: int
    end: int
    witness: int | None = None
    """Position of the witness; None for the statement. Other sources count on after these."""
    source: str = ""
    """`Witness.source` of that witness."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What the statement says, against what the evidence says."""

    type: FaultType
    statement: Place
    evidence: tuple[Place, ...] = ()
    """The nearest reading; several for a frankenquote and a formula; none where there is none."""
    value: str | None = None
    """What a formula gives instead, as text; None for other faults."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that only a person can decide."""

    reason: Reason
    statement: Place
    evidence: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one statement."""

    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    """In the order of the statement, then of `FaultType`."""
    doubts: tuple[Doubt, ...] = ()
    """In the order of the statement; kept beside faults, too."""
    likeness: float = 1.0
    """Share of the statement's pairs of characters that the evidence has, 0 … 1."""
