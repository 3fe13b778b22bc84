"""Templates and responses: the reader's language, safe headers, answers that need not be resent."""

import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from briefs.lengths.forms import stands_in
from briefs.model import Length
from briefs.workbench.portal.access import signed_in
from briefs.workbench.portal.door import may_enter
from briefs.workbench.settings import LANGUAGES
from briefs.workbench.wording import Wording, wording

COOKIE: Final = "zhiku_lang"
"""Remembers the language a reader chose by ``?lang=``."""
HTML: Final = "text/html; charset=utf-8"
PLAIN_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_YEAR: Final = 365 * 24 * 3600
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request, default: str) -> str:
    """The reader's language: by ``?lang=``, else the cookie, else the browser, else `default`."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(_cookie(request))):
        if chosen in LANGUAGES:
            return str(chosen)
    for part in request.headers.get("accept-language", "").split(","):
        wanted = part.split(";")[0].strip().lower().split("-")[0]
        if wanted in LANGUAGES:
            return wanted
    return default


def _cookie(request: Request) -> str:
    return "__Host-zhiku-lang" if request.url.scheme == "https" else COOKIE


def page(
    request: Request,
    template: str,
    *,
    language: str,
    status: int = 200,
    values: Mapping[str, Any] | None = None,
    packed: bool = True,
    private: bool = False,
) -> Response:
    """A page of our own in the reader's language; no text of a person ever becomes markup.

    Args:
        request: its path and marks are kept by the link to the other language.
        template: name without its endings.
        language: one of `LANGUAGES`.
        status: of the response.
        values: what the template shows.
        packed: whether it may be packed; what holds a secret beside a person's words may not.
        private: whether it is for this person alone, see `answer`.
    """
    made = fragment(template, language=language, request=request, values=values or {})
    return answer(
        request, made.encode(), media_type=HTML, status=status, packed=packed, private=private
    )


def fragment(template: str, *, language: str, request: Request, values: Mapping[str, Any]) -> str:
    """A template filled in, as text."""
    found = signed_in(request)
    return (
        _templates()
        .get_template(f"{template}.html.jinja")
        .render(
            words=wording(language),
            tag="zh-CN" if language == "zh" else "en",
            switch=_switch(request, language),
            person=None if found is None else found.account.name,
            works=found is not None and may_enter(found),
            **values,
        )
    )


def answer(
    request: Request,
    body: bytes,
    *,
    media_type: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    packed: bool = True,
    private: bool = False,
) -> Response:
    """A response with a strong ETag, packed if the reader's browser takes it; 304 if it has it.

    What is private is kept nowhere, in no browser either, and has no ETag by which somebody could
    find out later whether they guessed it.
    """
    tag = hashlib.sha256(body).hexdigest()[:32]
    sent = {"Cache-Control": _kept(request), "Content-Security-Policy": PLAIN_POLICY}
    if media_type.startswith("text/"):
        sent["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
        if packed and "gzip" in request.headers.get("accept-encoding", ""):
            body, tag = gzip.compress(body, 6, mtime=0), f"{tag}-gz"
            sent["Content-Encoding"] = "gzip"
    sent |= {"ETag": f'"{tag}"', **(headers or {})}
    if private:
        del sent["ETag"]
        sent["Cache-Control"] = "private, no-store"
    if not private and status == 200 and _has(request, tag):
        sent.pop("Content-Encoding", None)
        response = Response(status_code=304, headers=sent)
    else:
        response = Response(body, status, headers=sent, media_type=media_type)
    if (chosen := request.query_params.get("lang")) in LANGUAGES:
        response.set_cookie(
            _cookie(request),
            str(chosen),
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response


def attachment(name: str, *, fallback: str) -> str:
    """A Content-Disposition that saves under `name`, in any script (RFC 6266 and 8187)."""
    safe = _UNSAFE.sub(" ", name).strip(" .") or fallback
    stem, dot, suffix = safe.rpartition(".")
    safe = f"{stem[:100]}{dot}{suffix[:20]}" if dot else safe[:100]
    plain = safe if safe.isascii() else fallback
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def number(value: str) -> int | None:
    """A record's number as it stands in an address; None for anything else."""
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,8}", value, re.ASCII) else None


def length_of(
    request: Request, offered: Sequence[Length], *, default: Length | None = None
) -> Length | None:
    """The form that ``?length=`` asks for, as far as it is offered.

    One between two that differ is the shorter of these.

    Args:
        request: of the reader.
        offered: the forms that differ, shortest first.
        default: where none is asked for that there is; else the shortest.

    Returns:
        None where nothing is offered.
    """
    asked = request.query_params.get("length")
    if asked in set(Length):
        fitting = [each for each in offered if stands_in(each, Length(asked))]
        if fitting:
            return fitting[-1]
    return default or next(iter(offered), None)


def missing(request: Request, default: str, *, status: int = 404) -> Response:
    """The page for an address that leads nowhere, in both languages, the reader's first."""
    language = language_of(request, default)
    both: list[Wording] = [wording(language)]
    both += [wording(other) for other in LANGUAGES if other != language]
    return page(request, "missing", language=language, status=status, values={"both": both})


def _switch(request: Request, language: str) -> dict[str, str]:
    other = next(known for known in LANGUAGES if known != language)
    kept = request.query_params.multi_items()
    query = "&".join(
        f"{quote(key)}={quote(text, safe=':-')}"
        for key, text in kept
        if key == "mark" or (key == "length" and text in set(Length))
    )
    address = f"{quote(request.url.path)}?{query}&lang={other}" if query else f"?lang={other}"
    return {"href": address, "language": other, "tag": "zh-CN" if other == "zh" else other}


def _kept(request: Request) -> str:
    """What everybody may read is asked for anew each time; a person's name may stand on it."""
    return "no-cache" if signed_in(request) is None else "private, no-cache"


def _has(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return any(part.strip().removeprefix("W/").strip('"') == tag for part in given.split(","))
