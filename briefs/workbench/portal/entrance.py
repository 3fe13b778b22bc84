"""Signing in and out, passwords, and a person's own account, as plain pages without a script."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from briefs.workbench.portal import forms, rendering
from briefs.workbench.portal.door import local_path, may_enter, place_of
from briefs.workbench.settings import Settings
from briefs.workbench.wording import wording
from knowledge.accounts.errors import (
    PasswordError,
    SignInError,
    SpentLinkError,
    TooManyAttemptsError,
)
from knowledge.accounts.sessions import LONGEST
from knowledge.accounts.signing_in import SignedIn, SigningIn
from knowledge.errors import BadInputError

_FRESH: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_STATUS: Final[Mapping[type[BadInputError], int]] = {
    TooManyAttemptsError: 429,
    SpentLinkError: 404,
    SignInError: 401,
    PasswordError: 422,
}


def session_cookie(settings: Settings) -> str:
    """Name of the cookie that holds a session's token.

    With HTTPS it has the prefix that lets no other host or path set it (RFC 6265bis).
    """
    return "__Host-zhiku" if settings.is_secure else "zhiku_session"


class Entrance:
    """The routes ``/sign-in``, ``/sign-out``, ``/password`` and ``/account``."""

    def __init__(
        self, signing_in: Callable[[], SigningIn], settings: Callable[[], Settings]
    ) -> None:
        self._signing_in = signing_in
        self._settings = settings

    async def sign_in(self, request: Request) -> Response:
        """Ask for name and password; whoever is signed in goes on at once."""
        wanted = local_path(request.query_params.get("next", "/"))
        if request.method != "POST":
            if (signed_in := _signed_in(request)) is not None:
                return _go(wanted if may_enter(signed_in) else "/published")
            return self._page(request, "sign_in", {"login": "", "problem": None, **self._first()})
        fields = await forms.posted(request)
        if fields is None:
            return self._stale(request, "sign_in", {"login": "", **self._first()})
        login = fields.get("login", "")
        try:
            token = await run_in_threadpool(
                self._signing_in().sign_in,
                login,
                fields.get("password", ""),
                place=place_of(request),
            )
        except SignInError as error:
            return self._refused(request, "sign_in", error, {"login": login, **self._first()})
        response = _go(wanted)
        self._keep(response, token)
        return response

    async def sign_out(self, request: Request) -> Response:
        """Ask once more, and sign out here."""
        if _signed_in(request) is None:
            return _go("/sign-in")
        if request.method != "POST":
            return self._page(request, "sign_out", {"problem": None})
        if await forms.posted(request) is None:
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
            return self._page(request, "password", {**values, "problem": None})
        fields = await forms.posted(request)
        if fields is None:
            return self._stale(request, "password", values)
        if fields.get("new", "") != fields.get("again", ""):
            return self._page(
                request, "password", {**values, "problem": self._say(request, "differ")}, 422
            )
        try:
            await run_in_threadpool(
                self._signing_in().change_password,
                signed_in,
                fields.get("old", ""),
                fields.get("new", ""),
                place=place_of(request),
            )
        except (SignInError, PasswordError) as error:
            return self._refused(request, "password", error, values)
        return _go("/account?changed=1")

    async def set_password(self, request: Request) -> Response:
        """Set a password with a one-time link."""
        token = request.path_params["token"]
        service = self._signing_in()
        try:
            account = await run_in_threadpool(service.whose_link, token)
            values = {"account": account, "by_link": True}
            if request.method != "POST":
                return self._page(request, "password", {**values, "problem": None})
            fields = await forms.posted(request)
            if fields is None:
                return self._stale(request, "password", values)
            if fields.get("new", "") != fields.get("again", ""):
                problem = self._say(request, "differ")
                return self._page(request, "password", {**values, "problem": problem}, 422)
            await run_in_threadpool(
                service.set_by_link, token, fields.get("new", ""), place=place_of(request)
            )
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
        }
        if request.method != "POST":
            return self._page(request, "account", {**values, "problem": None})
        if await forms.posted(request) is None:
            return self._stale(request, "account", values)
        await run_in_threadpool(service.sign_out_everywhere, person.person_id, actor=person.actor)
        return self._left(_go("/sign-in"))

    def _first(self) -> dict[str, Any]:
        return {"nobody_yet": not self._signing_in().register.has_administrator()}

    def _refused(
        self, request: Request, template: str, error: BadInputError, values: Mapping[str, Any]
    ) -> Response:
        status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
        problem = wording(self._language(request)).error(error)
        return self._page(request, template, {**values, "problem": problem}, status)

    def _stale(self, request: Request, template: str, values: Mapping[str, Any]) -> Response:
        problem = self._say(request, "stale")
        return self._page(request, template, {**values, "problem": problem}, 403)

    def _say(self, request: Request, key: str) -> str:
        return wording(self._language(request))(f"entrance.{key}")

    def _page(
        self, request: Request, template: str, values: Mapping[str, Any], status: int = 200
    ) -> Response:
        mark = forms.mark_of(request)
        response = rendering.page(
            request,
            template,
            language=self._language(request),
            status=status,
            values={**values, "mark": mark},
        )
        response.headers.update(_FRESH)
        forms.keep_mark(response, mark, secure=self._settings().is_secure)
        return response

    def _language(self, request: Request) -> str:
        return rendering.language_of(request, self._settings().language)

    def _keep(self, response: Response, token: str) -> None:
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
        response.delete_cookie(forms.COOKIE, httponly=True, samesite="strict")

    def _left(self, response: Response) -> Response:
        settings = self._settings()
        response.delete_cookie(
            session_cookie(settings), httponly=True, samesite="lax", secure=settings.is_secure
        )
        response.delete_cookie(forms.COOKIE, httponly=True, samesite="strict")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _signed_in(request: Request) -> SignedIn | None:
    found: SignedIn | None = request.state.signed_in
    return found


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, headers=_FRESH)
