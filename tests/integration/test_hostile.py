"""Hostile files through the real sandbox: nothing crashes, hangs, or is half stored."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from briefs.workbench import bootstrap
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.errors import BadManifestError, CrashingError, MissingFileError, TookTooLongError
from knowledge.ingest import AddOutcome
from knowledge.isolation import Limits
from knowledge.measuring.hostile import HostileMeasure, Verdict, measure_hostile
from knowledge.readers.sandbox import LIMITS, Sandbox
from tests import commands
from tests.homes import ELDERS, LIFTS

_MARKED = "机密★1年\n\n河湾县防汛备用水源分布说明。\n"
_FILES: dict[str, tuple[bytes, str, Verdict, AddOutcome]] = {
    "empty.txt": (b"", "empty", Verdict.MET, AddOutcome.FAILED),
    "blank.txt": ("　\n".encode(), "empty", Verdict.MET, AddOutcome.FAILED),
    "program.pdf": (b"MZ\x90\x00" * 99, "wrong-type", Verdict.MET, AddOutcome.FAILED),
    "broken.pdf": (b"%PDF-1.7\n%%EOF", "broken-pdf", Verdict.MET, AddOutcome.FAILED),
    "..%2f..%2fetc%2fa.txt": (ELDERS.encode(), "filename", Verdict.MET, AddOutcome.ADDED),
    "gbk.txt": (LIFTS.encode("gb18030"), "encoding", Verdict.MET, AddOutcome.ADDED),
    "locked.pdf": (b"%PDF-1.7\n%%EOF", "encrypted-pdf", Verdict.NOT_MET, AddOutcome.FAILED),
    "odd.txt": ("一句话在这里。".encode(), "unheard-of", Verdict.LOOK, AddOutcome.ADDED),
    "marked.txt": (_MARKED.encode(), "unheard-of", Verdict.LOOK, AddOutcome.QUARANTINED),
}


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(2**25))
    return packed.getvalue()


def _folder(path: Path, files: dict[str, tuple[bytes, str]]) -> Path:
    lines = []
    for name, (data, category) in files.items():
        (path / name).write_bytes(data)
        lines.append({"file": name, "category": category, "what": "?", "expect": "say so"})
    (path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def _checked(measures: list[HostileMeasure]) -> None:
    for one in measures:
        assert one.faults == (), one.name
        error = one.seen.added.error
        assert (error is None) == (one.seen.added.outcome is AddOutcome.ADDED)


def test_outcomes_stand_beside_what_was_expected(tmp_path: Path) -> None:
    files = {name: (data, category) for name, (data, category, _, _) in _FILES.items()}
    folder = _folder(tmp_path, {**files, "bomb.docx": (_bomb(), "bomb")})
    measures = list(measure_hostile(folder, apart=False))
    assert [one.name for one in measures] == [*files, "bomb.docx"]
    _checked(measures)
    told = {one.name: (one.verdict, one.seen.added.outcome) for one in measures}
    assert told.pop("bomb.docx") == (Verdict.MET, AddOutcome.FAILED)
    assert told == {name: (verdict, outcome) for name, (*_, verdict, outcome) in _FILES.items()}
    assert not any("%2f" in path.name for path in tmp_path.iterdir() if path.suffix != ".txt")


def test_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        list(measure_hostile(tmp_path))
    for line in ("[]", '{"file": "a"}', "no JSON"):
        (tmp_path / "manifest.jsonl").write_text(f"\n{line}", encoding="utf-8")
        with pytest.raises(BadManifestError, match="Line 2"):
            list(measure_hostile(tmp_path))
    _folder(tmp_path, {"gone.txt": (b"x", "empty")})
    (tmp_path / "gone.txt").unlink()
    with pytest.raises(MissingFileError, match=r"gone\.txt"):
        list(measure_hostile(tmp_path))


def test_the_real_ones(shared: Path) -> None:
    measures = list(measure_hostile(shared / "data" / "nasty", apart=False))
    assert len(measures) == 54
    _checked(measures)
    assert [one.name for one in measures if one.verdict is Verdict.NOT_MET] == []


@pytest.fixture
def opened(tmp_path: Path) -> Workbench:
    """A home whose files are read by a sandbox that gives nobody any time."""
    hurried = Limits(seconds=90, memory=LIMITS.memory, processor=0.01)
    encoder = HashingEncoder()
    return Workbench(Settings(tmp_path / "home"), encoder=encoder, files=Sandbox(limits=hurried))


def test_a_file_that_takes_too_long_is_a_failure_that_can_be_tried_again(
    opened: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "long.md"
    path.write_text(ELDERS * 20_000, encoding="utf-8")
    added = opened.ingest.add_file(path, actor=opened.actor)
    assert isinstance(added.error, TookTooLongError | CrashingError)
    assert opened.documents.counts() == (0, 0)
    opened.close()
    path.write_text(ELDERS, encoding="utf-8")
    patient = Workbench(Settings(tmp_path / "home"), encoder=HashingEncoder())
    failure = patient.failures.all()[0]
    assert patient.library.retry(failure, actor=patient.actor).outcome is AddOutcome.ADDED
    assert patient.failures.all() == []
    patient.close()


@pytest.fixture
def zhiku(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> commands.Zhiku:
    """Run ``zhiku`` on a home of its own; gives exit code, output and faults."""
    monkeypatch.setattr(bootstrap, "Workbench", commands.WithoutModel)
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.zhiku(tmp_path / "home", capsys)


def test_quarantine_on_the_command_line(
    zhiku: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    names = ("甲.txt", "乙.txt")
    for name in names:
        (tmp_path / name).write_text(_MARKED + name, encoding="utf-8")
    code, out, _ = zhiku("add", *(tmp_path / name for name in names))
    assert code == 1
    assert "机密★1年" in out
    assert "2 个文件" in out
    code, out, _ = zhiku("quarantine", "list")
    assert code == 0
    assert all(name in out for name in names)
    assert "待决定 2" in out
    assert zhiku("quarantine", "release", "1")[0] == 1
    code, out, _ = zhiku("quarantine", "release", "1", "--reason", "已解密")
    assert (code, "仅限指定人员" in out) == (0, True)
    assert zhiku("quarantine", "discard", "2", "--reason", "误传")[0] == 0
    code, _, said = zhiku("quarantine", "discard", "2", "--reason", "误传")
    assert code == 1
    assert "已作过决定" in said
    assert "甲.txt" not in zhiku("quarantine", "list")[1]
    everything = zhiku("quarantine", "list", "--all")[1]
    assert "已解密" in everything
    assert "误传" in everything
    assert "共 1 种文献" in zhiku("list")[1]
