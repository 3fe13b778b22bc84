"""Signing in by the library's identity provider: ``/sso/start`` and ``/sso/back``.

An attempt lives in one cookie of one browser and is good for one answer: state, nonce and the proof
key are derived from its random secret, so nothing is kept here, nothing can be guessed, and what
another browser began is refused.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import forms, rendering
from briefs.workbench.portal.door import local_path, place_of
from briefs.workbench.portal.entrance import FRESH, Entrance, left_cookie
from briefs.workbench.portal.proof import proof_of
from briefs.workbench.settings import Settings
from knowledge.accounts.binding import Admission
from knowledge.accounts.errors import ProviderDownError, ProviderError, SignInError
from knowledge.accounts.roles import Role

if TYPE_CHECKING:
    from briefs.workbench.portal.provider import Provider

_MINUTES: Final = 10
_LONGEST: Final = 1_500
"""Characters of the address to go on to; cookies have 4096 at most."""


def attempt_cookie(settings: Settings) -> str:
    """Name of the cookie that holds an attempt."""
    return "__Host-zhiku-sso" if settings.is_secure else "zhiku_sso"


class SingleSignOn:
    """The routes under ``/sso``; real 404s where no provider is set. Safe in several threads."""

    def __init__(self, workbench: Callable[[], Workbench], entrance: Entrance) -> None:
        """Answer for the provider of the home's settings.

        Args:
            workbench: asked at each request, so that the home is opened late.
            entrance: shows the sign-in page with what went wrong.
        """
        self._workbench = workbench
        self._entrance = entrance
        self._lock = threading.Lock()
        self._made: tuple[Settings, Provider] | None = None

    async def start(self, request: Request) -> Response:
        """Send a browser to the provider: only from the button of our own sign-in page.

        The way leads over a page of ours that goes on by itself: a form may be sent to this server
        only, and that would hold for where the provider sends its own visitors, too.
        """
        settings = self._workbench().settings
        if not settings.has_sso:
            return rendering.missing(request, settings.language)
        fields = None
        if request.method == "POST":
            fields = await forms.posted(request, secure=settings.is_secure)
        if fields is None:
            return await self._entrance.stale(request)
        secret = secrets.token_urlsafe(32)
        try:
            address = await run_in_threadpool(
                self._provider().address,
                proof_of(secret),
                afresh=left_cookie(settings) in request.cookies,
            )
        except ProviderDownError as error:
            return await self._entrance.refused(request, error)
        response = self._entrance.page(
            request, "sso", {"address": address, "host": urlsplit(address).hostname}
        )
        wanted = local_path(request.query_params.get("next", "/"))
        kept = wanted if len(quote(wanted)) <= _LONGEST else "/"
        response.set_cookie(
            attempt_cookie(settings),
            f"{secret}.{quote(kept, safe='')}",
            max_age=_MINUTES * 60,
            httponly=True,
            samesite="lax",
            secure=settings.is_secure,
        )
        return response

    async def back(self, request: Request) -> Response:
        """Take the provider's answer and sign its person in, or say in one page why not."""
        settings = self._workbench().settings
        if not settings.has_sso:
            return rendering.missing(request, settings.language)
        secret, _, wanted = request.cookies.get(attempt_cookie(settings), "").partition(".")
        try:
            token = await run_in_threadpool(self._signed_in, request, secret)
        except SignInError as error:
            response = await self._entrance.refused(request, error)
        else:
            target = await self._entrance.first(token, local_path(unquote(wanted)))
            response = RedirectResponse(target, 303, headers=FRESH)
            await self._entrance.keep(request, response, token)
            response.delete_cookie(
                left_cookie(settings), httponly=True, samesite="lax", secure=settings.is_secure
            )
        response.delete_cookie(
            attempt_cookie(settings), httponly=True, samesite="lax", secure=settings.is_secure
        )
        return response

    def _signed_in(self, request: Request, secret: str) -> str:
        """Check the answer and begin a session; the state comes first, and costs no network."""
        settings, place = self._workbench().settings, place_of(request)
        answer = dict(request.query_params)
        proof = proof_of(secret)
        is_repeated = len(request.query_params.multi_items()) != len(answer)
        is_ours = hmac.compare_digest(proof.state.encode(), answer.get("state", "").encode())
        try:
            if not secret or is_repeated or not is_ours:
                raise ProviderError()
            vouched = self._provider().vouched(answer, proof)
        except ProviderError:
            self._workbench().signing_in.count_refused(place=place)
            raise
        admission = (
            Admission(Role(settings.sso_role), settings.library) if settings.sso_role else None
        )
        return self._workbench().signing_in.sign_in_by(vouched, place=place, admission=admission)

    def _provider(self) -> "Provider":
        # Most libraries have none, and what speaks to one takes its time to load.
        from briefs.workbench.portal.provider import Provider

        bench = self._workbench()
        with self._lock:
            if self._made is None or self._made[0] is not bench.settings:
                self._made = bench.settings, Provider(bench.settings, clock=bench.clock)
            return self._made[1]
