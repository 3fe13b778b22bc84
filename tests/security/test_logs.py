"""The log: lines that programs read, of which no person can be told, whatever goes wrong."""

import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from briefs.workbench import logs
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Permission, require
from knowledge.model import Actor
from tests.homes import PASSWORD
from tests.talking import COOKIE, Screen, Visit, done

ROOT = Path(__file__).resolve().parents[2]
NAME, QUERY = "贾志愿甲", "老王家的房产纠纷"
FILE, WRONG = "贾某某身份证复印件.txt", "记错了的那个口令"
CRASH = "此句不得写入日志"
SERVER = """
import sys
from dataclasses import replace
from pathlib import Path
from briefs.workbench import serving
from briefs.workbench.pages import search
from knowledge.accounts.roles import Role
from tests.homes import open_account, open_home

words = sys.argv[4]

def crash():
    raise RuntimeError(words)

bench = open_home(Path(sys.argv[1]))
open_account(bench, sys.argv[3], *set(Role) - {Role.VOLUNTEER})
before = search._found
search._found = lambda *given: crash() if given[1].query == "crash" else before(*given)
settings = replace(bench.settings, port=int(sys.argv[2]), log="json")
serving.serve(settings, bench=bench)
"""


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    made = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("json")
    handler = next(each for each in root.handlers if isinstance(each.formatter, logs.Json))
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(made)
    yield made
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_an_object_whatever_is_said(stream: io.StringIO) -> None:
    with logs.numbered("7f"):
        logging.getLogger("briefs.x").warning(
            "one\nat\r\n\x1b[31m %s", '"two"\nERROR briefs: forged'
        )
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told["request"] == "7f"
    assert told["level"] == "warning"
    assert told["event"].endswith('"two" ERROR briefs: forged')
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["at"])


def test_of_an_exception_its_words_are_not_written(stream: io.StringIO) -> None:
    try:
        raise ValueError(CRASH)
    except ValueError:
        logging.getLogger("anybody.elses").exception("it failed")
    told = json.loads(stream.getvalue())
    assert told["error"] == "ValueError"
    assert told["where"][-1].endswith("test_of_an_exception_its_words_are_not_written")
    assert CRASH not in stream.getvalue()


def test_the_plain_kind_is_one_line_too(stream: io.StringIO) -> None:
    handlers = logging.getLogger().handlers
    handler = next(each for each in handlers if isinstance(each.formatter, logs.Json))
    handler.setFormatter(logs.Plain())
    try:
        raise ValueError(CRASH)
    except ValueError:
        logging.getLogger("briefs").exception("it\nfailed", extra={"told": {"path": "/x"}})
    (line,) = stream.getvalue().splitlines()
    assert "error briefs: it failed path=/x error=ValueError where=" in line
    assert CRASH not in line


def test_a_refused_permission_is_logged_by_number(stream: io.StringIO) -> None:
    actor = Actor(17, NAME, 1, permissions=frozenset({Permission.SEARCH}))
    require(actor, Permission.SEARCH)
    with pytest.raises(NotPermittedError):
        require(actor, Permission.ERASE)
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "refused: erase to person 17"
    assert NAME not in line


class Driven:
    """A server that was used and stopped, and what it wrote."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.token = ""
        self.screens: list[Screen] = []
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder), str(self.port), NAME, CRASH],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert self.address in process.stdout.readline()
            self._sign_in()
            done(self._use())
        finally:
            process.send_signal(signal.SIGINT)
            self.out, self.err = process.communicate(timeout=60)

    def _sign_in(self) -> None:
        with httpx2.Client(base_url=self.address, trust_env=False) as client:
            for password in (WRONG, PASSWORD):
                page = client.get("/sign-in?next=/%E7%A7%98%E5%AF%86")
                mark = re.search(r'name="form" value="([^"]+)"', page.text)
                assert mark
                fields = {"form": mark[1], "login": NAME, "password": password}
                client.post("/sign-in", data=fields, headers={"user-agent": "the-device"})
            self.token = client.cookies[COOKIE]
            client.get(f"/password/{self.token}")
            client.get("/published", params={"q": QUERY})

    async def _use(self) -> None:
        with pytest.raises(InvalidStatus):
            async with Visit(self.address, "no-session"):
                pass
        for query in (QUERY, "crash"):
            async with Visit(self.address, self.token) as visit:
                self.screens.append(await visit.go("search", q=query))
                self.upload = await self._uploaded(visit.session_id)

    async def _uploaded(self, session: str) -> int:
        """The status of a file that is sent as a page of Streamlit sends it."""
        cookies = {COOKIE: self.token}
        async with httpx2.AsyncClient(trust_env=False, cookies=cookies) as client:
            await client.get(f"{self.address}/_stcore/health")
            mark = client.cookies["_streamlit_xsrf"]
            answer = await client.put(
                f"{self.address}/_stcore/upload_file/{session}/a-file",
                files={"file": (FILE, "内容".encode(), "text/plain")},
                headers={"X-Xsrftoken": mark},
            )
            return answer.status_code


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Driven:
    return Driven(tmp_path_factory.mktemp("driven"))


def test_every_line_of_the_server_is_an_object(driven: Driven) -> None:
    lines = [json.loads(line) for line in driven.err.splitlines()]
    assert driven.token
    asked = [line for line in lines if line["event"] == "request"]
    assert {"method", "path", "status", "ms", "request"} <= asked[0].keys()
    signed = [line["status"] for line in asked if line["path"] == "/sign-in"]
    assert signed == [200, 401, 200, 303]
    assert [line["status"] for line in asked if line["method"] == "WEBSOCKET"] == [403]
    assert {line["path"] for line in asked} >= {"/password/…", "/published"}
    assert all("?" not in line["path"] for line in asked)


def test_no_line_tells_of_a_person(driven: Driven) -> None:
    everything = driven.err + driven.out
    for secret in (NAME, QUERY, FILE, WRONG, PASSWORD, CRASH, driven.token, "the-device", "秘密"):
        assert secret not in everything
        assert json.dumps(secret).strip('"') not in everything
    assert re.search(r"\b127\.0\.0\.1\b", driven.err) is None
    assert driven.upload == 204


def test_a_crash_of_a_page_is_logged_and_shown_without_its_words(driven: Driven) -> None:
    crashed = [json.loads(line) for line in driven.err.splitlines() if "RuntimeError" in line]
    assert crashed
    assert any("crash" in frame for frame in crashed[0]["where"])
    shown = driven.screens[1]
    assert not shown.is_whole
    for told in (CRASH, "RuntimeError", "Traceback", "search.py"):
        assert told not in shown.text
