"""Who may read what; the one place that decides it for the portal."""

from knowledge.access import PUBLIC
from knowledge.model import Stamp


def may_read(*stamps: Stamp) -> bool:
    """Whether any reader may see a record: there are no accounts, so only what is public.

    What belongs to another record is given with that: a version with its document.
    """
    return all(PUBLIC.may_see(stamp) for stamp in stamps)
