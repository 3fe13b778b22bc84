"""Killing at random moments loses nothing and leaves nothing half-done."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.kills import once
from tests.homes import open_home, write_texts

ADD = """
import sys
from pathlib import Path
from tests.homes import open_home
workbench = open_home(Path(sys.argv[1]))
print("ready", flush=True)
for path in sorted(Path(sys.argv[2]).iterdir()):
    workbench.ingest.add_file(path, actor=workbench.actor)
    workbench.index()
"""
FILES = 12
KILLS = 2
"""``python -m tests.benchmarks.kills`` makes fifty."""


def test_kills_while_adding_leave_whole_documents_only(tmp_path: Path) -> None:
    line = "第{n}份材料第{i}段：本年度办理事项{i}件，按期办结，群众满意。"
    texts = {
        f"{n:02}.txt": "\n".join(line.format(n=n, i=i) for i in range(120)) for n in range(FILES)
    }
    write_texts(tmp_path / "files", texts)
    moments = random.Random(20260105)
    for _ in range(KILLS):
        _run_and_kill(tmp_path, after=moments.uniform(0.0, 0.6))
        workbench = open_home(tmp_path)
        findings = list(workbench.doctor.examine())
        assert all(finding.is_sound for finding in findings), findings
        workbench.index()
        assert not any(finding.waiting for finding in workbench.doctor.examine())
        workbench.close()
    workbench = open_home(tmp_path)
    for path in sorted((tmp_path / "files").iterdir()):
        workbench.ingest.add_file(path, actor=workbench.actor)
    workbench.index()
    documents = workbench.documents.find()
    assert sorted(document.title for document in documents) == sorted(
        {document.title for document in documents}
    )
    assert len(documents) == FILES
    assert all(len(workbench.documents.versions(document.id)) == 1 for document in documents)
    assert all(finding.is_sound for finding in workbench.doctor.examine())
    workbench.close()


def test_kills_while_adding_removing_and_indexing_anew_lose_nothing(tmp_path: Path) -> None:
    moments, searches = random.Random(20260105), 0
    for number in range(1, KILLS + 1):
        kill = once(tmp_path, number, after=moments.uniform(0.0, 1.2))
        assert not kill.faults
        searches += kill.searches
    assert searches > KILLS


def _run_and_kill(folder: Path, *, after: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ADD, str(folder), str(folder / "files")],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
