"""Forms of our own pages: what was posted, and that it was posted from one of them."""

import hmac
import secrets
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "zhiku_form"
_SECURE: Final = "__Host-zhiku-form"
"""With HTTPS: nobody but this host can have set it."""
FIELD: Final = "form"
_LONGEST: Final = 16_384
_TYPE: Final = "application/x-www-form-urlencoded"


def mark_of(request: Request, *, secure: bool) -> str:
    """The mark that a form must send back: the one of the browser's cookie, or a new one."""
    return request.cookies.get(_name(secure)) or secrets.token_urlsafe(32)


def masked(mark: str) -> str:
    """The mark as a page holds it, another text each time.

    A proxy that packs pages makes shorter what repeats: a mark that never changes could be guessed
    by that.
    """
    plain = mark.encode()
    pad = secrets.token_bytes(len(plain))
    return pad.hex() + bytes(a ^ b for a, b in zip(plain, pad, strict=True)).hex()


def unmasked(given: str) -> bytes:
    """The mark that a page held; nothing where it held none."""
    try:
        both = bytes.fromhex(given)
    except ValueError:
        return b""
    half = len(both) // 2
    return bytes(a ^ b for a, b in zip(both[:half], both[half:], strict=False))


def keep_mark(response: Response, mark: str, *, secure: bool) -> None:
    """Give the browser the mark; another site can neither read nor set it."""
    response.set_cookie(_name(secure), mark, httponly=True, samesite="strict", secure=secure)


def drop_mark(response: Response, *, secure: bool) -> None:
    """Let the next form have a new mark: who sits there has changed."""
    response.delete_cookie(_name(secure), httponly=True, samesite="strict", secure=secure)


async def posted(request: Request, *, secure: bool) -> dict[str, str] | None:
    """The fields of a posted form, the last of each name; None when it is not one of our forms.

    Refused are other types, more than 16 KB, text that is not UTF-8, and a form without the mark of
    the browser's cookie: another site can make a browser post, but cannot know the mark.
    """
    if request.headers.get("content-type", "").split(";")[0].strip() != _TYPE:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    found = {name: values[-1] for name, values in fields.items()}
    mark = request.cookies.get(_name(secure), "")
    is_ours = mark and hmac.compare_digest(mark.encode(), unmasked(found.pop(FIELD, "")))
    return found if is_ours else None


def _name(secure: bool) -> str:
    return _SECURE if secure else COOKIE
