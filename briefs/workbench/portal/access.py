"""Who may read what; the one place that decides it for the portal."""

from knowledge.access import PUBLIC
from knowledge.model import Stamp


def may_read(stamp: Stamp) -> bool:
    """Whether any reader may see a record: there are no accounts, so only what is public."""
    return PUBLIC.may_see(stamp)
