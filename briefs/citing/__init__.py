"""References as GB/T 7714 wants them, their numbers, and their exchange with other programs.

`reference` prints what `knowledge.csl.work_of` gathers of a source, `listed` a whole list in one of
the four forms that `Style` names, `cited` the mark in the text, `numbered` counts sources by first
appearance. Nothing of this reads a database: facts come in as dataclasses, text goes out.
Room `exchange` reads and writes CSL-JSON, RIS and BibTeX; `importing` takes such a file over into
the catalogue.
"""

from briefs.citing.gbt7714 import reference
from briefs.citing.listing import Listed, cited, listed
from briefs.citing.numbering import numbered
from briefs.citing.pinpoint import pinpoint
from briefs.citing.style import DEFAULT, RulesEdition, Style, System
from knowledge.csl import Name, PartialDate, Work, WorkType, work_of

__all__ = [
    "DEFAULT",
    "Listed",
    "Name",
    "PartialDate",
    "RulesEdition",
    "Style",
    "System",
    "Work",
    "WorkType",
    "cited",
    "listed",
    "numbered",
    "pinpoint",
    "reference",
    "work_of",
]
