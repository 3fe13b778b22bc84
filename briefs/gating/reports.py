"""What the gate says of a brief, statement by statement, as frozen dataclasses."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from briefs.gate import FaultType, Place, Reason, Verdict
from briefs.model import Brief, Statement, StatementKind, page_href
from knowledge.model import Span


class State(StrEnum):
    """Where a statement stands before the gate."""

    SUPPORTED = "supported"
    FAULT = "fault"
    """It says what its evidence does not."""
    NEEDS_PERSON = "needs-person"
    """The gate cannot tell; a person must decide, and nobody has."""
    DECIDED = "decided"
    """A named person let it stand, with a reason."""
    NAKED = "naked"
    """It needs evidence and has none."""
    OWN = "own"
    """A judgement, a commonplace or a heading: it needs no evidence. A heading that says what no
    statement below it does is not."""
    WITHHELD = "withheld"
    """It rests on what its viewer may not see, and is not checked for them."""

    @property
    def stops(self) -> bool:
        """Whether a brief with such a statement is not published."""
        return self not in {State.SUPPORTED, State.DECIDED, State.OWN}


@dataclass(frozen=True, slots=True)
class Decision:
    """That a person let a statement stand as it is worded and borne out."""

    reason: str
    made_by: int
    name: str
    """Of that person, as they are called today."""
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of a source that the gate names, and where they stand."""

    words: str
    document_id: int
    version_id: int
    spans: tuple[Span, ...]
    """Exactly the words, at least one span."""

    @property
    def href(self) -> str:
        """Site path of the page with exactly these words marked."""
        return page_href(self.version_id, self.spans)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or doubt: what the statement says, and what the evidence says."""

    what: FaultType | Reason
    """A fault is a `FaultType`, a doubt a `Reason`."""
    statement: Place
    readings: tuple[Reading, ...] = ()
    """The nearest words of the evidence; none where it has nothing of the kind."""
    value: str | None = None
    """What a formula gives instead, as text; None for other findings."""

    @property
    def is_fault(self) -> bool:
        """Whether it is certain; else a person decides."""
        return isinstance(self.what, FaultType)


@dataclass(frozen=True, slots=True)
class Checked:
    """One statement and what the gate says of it."""

    number: int
    """Place among the brief's statements, 1-based, headings counted; 0 for the title."""
    statement: Statement
    state: State
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    """The verdict's faults, then its doubts, each with the pages of its evidence."""
    decision: Decision | None = None
    """Not None exactly when it is `State.DECIDED`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the gate says of a brief at one revision."""

    brief: Brief
    checked: tuple[Checked, ...]
    """One for each statement, in order."""
    title: Checked | None = None
    """The title, as a heading over all of them, with 0 for its number and its id."""

    @property
    def total(self) -> int:
        """Statements; headings and the title only where a person is or was asked."""
        return sum(1 for _ in self._counted())

    @property
    def through(self) -> int:
        """Of these, those that may be published."""
        return sum(not each.state.stops for each in self._counted())

    @property
    def blocking(self) -> tuple[Checked, ...]:
        """What keeps the brief from being published, in order, the title first."""
        return tuple(each for each in self.everything if each.state.stops)

    @property
    def everything(self) -> tuple[Checked, ...]:
        """The title, then the statements."""
        return self.checked if self.title is None else (self.title, *self.checked)

    @property
    def is_clean(self) -> bool:
        """Whether nothing keeps it from being published."""
        return not self.blocking

    @property
    def counts(self) -> Counter[State]:
        """How many statements stand where, counted as in `total`."""
        return Counter(each.state for each in self._counted())

    def of(self, statement_id: int) -> Checked | None:
        """What is said of one statement, or of the title (0); None where it has none of that id."""
        found = (each for each in self.everything if each.statement.id == statement_id)
        return next(found, None)

    def _counted(self) -> Iterator[Checked]:
        heading = StatementKind.HEADING
        return (
            each
            for each in self.everything
            if each.statement.kind is not heading or each.state is not State.OWN
        )
