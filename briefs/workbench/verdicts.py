"""What the gate says, in words; command and page say the same."""

from collections.abc import Iterable
from typing import Protocol

from briefs.gate import FaultType, Reason
from briefs.gating.reports import Decision
from briefs.workbench.wording import Wording

_SHORT = 60


class HasWords(Protocol):
    """A place of a text, or a reading of a source."""

    @property
    def words(self) -> str:
        """What stands there."""


def named(words: Wording, what: FaultType | Reason) -> str:
    """A fault or a doubt."""
    sort = "fault" if isinstance(what, FaultType) else "doubt"
    return words(f"check.{sort}.{what.value}")


def both(readings: Iterable[HasWords], value: str | None = None) -> str:
    """What the evidence says, as one line; `value` is what a formula gives instead."""
    found = " … ".join(reading.words for reading in readings)
    return f"{found} = {value}" if value is not None else found


def decided(words: Wording, decision: Decision, *, at: str) -> str:
    """Who let a statement stand, when and why."""
    return words("gate.decided", name=decision.name, at=at, reason=decision.reason)


def shortened(text: str) -> str:
    """A statement by its first words; a table by its caption."""
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"
