"""Every address that the server answers, and whom: our routes, and all that Streamlit brings.

The application itself tells which routes it has (`server.routes`); one that is not here fails
``test_routes``.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from tests.security.server import Served


class Who(Enum):
    """Whom an address answers."""

    EVERYBODY = "everybody"
    """It looks itself at who asks, and shows a reader what is public."""
    INSIDE = "inside"
    """Whoever is signed in and may search."""
    NOBODY = "nobody"
    """It is closed: a real 404 for all."""


@dataclass(frozen=True, slots=True)
class Way:
    """One route, by an address that leads to it."""

    example: str
    who: Who
    methods: frozenset[str] = frozenset({"GET", "HEAD"})


_FORM: Final = frozenset({"GET", "HEAD", "POST"})
_READ: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_UPLOAD: Final = frozenset({"PUT", "DELETE", "OPTIONS"})
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
EVERY: Final = frozenset(METHODS)

ROUTES: Final[dict[str, Way]] = {
    "/healthz": Way("/healthz", Who.EVERYBODY),
    "/readyz": Way("/readyz", Who.EVERYBODY),
    "/sign-in": Way("/sign-in", Who.EVERYBODY, _FORM),
    "/sign-out": Way("/sign-out", Who.EVERYBODY, _FORM),
    "/password": Way("/password", Who.EVERYBODY, _FORM),
    "/password/{token}": Way("/password/abcdefgh", Who.EVERYBODY, _FORM),
    "/account": Way("/account", Who.EVERYBODY, _FORM),
    "/sso/start": Way("/sso/start", Who.EVERYBODY, _FORM),
    "/sso/back": Way("/sso/back", Who.EVERYBODY),
    "/sso/{rest:path}": Way("/sso/x", Who.EVERYBODY),
    "/previews/{brief}": Way("/previews/1", Who.INSIDE),
    "/previews": Way("/previews", Who.INSIDE),
    "/previews/{rest:path}": Way("/previews/x/y", Who.INSIDE),
    "/published": Way("/published", Who.EVERYBODY),
    "/briefs": Way("/briefs", Who.EVERYBODY),
    "/briefs/{brief}.{suffix}": Way("/briefs/1.html", Who.EVERYBODY),
    "/briefs/{brief}": Way("/briefs/1", Who.EVERYBODY),
    "/briefs/{brief}/{edition}.{suffix}": Way("/briefs/1/1.html", Who.EVERYBODY),
    "/briefs/{brief}/{edition}": Way("/briefs/1/1", Who.EVERYBODY),
    "/pages/{version}/figure.png": Way("/pages/1/figure.png?mark=1:0-5", Who.EVERYBODY),
    "/pages/{version}/{page}.png": Way("/pages/1/1.png", Who.EVERYBODY),
    "/pages/{version}/{page}": Way("/pages/1/1", Who.EVERYBODY),
    "/originals/{version}": Way("/originals/1", Who.EVERYBODY),
    "/assets": Way("/assets/portal.css", Who.EVERYBODY),
    "/published/{rest:path}": Way("/published/x", Who.EVERYBODY),
    "/briefs/{rest:path}": Way("/briefs/x/y/z", Who.EVERYBODY),
    "/pages/{rest:path}": Way("/pages/x", Who.EVERYBODY),
    "/originals/{rest:path}": Way("/originals/x/y", Who.EVERYBODY),
    "/api/{rest:path}": Way("/api/x", Who.EVERYBODY),
    "/sign-in/{rest:path}": Way("/sign-in/x", Who.EVERYBODY),
    "/sign-out/{rest:path}": Way("/sign-out/x", Who.EVERYBODY),
    "/password/{rest:path}": Way("/password/x/y", Who.EVERYBODY),
    "/account/{rest:path}": Way("/account/x", Who.EVERYBODY),
    "/pages": Way("/pages", Who.EVERYBODY),
    "/originals": Way("/originals", Who.EVERYBODY),
    "/api": Way("/api", Who.EVERYBODY),
    "/_stcore/health": Way("/_stcore/health", Who.INSIDE, _READ),
    "/_stcore/metrics": Way("/_stcore/metrics", Who.NOBODY, EVERY),
    "/_stcore/host-config": Way("/_stcore/host-config", Who.INSIDE),
    "/media/{file_id:path}": Way("/media/0.png", Who.INSIDE, _READ),
    "/_stcore/upload_file/{session_id}/{file_id}": Way(
        "/_stcore/upload_file/a/b", Who.INSIDE, _UPLOAD | {"GET", "HEAD"}
    ),
    "/component/{path:path}": Way("/component/x/y", Who.INSIDE, _READ),
    "/_stcore/bidi-components/{path:path}": Way(
        "/_stcore/bidi-components/x/y.js", Who.INSIDE, _READ
    ),
    "/auth/login": Way("/auth/login", Who.NOBODY, EVERY),
    "/auth/logout": Way("/auth/logout", Who.NOBODY, EVERY),
    "/oauth2callback": Way("/oauth2callback", Who.NOBODY, EVERY),
    "/_stcore/agent/interact": Way("/_stcore/agent/interact", Who.NOBODY, EVERY),
    "/_stcore/agent/openapi.json": Way("/_stcore/agent/openapi.json", Who.NOBODY, EVERY),
    "/_stcore/agent/mcp": Way("/_stcore/agent/mcp", Who.NOBODY, EVERY),
    "": Way("/library", Who.INSIDE),
}
"""By the pattern of the route; the last is whatever else there is: Streamlit's first page."""

SOCKETS: Final = ("/_stcore/stream",)
"""Websockets; all are for whoever is inside."""


def hidden(served: Served) -> list[str]:
    """Addresses at which the main library's staff read what is for them."""
    version, draft = served.ids["hidden version"], served.ids["draft"]
    return [
        f"/pages/{version}/1",
        f"/pages/{version}/1.png",
        f"/pages/{version}/1?mark=1:0-5",
        f"/pages/{version}/1.png?mark=1:0-5&width=1600",
        f"/originals/{version}",
        f"/previews/{draft}",
    ]


def unpublished(served: Served) -> list[str]:
    """Addresses that a draft would have if it were published: there is nothing for anybody."""
    draft = served.ids["draft"]
    suffixes = ("html", "pdf", "docx", "md", "txt")
    return [
        f"/briefs/{draft}",
        *(f"/briefs/{draft}.{suffix}" for suffix in suffixes),
        f"/briefs/{draft}/1",
        f"/briefs/{draft}/1.pdf",
    ]
