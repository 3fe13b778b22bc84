"""Personal data on the command line: looked for, exported, expired, erased."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from briefs.model import Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import main
from knowledge.accounts.roles import Role
from knowledge.askers import Asker
from knowledge.store.schema import askers
from tests import commands
from tests.commands import Run
from tests.homes import open_account

ASKER = Asker(name="刘小河", contact="13800138000", organisation="县农机站", consent=True)


@pytest.fixture
def run(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run ``zhiku privacy`` on the home; gives exit code and what was printed."""
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.run(filled.home, capsys, "privacy")


def _is_over(bench: Workbench) -> None:
    with bench.engine.begin() as connection:
        ago = datetime(2025, 12, 31, tzinfo=UTC)
        connection.execute(update(askers).values(kept_until=ago))


def test_a_file_a_document_a_brief_and_an_answer_are_looked_through(
    filled: Workbench, run: Run, tmp_path: Path
) -> None:
    letter = tmp_path / "来信.txt"
    letter.write_text("我叫刘小河，电话13800138000。\n河政办发〔2023〕12号\n", encoding="utf-8")
    code, said = run("check", letter)
    assert (code, "共有 2 处疑似个人信息" in said) == (0, True)
    assert "【13800138000】" in said
    assert "〔2023〕" not in said
    assert "共有 0 处" in run("check", "--document", "1")[1]
    line = Statement(StatementKind.JUDGEMENT, "据读者陈晓反映，灯光太暗。")
    brief = filled.editing.create("简报", [line], actor=filled.actor)
    assert "【陈晓】" in run("check", "--brief", str(brief.id))[1]
    inquiry = filled.desk.ask("我叫刘小河，问补助", actor=filled.actor)
    answer = filled.desk.answer(inquiry.id, "见通知。", evidence=(), actor=filled.actor)
    assert "【刘小河】" in run("check", "--answer", str(answer.id))[1]


def test_a_brief_with_a_name_is_published_for_a_reason(
    filled: Workbench, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Statement(StatementKind.JUDGEMENT, "据读者陈晓反映，灯光太暗。")
    brief = str(filled.editing.create("简报", [line], actor=filled.actor).id)
    codes = []
    for keep in ((), ("--keep", "本人同意具名")):
        with pytest.raises(SystemExit) as leaving:
            main(["--home", str(filled.home), "brief", "publish", brief, *keep])
        codes.append(leaving.value.code)
    assert codes == [1, 0]
    assert "有 1 处疑似个人信息" in capsys.readouterr().err
    assert "本人同意具名" in run("check", "--brief", brief)[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("check",), "请给出一个文件"),
        (("check", "--brief", "1", "--document", "1"), "请给出一个文件"),
        (("check", "--document", "99"), "99"),
        (("check", "没有.txt"), "不存在"),
        (("export", "没有这个人", "--to", "x.json"), "没有这个人"),
        (("erase", "asker:99", "--confirm", "asker:99"), "99"),
    ],
)
def test_what_is_wrong_is_one_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    code, said = run(*words)
    assert code == 1
    assert sentence in said
    assert len(said.strip().splitlines()) == 1


def test_askers_expire(filled: Workbench, run: Run) -> None:
    filled.desk.ask("问补助", actor=filled.actor, asker=ASKER)
    assert "刘小河" in run("askers")[1]
    assert "有 0 位" in run("expire", "--dry-run")[1]
    _is_over(filled)
    assert "有 1 位" in run("expire", "--dry-run")[1]
    assert "刘小河" in run("askers", "--due")[1]
    code, said = run("expire")
    assert code == 0
    assert "已清除 1 位" in said
    assert "备份" in said
    assert "刘小河" not in run("askers")[1]


def test_the_doctor_says_who_is_overdue(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    monkeypatch.setattr(Workbench, "__init__", lambda *_, **__: None)
    monkeypatch.setattr(Workbench, "house", filled.house, raising=False)
    monkeypatch.setattr(Workbench, "actor", filled.actor, raising=False)
    monkeypatch.setattr(Workbench, "close", lambda _: None)
    filled.desk.ask("问补助", actor=filled.actor, asker=ASKER)
    for said in (False, True):
        with pytest.raises(SystemExit):
            main(["--home", str(filled.home), "doctor"])
        assert ("zhiku privacy expire" in capsys.readouterr().out) is said
        _is_over(filled)


def test_a_person_is_exported_to_a_file_of_their_own_and_erased(
    filled: Workbench, run: Run, tmp_path: Path
) -> None:
    account = open_account(filled, "上官玉兰", Role.LIBRARIAN)
    target = tmp_path / "本人.json"
    assert run("export", "上官玉兰", "--to", target)[0] == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert json.loads(target.read_text(encoding="utf-8"))["account"][0]["name"] == "上官玉兰"
    assert run("export", "上官玉兰", "--to", target)[0] == 1
    code, said = run("erase", "上官玉兰", "--confirm", "上官")
    assert (code, "未作删除" in said) == (1, True)
    code, said = run("erase", "上官玉兰", "--confirm", "上官玉兰")
    assert (code, "此前所做的备份" in said) == (0, True)
    assert filled.people.name(account.person_id) == f"已删除人员{account.person_id}"
    assert run("wipe")[0] == 0


def test_an_asker_is_exported_and_erased(filled: Workbench, run: Run, tmp_path: Path) -> None:
    filled.desk.ask("问补助", actor=filled.actor, asker=ASKER)
    target = tmp_path / "咨询人.json"
    assert run("export", "asker:1", "--to", target)[0] == 0
    assert json.loads(target.read_text(encoding="utf-8"))["inquiries"][0]["question"] == "问补助"
    assert run("erase", "asker:1", "--confirm", "asker:1")[0] == 0
    assert filled.erasing.askers(actor=filled.actor) == []
