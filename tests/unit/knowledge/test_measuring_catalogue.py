"""Guessed entries beside what is known of the files."""

import json
from pathlib import Path

import pytest

from knowledge.errors import BadManifestError, MissingFileError
from knowledge.measuring.catalogue import MANIFEST, TRUTH, Share, expectations, measure_catalogue

NOTICE = "关于食堂的通知\n澄民发〔2023〕1号\n现通知如下。\n澄江市民政局\n2023年5月6日\n"


def _write(path: Path, *entries: object) -> None:
    path.write_text("\n".join(json.dumps(each) for each in entries), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "空.txt").write_bytes(b"")
    _write(
        tmp_path / MANIFEST,
        {"path": "通知.txt", "title": "《关于食堂的通知》", "date": "2023-05", "bytes": 7},
        {"path": "空.txt", "title": "空", "date": ""},
    )
    return tmp_path


def test_shares_and_deviations(folder: Path) -> None:
    found = measure_catalogue(folder)
    assert found.files == 2
    assert found.shares == (Share("title", 1, 2), Share("issued_on", 1, 1))
    (deviation,) = found.deviations
    assert (deviation.path, deviation.field, deviation.expected) == ("空.txt", "title", ("空",))
    assert deviation.actual is None
    assert deviation.reason is not None


def test_a_truth_goes_before_the_manifest_and_may_accept_several(folder: Path) -> None:
    truth = {
        "path": "通知.txt",
        "title": ["甲", "关于食堂的通知"],
        "number": "",
        "issuer": "民政局",
    }
    _write(folder / TRUTH, truth, {"path": "别处.txt", "title": "不在清单里"})
    found = measure_catalogue(folder)
    deviations = {(each.path, each.field): each.actual for each in found.deviations}
    assert deviations == {
        ("通知.txt", "number"): "澄民发〔2023〕1号",
        ("通知.txt", "issuer"): "澄江市民政局",
        ("空.txt", "title"): None,
    }
    elsewhere = folder.parent / "truth.jsonl"
    _write(elsewhere, {"path": "通知.txt", "title": "乙"})
    assert expectations(folder, truth=elsewhere)[0].values["title"] == ("乙",)


def test_a_day_less_precise_than_known_is_no_match(folder: Path) -> None:
    (folder / "报告.txt").write_text("2024年澄江市政府工作报告\n各位代表：", encoding="utf-8")
    _write(folder / MANIFEST, {"path": "报告.txt", "date": "2024-01-09"})
    assert measure_catalogue(folder).shares == (Share("issued_on", 0, 1),)


def test_what_is_missing_or_cannot_be_read_is_said(folder: Path) -> None:
    with pytest.raises(MissingFileError):
        measure_catalogue(folder, truth=folder / "nowhere.jsonl")
    (folder / "通知.txt").unlink()
    with pytest.raises(MissingFileError):
        measure_catalogue(folder)
    for line in ("{", "[1]", '{"title": "x"}'):
        (folder / MANIFEST).write_text(line, encoding="utf-8")
        with pytest.raises(BadManifestError):
            expectations(folder)
