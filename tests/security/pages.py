"""Every page of the workbench: which permission opens it, and addresses of what may be hidden."""

from typing import Final

from knowledge.accounts.roles import Permission
from tests.security.server import Served

PAGES: Final[dict[str, Permission]] = {
    "": Permission.SEARCH,
    "library": Permission.READ_STAFF,
    "drafts": Permission.READ_STAFF,
    "editions": Permission.READ_STAFF,
    "synonyms": Permission.CATALOGUE,
    "templates": Permission.CATALOGUE,
    "trail": Permission.READ_STAFF,
    "proposals": Permission.WITHDRAW,
    "accounts": Permission.MANAGE_PEOPLE,
    "audit": Permission.READ_AUDIT,
    "privacy": Permission.ERASE,
}
"""By address; the first one is the search. A page that is not here fails ``test_pages``."""


def hidden(served: Served, mark: str) -> list[tuple[str, dict[str, object], Permission]]:
    """Addresses at which the main library's staff find the mark, and by which permission."""
    ids, staff = served.ids, Permission.READ_STAFF
    return [
        ("", {"q": f"{mark}蓄水"}, staff),
        ("", {"q": f"{mark}蓄水", "every": "true"}, staff),
        ("library", {}, staff),
        ("library", {"title": mark}, staff),
        ("library", {"document": ids["hidden"]}, staff),
        ("drafts", {}, staff),
        ("trail", {}, staff),
        ("trail", {"brief": ids["draft"]}, staff),
        # Whoever may not write is shown the preview, in a frame: an address of its own.
        ("drafts", {"brief": ids["draft"]}, Permission.DRAFT),
    ]
