"""What every request passes; run against the Streamlit that is installed, so upgrades are noticed."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import middleware
from knowledge.accounts.roles import Role
from tests.homes import cookies_of

STATIC = Path(streamlit.__file__).parent / "static"
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def media(_request: Request) -> Response:
    return PlainTextResponse("x" * 5000)


@pytest.fixture
def client(workbench: Workbench) -> TestClient:
    streamlit_files = create_streamlit_static_handler(str(STATIC), "")
    app = Starlette(
        routes=[
            Route("/media/a.txt", media),
            Route("/_stcore/health", media),
            Route("/_stcore/metrics", media),
            Route("/_stcore/agent/interact", media, methods=["GET", "POST"]),
            Mount("/", streamlit_files),
        ],
        middleware=middleware(lambda: workbench),
    )
    return TestClient(app, cookies=cookies_of(workbench, Role.LIBRARIAN))


@pytest.mark.parametrize("path", ["/", "/search", "/no/such/page"])
def test_the_first_page_is_chinese(client: TestClient, path: str) -> None:
    page = client.get(path, headers=PAGE)
    assert page.status_code == 200
    assert '<html lang="zh-CN">' in page.text
    assert "<title>智库参考</title>" in page.text
    assert '<script src="/assets/zh.js" defer></script>' in page.text
    assert "/assets/favicon.svg" in page.text
    assert re.search(r'<script type="module"[^>]*src="./static/js/', page.text)
    assert '<div id="root"></div>' in page.text


def test_the_first_page_advertises_nothing(client: TestClient) -> None:
    page = client.get("/", headers=PAGE).text
    assert "agent" not in page
    assert "service-desc" not in page
    assert "A Streamlit app" not in page
    assert "Licensed under the Apache License" in page


def test_the_first_page_in_english(client: TestClient) -> None:
    page = client.get("/?lang=en", headers=PAGE).text
    assert '<html lang="en">' in page
    assert "<title>Zhiku</title>" in page


def test_the_policy_names_the_hash_of_the_inline_script(client: TestClient) -> None:
    page = client.get("/", headers=PAGE)
    policy = page.headers["content-security-policy"]
    scripts = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-encoding": "gzip, br"},
        {"range": "bytes=0-10"},
        {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_the_first_page_is_whole_whatever_is_asked(
    client: TestClient, headers: dict[str, str]
) -> None:
    page = client.get("/", headers=PAGE | headers)
    assert page.status_code == 200
    assert "智库参考" in page.text
    assert page.text.endswith("</html>")
    assert "etag" not in page.headers


def test_head_has_the_length_of_the_page_that_get_sends(client: TestClient) -> None:
    whole = client.get("/", headers=PAGE | {"accept-encoding": "identity"})
    head = client.head("/", headers=PAGE | {"accept-encoding": "identity"})
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))


def test_scripts_come_packed_and_media_as_they_are(client: TestClient) -> None:
    script = next((STATIC / "static" / "js").glob("index.*.js")).name
    packed = client.get(f"/static/js/{script}")
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]
    assert "content-encoding" not in client.get("/media/a.txt").headers


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent", "/_stcore/agent/x/y"]
)
def test_closed_doors(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert client.get("/_stcore/health").status_code == 200


def test_every_response_carries_the_safe_headers(client: TestClient) -> None:
    for path in ("/", "/media/a.txt", "/_stcore/metrics"):
        headers = client.get(path, headers=PAGE).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
