"""Publishing for somebody on the command line."""

from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.roles import Role
from knowledge.model import Access
from tests import commands
from tests.commands import Run
from tests.homes import open_account
from tests.unit.briefs.people import LIBRARIAN, draft


@pytest.fixture
def brief(filled: Workbench) -> int:
    open_account(filled, "收件人", Role.OFFICIAL, branch="东馆")
    return draft(filled).id


@pytest.fixture
def run(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run ``zhiku brief`` on the home; gives exit code and what was printed."""
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.run(filled.home, capsys, "brief")


def test_a_brief_is_published_for_named_persons_for_staff_and_for_all(
    filled: Workbench, brief: int, run: Run
) -> None:
    number = str(brief)
    code, said = run("publish", number, "--for", "收件人")
    assert (code, "指定人员可见 · 收件人" in said) == (0, True)
    for meant, tag in (("staff", "馆员可见"), ("shared", "各馆馆员可见"), ("public", "")):
        code, said = run("publish", number, "--for", meant)
        assert code == 0
        assert tag in said
    levels = [each.stamp.access for each in filled.briefs.editions(newest_only=False)]
    assert levels == [Access.PUBLIC, Access.STAFF, Access.STAFF, Access.NAMED]
    for wrong, sentence in (
        (("--for", "staff", "--for", "收件人"), "只能选一种"),
        (("--for", "没有这个人"), "没有编号为 没有这个人"),
        (("--for", LIBRARIAN.actor(filled).name), "没有编号为"),
    ):
        code, said = run("publish", number, *wrong)
        assert code != 0
        assert sentence in said


def test_a_draft_is_shared_and_no_longer(filled: Workbench, brief: int, run: Run) -> None:
    assert run("share", str(brief)) == (
        0,
        f"简报 {brief} 已共享给各馆，其他馆只能阅读。\n",
    )
    assert filled.briefs.get(brief).stamp.shared
    assert run("share", str(brief), "--off")[0] == 0
    assert not filled.briefs.get(brief).stamp.shared
    code, said = run("share", "99")
    assert (code, "没有编号为 99 的简报" in said) == (1, True)


def test_a_file_written_names_the_public_address(
    filled: Workbench, brief: int, run: Run, tmp_path: Path
) -> None:
    settings = filled.home / "settings.toml"
    settings.write_text('public_address = "https://zhiku.example.org"\n', encoding="utf-8")
    out = tmp_path / "out.md"
    assert run("export", str(brief), "--to", "md", str(out))[0] == 0
    assert "(https://zhiku.example.org/pages/1/1?mark=" in out.read_text(encoding="utf-8")
