"""What tells who somebody is, is found; what only looks like it is let be."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.privacy import BLANK, Kind, blanked, traces
from tests.benchmarks.privacy import measure
from tests.privacy_texts import negatives, positives, unseen

IDENTITY = "11010519491231002X"
"""The worked example of the standard's own formula; nobody's."""


def _found(text: str) -> list[tuple[str, str]]:
    return [(trace.kind.value, text[trace.start : trace.end]) for trace in traces(text)]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("请打13800138000告诉我", Kind.PHONE, "13800138000"),
        ("手机：１３８００１３８０００。", Kind.PHONE, "１３８００１３８０００"),
        ("+86 138-0013-8000 找我", Kind.PHONE, "+86 138-0013-8000"),
        ("我家的是021-62345678-806", Kind.PHONE, "021-62345678-806"),
        ("请回电（0571）87654321", Kind.PHONE, "（0571）87654321"),
        ("家里电话是87654321", Kind.PHONE, "87654321"),
        (f"证件号{IDENTITY}", Kind.IDENTITY, IDENTITY),
        (f"身份证：{IDENTITY.lower()}。", Kind.IDENTITY, IDENTITY.lower()),
        ("护照号码 E12345678", Kind.IDENTITY, "E12345678"),
        ("邮件发到 hewan.reader+x@example.org 即可", Kind.EMAIL, "hewan.reader+x@example.org"),
        ("加我微信：hewan_2024", Kind.ACCOUNT, "hewan_2024"),
        ("QQ号12345678", Kind.ACCOUNT, "12345678"),
        ("卡号 6222 0212 3456 7894", Kind.BANK_CARD, "6222 0212 3456 7894"),
        ("车牌浙A·12345停在门口", Kind.PLATE, "浙A·12345"),
        ("住在河湾路88号3幢2单元501室", Kind.ADDRESS, "河湾路88号3幢2单元501室"),
        ("我叫刘小河，想查老房子", Kind.NAME, "刘小河"),
        ("姓名：欧阳小雨 电话另告", Kind.NAME, "欧阳小雨"),
        ("联系人 张晓", Kind.NAME, "张晓"),
        ("王先生来电询问", Kind.NAME, ""),
        ("（陈玉兰女士）来信", Kind.NAME, "陈玉兰"),
        ("联系人：陈晓\n办公室主任另行通知", Kind.NAME, "陈晓"),
        ("刘小河 0571-87654321", Kind.NAME, "刘小河"),
        ("身份证110105194912310021", Kind.IDENTITY, "110105194912310021"),
    ],
)
def test_traces_are_found(text: str, kind: Kind, what: str) -> None:
    if what:
        assert (kind.value, what) in _found(text)
    else:
        assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "河政办发〔2023〕12号，2023年6月1日起施行",
        "全县投入13800万元，比上年增长8.5%",
        "统一社会信用代码91330100123456789X",
        "ISBN 978-7-5013-0000-1，第123456789012345678号",
        "110105194912310021",
        "6222021234567891",
        "图书馆热线请见官网，开放时间9:00-17:00",
        "任何先生女士均可参加，许多老师到场",
        "人民路小学的读者很多",
        "我是文化站的，关于安全的问题",
        "第三条 公共图书馆应当妥善保护读者的个人信息",
        "2021-2025年规划提出1000-2000个阅读点",
        "办公室021-62345678-806，咨询电话（0571）87654321",
        "预算数13800138000元，受理号13800138000",
        "办理地点：河湾路88号3号楼501室",
        "微信公众号：hewanlib",
        "以邓小平理论为指导，张江国家自主创新示范区",
    ],
)
def test_what_only_looks_like_it_is_let_be(text: str) -> None:
    assert _found(text) == []


def test_several_in_one_text_are_blanked_together_or_each() -> None:
    text = "我叫刘小河，电话13800138000，邮箱 a@example.org。老房子怎么查？"
    found = traces(text)
    assert [trace.kind for trace in found] == [Kind.NAME, Kind.PHONE, Kind.EMAIL]
    assert blanked(text, found) == f"我叫{BLANK}，电话{BLANK}，邮箱 {BLANK}。老房子怎么查？"
    assert (
        blanked(text, found[1:2]) == f"我叫刘小河，电话{BLANK}，邮箱 a@example.org。老房子怎么查？"
    )
    assert blanked(text, []) == text


def test_a_number_with_a_check_digit_is_sure_and_a_name_only_likely() -> None:
    found = traces(f"姓名：刘小河，身份证{IDENTITY}，错写作110105194912310021")
    assert [(each.kind, each.is_sure) for each in found] == [
        (Kind.NAME, False),
        (Kind.IDENTITY, True),
        (Kind.IDENTITY, False),
    ]


def test_precision_and_recall_stay_what_they_are() -> None:
    made_with = measure([*positives(), *negatives()])["all"]
    assert made_with.recall >= 0.98
    assert made_with.precision >= 0.99
    scores = measure(unseen())
    assert scores["all"].recall >= 0.8
    assert scores["all"].precision >= 0.99
    assert all(score.recall == 1 for kind, score in scores.items() if kind not in {"name", "all"})


@given(st.text(alphabet="我叫王小河电话：138001３８０0-+@.ab路号 ，。□X", max_size=60))
def test_blanking_everything_leaves_nothing_of_it(text: str) -> None:
    found = traces(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= trace.start < trace.end <= len(text) for trace in found)
    rest = blanked(text, found)
    assert rest.count(BLANK) >= len(found)
    assert len(rest) == len(text) + sum(len(BLANK) - (t.end - t.start) for t in found)
