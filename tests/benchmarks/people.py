"""How the server bears many people at once: ``python -m tests.benchmarks.people [--people 100]``.

A demo home with the bundled encoder is served by ``zhiku serve`` on loopback. Each person, a browser
of their own, signs in, opens the workbench, searches, opens source pages and their pictures, reads
a published brief, and writes in a brief of their own – over HTTP and Streamlit's websocket. First
one person alone, then all with pauses as people make them, then all at the same moment without a
pause. The figures hold the waiting of the clients too: they share the processors with the server.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import httpx2
import numpy as np
import psutil

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.demo import loading
from briefs.workbench.settings import load
from knowledge.accounts.register import Particulars
from knowledge.accounts.roles import Role
from knowledge.accounts.signing_in import Place
from tests.benchmarks.timing import load_now
from tests.talking import COOKIE, Screen, Visit

_PASSWORD: Final = "四月的河水流得很慢"
_QUERIES: Final = (
    "养老服务设施",
    "老旧小区加装电梯补助",
    "公共图书馆开放时间",
    "社区食堂",
    "托育机构",
)
T = TypeVar("T")
_ZHIKU: Final = "from briefs.workbench.cli import main; main()"
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Figures:
    """What was measured of one group of people."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Of each action, by name."""
    errors: list[str] = field(default_factory=list)
    whole: float = 0.0
    """From the first to the last."""
    memory: int = 0
    """Most that the server held, in bytes."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A served home and what is in it."""

    address: str
    process: psutil.Process
    logins: tuple[str, ...]
    briefs: tuple[int, ...]
    """One brief for each login."""
    pages: tuple[str, ...]
    """Addresses of source pages."""
    published: str


class Person:
    """One browser."""

    def __init__(self, stage: Stage, number: int, *, figures: Figures, pause: float) -> None:
        self._stage = stage
        self._number = number
        self._figures = figures
        self._pause = pause
        self._rng = random.Random(number)
        # As behind a proxy: everybody sits somewhere else.
        address = f"10.0.{number // 250}.{number % 250 + 1}"
        self._client = httpx2.AsyncClient(
            base_url=stage.address, headers={"X-Forwarded-For": address}, timeout=300
        )

    async def live(self) -> None:
        """Do everything once; what fails is noted and ends it."""
        try:
            async with self._client:
                await asyncio.sleep(self._rng.random() * self._pause)
                token = await self._timed("sign in", self._sign_in)
                async with self._visit(token) as visit:
                    await self._work(visit)
        except (OSError, TimeoutError, AssertionError, httpx2.HTTPError) as error:
            self._figures.errors.append(f"{type(error).__name__}: {str(error)[:200]}")

    async def _work(self, visit: Visit) -> None:
        stage, brief = self._stage, self._stage.briefs[self._number]
        await self._timed("open the workbench", lambda: _whole(visit, ""))
        for query in self._rng.sample(_QUERIES, 3):
            await self._timed("search", partial(_whole, visit, "", q=query))
        for page in self._rng.sample(stage.pages, 3):
            await self._timed("source page", partial(self._get, page))
            await self._timed("page's picture", partial(self._get, f"{page}.png"))
        await self._timed("published brief", lambda: self._get(stage.published))
        screen = await self._timed("open a brief", lambda: _whole(visit, "drafts", brief=brief))
        for number in range(3):
            visit.work(screen, brief, do="title", title=f"第{number}稿 {self._number}")
            screen = await self._timed(
                "edit a brief", lambda: _whole(visit, "drafts", again=True, brief=brief)
            )
        await self._timed("library", lambda: _whole(visit, "library"))

    async def _sign_in(self) -> str:
        form = await self._client.get("/sign-in")
        mark = re.search(r'name="form" value="([^"]+)"', form.text)
        assert mark, form.status_code
        fields = {"form": mark[1], "login": self._stage.logins[self._number]}
        answer = await self._client.post("/sign-in", data=fields | {"password": _PASSWORD})
        assert answer.status_code == 303, answer.status_code
        return str(self._client.cookies[COOKIE])

    async def _get(self, path: str) -> None:
        answer = await self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    @asynccontextmanager
    async def _visit(self, token: str) -> AsyncIterator[Visit]:
        async with Visit(self._stage.address, token) as visit:
            yield visit

    async def _timed(self, name: str, act: Callable[[], Awaitable[T]]) -> T:
        if self._pause:
            await asyncio.sleep(self._rng.random() * self._pause)
        begun = time.perf_counter()
        done = await act()
        self._figures.seconds[name].append(time.perf_counter() - begun)
        return done


