"""``zhiku measure``, as a person runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import commands
from tests.commands import Zhiku
from tests.unit.test_measuring import LINES, TRUTH, printed


@pytest.fixture
def zhiku(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Zhiku:
    """Run ``zhiku measure``; gives exit code, output and faults."""
    monkeypatch.setenv("ZHIKU_LANGUAGE", "en")
    return commands.zhiku(tmp_path / "home", capsys, "measure")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files with truths, one of them with one wrong character, one broken, one without truth."""
    made = tmp_path / "files"
    (made / "truth").mkdir(parents=True)
    (made / "report.pdf").write_bytes(printed())
    (made / "report.md").write_text("\n\n".join(LINES), encoding="utf-8")
    (made / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (made / "other.txt").write_text("没有已知正文。", encoding="utf-8")
    truth = (TRUTH + "\n") * 2
    (made / "truth" / "report.txt").write_text(truth.replace("特藏部", "特葬部", 1), "utf-8")
    (made / "truth" / "broken.txt").write_text(TRUTH, encoding="utf-8")
    return made


def test_texts_are_measured_through_the_real_pipeline(zhiku: Zhiku, folder: Path) -> None:
    code, out, _ = zhiku("texts", folder, "--sentences", "10", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["without_truth"] == ["other.txt"]
    assert (found["sentences"], found["seed"]) == (10, 0)
    assert len(found["definitions"]) == 3
    assert found["peak_memory_mb"] > 20
    files: dict[str, dict[str, Any]] = {one["name"]: one for one in found["files"]}
    assert files.keys() == {"broken.pdf", "report.md", "report.pdf"}
    pdf = files["report.pdf"]
    assert (pdf["wrong"], pdf["missing"], pdf["extra"]) == (1, 0, 0)
    assert pdf["cer"] == round(1 / pdf["characters"], 6)
    assert pdf["not_in_file"] == 1
    assert pdf["order"]["share"] is None or pdf["order"]["share"] == 1
    boxes = pdf["boxes"]["text"]
    assert (boxes["sampled"], boxes["proved"], boxes["share"]) == (10, 10, 1.0)
    assert pdf["differences"][0]["expected"] == "葬"
    assert files["report.md"]["cer"] == pytest.approx(0.5, abs=0.01)
    assert files["report.md"]["boxes"] == {}
    assert "cer" not in files["broken.pdf"]
    assert "damaged" in files["broken.pdf"]["problem"]


def test_the_table_shows_examples_when_asked(zhiku: Zhiku, folder: Path) -> None:
    code, out, _ = zhiku("texts", folder, "--sentences", "5")
    assert code == 0
    assert "report.pdf" in out
    assert "5/5 100.00%" in out
    assert "other.txt" not in out
    assert "葬" not in out
    _, out, _ = zhiku("texts", folder, "--sentences", "0", "--verbose")
    assert "no known text: other.txt" in out
    assert "[expected] 葬 [read] 藏" in out


def test_a_folder_without_truths_is_told_so(zhiku: Zhiku, tmp_path: Path) -> None:
    (tmp_path / "empty" / "truth").mkdir(parents=True)
    code, _, said = zhiku("texts", tmp_path / "empty")
    assert code == 1
    assert "no .txt named like a file" in said


def test_speed_is_measured_beside_pdfium(zhiku: Zhiku, folder: Path) -> None:
    code, out, said = zhiku("speed", folder, "--repeat", "1", "--json")
    assert code == 0
    assert "broken.pdf is damaged" in said
    (row,) = json.loads(out)["files"]
    assert (row["name"], row["pages"], row["text_pages"]) == ("report.pdf", 1, 1)
    assert row["pdfium_pages_per_second"] > 0
    assert row["ratio"] > 0
    assert zhiku("speed", folder / "other.txt")[0] == 1


def test_hostile_files_are_set_beside_what_was_expected(zhiku: Zhiku, folder: Path) -> None:
    rows = [
        {"file": "broken.pdf", "category": "broken-pdf", "what": "cut", "expect": "refused"},
        {"file": "other.txt", "category": "empty", "what": "not empty", "expect": "say empty"},
    ]
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    code, out, _ = zhiku("hostile", folder, "--json")
    assert code == 1
    verdicts = {row["file"]: (row["verdict"], row["faults"]) for row in json.loads(out)}
    assert verdicts == {"broken.pdf": ("met", []), "other.txt": ("not-met", [])}
    assert "1 as expected, 1 not, 0" in zhiku("hostile", folder)[1]


def test_guessed_entries_are_set_beside_what_is_known(zhiku: Zhiku, folder: Path) -> None:
    notice = "河湾县人民政府办公室关于加装电梯的通知\n河政办发〔2023〕12号\n\n各乡镇人民政府：\n通知如下。\n"
    (folder / "notice.txt").write_text(notice, encoding="utf-8")
    known = {"path": "notice.txt", "number": "河政办发〔2023〕12号", "title": "另一个题名"}
    (folder / "manifest.jsonl").write_text(json.dumps(known), encoding="utf-8")
    code, out, _ = zhiku("catalogue", folder, "--json")
    assert code == 0
    shares = {one["field"]: (one["right"], one["judged"]) for one in json.loads(out)["shares"]}
    assert shares == {"title": (0, 1), "number": (1, 1)}
    assert "title should be 另一个题名" in zhiku("catalogue", folder)[1]
