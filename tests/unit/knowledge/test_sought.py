"""Words of a person are found in texts however they are written, and nothing else is."""

import pytest

from knowledge.sought import Sought


@pytest.mark.parametrize(
    ("told", "text", "blanked"),
    [
        (
            ["lilei", "lilei.p@mail.cn"],
            "发到 lilei.p@mail.cn；或 LiLei.P@Mail.cn。",
            "发到 □□；或 □□。",
        ),
        (["Li Lei"], "LI LEI and LiLei, not Li Leiming.", "□□ and □□, not Li Leiming."),
        (["刘小河"], "劉小河、刘 小河来过。", "□□、□□来过。"),
        (["13800138000"], "138-0013-8000 或 138 0013 8000", "□□ 或 □□"),
        (["+86 13800138000"], "１３８００１３８０００", "□□"),
        (["0571-8712 3456"], "(0571)87123456、87123456", "(□□、□□"),
        (["手机13800138000，a@example.org"], "a@example.org 13800138000", "□□ □□"),
        (["河湾小学", "张小明"], "张小明（河湾小学）", "□□（□□）"),
        (["ann"], "Anna's annual 12 ann.", "Anna's annual 12 □□."),
        (["王", None, ""], "王家湾", "王家湾"),
        (["20260102"], "2026年1月2日", "2026年1月2日"),
    ],
)
def test_they_are_blanked(told: list[str | None], text: str, blanked: str) -> None:
    sought = Sought(told)
    assert sought.blanked(text) == blanked
    assert sought.stands_in(text) == (text != blanked)
    assert not sought.stands_in(blanked)
