"""Pictures of pages with the words boxed, for the portal and the command line.

Rooms: ``pictures`` (the service: drawn or typeset, kept), ``marking`` (marks, and a page's text cut
at them), ``boxes`` (boxes on a drawn page), ``typeset`` (a clean page of a format without pages),
``cutting`` (figures cut out of pages).
"""

from briefs.workbench.picturing.cutting import Cutting
from briefs.workbench.picturing.pictures import WIDTHS, Pictures, place_of, regions

__all__ = ["WIDTHS", "Cutting", "Pictures", "place_of", "regions"]
