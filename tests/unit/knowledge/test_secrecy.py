"""Which first pages bear a mark of secrecy, and which only speak of secrets."""

import pytest

from knowledge.model import Block, BlockKind, Layer, PageText
from knowledge.secrecy import mark_of

_BODY = "河湾县人民政府文件\n关于做好防汛工作的通知\n各乡镇人民政府：\n现就有关事项通知如下。\n"


def _mark(*lines: str, paged: bool = True) -> str | None:
    return mark_of([PageText("\n".join(lines) + "\n" + _BODY)], paged=paged)


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("秘密", "秘密"),
        ("机密", "机密"),
        ("绝密", "绝密"),
        ("机 密", "机密"),
        ("绝　　密", "绝密"),
        ("机密★1年", "机密★1年"),
        ("机密★10年", "机密★10年"),
        ("秘密★6个月", "秘密★6个月"),
        ("秘 密 ★ 5 年", "秘密★5年"),
        ("绝密★长期", "绝密★长期"),
        ("绝密★启用前", "绝密★启用前"),
        ("绝密 ☆ 启用前", "绝密★启用前"),
        ("机密*1年", "机密★1年"),
        ("机密1年", "机密★1年"),
        ("机密（1年）", "机密★1年"),
        ("机密★一年", "机密★一年"),
        ("秘密★２０年", "秘密★20年"),
        ("机密★至2030年12月31日", "机密★至2030年12月31日"),
        ("机密★考试结束前", "机密★考试结束前"),
        ("000012 机密★1年", "机密★1年"),
        ("份号：000012　机密★1年　特急", "机密★1年"),
        ("机密★1年 特急", "机密★1年"),
        ("秘密 加急", "秘密"),
        ("密级：秘密", "秘密"),
        ("密　级：机密", "机密"),
        ("密级和保密期限：机密★3年", "机密★3年"),
        ("密级：秘密 保密期限：5年", "秘密"),
        ("密级|机密", "机密"),
        ("秘密级", "秘密"),
        ("【机密】", "机密"),
        ("（秘密）", "秘密"),
        ("[绝密]", "绝密"),
        ("機密", "機密"),
        ("絕密★長期", "絕密★長期"),
        ("極機密", "極機密"),
        ("机\u200b密★1年", "机密★1年"),
        ("绝密★启用前 二〇二五年统一考试语文试题", "绝密★启用前"),
        ("机密★启封前", "机密★启封前"),
        ("机密★1年（会后收回）", "机密★1年"),
        ("会后收回 机密★1年", "机密★1年"),
        ("内部资料 机密★1年", "机密★1年"),
        ("★机密★1年", "机密★1年"),
        ("机密 第12份", "机密"),
        ("机密·特急", "机密"),
        ("TOP SECRET", "TOP SECRET"),
    ],
)
def test_a_mark_of_its_own_line(line: str, mark: str) -> None:
    assert _mark(line) == mark
    assert _mark("", "  000001", line, paged=False) == mark


@pytest.mark.parametrize(
    "line",
    [
        "中华人民共和国保守国家秘密法",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "商业秘密",
        "工作秘密",
        "国家秘密事项",
        "秘密、机密、绝密",
        "机密级计算机",
        "机密文件应当专人保管",
        "不得泄露国家秘密",
        "第二章 国家秘密的范围和密级",
        "秘密花园",
        "公开的秘密",
        "秘密警察",
        "绝密 机密 秘密",
        "密级：公开",
        "密级：内部",
        "内部资料 注意保密",
        "机密（已解密）",
        "机密性",
        "标注为“机密★1年”的文件应当登记。",
        "机密★1年是指自印发之日起一年。",
        "□绝密 □机密 □秘密",
        "绝密★ 机密★ 秘密★",
        "书面写作“机密★1年”",
        "河湾县机关和各乡镇应当在公文首页标明机密★1年字样",
        "解密",
        "TOP SECRETS OF GOOD LIBRARIES",
        "top secret",
        "SECRETARY",
        "Confidential",
    ],
)
def test_words_about_secrets_are_no_mark(line: str) -> None:
    assert _mark(line) is None
    assert _mark(line, paged=False) is None


def test_levels_below_each_other_are_a_list() -> None:
    assert _mark("绝密", "机密", "秘密") is None
    assert _mark("秘密", "秘密") == "秘密"
    assert _mark("绝密", "机密", "机密★1年") == "机密★1年"


def test_only_the_first_page_counts() -> None:
    plain, marked = PageText(_BODY), PageText("机密★1年\n" + _BODY)
    assert mark_of([plain, marked], paged=True) is None
    assert mark_of([PageText(" \n"), marked], paged=True) == "机密★1年"
    assert mark_of([], paged=True) is None


def test_a_page_that_is_yet_to_be_recognised_says_nothing() -> None:
    waiting = PageText("", layer=Layer.WAITING)
    assert mark_of([waiting, PageText("机密★1年\n")], paged=True) is None


def test_without_pages_only_the_top_counts_and_what_every_page_repeats() -> None:
    long = "这一行讲的是防汛。\n" * 300
    assert mark_of([PageText(long + "秘密\n")], paged=False) is None
    assert mark_of([PageText(long + "秘密\n")], paged=True) == "秘密"
    text = long + "秘密"
    header = Block(BlockKind.FURNITURE, len(long), len(text))
    assert mark_of([PageText(text, blocks=(header,))], paged=False) == "秘密"
