"""A server on a home of its own, started as an installed Zhiku would be, and a browser before it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NOTICE = """#set page(width: 148mm, height: 210mm)
#set text(font: "Noto Sans CJK SC", size: 11pt)
河湾县人民政府办公室关于老旧小区加装电梯的通知

加装电梯每台财政补助不超过二十万元，由县财政与乡镇财政按比例分担。
#pagebreak()
助餐点为高龄老人送餐上门，全年服务十二万人次，比上年增长百分之八。
"""
SERVER = """
import sys
from dataclasses import replace
from pathlib import Path
from briefs.workbench import serving
from tests.homes import cookies_of, open_home
bench = open_home(Path(sys.argv[1]))
for name in sys.argv[3:]:
    bench.ingest.add_file(Path(name), actor=bench.actor)
bench.index()
passages = bench.passages.many(bench.passages.ids().tolist()).values()
passage = next(p for p in passages if "十二万人次" in p.text)
quote = bench.editing.quote(passage.id, "全年服务十二万人次")
brief = bench.editing.create("县情简报", [quote], actor=bench.actor)
bench.publishing.publish(brief.id, actor=bench.actor)
from knowledge.accounts.roles import Role
(session,) = cookies_of(bench, *set(Role) - {Role.VOLUNTEER}).values()
print(session, flush=True)
serving.serve(replace(bench.settings, port=int(sys.argv[2])), bench=bench)
"""

_session: list[str] = []
"""The token of a person who may do everything, signed in to the server."""
NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; no other browser is downloaded."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: install it to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server whose home has two files and brief 1, published; started outside it."""
    import typst

    from tests.homes import LIBRARY_LAW, write_texts

    folder = tmp_path_factory.mktemp("served")
    files = write_texts(folder / "files", {"河湾县公共图书馆条例.md": LIBRARY_LAW})
    files.append(folder / "files" / "通知.pdf")
    files[-1].write_bytes(typst.compile(NOTICE.encode()))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder), str(port), *map(str, files)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    _session[:] = [server.stdout.readline().strip()]
    ready = server.stdout.readline()
    assert f"http://127.0.0.1:{port}" in ready
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGINT)
    rest, _ = server.communicate(timeout=30)
    assert (server.returncode, rest) == (0, "")


@pytest.fixture
def new_page(browser: Browser, address: str) -> Iterator[NewPage]:
    """Opens pages of which none may ask anything of any other server."""
    outside: list[str] = []
    contexts = []

    def watch(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            outside.append(request.url)

    def make(**options: Any) -> Page:
        context = browser.new_context(
            **{"locale": "zh-CN", "viewport": {"width": 1200, "height": 900}, **options}
        )
        context.add_cookies([{"name": "zhiku_session", "value": _session[0], "url": address}])
        context.on("request", watch)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert outside == []
