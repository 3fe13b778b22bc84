"""Middleware before everything: safe headers, packing, and Streamlit's first page."""

import base64
import hashlib
import re
from collections.abc import Callable
from html import escape
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from briefs.workbench.settings import LANGUAGES
from briefs.workbench.wording import wording

_BASE_POLICY: Final = "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
_MEDIA_POLICY: Final = f"default-src 'none'; sandbox; {_BASE_POLICY}"
"""Of files that pages hand out: opened by themselves, they run nothing."""
_STREAMLIT_POLICY: Final = (
    "default-src 'self'; script-src 'self' {scripts} blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; frame-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_ONE_YEAR: Final = "max-age=31536000; includeSubDomains"
_NOTHING: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
"""What no page of ours asks a browser for."""
_KEPT: Final = re.compile(r"/(?:assets|static)/")
"""The same for everybody."""
_INLINE_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_OURS: Final = re.compile(
    r"/(?:published|briefs|previews|pages|originals|api|sign-in|sign-out|password|account|sso|healthz|readyz)(?:/|$)"
    r"|/media/"
)
"""Neither packed nor rewritten: ours pack themselves, media must answer for byte ranges."""


class SafeHeaders:
    """Adds the headers that every response needs, unless the response has its own."""

    def __init__(self, app: ASGIApp, *, is_secure: Callable[[], bool] = lambda: False) -> None:
        """Stand before `app`; `is_secure` tells whether people come by HTTPS."""
        self._app = app
        self._is_secure = is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safe_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Permissions-Policy"] = _NOTHING
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers.setdefault("Referrer-Policy", "same-origin")
                if self._is_secure():
                    headers["Strict-Transport-Security"] = _ONE_YEAR
                    _secure_cookies(message)
                headers["X-Frame-Options"] = "SAMEORIGIN"
                is_media = scope["path"].startswith("/media/")
                policy = _MEDIA_POLICY if is_media else _BASE_POLICY
                headers.setdefault("Content-Security-Policy", policy)
                if scope["path"].startswith("/assets/"):
                    headers.setdefault("Cache-Control", "no-cache")
                elif _is_personal(scope):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, safe_send)


def _secure_cookies(message: Message) -> None:
    """Keep every cookie to secure connections, those that libraries set as well."""
    message["headers"] = [
        (name, value + b"; Secure")
        if name == b"set-cookie" and b"; secure" not in value.lower()
        else (name, value)
        for name, value in message["headers"]
    ]


def _is_personal(scope: Scope) -> bool:
    """Whether an answer is for whoever is signed in; the door has found out meanwhile."""
    return bool(scope.get("state", {}).get("signed_in")) and not _KEPT.match(scope["path"])


class Packing:
    """Gzip for what Streamlit itself sends unpacked: half of the first visit's bytes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed = GZipMiddleware(app, minimum_size=500, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        apart = scope["type"] != "http" or _OURS.match(scope["path"])
        await (self._app if apart else self._packed)(scope, receive, send)


class FirstPage:
    """Makes Streamlit's index.html ours: language, title, mark, policy, and Chinese labels.

    Streamlit packs and validates that file by its own rules, so a navigation is passed on without
    the headers that would make it answer packed, partly, or not at all.
    """

    def __init__(self, app: ASGIApp, *, language: Callable[[], str]) -> None:
        self._app = app
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or not _is_navigation(scope):
            await self._app(scope, receive, send)
            return
        dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
        kept = [(name, value) for name, value in scope["headers"] if name not in dropped]
        start: Message | None = None
        body = bytearray()

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await self._release(scope, start, bytes(body), send)

        await self._app({**scope, "headers": kept, "method": "GET"}, receive, hold)

    async def _release(self, scope: Scope, start: Message, body: bytes, send: Send) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        if b"<title>Streamlit</title>" in body:
            body = rewritten(body, _chosen_language(scope) or self._language())
            headers["Content-Security-Policy"] = _policy(body)
            for name in ("etag", "last-modified", "accept-ranges"):
                del headers[name]
        headers["Content-Length"] = str(len(body))
        await send({**start, "headers": headers.raw})
        sent = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": sent})


def rewritten(body: bytes, language: str) -> bytes:
    """Streamlit's index.html in `language`, without its advertisements."""
    words = wording(language)
    text = body.decode()
    tag = "zh-CN" if language == "zh" else "en"
    text = text.replace('<html lang="en">', f'<html lang="{tag}">', 1)
    text = text.replace(
        "<title>Streamlit</title>", f"<title>{escape(words('portal.name'))}</title>"
    )
    text = text.replace("./favicon.png", "/assets/favicon.svg")
    text = re.sub(r"<!--(?:(?!-->).)*\bagent API\b.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'<link rel="service-desc"[^>]*>', "", text)
    needed = f"<noscript><p>{escape(words('portal.needs_script'))}</p></noscript>"
    text = re.sub(r"<noscript>.*?</noscript>", lambda _: needed, text, flags=re.DOTALL)
    text = text.replace("</head>", '<script src="/assets/zh.js" defer></script>\n</head>', 1)
    return text.strip().encode()


def _policy(body: bytes) -> str:
    hashes = (
        base64.b64encode(hashlib.sha256(script).digest()).decode()
        for script in _INLINE_SCRIPT.findall(body)
    )
    return _STREAMLIT_POLICY.format(scripts=" ".join(f"'sha256-{value}'" for value in hashes))


def _is_navigation(scope: Scope) -> bool:
    wants = Headers(scope=scope).get("accept", "")
    if _OURS.match(scope["path"]):
        return False
    return scope["method"] in {"GET", "HEAD"} and ("text/html" in wants or wants in {"", "*/*"})


def _is_html(message: Message) -> bool:
    found = Headers(raw=message["headers"])
    return found.get("content-type", "").startswith("text/html") and (
        "content-encoding" not in found
    )


def _chosen_language(scope: Scope) -> str | None:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    given = query.get("lang", [""])[-1]
    return given if given in LANGUAGES else None
