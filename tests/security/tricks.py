"""Words that an attacker tries: paths, cookies, numbers, places to be sent to."""

import hashlib
from collections.abc import Iterator
from typing import Final

_PREFIXES: Final = (
    *("published", "briefs", "pages", "originals", "api", "assets", "sign-in", "sign-out"),
    *("password", "account", "sso", "healthz", "readyz"),
)
_JOINTS: Final = (
    *("/../", "/%2e%2e/", "/..%2f", "/%2e%2e%2f", "/%252e%252e/", "/..;/", ";/../", "//", "/./"),
    *("/..%5c", "/%5c..%5c", "\\..\\", "/..%00/", "%00/../", "%0a/../", "%0d%0a/", "/..%c0%af"),
    *("/.../", "/%2e./", "/..%252f", "/..%u002f", "?/../", "#/../", "%3f/../", "%23/../"),
)
INSIDE: Final = (
    *("library", "accounts", "_stcore/health", "_stcore/host-config", "_stcore/metrics"),
    *("media/x", "index.html", "manifest.json"),
)
FILES: Final = ("pages/common.py", "locales/zh/people.po", "settings.py", "../../app.py")


def paths() -> Iterator[str]:
    """Addresses that lead inside for a server that reads them in two ways."""
    for prefix in _PREFIXES:
        for joint in _JOINTS:
            for target in INSIDE:
                yield f"/{prefix}{joint}{target}"
    for target in INSIDE:
        yield from (f"//{target}", f"///{target}", f"/./{target}", f"/%2f{target}", f"/;/{target}")
        yield from (f"/{target}/", f"/{target}.", f"/{target}%20", f"/{target}%00", f"/{target};x")
        yield from (f"/{target.upper()}", f"/{target.title()}", f"/%{ord(target[0]):x}{target[1:]}")
        yield from (
            f"/\\{target}",
            f"\\{target}",
            target,
            f"/x/../{target}",
            f"/{target}?x=/assets",
        )
        for host in ("127.0.0.1", "evil.example", "user@evil.example", ""):
            yield f"http://{host}/{target}"
    yield from ("*", "/", "//", "/%00", "/%", "/%zz", "/" + "a" * 7000, "/" + "../" * 500)


def files() -> Iterator[str]:
    """Addresses that lead out of the folder of assets."""
    for joint in _JOINTS:
        for file in FILES:
            yield f"/assets{joint}{file}"
            yield f"/assets/{joint.strip('/')}/{joint.strip('/')}/{file}"
        for depth in (1, 4, 8):
            yield f"/assets{joint * depth}etc/passwd"
            yield f"/static{joint * depth}etc/passwd"
            yield f"/component/x{joint * depth}etc/passwd"
            yield f"/media{joint * depth}etc/passwd"
            yield f"/_stcore/bidi-components/x{joint * depth}etc/passwd"
    yield from ("/assets//etc/passwd", "/assets/%2fetc/passwd", "/assets/C:%5cWindows%5cwin.ini")


def cookies(token: str) -> Iterator[str]:
    """Cookie lines that are nearly a session's."""
    for value in (
        *("", "1", "0", "null", "undefined", "true", "admin", "' OR '1'='1", "%27%20OR%201=1--"),
        *("a" * 43, "A" * 43, "\\0", "../" * 14, "{}", "[]", "1;2", "=" * 43, "a" * 6000),
        *(token[:-1], token[1:], token + "a", token.swapcase(), token[::-1], f"{token}%00"),
        hashlib.sha256(token.encode()).hexdigest(),
        f'"{token}x"',
        f"{token},{token}",
    ):
        yield f"zhiku_session={value}"
    for name in ("Zhiku_session", "ZHIKU_SESSION", "zhiku_session[]", "__Host-zhiku", "session"):
        yield f"{name}={token}"
    yield from (f"x={token}", f"zhiku_form={token}", f"signed_in={token}", "signed_in=1; role=all")


def numbers(number: int) -> Iterator[str]:
    """Ways to write an id that a careless reader takes for it."""
    wide = "".join(f"%EF%BC%{0x90 + int(digit):X}" for digit in str(number))
    yield from (f"{number}", f"0{number}", f"+{number}", f"{number}.0", f"{number}e0", wide)
    yield from (f"%20{number}", f"{number}%20", f"{number}%00", f"0x{number}", f"-{number}")
    yield from (f"{number}%0a", f"{number};x", f"1,{number}", f"1%20OR%20{number}", f"{number}_0")
    yield str(number + (1 << 64))


ELSEWHERE: Final = (
    *(
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
    ),
    *("https://evil.example/", "http:evil.example", "javascript:alert(1)", "data:text/html,x"),
    *(
        "//evil.example%2f..",
        "/%5cevil.example",
        "https:/evil.example",
        "evil.example",
        " //evil.example",
    ),
    *("/a%0d%0aSet-Cookie:%20zhiku_session=x", "/%0aLocation:%20https://evil.example"),
    *("/a%0d%0a%0d%0a<script>", "%2f%2fevil.example", "/.evil.example//evil.example/%2f.."),
    *("//%65vil.example", "/%E2%80%A8//evil.example", "https://127.0.0.1@evil.example/"),
)
"""Values of ``next``, as they stand in an address."""
ORIGINS: Final = (
    *("http://evil.example", "https://evil.example", "null", "http://127.0.0.1", "file://"),
    *("http://localhost:1", "http://127.0.0.1.evil.example", "http://evil.example#127.0.0.1"),
    *("chrome-extension://abc", "http://user@127.0.0.1"),
)
HEADERS: Final = (
    {"X-Forwarded-User": "director"},
    {"X-Remote-User": "administrator"},
    {"X-Kb-User": "1"},
    {"X-Original-URL": "/published"},
    {"X-Rewrite-URL": "/published"},
    {"X-Forwarded-Prefix": "/published"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "127.0.0.1", "X-Forwarded-Proto": "https"},
    {"X-HTTP-Method-Override": "HEAD"},
    {"Authorization": "Bearer x"},
    {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"Host": "evil.example"},
    {"Host": "published"},
    {"Signed-In": "1", "Signed_in": "1"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
    {"Referer": "http://127.0.0.1/account"},
)
"""Headers that some server somewhere believes."""
METHODS: Final = ("TRACE", "CONNECT", "PROPFIND", "MOVE", "FOO", "get", "PURGE", "DEBUG", "LINK")
