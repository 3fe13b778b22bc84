"""Briefs revised on the command line: pasted into, arranged, compared, taken back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from briefs.model import Length, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import main

Run = Callable[..., tuple[int, str]]
K = StatementKind


@pytest.fixture
def run(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run ``zhiku brief`` on the home; gives exit code and what was printed."""
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")

    def run(*words: str | Path) -> tuple[int, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["--home", str(filled.home), "brief", *map(str, words)])
        printed = capsys.readouterr()
        assert isinstance(leaving.value.code, int)
        return leaving.value.code, printed.out + printed.err

    return run


@pytest.fixture
def brief(filled: Workbench) -> str:
    lines = [Statement(K.JUDGEMENT, "甲，乙。"), filled.editing.quote(1)]
    return str(filled.editing.create("简报", lines, actor=filled.actor).id)


def test_a_text_is_added_and_arranged(
    filled: Workbench, run: Run, brief: str, tmp_path: Path
) -> None:
    def texts() -> list[str]:
        return [line.text for line in filled.briefs.get(int(brief)).statements]

    quoted = texts()[1]
    file = tmp_path / "稿.txt"
    file.write_text("一、情况\n头一句。第二句。\n", encoding="gb18030")
    assert run("add", brief, file)[0] == 0
    assert texts() == ["甲，乙。", quoted, "一、情况", "头一句。", "第二句。"]
    code, said = run("move", brief, "3", "--to", "1", "--section")
    assert code == 0
    assert said.index("一、情况") < said.index("第二句。") < said.index("甲，乙。")
    assert run("split", brief, "4", "甲，")[0] == 0
    assert texts()[3:5] == ["甲，", "乙。"]
    assert run("merge", brief, "4")[0] == 0
    assert texts() == ["一、情况", "头一句。", "第二句。", "甲，乙。", quoted]
    assert run("add", brief, file, "--kind", "judgement", "--after", "0")[0] == 0
    assert filled.briefs.get(int(brief)).statements[0].kind is K.JUDGEMENT
    assert filled.briefs.get(int(brief)).statements[-1].evidence


def test_what_was_changed_is_listed_compared_and_taken_back(
    filled: Workbench, run: Run, brief: str
) -> None:
    assert run("set", brief, "1", "--text", "改过的话。")[0] == 0
    assert run("drop", brief, "2")[0] == 0
    code, said = run("history", brief)
    assert code == 0
    assert filled.actor.name in said
    sitting, begun = said.splitlines()[1:]
    assert (sitting.split()[0], begun.split()[0]) == ("2–3", "1")
    assert "改过的话。" in sitting
    code, said = run("history", brief, "--all")
    assert [line.split()[0] for line in said.splitlines()[1:]] == ["3", "2", "1"]
    code, said = run("difference", brief, "1")
    assert code == 0
    assert "修改第 1 句\n  - 甲，乙。\n  + 改过的话。" in said
    assert "删去原第 2 句" in said
    assert run("difference", brief, "3") == (0, "修订 3 与 3 没有不同。\n")
    assert run("undo", brief, "2")[0] == 0
    assert [line.text for line in filled.briefs.get(int(brief)).statements] == ["甲，乙。"]
    assert run("undo", brief, "2") == (0, f"简报 {brief} 没有变化。\n")


def test_a_difference_says_what_else_than_the_words_was_changed(
    filled: Workbench, run: Run, brief: str
) -> None:
    found = filled.briefs.get(int(brief))
    first, second = found.statements
    lines = [
        replace(second, evidence=(), kind=K.PARAPHRASE),
        replace(first, kind=K.BACKGROUND, length=Length.DEEP),
    ]
    filled.editing.save(found, title=found.title, lines=lines, actor=filled.actor)
    code, said = run("difference", brief, "1")
    assert code == 0
    assert "（原第 2 句）" in said
    assert "    类型：引文 → 转述\n    证据：1 处 → 0 处\n" in said
    assert "    类型：判断 → 常识\n    最短篇幅：标准 → 深度\n" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("undo", "1", "1"), "没有可以退回的内容"),
        (("undo", "1", "9"), "没有第 9 次"),
        (("difference", "1", "7"), "没有第 7 次"),
        (("history", "9"), "没有编号为 9 的简报"),
        (("merge", "1", "2"), "没有可以合并的句子"),
        (("merge", "1", "3"), "没有第 3 句"),
        (("split", "1", "1", "丁"), "不能在此处拆分"),
        (("split", "1", "1", "乙。"), "不能在此处拆分"),
        (("move", "1", "5", "--to", "1"), "没有第 5 句"),
        (("add", "1", "没有.txt"), "不存在"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    filled: Workbench, run: Run, brief: str, words: tuple[str, ...], sentence: str
) -> None:
    before = filled.briefs.get(int(brief))
    code, said = run(*words)
    assert (code, sentence in said) == (1, True), said
    assert filled.briefs.get(int(brief)) == before
