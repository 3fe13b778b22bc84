"""What the rooms of the gate gather: faults and doubts over a statement and its witnesses."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from briefs.gate.model import Doubt, Fault, FaultType, Place, Reason, Witness
from briefs.gate.reading import Text, read

Span = tuple[int, int]
"""Folded positions."""


@dataclass(frozen=True, slots=True)
class Found:
    """Folded positions in one witness."""

    witness: int
    start: int
    end: int


@dataclass(slots=True)
class Case:
    """A statement before its witnesses; the rooms write what they find into it."""

    text: Text
    witnesses: tuple[Witness, ...]
    texts: tuple[Text, ...]
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @classmethod
    def of(cls, statement: str, witnesses: Iterable[Witness]) -> "Case":
        """Read both sides."""
        kept = tuple(witnesses)
        return cls(read(statement), kept, tuple(read(each.text) for each in kept))

    def fault(
        self,
        kind: FaultType,
        span: Span,
        evidence: Iterable[Found] = (),
        *,
        value: str | None = None,
    ) -> None:
        """Keep a fault; one of the same type at the same words is kept once."""
        made = Fault(kind, self.place(span), tuple(self.found(each) for each in evidence), value)
        if not any(old.type is kind and old.statement == made.statement for old in self.faults):
            self.faults.append(made)

    def doubt(self, reason: Reason, span: Span, evidence: Iterable[Found] = ()) -> None:
        """Keep a doubt; one of the same reason at the same words is kept once."""
        made = Doubt(reason, self.place(span), tuple(self.found(each) for each in evidence))
        if not any((o.reason, o.statement) == (reason, made.statement) for o in self.doubts):
            self.doubts.append(made)

    def place(self, span: Span) -> Place:
        """The words of the statement at folded positions."""
        start, end = self.text.span(*span)
        return Place(self.text.raw[start:end], start, end)

    def found(self, found: Found) -> Place:
        """The words of a witness at folded positions."""
        text, witness = self.texts[found.witness], self.witnesses[found.witness]
        start, end = text.span(found.start, found.end)
        return Place(text.raw[start:end], start, end, found.witness, witness.source)
