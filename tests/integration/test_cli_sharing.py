"""``zhiku share`` and ``zhiku add --access``, as a person runs them."""

from pathlib import Path

from tests.commands import Zhiku
from tests.integration.test_cli import files, zhiku

__all__ = ["files", "zhiku"]


def test_who_may_see_a_document_is_said_and_shown(zhiku: Zhiku, files: Path) -> None:
    zhiku("add", files)
    assert "任何人可见" in zhiku("share", "1")[1]
    assert "（总馆）的馆员可见" in zhiku("share", "1", "--staff")[1]
    assert "各馆馆员都可见" in zhiku("share", "1", "--shared")[1]
    assert "各馆馆员可见" in zhiku("list")[1]
    assert "只有这些人可见：本馆馆员" in zhiku("share", "1", "--named", "本馆馆员")[1]
    assert "任何人可见" in zhiku("share", "1", "--public")[1]


def test_a_published_brief_that_cites_it_is_named(
    zhiku: Zhiku, files: Path, tmp_path: Path
) -> None:
    zhiku("add", files)
    outline = tmp_path / "outline.txt"
    outline.write_text("加装电梯补助", encoding="utf-8")
    assert zhiku("brief", "draft", "--title", "电梯简报", "--outline", outline)[0] == 0
    assert zhiku("brief", "publish", "1")[0] == 0
    told = [zhiku("share", str(n), "--staff")[1] for n in (1, 2, 3)]
    assert any("已刊发的简报仍引用本文献" in each for each in told)
    assert not any("仍引用" in zhiku("share", str(n), "--staff")[1] for n in (1, 2, 3))


def test_what_cannot_be_done_is_one_sentence(zhiku: Zhiku, files: Path) -> None:
    zhiku("add", files)
    assert "只能选一种" in zhiku("share", "1", "--public", "--named", "某人")[2]
    assert "没有编号为 某人" in zhiku("share", "1", "--named", "某人")[2]
    assert "没有编号为 99" in zhiku("share", "99", "--staff")[2]
    assert "任何人可见" in zhiku("share", "1")[1]
    code, _, fault = zhiku("add", "--access", "named", files)
    assert (code, fault.count("\n")) == (1, 1)
    one = next(files.iterdir())
    assert "zhiku share" in zhiku("add", "--document", "1", "--access", "staff", one)[2]


def test_new_documents_are_for_whom_one_says(zhiku: Zhiku, files: Path) -> None:
    assert zhiku("add", "--access", "staff", files)[0] == 0
    assert zhiku("list")[1].count("馆员可见") == 3


def test_personal_data_become_public_only_for_a_reason(zhiku: Zhiku, tmp_path: Path) -> None:
    path = tmp_path / "名册.txt"
    path.write_text("联系人：王小明，电话13812345678。\n", encoding="utf-8")
    assert "现已公开" in zhiku("add", path)[1]
    zhiku("share", "1", "--staff")
    code, _, fault = zhiku("share", "1", "--public")
    assert (code, "疑似个人信息" in fault) == (1, True)
    assert "馆员可见" in zhiku("share", "1")[1]
    assert "任何人可见" in zhiku("share", "1", "--public", "--keep", "公开名录")[1]
