"""References as GB/T 7714—2025 wants them, and their numbers.

`reference` prints what `knowledge.csl.work_of` gathers of a source, `numbered` counts sources by
first appearance. Nothing here reads a database: facts come in as dataclasses, text goes out.
"""

from briefs.citing.gbt7714 import reference
from briefs.citing.numbering import numbered
from knowledge.csl import Name, PartialDate, Work, WorkType, work_of

__all__ = ["Name", "PartialDate", "Work", "WorkType", "numbered", "reference", "work_of"]
