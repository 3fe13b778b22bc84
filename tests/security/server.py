"""A real server with everybody of the cast signed in, and what each may and may not see."""

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.accounts.roles import Role
from knowledge.accounts.sessions import LONGEST, digest_of
from knowledge.accounts.signing_in import Place
from knowledge.accounts.tables import sessions
from knowledge.readers.sandbox import InProcess
from knowledge.store.engine import writing
from tests.homes import PASSWORD, fill, open_account
from tests.security.cast import CAST, CLOSED
from tests.security.reading import hide

BRANCH: Final = "branch"
SIGNED_OUT: Final = "signed-out"
EXPIRED: Final = "expired"
EVERYBODY: Final = "everybody"
"""Somebody of all roles at once."""
ROOT: Final = Path(__file__).resolve().parents[2]
_START: Final = (
    "import sys; from tests.security.server import serve_cast; serve_cast(*sys.argv[1:])"
)
_LIST: Final = "from tests.security.server import tell_routes; tell_routes()"


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs, and what its home holds."""

    address: str
    home: Path
    process: int
    tokens: Mapping[str, str]
    """Of each member's browser, by name."""
    ids: Mapping[str, int]
    """Of records, by what they are: see `serve_cast`."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


@contextmanager
def served(folder: Path, *, home: str = "home") -> Iterator[Served]:
    """Start the server in a process of its own, and stop it in the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # Files, not pipes: a pipe that nobody reads would stop the server some day.
    said, log = folder / "server.out", folder / "server.log"
    with said.open("wb") as out, log.open("wb") as errors:
        server = subprocess.Popen(
            [sys.executable, "-c", _START, str(folder), str(port)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "OMP_NUM_THREADS": "1"},
            stdout=out,
            stderr=errors,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        while address not in said.read_text("utf-8"):
            assert server.poll() is None, log.read_text("utf-8")
            time.sleep(0.1)
        content = json.loads(said.read_text("utf-8").splitlines()[0])
        yield Served(address, folder / home, server.pid, **content)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def serve_cast(folder: str, port: str) -> None:
    """Fill a home, open the cast's accounts, tell the tokens and ids in a line, and serve.

    Document 1 and brief ``published`` are public, ``hidden`` is for the main library's staff alone,
    and so is ``draft``; both bear the mark of `reading`. `BRANCH` is a librarian of another branch.
    """
    home = Path(folder)
    bench = Workbench(
        Settings(home / "home", port=int(port)), encoder=HashingEncoder(), files=InProcess()
    )
    fill(bench, home)
    told = {"ids": _records(bench, home), "tokens": _sign_in(bench)}
    print(json.dumps(told), flush=True)
    serving.serve(bench.settings, bench=bench)


def _records(bench: Workbench, folder: Path) -> dict[str, int]:
    hidden = hide(bench, folder)
    brief = bench.editing.create("县情简报", [bench.editing.quote(1)], actor=bench.actor)
    bench.publishing.publish(brief.id, actor=bench.actor)
    return {
        "hidden": hidden.document,
        "hidden version": hidden.version,
        "hidden passage": hidden.passage,
        "published": brief.id,
        "draft": hidden.draft,
    }


def _sign_in(bench: Workbench) -> dict[str, str]:
    """The tokens of all members with an account, of a signed out one and of another branch's."""
    tokens = {}
    for member in CAST:
        if member.has_account:
            tokens[member.name] = _token(bench, member.name, *member.roles)
    tokens[BRANCH] = _token(bench, BRANCH, Role.LIBRARIAN, branch="东河分馆")
    tokens[EVERYBODY] = _token(bench, EVERYBODY, *Role)
    tokens[SIGNED_OUT] = _token(bench, SIGNED_OUT, *Role)
    tokens[EXPIRED] = _token(bench, EXPIRED, *Role)
    with writing(bench.engine).begin() as connection:
        begun = sessions.update().where(sessions.c.digest == digest_of(tokens[EXPIRED]))
        connection.execute(begun.values(made_at=bench.clock() - LONGEST - timedelta(minutes=1)))
    signing_in = bench.signing_in
    signing_in.sign_out(tokens[SIGNED_OUT], place=Place("127.0.0.1"))
    closed = next(each for each in signing_in.register.all() if each.login == CLOSED.name)
    signing_in.register.close(closed.person_id, actor=bench.actor, at=bench.clock())
    return tokens


def _token(bench: Workbench, name: str, *roles: Role, branch: str | None = None) -> str:
    open_account(bench, name, *roles, branch=branch)
    return bench.signing_in.sign_in(name, PASSWORD, place=Place("127.0.0.1"))


def routes(folder: Path) -> dict[str, str]:
    """Kinds of all routes of the application, ours and Streamlit's, by their patterns."""
    told = subprocess.run(
        [sys.executable, "-c", _LIST],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "ZHIKU_HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(told.stdout)
    return found


def tell_routes() -> None:
    """Print them; Streamlit has no public way to ask for them."""
    made = importlib.import_module("app").app._build_starlette_app().routes
    print(json.dumps({getattr(each, "path", repr(each)): type(each).__name__ for each in made}))