async def _whole(visit: Visit, page: str, *, again: bool = False, **query: object) -> Screen:
    screen = await (visit.again(page, click="", **query) if again else visit.go(page, **query))
    assert screen.is_whole, f"{page}: the script failed"
    return screen


def main() -> None:
    """Make the home, serve it, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--pause", type=float, default=10.0, help="longest pause, in seconds")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stage, server = set_up(Path(folder), given.people)
        try:
            print(load_now(), "besides", flush=True)
            _hello = measure(stage, people=1, pause=0.0)
            alone = measure(stage, people=1, pause=0.0, rounds=5)
            paced = measure(stage, people=given.people, pause=given.pause)
            at_once = measure(stage, people=given.people, pause=0.0)
            show({"one alone": alone, "with pauses": paced, "at one moment": at_once})
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)


def set_up(folder: Path, people: int) -> tuple[Stage, "subprocess.Popen[bytes]"]:
    """A demo home with accounts and a brief for each, served by a process of its own."""
    settings = replace(load(folder / "home", {}), **loading.DEMO_SETTINGS)
    bench = Workbench(settings)
    loading.load(bench)
    logins = tuple(f"reader{number}" for number in range(people))
    for login in logins:
        told = Particulars(
            name=login, login=login, roles=frozenset({Role.LIBRARIAN}), branch=settings.library
        )
        signing_in = bench.signing_in
        account = signing_in.register.open(told, actor=bench.actor, at=bench.clock())
        link = signing_in.link_for(account.person_id, actor=bench.actor)
        signing_in.set_by_link(link, _PASSWORD, place=Place(""))
    quote = bench.editing.quote(int(bench.passages.ids()[0]))
    drafts = tuple(
        bench.editing.create(login, [quote] * 5, actor=bench.actor).id for login in logins
    )
    versions = [bench.documents.versions(each.id)[0] for each in bench.documents.find(limit=30)]
    pages = tuple(f"/pages/{version.id}/1" for version in versions if version.page_count)
    published = f"/briefs/{bench.briefs.editions()[0].brief_id}"
    (settings.home / "settings.toml").write_text(
        "".join(f'{key} = "{value}"\n' for key, value in loading.DEMO_SETTINGS.items()), "utf-8"
    )
    bench.close()
    server, address = _serve(folder, settings.home)
    stage = Stage(address, psutil.Process(server.pid), logins, drafts, pages, published)
    return stage, server


def _serve(folder: Path, home: Path) -> tuple["subprocess.Popen[bytes]", str]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = folder / "server.out"
    with said.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", _ZHIKU, "--home", str(home), "serve", "--port", str(port)],
            env=os.environ | {"PYTHONPATH": str(_ROOT), "HOME": str(folder)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=address, timeout=60) as client:
        while True:
            assert server.poll() is None, said.read_text("utf-8")
            try:
                if client.get("/readyz").status_code == 200:
                    return server, address
            except httpx2.TransportError:
                pass
            time.sleep(0.2)


def measure(stage: Stage, *, people: int, pause: float, rounds: int = 1) -> Figures:
    """Let so many people live at once."""
    return asyncio.run(_measure(stage, people, pause, rounds))


async def _measure(stage: Stage, people: int, pause: float, rounds: int) -> Figures:
    figures, begun = Figures(), time.perf_counter()

    async def watch() -> None:
        while True:
            figures.memory = max(figures.memory, stage.process.memory_info().rss)
            await asyncio.sleep(0.2)

    watching = asyncio.create_task(watch())
    for _ in range(rounds):
        crowd = [Person(stage, each, figures=figures, pause=pause) for each in range(people)]
        await asyncio.gather(*(person.live() for person in crowd))
    watching.cancel()
    figures.whole = time.perf_counter() - begun
    return figures


def show(groups: dict[str, Figures]) -> None:
    """Print median and 95th percentile of every action, in milliseconds, group beside group."""
    print(f"{'':20}" + "".join(f"{name:>22}" for name in groups))
    print(f"{'milliseconds':20}" + f"{'p50':>12}{'p95':>10}" * len(groups))
    for action in next(iter(groups.values())).seconds:
        line = f"{action:20}"
        for figures in groups.values():
            middle, slow = np.percentile(figures.seconds[action] or [0.0], [50, 95]) * 1000
            line += f"{middle:12.0f}{slow:10.0f}"
        print(line)
    for name, figures in groups.items():
        made = sum(map(len, figures.seconds.values()))
        print(
            f"{name}: {made} actions in {figures.whole:.1f} s, {len(figures.errors)} errors, "
            f"server {figures.memory / 1e6:.0f} MB"
        )
        for error in figures.errors[:5]:
            print(f"    {error}")


if __name__ == "__main__":
    main()
