"""Starting the server: its options wherever it is started, one workbench, a taken port."""

import json
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from briefs.errors import AddressTakenError
from briefs.workbench import serving
from briefs.workbench.settings import Settings, address_of
from tests.homes import open_home

ROOT = Path(__file__).resolve().parents[3]
SERVE = """
import json, sys
from pathlib import Path
from streamlit import config
from streamlit.web.server.starlette.starlette_server import UvicornRunner
from briefs.workbench import serving
from tests.homes import open_home

def say(self):
    names = [*serving.OPTIONS, "server.port", "server.address"]
    print(json.dumps({name: config.get_option(name) for name in names}))

UvicornRunner.run = say
bench = open_home(Path(sys.argv[1]))
serving.serve(bench.settings, bench=bench)
print(serving.workbench() is bench)
"""


def test_the_options_are_those_of_the_checkout() -> None:
    written = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    flat = {f"{part}.{key}": value for part, keys in written.items() for key, value in keys.items()}
    assert serving.OPTIONS.items() <= flat.items()


def test_the_options_are_in_force_outside_the_checkout(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SERVE, str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    lines = run.stdout.splitlines()
    in_force = json.loads(lines[0])
    settings = Settings(tmp_path)
    assert in_force == {
        **serving.OPTIONS,
        "server.port": settings.port,
        "server.address": settings.host,
    }
    assert lines[1] == "True"


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressTakenError, match=str(port)):
            serving.serve(Settings(tmp_path / "home", port=port))
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("0.0.0.0", "http://localhost:8501"),
        ("::1", "http://[::1]:8501"),
    ],
)
def test_the_address_can_be_typed(tmp_path: Path, host: str, expected: str) -> None:
    assert address_of(Settings(tmp_path, host=host)) == expected


def test_one_workbench_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = open_home(tmp_path)
    serving.share(bench)
    try:
        assert serving.workbench() is bench
    finally:
        serving.share(None)
        bench.close()
    monkeypatch.setenv("ZHIKU_HOME", str(tmp_path / "other"))
    made = serving.workbench()
    assert made.home == tmp_path / "other"
    assert serving.workbench() is made
    serving.share(None)
    made.close()


def test_no_answer_waits_for_the_receipt_of_the_packet_before_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving._send_at_once()
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
