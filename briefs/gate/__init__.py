"""The gate: does a statement say what its evidence says? Pure code, no model, no files.

Rooms: ``model`` (claim, witness, verdict, faults, doubts), ``lexicon`` and ``gazetteer`` (closed
classes of words), ``quantities``, ``dates``, ``words``, ``naming`` (what is read), ``reading`` (a
text read, and what stands around each reading), ``figures`` with ``grading``, ``periods``,
``turning``, ``names`` with ``organs`` and ``persons``, ``quotes``, ``formulas`` (what is compared),
``findings`` (what they gather), ``checking`` (the verdict).
"""

from briefs.gate.checking import FLOOR, check, marks
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

__all__ = [
    "FLOOR",
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
    "marks",
]
