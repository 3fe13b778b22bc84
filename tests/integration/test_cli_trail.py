"""Trail, folder and appendix on the command line."""

import csv
import io
from pathlib import Path

import docx
import pytest

from briefs.exporters import export
from briefs.trail.noted import ActKind
from briefs.workbench.appending import appendix_of
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.wording import wording
from tests import commands
from tests.commands import Run
from tests.unit.briefs.test_folder import brief, passage, shared_brief, somebody, withhold
from tests.unit.briefs.test_trail import LOST, QUERY, note


@pytest.fixture
def run(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run ``zhiku`` on the home; gives exit code and what was printed."""
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.run(filled.home, capsys)


def _worked(bench: Workbench, run: Run) -> int:
    """A brief for which something was found, kept, rejected, opened and not found."""
    id_ = brief(bench)
    for query in (QUERY, LOST, "养老服务站"):
        assert run("search", "--mode", "lexical", "--brief", str(id_), query)[0] == 0
    lift, elders = str(passage(bench)), str(passage(bench, 3))
    assert run("brief", "keep", str(id_), lift, "--search", "1", "--note", "补助上限")[0] == 0
    rejected = ("rejected", "--ground", "irrelevant", "--reason", "另立专题")
    assert run("brief", "judge", "3", elders, *rejected)[0] == 0
    assert run("brief", "judge", "3", "1", "opened")[0] == 0
    return id_


def test_the_trail_is_told_with_what_was_done(filled: Workbench, run: Run) -> None:
    id_ = str(_worked(filled, run))
    code, said = run("brief", "trail", id_)
    assert code == 0
    for words in (QUERY, LOST, "未检得", "与问题无关；另立专题", "收入资料夹："):
        assert words in said.replace("\n", "")
    code, said = run("brief", "trail", id_, "--missing")
    assert LOST in said
    assert QUERY not in said
    code, said = run("brief", "folder", id_)
    assert "补助上限" in said
    assert run("brief", "note", "1", "改过")[0] == 0
    assert "改过" in run("brief", "folder", id_)[1]
    assert run("brief", "unkeep", "1")[0] == 0
    assert "改过" not in run("brief", "folder", id_)[1]


def test_the_appendix_says_where_nothing_was_found_and_no_more(
    filled: Workbench, run: Run, tmp_path: Path
) -> None:
    id_ = _worked(filled, run)
    out = tmp_path / "附录.md"
    assert run("brief", "trail", str(id_), "--output", str(out))[0] == 0
    text = out.read_text("utf-8")
    assert f"以“{LOST}”检索（只按字词），在范围 1 所列馆藏（文献 3 种" in text
    assert "不表示有关事实或文献不存在" in text
    heads = ("检索范围", "检索式与结果", "采用的资料", "未采用的资料及原因", "查阅而未采用的资料")
    places = [text.index(f"## {head}\n") for head in heads]
    assert places == sorted(places)
    assert "### 与问题无关" in text
    assert "SHA-256" in text
    # What was kept and then dropped is not used.
    assert run("brief", "unkeep", "1")[0] == 0
    assert run("brief", "trail", str(id_), "--output", str(out))[0] == 0
    assert "## 采用的资料\n" not in out.read_text("utf-8")


def test_a_struck_search_is_counted_in_the_appendix_and_not_shown(
    filled: Workbench, run: Run, tmp_path: Path
) -> None:
    id_, out = str(_worked(filled, run)), tmp_path / "附录.md"
    assert run("brief", "strike", "2")[0] == 1
    assert run("brief", "strike", "2", "--reason", "误输")[0] == 0
    assert run("brief", "trail", id_, "--output", str(out))[0] == 0
    text = out.read_text("utf-8")
    assert LOST not in text
    assert "另有 1 次检索" in text
    assert LOST in run("brief", "trail", id_)[1]
    assert run("brief", "strike", "2", "--undo")[0] == 0
    assert run("brief", "trail", id_, "--output", str(out))[0] == 0
    assert LOST in out.read_text("utf-8")


def test_every_format_holds_it_and_the_whole_brief_comes_first(
    filled: Workbench, run: Run, tmp_path: Path
) -> None:
    id_ = _worked(filled, run)
    line = filled.editing.quote(passage(filled, 3))
    filled.editing.append(filled.briefs.get(id_), [line], actor=filled.actor)
    for suffix in ("html", "docx", "pdf", "csv"):
        out = tmp_path / f"附录.{suffix}"
        assert run("brief", "trail", str(id_), "--output", str(out))[0] == 0
        assert out.stat().st_size > 200
    words = "\n".join(each.text for each in docx.Document(str(tmp_path / "附录.docx")).paragraphs)
    assert "未检得的内容" in words
    table = (tmp_path / "附录.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert [row[2] for row in rows[1:]] == [QUERY, LOST, "养老服务站"]
    whole = tmp_path / "简报.md"
    assert run("brief", "trail", str(id_), "--whole", "--output", str(whole))[0] == 0
    text = whole.read_text("utf-8")
    assert text.index("35个") < text.index("检索范围与结果") < text.index("参考文献")
    assert run("brief", "trail", str(id_), "--whole", "--output", "甲.csv")[0] == 1
    assert run("brief", "trail", str(id_), "--output", "甲.txt")[0] == 1


def test_a_cell_of_the_table_is_never_a_formula(
    filled: Workbench, run: Run, tmp_path: Path
) -> None:
    id_, out = brief(filled), tmp_path / "附录.csv"
    note(filled, id_, "=1+1")
    assert run("brief", "trail", str(id_), "--output", str(out))[0] == 0
    assert "'=1+1" in out.read_text("utf-8-sig")


def test_the_appendix_tells_a_colleague_nothing_of_what_they_may_not_see(
    filled: Workbench,
) -> None:
    id_ = shared_brief(filled)
    withhold(filled, 2)
    search = note(filled, id_)
    filled.folder.keep(id_, passage(filled), actor=filled.actor)
    filled.trail.note_act(search, ActKind.KEPT, passage(filled), actor=filled.actor)
    title = filled.documents.get(2).title
    whole = export(appendix_of(filled, id_, wording("zh")), "md").decode()
    assert title in whole
    other = filled.of(somebody(filled))
    told = export(appendix_of(other, id_, wording("zh")), "md").decode()
    assert title not in told
    assert "……" in told
    assert "文献 3 种" not in told


def test_bad_input_is_one_sentence(filled: Workbench, run: Run) -> None:
    id_ = str(brief(filled))
    for command in (
        ("brief", "trail", "99"),
        ("brief", "judge", "99", "1", "opened"),
        ("brief", "keep", id_, "999"),
        ("brief", "keep", id_, "1", "--words", "没有这句话"),
        ("brief", "unkeep", "99"),
        ("search", "--mode", "lexical", "--brief", "99", QUERY),
    ):
        code, said = run(*command)
        assert code == 1, command
        assert said.count("\n") == 1, said
    note(filled, int(id_))
    code, said = run("brief", "judge", "1", "1", "rejected")
    assert (code, "--ground" in said) == (1, True)
