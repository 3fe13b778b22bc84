"""What a process on its own may do, what ends it, and that nothing outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.isolation import Isolated, IsolationError, Limits, Trouble

_WORKER = "tests.unit.isolation_worker"
_ROOT = Path(__file__).resolve().parents[2]
_LIMITS = Limits(seconds=20, memory=600_000_000, processor=20)
_PARENT = f"""
import signal
# Whoever starts the tests in the background may have had Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from knowledge.isolation import Isolated, Limits
isolated = Isolated({_WORKER!r}, Limits(seconds=60, memory=600_000_000))
print(isolated.call("echo")[0]["pid"], flush=True)
isolated.call("sleep", values={{"seconds": 60}})
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits that only Linux enforces")


@pytest.fixture
def isolated() -> Iterator[Isolated]:
    made = Isolated(_WORKER, _LIMITS)
    yield made
    made.close()


def _pid(isolated: Isolated) -> int:
    return int(isolated.call("echo")[0]["pid"])


def _trouble(isolated: Isolated, operation: str, patience: float = 1.0) -> IsolationError:
    with pytest.raises(IsolationError) as caught:
        isolated.call(operation, values={"seconds": 60}, patience=patience)
    return caught.value


def _is_gone(pid: int, within: float) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")")[-1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_values_and_bytes_cross_unchanged(isolated: Isolated) -> None:
    odd = {"text": "密\ud800\n\u2028\x00é", "number": 1.1, "none": None, "list": [1, "二"]}
    values, data = isolated.call("echo", bytes(range(256)) * 1000, values=odd)
    assert {key: values[key] for key in odd} == odd
    assert data == (bytes(range(256)) * 1000)[::-1]
    assert values["pid"] != os.getpid()


def test_what_libraries_print_does_not_disturb_the_answer(isolated: Isolated) -> None:
    assert isolated.call("chatter")[1] == b"quiet"
    assert isolated.call("echo", b"ab")[1] == b"ba"


def test_a_process_serves_many_requests_and_is_then_renewed() -> None:
    isolated = Isolated(_WORKER, Limits(seconds=20, memory=600_000_000, requests=2))
    pids = [_pid(isolated) for _ in range(4)]
    isolated.close()
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_threads_wait_for_each_other_and_get_their_own_answers(isolated: Isolated) -> None:
    with ThreadPoolExecutor(4) as pool:
        sent = [str(number).encode() for number in range(40)]
        answers = list(pool.map(lambda data: isolated.call("echo", data)[1], sent))
    assert answers == [data[::-1] for data in sent]


@linux
def test_work_without_end_is_ended_by_the_processors_time() -> None:
    isolated = Isolated(_WORKER, Limits(seconds=60, memory=600_000_000, processor=0.5))
    start = time.monotonic()
    assert _trouble(isolated, "spin").trouble is Trouble.TIME
    assert time.monotonic() - start < 30
    assert isolated.call("echo", b"ab")[1] == b"ba"
    isolated.close()


def test_waiting_without_end_is_ended_by_the_clock(isolated: Isolated) -> None:
    before = _pid(isolated)
    assert _trouble(isolated, "sleep", patience=0.05).trouble is Trouble.TIME
    assert _pid(isolated) != before


@linux
def test_too_much_memory_is_refused_and_the_peak_is_known(isolated: Isolated) -> None:
    assert _trouble(isolated, "hoard").trouble is Trouble.MEMORY
    assert isolated.peak is not None
    assert isolated.peak <= _LIMITS.memory
    assert isolated.call("echo", b"ab")[1] == b"ba"


@pytest.mark.parametrize("operation", ["abort", "fault", "lie"])
def test_a_crash_is_told_and_the_next_request_is_served(isolated: Isolated, operation: str) -> None:
    assert _trouble(isolated, operation).trouble is Trouble.CRASH
    assert isolated.call("echo", b"ab")[1] == b"ba"


def test_an_unforeseen_error_is_a_crash_with_its_reason(isolated: Isolated) -> None:
    before = _pid(isolated)
    error = _trouble(isolated, "fail")
    assert (error.trouble, error.reason) == (Trouble.CRASH, "ZeroDivisionError: an unforeseen case")
    assert _pid(isolated) != before


@pytest.mark.parametrize(
    "deed",
    [
        *("connect", "resolve", "popen", "system", "fork", "exec", "kill"),
        *("write", "append", "remove", "rename", "mkdir", "chmod"),
    ],
)
def test_the_outside_is_out_of_reach(isolated: Isolated, tmp_path: Path, deed: str) -> None:
    (tmp_path / "kept").write_text("kept", encoding="ascii")
    values, _ = isolated.call("try", values={"deed": deed, "place": str(tmp_path)})
    assert "not for a process that reads files" in values["refused"]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_nothing_is_imported_from_the_folder_one_stands_in(
    isolated: Isolated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit", encoding="ascii")
    monkeypatch.chdir(tmp_path)
    assert isolated.call("echo", b"ab")[1] == b"ba"


def test_closing_ends_the_process(isolated: Isolated) -> None:
    pid = _pid(isolated)
    isolated.close()
    assert _is_gone(pid, within=1)


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_parent_leaves_no_orphan(how: signal.Signals) -> None:
    parent = _parent()
    pid = int(parent.stdout.readline()) if parent.stdout else 0
    time.sleep(0.2)
    parent.send_signal(how)
    parent.communicate()
    assert _is_gone(pid, within=10)


@linux
def test_ctrl_c_reaches_the_person_and_ends_the_process() -> None:
    parent = _parent()
    pid = int(parent.stdout.readline()) if parent.stdout else 0
    time.sleep(0.5)
    # As a terminal does: to every process of the group.
    os.killpg(parent.pid, signal.SIGINT)
    _, said = parent.communicate(timeout=20)
    assert b"KeyboardInterrupt" in said
    assert _is_gone(pid, within=2)


def _parent() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        start_new_session=True,
    )


def test_a_process_that_cannot_be_started_is_a_crash(
    isolated: Isolated, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object, **_options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr("knowledge.isolation.subprocess.Popen", refused)
        assert _trouble(isolated, "echo").trouble is Trouble.CRASH
    assert _pid(isolated)
