"""What CSL and the dialects of reference managers call the types that are printed."""

from collections.abc import Mapping
from typing import Final

from knowledge.csl import WorkType

_T = WorkType
TYPES: Final[Mapping[str, WorkType]] = {kind.value: kind for kind in WorkType} | {
    "article-magazine": _T.ARTICLE,
    "periodical": _T.ARTICLE,
    "review": _T.ARTICLE,
    "review-book": _T.ARTICLE,
    "bill": _T.LEGISLATION,
    "legal_case": _T.LEGISLATION,
    "treaty": _T.LEGISLATION,
    "hearing": _T.REGULATION,
    "classic": _T.BOOK,
    "pamphlet": _T.BOOK,
    "entry": _T.CHAPTER,
    "entry-dictionary": _T.CHAPTER,
    "entry-encyclopedia": _T.CHAPTER,
    "collection": _T.MANUSCRIPT,
    "personal_communication": _T.MANUSCRIPT,
    "interview": _T.MANUSCRIPT,
    "speech": _T.CONFERENCE_PAPER,
    "event": _T.CONFERENCE_PAPER,
    "post": _T.WEB_PAGE,
    "post-weblog": _T.WEB_PAGE,
    "broadcast": _T.DOCUMENT,
    "figure": _T.DOCUMENT,
    "graphic": _T.DOCUMENT,
    "motion_picture": _T.DOCUMENT,
    "musical_score": _T.DOCUMENT,
    "performance": _T.DOCUMENT,
    "software": _T.DOCUMENT,
    "song": _T.DOCUMENT,
}
"""Every type of CSL 1.0.2, by its name."""
