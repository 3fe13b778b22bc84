"""The commands on what takes two persons, and on the log."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from briefs.model import Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.drill import reports
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.accounts.attempts import BY_BOTH
from knowledge.accounts.roles import Role
from knowledge.backup import Backup
from knowledge.model import Access
from knowledge.sharing import Audience
from knowledge.store.engine import writing
from tests.commands import Zhiku
from tests.homes import PASSWORD, open_account
from tests.integration.test_cli import files, zhiku

__all__ = ["files", "zhiku"]


@pytest.fixture
def bench(zhiku: Zhiku, files: Path, tmp_path: Path) -> Iterator[Workbench]:
    """The home that the commands work on, with three documents."""
    assert zhiku("add", files)[0] == 0
    opened = Workbench(Settings(tmp_path / "home"), encoder=HashingEncoder())
    yield opened
    opened.close()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed when a password is asked for, the next one last."""
    words: list[str] = []
    monkeypatch.setattr(click, "prompt", lambda *_given, **_options: words.pop())
    return words


ASK = ("--reason", "重复", "--as", "申请人")


def test_one_person_alone_is_told_what_to_do(
    zhiku: Zhiku, bench: Workbench, typed: list[str]
) -> None:
    open_account(bench, "申请人", Role.LIBRARIAN)
    typed[:] = [PASSWORD] * 4
    code, out, _ = zhiku("remove", "2", *ASK)
    assert code == 0
    assert "申请第 1 号" in out
    assert "zhiku account open 姓名 --role librarian" in out
    code, _, err = zhiku("proposals", "agree", "1", "--as", "申请人")
    assert code == 1
    assert err.count("\n") == 1
    assert "另一人" in err
    assert bench.documents.get(2)
    assert "已收回" in zhiku("proposals", "refuse", "1", "--as", "申请人")[1]
    assert zhiku("proposals", "agree", "1", "--as", "申请人")[0] == 1


@pytest.mark.parametrize(
    "command",
    [
        ("remove", "2", "--reason", "重复"),
        ("withdraw", "1", "1", "--reason", "重复"),
        ("proposals", "agree", "1"),
        ("proposals", "refuse", "1"),
    ],
)
def test_the_machines_own_person_proves_nothing(
    zhiku: Zhiku, bench: Workbench, typed: list[str], command: tuple[str, ...]
) -> None:
    open_account(bench, "申请人", Role.LIBRARIAN)
    typed[:] = [PASSWORD]
    assert zhiku("remove", "2", *ASK)[0] == 0
    code, _, err = zhiku(*command)
    assert code == 1
    assert "--as" in err
    assert len(bench.proposals.waiting(at=bench.clock())) == 1


def test_the_second_person_proves_who_they_are(
    zhiku: Zhiku, bench: Workbench, typed: list[str]
) -> None:
    open_account(bench, "申请人", Role.LIBRARIAN)
    open_account(bench, "复核员", Role.LIBRARIAN)
    open_account(bench, "志愿者", Role.VOLUNTEER)
    typed[:] = [PASSWORD, "错的口令错的口令", PASSWORD]
    assert "zhiku account" not in zhiku("remove", "2", *ASK)[1]
    code, _, err = zhiku("proposals", "agree", "1", "--as", "复核员")
    assert code == 1
    assert "口令" in err
    assert zhiku("proposals", "agree", "1", "--as", "志愿者")[0] == 1
    assert bench.documents.get(2)
    assert "重复" in zhiku("proposals")[1]
    typed[:] = [PASSWORD]
    code, out, _ = zhiku("proposals", "agree", "1", "--as", "复核员")
    assert code == 0
    assert "已移出馆藏" in out
    assert bench.documents.many([2]) == {}
    assert "0 件" in zhiku("proposals")[1]
    account = bench.signing_in.register.by_login("复核员")
    assert account is not None
    assert bench.signing_in.sessions(account[0].person_id) == []


def test_guessing_is_stopped(zhiku: Zhiku, bench: Workbench, typed: list[str]) -> None:
    open_account(bench, "申请人", Role.LIBRARIAN)
    open_account(bench, "复核员", Role.LIBRARIAN)
    typed[:] = [PASSWORD, *["错的口令错的口令"] * BY_BOTH, PASSWORD]
    zhiku("remove", "2", *ASK)
    for _ in range(BY_BOTH):
        assert zhiku("proposals", "agree", "1", "--as", "复核员")[0] == 1
    code, _, err = zhiku("proposals", "agree", "1", "--as", "复核员")
    assert code == 1
    assert "分钟" in err
    assert bench.documents.get(2)


