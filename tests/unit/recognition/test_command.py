"""``zhiku recognise``, ``zhiku add`` and the server's thread, with a recogniser that is told."""

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from briefs.workbench import bootstrap
from briefs.workbench.background import Background
from knowledge.model import Layer
from knowledge.recognition.given import typed
from knowledge.recognition.remote import UnreadPageError
from knowledge.recognition.sheet import Sheet
from tests import commands
from tests.commands import Zhiku
from tests.homes import open_home


class Reader:
    """Reads the same on every page but the third, which fails until `good`."""

    good = False

    def __init__(self, _load: object) -> None: ...

    def recognise(self, _sha256: str, page: int) -> Sheet:
        if page == 3 and not self.good:
            raise UnreadPageError("unreadable")
        head = ["河湾县人民政府关于社区书房的通知", f"河政发〔2024〕{page}号", "各乡镇人民政府："]
        return typed([*head, f"社区书房建设第{page}期补助每家不超过8万元。"])

    def close(self) -> None: ...


@pytest.fixture
def zhiku(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Zhiku:
    """Run ``zhiku`` on a home of its own; gives exit code, output and faults."""
    monkeypatch.setattr(bootstrap, "Workbench", commands.WithoutModel)
    monkeypatch.setattr(bootstrap, "RemoteRecogniser", Reader)
    monkeypatch.setenv("ZHIKU_LANGUAGE", "en")
    return commands.zhiku(tmp_path / "home", capsys)


def scan(path: Path, pages: int) -> Path:
    path.write_bytes(pictured(pages))
    return path


def pictured(pages: int) -> bytes:
    first, *rest = (Image.new("L", (300, 400), 255 - number) for number in range(pages))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest)
    return out.getvalue()


def test_what_add_leaves_is_read_by_and_by(
    zhiku: Zhiku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = zhiku("add", "--no-recognise", scan(tmp_path / "scan.tiff", 3))
    assert code == 0
    assert "3 pages wait for text recognition" in out
    assert "Waiting for recognition: 2 pages" in zhiku("recognise", "--limit", "1")[1]
    code, out, _ = zhiku("recognise")
    assert code == 1
    assert "1 pages could not be recognised" in out
    assert "8万元" in zhiku("search", "书房 补助")[1]
    monkeypatch.setattr(Reader, "good", True)
    code, out, _ = zhiku("recognise", "--again")
    assert code == 0
    assert "1 pages wait again" in out
    assert "Waiting for recognition: 0 pages" in zhiku("recognise")[1]


def test_add_reads_scans_unless_told_otherwise(zhiku: Zhiku, tmp_path: Path) -> None:
    code, out, _ = zhiku("add", scan(tmp_path / "scan.tiff", 2))
    assert code == 0
    assert "Recognised 2 pages" in out
    assert "社区书房的通知" in zhiku("list")[1]


def test_the_server_reads_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "RemoteRecogniser", Reader)
    monkeypatch.setattr("briefs.workbench.background._LOOKS_EVERY", 0.05)
    bench = open_home(tmp_path)
    background = Background()
    background.start(lambda: bench)
    added = bench.ingest.add(pictured(2), "scan.tiff", source="/scan.tiff", actor=bench.actor)
    assert added.document_id is not None
    version = bench.documents.get(added.document_id).current_version
    until = time.monotonic() + 20
    while bench.documents.pages(version)[0].layer is Layer.WAITING or not bench.lexical.ids().size:
        assert time.monotonic() < until
        time.sleep(0.05)
    background.stop()
    assert bench.retriever.search("书房 补助", 1)
    bench.close()


def test_add_says_by_its_exit_code_that_a_page_failed(zhiku: Zhiku, tmp_path: Path) -> None:
    code, out, _ = zhiku("add", scan(tmp_path / "scan.tiff", 3))
    assert code == 1
    assert "1 pages could not be recognised" in out


def test_the_server_goes_on_after_any_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefs.workbench.background._LOOKS_EVERY", 0.02)
    monkeypatch.setattr("briefs.workbench.background._AFTER_TROUBLE", 0.02)
    bench = open_home(tmp_path)
    asked: list[int] = []

    def broken() -> object:
        asked.append(1)
        raise RuntimeError("what nobody thought of")

    monkeypatch.setattr(bench.recognising, "tally", broken)
    background = Background()
    background.start(lambda: bench)
    until = time.monotonic() + 20
    while len(asked) < 3:
        assert time.monotonic() < until
        time.sleep(0.02)
    background.stop()
    bench.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_no_version_of_a_document(zhiku: Zhiku, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("社区书房免费开放。\n", encoding="utf-8")
    assert zhiku("add", text)[0] == 0
    os.mkfifo(tmp_path / "pipe.txt")
    code, out, _ = zhiku("add", "--document", "1", tmp_path / "pipe.txt")
    assert code == 1
    assert "it is no file" in out
    text.write_text("社区书房免费开放，每周六天。\n", encoding="utf-8")
    assert zhiku("add", "--document", "1", text)[0] == 0
    assert "1 documents" in zhiku("list")[1]


def test_reread_reads_the_kept_files(zhiku: Zhiku, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("社区书房免费开放。\n", encoding="utf-8")
    zhiku("add", text)
    code, out, _ = zhiku("reread")
    assert code == 0
    assert "1 unchanged" in out
    code, _, fault = zhiku("reread", "7")
    assert code == 1
    assert "There is no document 7" in fault
