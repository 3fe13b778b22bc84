"""References as GB/T 7714—2025 wants them, and their numbers.

`work_of` gathers what is known of a source, `reference` prints it, `numbered` counts sources by
first appearance. Nothing here reads a database: facts come in as dataclasses, text goes out.
"""

from briefs.citing.gbt7714 import reference
from briefs.citing.numbering import numbered
from briefs.citing.work import Name, PartialDate, Work, WorkType, work_of

__all__ = ["Name", "PartialDate", "Work", "WorkType", "numbered", "reference", "work_of"]