def test_an_edition_is_withdrawn(zhiku: Zhiku, bench: Workbench, typed: list[str]) -> None:
    open_account(bench, "签发人", Role.PUBLISHER)
    open_account(bench, "复核员", Role.LIBRARIAN)
    passage = next(r.passage for r in bench.retriever.search("加装电梯 补助", 1))
    line = bench.editing.quote(passage.id)
    brief = bench.editing.create("电梯简报", [line], actor=bench.actor)
    bench.publishing.publish(brief.id, actor=bench.actor)
    typed[:] = [PASSWORD] * 4
    ask = ("--reason", "有误", "--as", "签发人")
    assert zhiku("withdraw", brief.id, "2", *ask)[0] == 1
    assert "申请第 1 号" in zhiku("withdraw", brief.id, "1", *ask)[1]
    assert "已撤回" in zhiku("proposals", "agree", "1", "--as", "复核员")[1]
    assert bench.briefs.edition(brief.id, 1).withdrawal is not None
    assert zhiku("withdraw", brief.id, "1", *ask)[0] == 1


def test_the_library_withdraws_what_it_may_not_read(
    zhiku: Zhiku, bench: Workbench, typed: list[str]
) -> None:
    maker, recipient = (
        open_account(bench, name, role)
        for name, role in (("签发人", Role.PUBLISHER), ("收件人", Role.OFFICIAL))
    )
    open_account(bench, "馆长", Role.DIRECTOR)
    line = Statement(StatementKind.JUDGEMENT, "应当做好。")
    brief = bench.editing.create("旧题名", [line], actor=bench.actor)
    bench.of(maker.actor).publishing.publish(
        brief.id,
        actor=maker.actor,
        audience=Audience(access=Access.NAMED, recipients=frozenset({recipient.person_id})),
    )
    now = bench.briefs.get(brief.id)
    bench.editing.save(now, title="新题名", lines=now.statements, actor=bench.actor)
    bench.signing_in.register.close(maker.person_id, actor=bench.actor, at=bench.clock())
    typed[:] = [PASSWORD]
    asked = zhiku("withdraw", brief.id, "1", "--reason", "有误", "--as", "馆长")
    assert asked[0] == 0
    assert "《旧题名》第 1 版" in asked[1]
    assert "《旧题名》第 1 版" in zhiku("proposals")[1]


def test_what_the_log_has_lost_shows_against_a_backup(
    zhiku: Zhiku, bench: Workbench, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    assert zhiku("backup", folder)[0] == 0
    code, _, _ = zhiku("drill", folder)
    assert code == 0
    with writing(bench.engine).begin() as connection:
        connection.execute(text("DROP TRIGGER keep_audit_from_delete"))
        connection.execute(text("DELETE FROM audit WHERE id > 2"))
        connection.execute(text("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit'"))
    assert zhiku("audit", "verify")[0] == 0
    code, out, _ = zhiku("drill", folder)
    assert code == 1
    assert "the log in use lacks" in out
    code, _, err = zhiku("backup", folder, "--keep", "1")
    assert code == 1
    assert "末条" in err
    states = Backup(folder).states()
    assert len(states) == 2
    assert reports(bench.home)[0].last_entry == states[0].last_entry


def test_the_log_is_read_checked_and_written(
    zhiku: Zhiku, bench: Workbench, tmp_path: Path
) -> None:
    assert "收入文献" in zhiku("audit", "list", "--action", "add-document")[1]
    assert "收入文献" in zhiku("audit", "list", "--kind", "document", "--record", "2")[1]
    assert "收入文献" not in zhiku("audit", "list", "--record", "99")[1]
    assert zhiku("audit", "list", "--action", "fly")[0] == 1
    code, _, err = zhiku("audit", "list", "--person", "无此人")
    assert (code, err.count("\n")) == (1, 1)
    assert "日志完好" in zhiku("audit", "verify")[1]
    path = tmp_path / "log.csv"
    assert zhiku("audit", "export", "--to", path, "--kind", "document")[0] == 0
    heads, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    assert heads[0] == "编号"
    assert [row[3] for row in rows] == ["add-document"] * 3
    assert "导出日志" in zhiku("audit", "list", "--limit", "1")[1]
    assert zhiku("audit", "export", "--to", "/nowhere/log.csv")[0] == 1


@pytest.mark.parametrize(
    "command", [("remove", "99", "--reason", "重复"), ("proposals", "agree", "99")]
)
def test_what_is_not_there_is_said_in_a_sentence(
    zhiku: Zhiku, bench: Workbench, typed: list[str], command: tuple[str, ...]
) -> None:
    open_account(bench, "申请人", Role.LIBRARIAN)
    typed[:] = [PASSWORD]
    code, out, err = zhiku(*command, "--as", "申请人")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "没有编号为 99" in err
