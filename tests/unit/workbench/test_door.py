"""Who comes in by which address, and that nothing but a session opens the door."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import Warmth, middleware, routes
from briefs.workbench.portal.door import local_path
from briefs.workbench.portal.entrance import session_cookie
from briefs.workbench.settings import Settings
from knowledge.accounts.attempts import BY_BOTH
from knowledge.accounts.roles import Role
from tests.homes import PASSWORD, cookies_of, open_account, open_home

PAGE = {"accept": "text/html"}
INSIDE = (
    "/",
    "/library",
    "/drafts?brief=1",
    "/media/abc.png",
    "/_stcore/host-config",
    "/static/x.js",
)


def inside(request: Request) -> Response:
    return PlainTextResponse(f"inside: {request.state.signed_in.account.name}")


async def socket(connection: WebSocket) -> None:
    await connection.accept()
    await connection.send_text("inside")
    await connection.close()


@pytest.fixture
def app(workbench: Workbench) -> Starlette:
    return Starlette(
        routes=[
            *routes(lambda: workbench, warmth=Warmth()),
            WebSocketRoute("/_stcore/stream", socket),
            Route("/{rest:path}", inside, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=middleware(lambda: workbench),
    )


@pytest.fixture
def client(app: Starlette) -> TestClient:
    return TestClient(app, follow_redirects=False)


def sign_in(client: TestClient, login: str, password: str, *, to: str = "") -> Response:
    address = f"/sign-in?next={to}" if to else "/sign-in"
    form = client.get(address)
    found = re.search(r'name="form" value="([^"]+)"', form.text)
    assert found
    fields = {"form": found[1], "login": login, "password": password}
    return client.post(address, data=fields)  # type: ignore[return-value]


@pytest.mark.parametrize("path", INSIDE)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_nobody_comes_in_without_a_session(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path, headers=PAGE)
    assert answer.status_code in {303, 401}
    assert "inside" not in answer.text
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../library",
        "/assets/%2e%2e/library",
        "//library",
        "/published/../library",
        "/sign-in/../library",
        "/publishedx",
        "/accounts",
        "/LIBRARY",
        "/;/library",
        "/library/",
        "/%6cibrary",
        "/healthz/../library",
    ],
)
def test_tricks_with_the_path_do_not_help(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=PAGE)
    assert answer.status_code in {303, 401, 404}
    assert "inside" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"x-kb-user": "1"},
        {"x-forwarded-user": "director"},
        {"authorization": "Bearer 1"},
        {"cookie": "zhiku_session=1"},
        {"cookie": "zhiku_session=" + "a" * 5000},
        {"cookie": "zhiku_session=; signed_in=1"},
        {"cookie": "__Host-zhiku=x"},
    ],
)
def test_forged_headers_and_cookies_do_not_help(
    client: TestClient, headers: dict[str, str]
) -> None:
    answer = client.get("/library", headers={**PAGE, **headers})
    assert answer.status_code == 303
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream", headers=headers),
    ):
        pass


def test_the_websocket_opens_for_who_is_signed_in_only(
    client: TestClient, workbench: Workbench
) -> None:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/_stcore/stream"):
        pass
    assert caught.value.code == 4401
    client.cookies.update(cookies_of(workbench, Role.LIBRARIAN))
    with client.websocket_connect("/_stcore/stream") as connection:
        assert connection.receive_text() == "inside"
    with client.websocket_connect(
        "/_stcore/stream", headers={"origin": "http://testserver"}
    ) as connection:
        assert connection.receive_text() == "inside"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://testserver.evil.example"]
)
def test_another_sites_page_does_not_open_the_websocket(
    client: TestClient, workbench: Workbench, origin: str
) -> None:
    client.cookies.update(cookies_of(workbench, Role.LIBRARIAN))
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream", headers={"origin": origin}),
    ):
        pass


@pytest.mark.parametrize("path", ["/published", "/healthz", "/assets/portal.css", "/sign-in"])
def test_readers_need_no_session(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_signing_in_leads_to_where_one_wanted_to_go(
    client: TestClient, workbench: Workbench
) -> None:
    open_account(workbench, "馆员甲", Role.LIBRARIAN)
    first = client.get("/drafts?brief=7", headers=PAGE)
    assert first.headers["location"] == "/sign-in?next=%2Fdrafts%3Fbrief%3D7"
    answer = sign_in(client, "馆员甲", PASSWORD, to="%2Fdrafts%3Fbrief%3D7")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/drafts?brief=7"
    cookie = (
        next(value for value in answer.headers.getlist("set-cookie") if "zhiku_session=" in value)
        if hasattr(answer.headers, "getlist")
        else answer.headers["set-cookie"]
    )
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert client.get("/library", headers=PAGE).text == "inside: 馆员甲"
    assert client.get("/sign-in").headers["location"] == "/"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\r\nset-cookie: x=1",
        "",
        "library",
    ],
)
def test_nobody_is_sent_elsewhere(wanted: str) -> None:
    assert local_path(wanted) == "/"


def test_a_wrong_password_keeps_the_name_and_tells_nothing(
    client: TestClient, workbench: Workbench
) -> None:
    open_account(workbench, "馆员甲", Role.LIBRARIAN)
    known = sign_in(client, "馆员甲", "错的口令错的口令")
    unknown = sign_in(client, "无此人", "错的口令错的口令")
    assert known.status_code == unknown.status_code == 401
    assert 'value="馆员甲"' in known.text  # type: ignore[attr-defined]
    assert "登录名或口令不对" in known.text  # type: ignore[attr-defined]
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", known.text) == strip.sub("", unknown.text)  # type: ignore[attr-defined]


def test_too_many_attempts_are_told_so(client: TestClient, workbench: Workbench) -> None:
    open_account(workbench, "馆员甲", Role.LIBRARIAN)
    for _ in range(BY_BOTH):
        sign_in(client, "馆员甲", "错的口令错的口令")
    answer = sign_in(client, "馆员甲", PASSWORD)
    assert answer.status_code == 429
    assert client.get("/library", headers=PAGE).status_code == 303


@pytest.mark.parametrize("form", [None, "", "x", "\u00e9"])
def test_a_form_of_another_site_is_refused(
    client: TestClient, workbench: Workbench, form: str | None
) -> None:
    open_account(workbench, "馆员甲", Role.LIBRARIAN)
    client.get("/sign-in")
    fields = {"login": "馆员甲", "password": PASSWORD} | ({} if form is None else {"form": form})
    assert client.post("/sign-in", data=fields).status_code == 403
    client.cookies.clear()
    assert client.post("/sign-in", data=fields | {"form": "x"}).status_code == 403
    assert client.get("/library", headers=PAGE).status_code == 303


def test_a_replayed_form_works_no_more_after_signing_in(
    client: TestClient, workbench: Workbench
) -> None:
    open_account(workbench, "馆员甲", Role.LIBRARIAN)
    mark = re.search(r'name="form" value="([^"]+)"', client.get("/sign-in").text)
    assert mark
    fields = {"form": mark[1], "login": "馆员甲", "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 303
    assert client.post("/sign-in", data=fields).status_code == 403
    assert client.post("/sign-out", data={"form": mark[1]}).status_code == 403


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a" * 20_000, "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b'{"login": "x"}', "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ],
)
def test_other_bodies_are_refused(client: TestClient, body: bytes, kind: str) -> None:
    answer = client.post("/sign-in", content=body, headers={"content-type": kind})
    assert answer.status_code == 403


def test_signing_out_asks_and_ends_the_session(client: TestClient, workbench: Workbench) -> None:
    cookies = cookies_of(workbench, Role.LIBRARIAN)
    client.cookies.update(cookies)
    mark = re.search(r'name="form" value="([^"]+)"', client.get("/sign-out").text)
    assert mark
    assert client.get("/library", headers=PAGE).status_code == 200
    assert client.post("/sign-out", data={"form": mark[1]}).headers["location"] == "/sign-in"
    client.cookies.update(cookies)
    assert client.get("/library", headers=PAGE).status_code == 303


def test_a_closed_account_is_out_at_once(client: TestClient, workbench: Workbench) -> None:
    client.cookies.update(cookies_of(workbench, Role.LIBRARIAN))
    assert client.get("/library", headers=PAGE).status_code == 200
    person = workbench.signing_in.register.all()[0].person_id
    workbench.signing_in.register.close(person, actor=workbench.actor, at=workbench.clock())
    assert client.get("/library", headers=PAGE).status_code == 303


def test_a_link_sets_a_password_once(client: TestClient, workbench: Workbench) -> None:
    account = open_account(workbench, "馆员甲", Role.LIBRARIAN)
    token = workbench.signing_in.link_for(account.person_id, actor=workbench.actor)
    form = client.get(f"/password/{token}")
    assert "馆员甲" in form.text
    assert form.headers["referrer-policy"] == "no-referrer"
    assert form.headers["cache-control"] == "no-store"
    mark = re.search(r'name="form" value="([^"]+)"', form.text)
    assert mark
    fields = {"form": mark[1], "new": "换了一个新的口令", "again": "换了别的新的口令"}
    assert client.post(f"/password/{token}", data=fields).status_code == 422
    fields["again"] = fields["new"]
    assert client.post(f"/password/{token}", data=fields).headers["location"] == "/sign-in"
    assert client.get(f"/password/{token}").status_code == 404
    assert sign_in(client, "馆员甲", "换了一个新的口令").status_code == 303


def test_changing_ones_password(client: TestClient, workbench: Workbench) -> None:
    client.cookies.update(cookies_of(workbench, Role.LIBRARIAN))
    mark = re.search(r'name="form" value="([^"]+)"', client.get("/password").text)
    assert mark
    fields = {
        "form": mark[1],
        "old": "错的口令错的口令",
        "new": "换了一个新的口令",
        "again": "换了一个新的口令",
    }
    assert client.post("/password", data=fields).status_code == 401
    fields["old"] = PASSWORD
    assert (
        client.post(
            "/password", data={**fields, "new": "12345678", "again": "12345678"}
        ).status_code
        == 422
    )
    assert client.post("/password", data=fields).headers["location"] == "/account?changed=1"
    page = client.get("/account?changed=1")
    assert "口令已更换" in page.text
    assert "馆员" in page.text


def test_an_account_page_signs_out_everywhere(client: TestClient, workbench: Workbench) -> None:
    cookies = cookies_of(workbench, Role.VOLUNTEER)
    client.cookies.update(cookies)
    mark = re.search(r'name="form" value="([^"]+)"', client.get("/account").text)
    assert mark
    fields = {"form": mark[1], "session": "", "password": "错的口令错的口令"}
    assert client.post("/account", data=fields).status_code == 401
    assert client.post("/account", data={**fields, "session": "x"}).status_code == 403
    fields["password"] = PASSWORD
    assert client.post("/account", data=fields).headers["location"] == "/sign-in"
    client.cookies.update(cookies)
    assert client.get("/account").headers["location"] == "/sign-in?next=/account"


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Workbench]:
    opened = open_home(tmp_path)
    opened.house.settings = Settings(opened.home, public_address="https://zhiku.example.org")
    yield opened
    opened.close()


def test_with_https_everything_is_for_https(secure: Workbench) -> None:
    app = Starlette(
        routes=routes(lambda: secure, warmth=Warmth()), middleware=middleware(lambda: secure)
    )
    client = TestClient(app, base_url="https://zhiku.example.org", follow_redirects=False)
    open_account(secure, "馆员甲", Role.LIBRARIAN)
    answer = sign_in(client, "馆员甲", PASSWORD)
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    name = session_cookie(secure.settings)
    assert name.startswith("__Host-")
    cookie = answer.headers["set-cookie"]
    assert f"{name}=" in cookie
    assert "Secure" in cookie
    assert "Path=/" in cookie
