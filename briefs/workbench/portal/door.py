"""The door: who comes in is known before anything else sees the request."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from knowledge.accounts.roles import Permission
from knowledge.accounts.signing_in import Place, SignedIn, SigningIn

_OPEN: Final = re.compile(
    r"/(?:published|briefs|pages|originals|api|sign-in|sign-out|password|account)(?:/|\Z)"
    r"|/(?:assets|sso)/|/(?:healthz|readyz)\Z"
)
"""Whole first parts of addresses that answer everybody; each looks itself at who asks."""
_UPLOAD: Final = re.compile(r"/_stcore/upload_file/([^/]*)/")
_DRAW_ANEW: Final = BackMsg(rerun_script=ClientState()).SerializeToString()
"""Said by a browser in which nothing was pressed and nothing typed."""
_REFUSED: Final = 4401
"""Close code of a websocket that nobody is signed in to: the private counterpart of 401."""


class Door:
    """Lets nobody into the workbench who is not signed in and may search.

    That is everything but the open addresses: pages, the websocket, uploads, media. Whoever is
    signed in is in the scope's state afterwards as ``signed_in`` (None for a reader), and nothing
    in a request can put anybody there. A websocket that stays open is looked at again with every
    message, and files are uploaded to the pages of one's own browser only.
    """

    def __init__(
        self, app: ASGIApp, *, signing_in: Callable[[], SigningIn], cookie: Callable[[], str]
    ) -> None:
        """Stand before `app`.

        Args:
            app: everything else.
            signing_in: knows who holds a token.
            cookie: name of the cookie that holds it.
        """
        self._app = app
        self._signing_in = signing_in
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        token = connection.cookies.get(self._cookie(), "")
        signed_in = await self._who(token)
        scope.setdefault("state", {})["signed_in"] = signed_in
        if scope["type"] == "websocket":
            if not may_enter(signed_in) or _is_foreign(connection):
                await receive()
                await send({"type": "websocket.close", "code": _REFUSED})
                return
            receive = self._watched(receive, token)
        elif not _OPEN.match(scope["path"]) and not may_enter(signed_in):
            await _turned_away(scope, signed_in)(scope, receive, send)
            return
        elif self._is_for_others(scope["path"], token):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _who(self, token: str) -> SignedIn | None:
        return await run_in_threadpool(self._signing_in().who, token) if token else None

    def _watched(self, receive: Receive, token: str) -> Receive:
        """The messages of a websocket as long as its person may enter.

        Of whoever was signed out meanwhile nothing is heard any more: whatever they press, the page
        is only drawn anew, and says so.
        """

        async def heard() -> Message:
            message = await receive()
            said = message["type"] == "websocket.receive"
            if said and not may_enter(await self._who(token)):
                return {"type": "websocket.receive", "bytes": _DRAW_ANEW}
            return message

        return heard

    def _is_for_others(self, path: str, token: str) -> bool:
        """Whether a file goes to, or is taken from, a page that another browser has open."""
        wanted = _UPLOAD.match(path)
        if wanted is None or not runtime.exists():
            return False
        page = runtime.get_instance().get_client(wanted[1])
        context = None if page is None else page.client_context
        return context is None or context.cookies.get(self._cookie()) != token


def may_enter(signed_in: SignedIn | None) -> bool:
    """Whether the workbench's pages open for whoever this is."""
    return signed_in is not None and Permission.SEARCH in signed_in.account.actor.permissions


def place_of(connection: HTTPConnection) -> Place:
    """Where a request comes from.

    Behind a proxy on this machine that is what the proxy says: the server itself (uvicorn) reads
    ``X-Forwarded-For`` from 127.0.0.1 and from nobody else.
    """
    address = connection.client.host if connection.client else ""
    return Place(address, connection.headers.get("user-agent", ""))


def local_path(wanted: str) -> str:
    """An address of this server to go on to: `wanted` if it is one, else the first page."""
    parts = urlsplit(wanted)
    is_local = re.fullmatch(r"/(?![/\\])[^\x00-\x20\x7f\\]*", wanted)
    return wanted if is_local and not parts.scheme and not parts.netloc else "/"


def _is_foreign(connection: HTTPConnection) -> bool:
    """Whether another site's page opens this connection: no page can make a browser hide that."""
    origin = connection.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != connection.headers.get("host")


def _turned_away(scope: Scope, signed_in: SignedIn | None) -> Response:
    fresh = {"Cache-Control": "no-store"}
    if scope["method"] in {"GET", "HEAD"} and _wants_page(scope):
        if signed_in is not None:
            return RedirectResponse("/published", 303, headers=fresh)
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = f"{quote(scope['path'])}?{query}" if query else quote(scope["path"])
        target = "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"
        return RedirectResponse(target, 303, headers=fresh)
    return PlainTextResponse("Unauthorized", 401, headers=fresh)


def _wants_page(scope: Scope) -> bool:
    inner = scope["path"].startswith(("/_stcore/", "/media/", "/component/", "/static/"))
    return not inner and "text/html" in HTTPConnection(scope).headers.get("accept", "text/html")
