"""Templates of briefs: what a 决策参考 or a 调研报告 has in it, as data that a library can edit.

Rooms: ``model`` (a template and how far a brief fulfils it), ``reading`` (TOML → template, faults
by file and line), ``shelf`` (`Templates`: those that come with Zhiku in ``data``, the library's own
over them), ``fulfilment`` (a brief compared with its template).
"""

from briefs.templates.fulfilment import characters, fulfilment, in_sections, length_at
from briefs.templates.model import (
    PAGE,
    Budget,
    FormStanding,
    Fulfilment,
    Gap,
    Need,
    Section,
    Standing,
    Template,
    Words,
)
from briefs.templates.reading import read_template
from briefs.templates.shelf import FOLDER, Templates

__all__ = [
    "FOLDER",
    "PAGE",
    "Budget",
    "FormStanding",
    "Fulfilment",
    "Gap",
    "Need",
    "Section",
    "Standing",
    "Template",
    "Templates",
    "Words",
    "characters",
    "fulfilment",
    "in_sections",
    "length_at",
    "read_template",
]
