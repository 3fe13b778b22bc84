"""What every answer carries, and what happens to requests that no browser sends."""

import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import Warmth, middleware, routes
from briefs.workbench.portal.forms import masked, unmasked
from briefs.workbench.portal.refusing import UPLOAD
from briefs.workbench.serving import OPTIONS
from briefs.workbench.settings import Settings
from knowledge.accounts.roles import Role
from tests.homes import PASSWORD, cookies_of
from tests.security.server import EVERYBODY, Served
from tests.talking import Visit, done

SECRET = "a-word-that-nobody-may-read"
OPEN = (
    "/sign-in",
    "/published",
    "/healthz",
    "/readyz",
    "/assets/portal.css",
    "/briefs/1",
    "/api/x",
)
INSIDE = ("/library", "/media/a.txt", "/_stcore/health")


def crash(_request: Request) -> Response:
    raise RuntimeError(SECRET)


def inside(_request: Request) -> Response:
    return PlainTextResponse("inside")


def app_of(bench: Workbench) -> Starlette:
    return Starlette(
        routes=[
            Route("/api/crash", crash),
            *routes(lambda: bench, warmth=Warmth()),
            Route("/{rest:path}", inside, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=middleware(lambda: bench),
    )


@pytest.fixture
def client(workbench: Workbench) -> TestClient:
    made = TestClient(app_of(workbench), follow_redirects=False, raise_server_exceptions=False)
    made.cookies.update(cookies_of(workbench, Role.LIBRARIAN))
    return made


@pytest.mark.parametrize("path", [*OPEN, *INSIDE, "/api/crash", "/_stcore/metrics", "/no/such"])
def test_every_answer_carries_the_safe_headers(client: TestClient, path: str) -> None:
    for signed_in in (True, False):
        if not signed_in:
            client.cookies.clear()
        headers = client.get(path, headers={"accept": "text/html"}).headers
        policy = headers["content-security-policy"]
        for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'"):
            assert rule in policy or "default-src 'none'" in policy, rule
        assert "frame-ancestors" in policy
        assert "base-uri 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert headers["referrer-policy"] in {"same-origin", "no-referrer"}
        assert "access-control-allow-origin" not in headers
        assert re.fullmatch(r"[0-9a-f]{16}", headers["x-request-id"])


@pytest.mark.parametrize("path", [*INSIDE, "/published", "/sign-out", "/account"])
def test_what_is_for_one_person_is_kept_nowhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_files_that_pages_hand_out_run_nothing(client: TestClient) -> None:
    assert "sandbox" in client.get("/media/a.html").headers["content-security-policy"]


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_crash_tells_nobody_where_or_what(client: TestClient, accept: str) -> None:
    answer = client.get("/api/crash", headers={"accept": accept})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    for told in (SECRET, "Traceback", "RuntimeError", ".py"):
        assert told not in answer.text
    assert answer.headers["content-type"].endswith("charset=utf-8")


def test_forms_are_not_packed_and_hold_another_text_each_time(client: TestClient) -> None:
    client.cookies.clear()
    found = []
    for _ in range(2):
        page = client.get("/sign-in", headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in page.headers
        mark = re.search(r'name="form" value="([^"]+)"', page.text)
        assert mark
        found.append(mark[1])
    assert found[0] != found[1]
    assert unmasked(found[0]) == unmasked(found[1]) == client.cookies["zhiku_form"].encode()
    packed = client.get("/published", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("given", ["", "x", "zz", "a", "ab", "é", "0" * 20_000])
def test_other_marks_are_none(given: str) -> None:
    assert unmasked(given) != b"the mark"
    assert unmasked(masked("the mark")) == b"the mark"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("zhiku.example.org", 200),
        ("ZHIKU.example.org:443", 200),
        ("127.0.0.1:8501", 200),
        ("localhost", 200),
        ("evil.example", 421),
        ("zhiku.example.org.evil.example", 421),
        ("zhiku.example.org@evil.example", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
def test_only_names_of_ours_are_answered(workbench: Workbench, host: str, status: int) -> None:
    workbench.house.settings = Settings(workbench.home, public_address="https://zhiku.example.org")
    client = TestClient(app_of(workbench), base_url="https://zhiku.example.org")
    assert client.get("/published", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/" + "a" * 3_000, {}, 414),
        ("GET", "/published?q=" + "a" * 20_000, {}, 414),
        ("GET", "/published?q=%00", {}, 400),
        ("GET", "/%ff%fe", {}, 400),
        ("GET", "/a%00b", {}, 400),
        ("GET", "/a%0d%0aset-cookie:x=1", {}, 400),
        ("GET", "/published", {"cookie": "a=" + "b" * 20_000}, 431),
        ("GET", "/published", {"x-long": "b" * 20_000}, 431),
        ("GET", "/published", {f"x-{number}": "b" * 9_000 for number in range(9)}, 431),
        ("GET", "/published", {"cookie": "zhiku_lang=\x80\xff; =; ;;; zhiku_session"}, 200),
        ("GET", "/published", {"accept-language": "x" * 9_000}, 200),
        ("TRACE", "/published", {}, 405),
        ("CONNECT", "/published", {}, 405),
        ("BREW", "/library", {}, 405),
        ("POST", "/sign-in", {"content-length": "2000000"}, 413),
        ("POST", "/sign-in", {"content-length": "-1"}, 400),
        ("POST", "/sign-in", {"content-length": "5", "transfer-encoding": "chunked"}, 400),
        ("PUT", "/_stcore/upload_file/x/y", {"content-length": str(UPLOAD << 21)}, 413),
    ],
)
def test_malformed_and_big_requests_are_turned_away(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = client.request(method, path, headers=sent)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_the_limit_of_uploads_is_one_number() -> None:
    assert OPTIONS["server.maxUploadSize"] == UPLOAD


def test_password_fields_are_hidden_and_may_be_filled_by_a_manager(client: TestClient) -> None:
    pages = client.get("/password").text + client.get("/account").text
    client.cookies.clear()
    pages += client.get("/sign-in").text
    fields = re.findall(r"<input[^>]*name=\"(?:password|old|new|again)\"[^>]*>", pages)
    assert len(fields) == 5
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(?:current|new)-password"', field)
        assert "onpaste" not in field


def test_signing_in_again_ends_the_session_before(workbench: Workbench) -> None:
    (before,) = cookies_of(workbench, Role.LIBRARIAN).values()
    client = TestClient(app_of(workbench), follow_redirects=False)
    form = client.get("/sign-in")
    client.cookies.set("zhiku_session", before)
    mark = re.search(r'name="form" value="([^"]+)"', form.text)
    assert mark
    fields = {"form": mark[1], "login": "馆员甲", "password": PASSWORD}
    answer = client.post("/sign-in", data=fields)
    assert answer.status_code == 303
    assert workbench.signing_in.who(before) is None
    assert workbench.signing_in.who(answer.cookies["zhiku_session"])


def test_signing_out_clears_the_browser(client: TestClient) -> None:
    mark = re.search(r'name="form" value="([^"]+)"', client.get("/sign-out").text)
    assert mark
    answer = client.post("/sign-out", data={"form": mark[1]})
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert 'zhiku_session=""' in answer.headers["set-cookie"]


def test_with_https_every_cookie_is_for_https_and_this_host(workbench: Workbench) -> None:
    workbench.house.settings = Settings(workbench.home, public_address="https://zhiku.example.org")
    client = TestClient(app_of(workbench), base_url="https://zhiku.example.org")
    for path in ("/sign-in", "/published?lang=en", "/sign-in?lang=zh"):
        for name, value in client.get(path).headers.multi_items():
            if name == "set-cookie":
                assert value.startswith("__Host-")
                assert "; Secure" in value


def test_every_page_leads_to_signing_out(server: Served) -> None:
    async def shown() -> list[str]:
        async with Visit(server.address, server.tokens[EVERYBODY]) as visit:
            first = await visit.go()
            return [first.text, *[(await visit.go(page)).text for page in ("library", "audit")]]

    for text in done(shown()):
        assert "/sign-out" in text


def test_a_proxy_on_this_machine_is_believed_and_nobody_else(workbench: Workbench) -> None:
    def address_of(client: str, told: str) -> str:
        seen = []

        async def note(scope: Scope, _receive: Receive, _send: Send) -> None:
            seen.append(scope["client"][0])

        app = ProxyHeadersMiddleware(note, trusted_hosts="127.0.0.1")  # type: ignore[arg-type]
        headers = [(b"x-forwarded-for", told.encode())]
        scope = {"type": "http", "client": (client, 1), "headers": headers, "scheme": "http"}
        done(app(scope, None, None))  # type: ignore[arg-type]
        return str(seen[0])

    config = uvicorn.Config(app_of(workbench))
    assert (config.proxy_headers, config.forwarded_allow_ips) == (True, "127.0.0.1,::1")
    assert address_of("127.0.0.1", "10.1.2.3") == "10.1.2.3"
    assert address_of("127.0.0.1", "6.6.6.6, 10.1.2.3") == "10.1.2.3"
    assert address_of("10.9.9.9", "127.0.0.1") == "10.9.9.9"


@pytest.fixture
def port(workbench: Workbench) -> Iterator[int]:
    """A real server, which reads bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app_of(workbench), log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(10)


HEAD = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /published HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
        b"GET /published HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /published HTTP/1.1\r\nHost: x\r\n X: folded\r\n\r\n",
        b"GET /published HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /published HTTP/9.9\r\nHost: x\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        HEAD + b"Content-Length: +5\r\n\r\nabcde",
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    ],
    ids=lambda sent: repr(sent[:60]),
)
def test_bytes_that_are_no_request_get_4xx_and_the_next_one_is_answered(
    port: int, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    smuggled = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer = exchanged(port, sent + smuggled)
    assert re.match(rb"HTTP/1.1 4\d\d ", answer) or answer == b"", answer[:200]
    assert b"alive" not in answer, "what follows a malformed request is not taken for another one"
    assert b"Traceback" not in answer
    assert exchanged(
        port, smuggled.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    ).startswith(b"HTTP/1.1 200")
    assert "Traceback" not in capfd.readouterr().err


def exchanged(port: int, sent: bytes) -> bytes:
    """All that a server answers until it closes, or says nothing more for a moment."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        received = b""
        try:
            connection.sendall(sent)
            while part := connection.recv(65536):
                received += part
        except (TimeoutError, ConnectionError):
            pass
        return received
