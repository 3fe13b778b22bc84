"""Signing in and out, passwords, and a person's own account, as plain pages without a script."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from briefs.workbench.portal import forms, rendering
from briefs.workbench.portal.access import first_page
from briefs.workbench.portal.door import local_path, may_enter, place_of
from briefs.workbench.portal.proving import proved
from briefs.workbench.settings import Settings
from briefs.workbench.wording import wording
from knowledge.accounts.errors import (
    PasswordError,
    ProviderDownError,
    SignInError,
    SpentLinkError,
    TooManyAttemptsError,
    UnknownSubjectError,
)
from knowledge.accounts.sessions import LONGEST
from knowledge.accounts.signing_in import SignedIn, SigningIn
from knowledge.errors import BadInputError

FRESH: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_STATUS: Final[Mapping[type[BadInputError], int]] = {
    TooManyAttemptsError: 429,
    ProviderDownError: 503,
    UnknownSubjectError: 403,
    SpentLinkError: 404,
    SignInError: 401,
    PasswordError: 422,
}


def session_cookie(settings: Settings) -> str:
    """Name of the cookie that holds a session's token.

    With HTTPS it has the prefix that lets no other host or path set it (RFC 6265bis).
    """
    return "__Host-zhiku" if settings.is_secure else "zhiku_session"


def left_cookie(settings: Settings) -> str:
    """Name of the cookie of a browser whose person signed out: a provider shall ask anew."""
    return "__Host-zhiku-left" if settings.is_secure else "zhiku_left"


class Entrance:
    """The routes ``/sign-in``, ``/sign-out``, ``/password`` and ``/account``."""

    def __init__(
        self, signing_in: Callable[[], SigningIn], settings: Callable[[], Settings]
    ) -> None:
        self._signing_in = signing_in
        self._settings = settings

    async def sign_in(self, request: Request) -> Response:
        """Ask for name and password; whoever is signed in goes on at once."""
        wanted = _wanted(request)
        if request.method != "POST":
            if (signed_in := _signed_in(request)) is not None:
                return _go(wanted if may_enter(signed_in) else first_page(signed_in))
            values = await run_in_threadpool(self._first, wanted)
            return self.page(request, "sign_in", {**values, "problem": None})
        fields = await self._posted(request)
        if fields is None:
            return await self.stale(request)
        login = fields.get("login", "")
        try:
            token = await proved(
                self._signing_in().sign_in,
                login,
                fields.get("password", ""),
                place=place_of(request),
            )
        except SignInError as error:
            return await self.refused(request, error, login=login)
        response = _go(await self.first(token, wanted))
        await self.keep(request, response, token)
        return response

    async def first(self, token: str, wanted: str) -> str:
        """Where to go who was signed in by a token: where they wanted, else where they begin."""
        found = await run_in_threadpool(self._signing_in().who, token)
        return wanted if wanted != "/" or found is None else first_page(found)

    async def sign_out(self, request: Request) -> Response:
        """Ask once more, and sign out here."""
        if _signed_in(request) is None:
            return _go("/sign-in")
        if request.method != "POST":
            return self.page(request, "sign_out", {"problem": None})
        if await self._posted(request) is None:
            return self._stale(request, "sign_out", {})
        name = session_cookie(self._settings())
        await run_in_threadpool(
            self._signing_in().sign_out, request.cookies.get(name, ""), place=place_of(request)
        )
        return self._left(_go("/sign-in"))

    async def change_password(self, request: Request) -> Response:
        """Replace one's own password."""
        signed_in = _signed_in(request)
        if signed_in is None:
            return _go("/sign-in?next=/password")
        values = {"account": signed_in.account, "by_link": False}
        if request.method != "POST":
            return self.page(request, "password", {**values, "problem": None})
        fields = await self._posted(request)
        if fields is None:
            return self._stale(request, "password", values)
        if fields.get("new", "") != fields.get("again", ""):
            return self.page(
                request, "password", {**values, "problem": self._say(request, "differ")}, 422
            )
        try:
            token = await proved(
                self._signing_in().change_password,
                signed_in,
                fields.get("old", ""),
                fields.get("new", ""),
                place=place_of(request),
            )
        except (SignInError, PasswordError) as error:
            return self._refused(request, "password", error, values)
        response = _go("/account?changed=1")
        self._give(response, token)
        return response

    async def set_password(self, request: Request) -> Response:
        """Set a password with a one-time link."""
        token = request.path_params["token"]
        service = self._signing_in()
        try:
            account = await run_in_threadpool(service.whose_link, token)
            values = {"account": account, "by_link": True}
            if request.method != "POST":
                return self.page(request, "password", {**values, "problem": None})
            fields = await self._posted(request)
            if fields is None:
                return self._stale(request, "password", values)
            if fields.get("new", "") != fields.get("again", ""):
                problem = self._say(request, "differ")
                return self.page(request, "password", {**values, "problem": problem}, 422)
            await proved(service.set_by_link, token, fields.get("new", ""), place=place_of(request))
        except PasswordError as error:
            return self._refused(request, "password", error, values)
        except SpentLinkError as error:
            return self._refused(request, "spent", error, {})
        return self._left(_go("/sign-in"))

    async def account(self, request: Request) -> Response:
        """Show who one is here and where one is signed in; sign out everywhere."""
        signed_in = _signed_in(request)
        if signed_in is None:
            return _go("/sign-in?next=/account")
        service, person = self._signing_in(), signed_in.account
        values: dict[str, Any] = {
            "account": person,
            "here": signed_in.session.id,
            "sessions": await run_in_threadpool(service.sessions, person.person_id),
            "changed": "changed" in request.query_params,
            "ended": "ended" in request.query_params,
        }
        if request.method != "POST":
            return self.page(request, "account", {**values, "problem": None})
        return await self._end(request, signed_in, values)

    async def _end(
        self, request: Request, signed_in: SignedIn, values: Mapping[str, Any]
    ) -> Response:
        """End one session or all of them, as the form of the account's page says."""
        fields = await self._posted(request)
        wanted = (fields or {}).get("session", "")
        number = rendering.number(wanted)
        if fields is None or (wanted and number is None):
            return self._stale(request, "account", values)
        try:
            await proved(
                self._signing_in().end_session,
                signed_in,
                number,
                fields.get("password", ""),
                place=place_of(request),
            )
        except SignInError as error:
            return self._refused(request, "account", error, values)
        if number in {None, signed_in.session.id}:
            return self._left(_go("/sign-in"))
        return _go("/account?ended=1")

    async def stale(self, request: Request) -> Response:
        """The sign-in page again: what was sent was not a form of this browser."""
        values = await run_in_threadpool(self._first, _wanted(request))
        return self._stale(request, "sign_in", values)

    async def refused(self, request: Request, error: SignInError, *, login: str = "") -> Response:
        """The sign-in page with what went wrong, by whichever way somebody came."""
        values = await run_in_threadpool(self._first, _wanted(request))
        return self._refused(request, "sign_in", error, {**values, "login": login})

    def _first(self, wanted: str) -> dict[str, Any]:
        settings = self._settings()
        name = settings.sso_name or urlsplit(settings.sso_issuer).hostname
        start = "/sso/start" if wanted == "/" else f"/sso/start?next={quote(wanted, safe='')}"
        return {
            "login": "",
            "nobody_yet": not self._signing_in().register.has_administrator(),
            "provider": {"name": name, "start": start} if settings.has_sso else None,
        }

    def _refused(
        self, request: Request, template: str, error: BadInputError, values: Mapping[str, Any]
    ) -> Response:
        status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
        problem = wording(self._language(request)).error(error)
        return self.page(request, template, {**values, "problem": problem}, status)

    def _stale(self, request: Request, template: str, values: Mapping[str, Any]) -> Response:
        problem = self._say(request, "stale")
        return self.page(request, template, {**values, "problem": problem}, 403)

    def _say(self, request: Request, key: str) -> str:
        return wording(self._language(request))(f"entrance.{key}")

    def page(
        self, request: Request, template: str, values: Mapping[str, Any], status: int = 200
    ) -> Response:
        """A page with a form: never kept, and never packed, as its length would tell the mark."""
        secure = self._settings().is_secure
        mark = forms.mark_of(request, secure=secure)
        response = rendering.page(
            request,
            template,
            language=self._language(request),
            status=status,
            values={**values, "mark": forms.masked(mark)},
            packed=False,
        )
        response.headers.update(FRESH)
        forms.keep_mark(response, mark, secure=secure)
        return response

    async def _posted(self, request: Request) -> dict[str, str] | None:
        return await forms.posted(request, secure=self._settings().is_secure)

    def _language(self, request: Request) -> str:
        return rendering.language_of(request, self._settings().language)

    async def keep(self, request: Request, response: Response, token: str) -> None:
        """Give the browser its session; the one that it had before ends."""
        if before := request.cookies.get(session_cookie(self._settings())):
            await run_in_threadpool(self._signing_in().forget, before)
        self._give(response, token)

    def _give(self, response: Response, token: str) -> None:
        settings = self._settings()
        response.set_cookie(
            session_cookie(settings),
            token,
            max_age=int(LONGEST.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=settings.is_secure,
        )
        # A new form after every change of who one is.
        forms.drop_mark(response, secure=settings.is_secure)

    def _left(self, response: Response) -> Response:
        settings = self._settings()
        response.delete_cookie(
            session_cookie(settings), httponly=True, samesite="lax", secure=settings.is_secure
        )
        forms.drop_mark(response, secure=settings.is_secure)
        if settings.has_sso:
            response.set_cookie(
                left_cookie(settings),
                "1",
                httponly=True,
                samesite="lax",
                secure=settings.is_secure,
            )
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _signed_in(request: Request) -> SignedIn | None:
    found: SignedIn | None = request.state.signed_in
    return found


def _wanted(request: Request) -> str:
    return local_path(request.query_params.get("next", "/"))


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, headers=FRESH)
