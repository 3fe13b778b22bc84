"""The gate on the command line: what holds a brief back, and letting a statement stand."""

import json

import pytest

from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from tests import commands
from tests.commands import Run

WORDS = "2023年全县计划加装电梯62台"


@pytest.fixture
def brief(filled: Workbench) -> Brief:
    document = next(d for d in filled.documents.find() if "电梯" in d.title)
    evidence = (filled.editing.evidence_on(document.id, WORDS),)
    lines = [
        Statement(StatementKind.PARAPHRASE, "2023年全县计划加装电梯64台。", evidence),
        Statement(StatementKind.JUDGEMENT, "三年内可以再装200台。"),
    ]
    return filled.editing.create("电梯", lines, actor=filled.actor)


@pytest.fixture
def run(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run ``zhiku brief`` on the home; gives exit code and what was printed."""
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.run(filled.home, capsys, "brief")


def test_a_brief_is_checked_in_words(brief: Brief, run: Run) -> None:
    code, said = run("check", str(brief.id))
    assert code == 0
    (faulty,) = [line for line in said.splitlines() if "64台" in line]
    assert "不符" in faulty
    assert "62台" in faulty
    assert "/pages/" in faulty
    assert "2 句中 0 句已过关" in said
    assert "待人定：1 句" in said


def test_a_brief_is_checked_for_programs(brief: Brief, run: Run) -> None:
    code, said = run("check", str(brief.id), "--json")
    assert code == 0
    first, second = map(json.loads, said.splitlines())
    assert (first["number"], first["state"]) == (1, "fault")
    (fault,) = first["faults"]
    assert (fault["type"], fault["statement"], fault["span"]) == ("number", "64台", [13, 16])
    assert fault["evidence"][0]["words"] == "62台"
    assert second["doubts"][0]["reason"] == "own-figure"
    assert second["decision"] is None


def test_a_doubt_is_let_stand_and_a_fault_is_not(filled: Workbench, brief: Brief, run: Run) -> None:
    id_ = str(brief.id)
    code, said = run("decide", id_, "1", "--reason", "就这样")
    assert (code, "不能由人认定" in said) == (1, True)
    code, said = run("decide", id_, "9", "--reason", "就这样")
    assert code == 1
    code, said = run("decide", id_, "2", "--reason", " ")
    assert code == 1
    code, said = run("decide", id_, "2", "--reason", "按产能测算")
    assert code == 0
    assert filled.actor.name in said
    assert "按产能测算" in run("check", id_)[1]
    code, said = run("publish", id_)
    assert (code, "第 1 句与证据不符" in said) == (1, True)
    run("set", id_, "1", "--text", f"{WORDS}。")
    code, said = run("check", id_)
    assert "全部过关" in said
    assert run("publish", id_)[0] == 0


def test_the_title_is_number_0(filled: Workbench, brief: Brief, run: Run) -> None:
    good = Statement(StatementKind.JUDGEMENT, "应当加快。")
    made = filled.editing.create("达标率100%", [good], actor=filled.actor)
    code, said = run("check", str(made.id), "--json")
    assert code == 0
    title, _ = map(json.loads, said.splitlines())
    assert (title["number"], title["state"]) == (0, "needs-person")
    assert [doubt["statement"] for doubt in title["doubts"]] == ["100%"]
    code, said = run("check", str(made.id))
    assert "待人定：1 句" in said
    assert run("decide", str(made.id), "0", "--reason", "口径另附")[0] == 0
    assert filled.gating.report(filled.briefs.get(made.id)).is_clean
    assert run("decide", str(made.id), "99", "--reason", "无")[0] == 1
