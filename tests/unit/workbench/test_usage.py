"""What is said of a command that is written wrongly: one sentence, in the person's language."""

from pathlib import Path

import pytest

from briefs.workbench import bootstrap
from tests import commands

_ENGLISH = ("Missing", "not one of", "Could not", "Invalid", "No such", "unexpected", "requires")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("brief", "move", "1", "2"), "缺少 --to"),
        (("support",), "缺少 SENTENCE"),
        (("support", ""), "先写一句话"),
        (("support", " ", "　"), "先写一句话"),
        (("brief", "add", "1", "f", "--kind", "foo"), "--kind 只能是下列之一：heading、quote"),
        (("search", "x", "-k", "0"), "-k 须是整数，不小于 1，不大于 1000"),
        (("brief", "move", "x", "2", "--to", "1"), "BRIEF_ID 须是整数，不小于 1（"),
        (("audit", "list", "--since", "x"), "--since 须写成 2026-05-30"),
        (("brief", "export", "1", "--to", "md", "."), "OUT 须是文件，不能是文件夹"),
        (("nope",), "没有 nope 这个命令"),
        (("brief", "move", "1", "2", "--too", "4"), "没有 --too 这个选项，相近的有：--to"),
        (("brief", "move", "1", "2", "--to"), "--to 后面要写值"),
        (("brief", "move", "1", "2", "--to", "1", "--section=1"), "--section 后面不能写值"),
        (("brief", "move", "1", "2", "3", "--to", "4"), "多写了：3"),
    ],
)
def test_a_command_written_wrongly(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    code, out, err = commands.zhiku(tmp_path / "home", capsys)(*words)
    assert (code, out) == (1, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert not any(each in err for each in _ENGLISH)


@pytest.mark.parametrize("room", ["brief add 1", "check", "templates save", "references import"])
def test_a_file_that_is_not_there_is_no_fault_of_writing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    room: str,
) -> None:
    monkeypatch.setattr(bootstrap, "Workbench", commands.WithoutModel)
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    zhiku = commands.zhiku(tmp_path / "home", capsys)
    code, _, err = zhiku(*room.split(), tmp_path / "没有.txt")
    assert (code, err) == (1, f"{tmp_path / '没有.txt'} 不存在：请检查路径。\n")
    code, _, err = zhiku(*room.split(), tmp_path)
    assert code == 1
    assert "这是文件夹" in err or "须是文件，不能是文件夹" in err


def test_a_file_that_cannot_be_written_is_named_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "Workbench", commands.WithoutModel)
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    zhiku = commands.zhiku(tmp_path / "home", capsys)
    wanted = tmp_path / "没有" / "日志.csv"
    code, _, err = zhiku("audit", "export", "--to", wanted)
    assert code == 1
    assert err.startswith(f"{wanted} 打不开或写不进：没有这个文件")
    monkeypatch.setenv("ZHIKU_LANGUAGE", "en")
    _, _, err = zhiku("audit", "export", "--to", wanted)
    assert err.startswith(f"{wanted} cannot be opened or written: there is no such file")
