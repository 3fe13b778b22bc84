"""The gate: does a statement say what its evidence says? Pure code, no model, no files.

Rooms: ``model`` (claim, witness, verdict, faults, doubts), ``lexicon`` and ``gazetteer`` (closed
classes of words), ``numbers``, ``shares``, ``quantities``, ``dates``, ``words``, ``naming`` (what
is read), ``reading`` (a text read, and what stands around each reading), ``figures`` with
``grading``, ``periods``, ``turning``, ``names`` with ``organs`` and ``persons``, ``quotes``,
``formulas`` (what is compared), ``tabulated`` (tables) with ``layout``, ``readings`` and ``grids``,
``findings`` (what they gather), ``checking`` (the verdict), ``headings`` (a heading over its
statements), ``cuts`` (what evidence was cut out of).
"""

from typing import Final

from briefs.gate.checking import FLOOR, check, marks
from briefs.gate.headings import check_heading
from briefs.gate.model import (
    Claim,
    Doubt,
    Fault,
    FaultType,
    Outcome,
    Place,
    Reason,
    Verdict,
    Witness,
)

VERSION: Final = "1"
"""Of the rules; editions name it. Raised when a rule changes what passes."""

__all__ = [
    "FLOOR",
    "VERSION",
    "Claim",
    "Doubt",
    "Fault",
    "FaultType",
    "Outcome",
    "Place",
    "Reason",
    "Verdict",
    "Witness",
    "check",
    "check_heading",
    "marks",
]
