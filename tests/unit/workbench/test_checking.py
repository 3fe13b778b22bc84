"""``zhiku check``: statements in, verdicts out."""

import io
import json
from pathlib import Path

import pytest

from briefs.workbench.cli import main

LINES = [
    {"id": "a", "kind": "paraphrase", "statement": "加装64台", "evidence": ["加装62台。"]},
    {"id": 2, "kind": "quote", "statement": "加装62台", "evidence": ["加装62台。"]},
    {"id": "c", "kind": "quote", "statement": "新建三座分馆", "evidence": ["加装62台。"]},
    {"id": "d", "kind": "paraphrase", "statement": "新建三座分馆", "evidence": ["新建三座分馆。"]},
    {"id": "e", "kind": "judgement", "statement": "宜再建3座", "evidence": []},
]
EXPECTED = ["fault", "supported", "fault", "supported", "needs-person"]


def write(folder: Path, *lines: object) -> str:
    path = folder / "statements.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return str(path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["check", *arguments])
    return int(left.value.code or 0)


def test_json_has_a_line_a_statement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write(tmp_path, *LINES), "--json") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["id"] for record in found] == ["a", 2, "c", "d", "e"]
    assert [record["verdict"] for record in found] == EXPECTED
    fault = found[0]["faults"][0]
    assert (fault["type"], fault["statement"], fault["evidence"]) == ("number", "64台", "62台")
    assert fault["span"] == [2, 5]
    assert fault["evidence_spans"] == [{"source": "a#1", "start": 2, "end": 5, "words": "62台"}]


def test_a_quote_of_another_line_is_misattributed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(tmp_path, *LINES), "--json") == 0
    fault = json.loads(capsys.readouterr().out.splitlines()[2])["faults"][0]
    assert fault["type"] == "misattributed"
    assert fault["evidence_spans"][0]["source"] == "d#1"


def test_the_table_speaks_the_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIKU_LANGUAGE", "en")
    assert run(write(tmp_path, *LINES)) == 0
    out = capsys.readouterr().out
    assert "another number" in out
    assert "5 statements: 2 supported, 2 with faults, 1 need a person." in out


def test_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = io.TextIOWrapper(io.BytesIO(json.dumps(LINES[0]).encode()), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", given)
    assert run("-", "--json") == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "fault"


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        '{"id": 1}',
        '{"statement": "x", "evidence": "y"}',
        '{"statement": "x", "evidence": [1]}',
        '{"statement": "x", "kind": "rumour", "evidence": []}',
    ],
)
def test_a_bad_line_is_named_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: str
) -> None:
    assert run(write(tmp_path, LINES[0], "", bad), "--json") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "第 3 行" in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(tmp_path / "none.jsonl")) == 1
    assert "不存在" in capsys.readouterr().err
