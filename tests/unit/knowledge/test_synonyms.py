"""Synonyms: the shipped table, a library's own, and what search makes of them."""

import os
from pathlib import Path

import pytest

from knowledge.access import WHOLE
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Permission
from knowledge.asked import asked
from knowledge.errors import (
    BadSynonymsError,
    RepeatedFormError,
    StaleSynonymsError,
    UnfitFormError,
    UnseparatedFormsError,
)
from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.model import Actor
from knowledge.synonyms import NONE, SHIPPED, Synonyms, joined, own_groups, shipped
from knowledge.synonyms_file import SynonymsFile
from knowledge.tokens import tokens
from tests.contracts.lexical_index import NOTHING, entry, found

STAFF = Actor(1, "馆员", 1, permissions=frozenset({Permission.CATALOGUE}))
TABLE = Synonyms((("国图", "国家图书馆"), ("ai", "人工智能"), ("国图书",)))


def typed(query: str) -> list[str]:
    return [same.typed for same in TABLE.found(query)]


def test_words_are_found_in_any_script_and_width() -> None:
    table = joined([])
    assert table.others("國圖") == ("国家图书馆", "中国国家图书馆")
    assert table.others("ＧＤＰ") == ("国内生产总值", "地区生产总值")
    assert table.variants("按民訴法第三條") == ["按民事诉讼法第三条"]
    assert table.of("人社局") == ("人力资源社会保障局", "人力资源和社会保障局")
    assert table.of("人社") == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("国家图书馆", ["国家图书馆"]),
        ("全国图书馆", []),
        ("国图图书", ["国图"]),
        ("用AI和国图", ["ai", "国图"]),
        ("chain email", []),
    ],
)
def test_no_word_is_seen_inside_another(query: str, expected: list[str]) -> None:
    assert typed(query) == expected


NO_FORMS = """
提高考核 提高考试成绩 提高考虑 高中考试 集中考试 集中考核 期中考试 2024年假日 今年假期
每年假日 2024年假期 今年休假 最高检测值 最高检出率 最高法律效力 最高法定刑 监督法律
监督法院 破产法官 选举法官 大气法规 中小企业法人 中小企业法定代表人 环保法庭 保密法治
保密法律 破产法院 佛教委员会 宗教委员 民族宗教委员会 在职称号 交通局面 应急局面 外汇局势
应急局部 科技部署 国安部署 应急部队 工程院校 最高院校 人民政协商 双减少 双减半 第三农场
十三农场 双创新 养老金融 房产证明 专项债务 资本公积金 法定公积金 新冠军 会计生涯
社会主义工业 书面通知网上 总工会计师 各国图案
"""
FORMS = """
提高高考成绩:高考 高中中考:中考 中考试卷:中考 今年年假:年假 2024年年假:年假
年假期间工资:年假期间 最高法规定:最高法 最高检规定:最高检 最高检察院:最高检察院
民诉法规定:民诉法 民诉法律师:民诉法 保密法定密:保密法 民诉法人民法院:民诉法
个保法定义:个保法 破产法制度:破产法 市教委:教委 社工部:社工部 在职称评审中:职称
双减政策:双减 三农问题:三农 双创:双创 应急局局长:应急局 住建部门:住建部门
交通局部门:交通局 人民政协:人民政协 新冠:新冠 养老金:养老金
"""


@pytest.mark.parametrize("query", NO_FORMS.split())
def test_parts_of_other_words_have_no_other_form(query: str) -> None:
    assert not shipped().found(query)


@pytest.mark.parametrize("case", FORMS.split())
def test_true_words_keep_their_other_forms(case: str) -> None:
    query, expected = case.split(":")
    assert [same.typed for same in shipped().found(query)] == [expected]


def test_a_long_query_is_given_few_other_forms() -> None:
    assert len(TABLE.found("国图，" * 50)) == 8
    assert asked("国图开放", NONE).choices == ()


def test_the_plain_tokens_of_a_query_are_those_outside_its_words() -> None:
    query = asked("找国图借书", TABLE)
    (choice,) = query.choices
    assert set(choice[0]) == {"国", "图", "国图"}
    assert set(choice[1]) == {"国家", "家图", "图书", "书馆"}
    assert query.plain.keys().isdisjoint(choice[0])
    assert query.as_typed.plain == asked("找国图借书", NONE).plain
    assert query.where(lambda token: token != "家图").choices == ()


def test_the_shipped_table_is_in_order() -> None:
    groups = shipped().groups
    several = [group for group in groups if len(group) > 1]
    forms = [form for group in groups for form in group]
    assert 250 <= len(several) <= 400
    assert len(forms) == len(set(forms))
    # Search needs all tokens of a form: it must not be cut apart where the table joins it.
    assert all(tokens(form) for form in forms)
    headings = [line for line in SHIPPED.read_text("utf-8").splitlines() if line.startswith("# ")]
    assert len(headings) >= 10


ASKED = [
    ("人社局电话", "人力资源和社会保障局的电话"),
    ("人力资源和社会保障局电话", "人社局的电话"),
    ("国家发改委通知", "国家发展和改革委员会通知如下"),
    ("医保报销", "基本医疗保险的报销比例"),
    ("基本医疗保险报销", "医保报销比例"),
    ("低保标准", "最低生活保障标准为每月八百元"),
    ("网约车许可", "网络预约出租汽车经营许可"),
    ("个体户年报", "个体工商户年度报告"),
    ("国图读者证", "中国国家图书馆借阅证"),
    ("非遗传承人", "非物质文化遗产代表性传承人"),
    ("大模型治理", "大语言模型治理"),
    ("公租房申请", "公共租赁住房申请条件"),
    ("长护险试点", "长期护理保险试点"),
    ("双碳目标", "实现碳达峰碳中和目标"),
    ("碳达峰、碳中和", "双碳工作"),
    ("十四五图书馆规划", "第十四个五年规划中的图书馆"),
    ("欠薪投诉", "拖欠工资的投诉"),
    ("最高法解释", "最高人民法院的解释"),
    ("RFID标签", "射频识别标签"),
    ("IFLA宣言", "国际图书馆协会与机构联合会的宣言"),
]


@pytest.mark.parametrize(("query", "text"), ASKED)
def test_abbreviations_and_long_forms_meet(query: str, text: str) -> None:
    index = MemoryLexicalIndex(synonyms=shipped)
    others = [
        "资源市场",
        "国家改革与发展",
        "医疗器械的价格",
        "生活保障",
        "借阅图书",
    ]
    add = [entry(i, other) for i, other in enumerate(others)]
    index.update(remove=NOTHING, add=[*add, entry(9, text)])
    assert found(index.search(query, 1, scope=WHOLE)) == [9]


@pytest.mark.parametrize(
    ("query", "law"),
    [
        ("民诉法第三条", "中华人民共和国民事诉讼法"),
        ("《公图法》第3条", "中华人民共和国公共图书馆法"),
        ("治安处罚法第三条第二款", "中华人民共和国治安管理处罚法"),
        ("版权法第三条", "中华人民共和国著作权法（2020年修正）"),
        ("著作权法3条", "中华人民共和国著作权法"),
        ("信息公開條例第三條", "中华人民共和国政府信息公开条例"),
    ],
)
def test_abbreviations_of_laws_name_articles(query: str, law: str) -> None:
    index = MemoryLexicalIndex(synonyms=shipped)
    add = [entry(i, "内容", title=law, heading=(f"第{n}条",)) for i, n in enumerate("二三四")]
    index.update(remove=NOTHING, add=add)
    hits = index.search(query, 9, scope=WHOLE)
    assert [hit.passage_id for hit in hits if hit.exact] == [1]


def test_own_lines_add_to_shipped_groups_and_a_word_alone_stands_for_itself() -> None:
    own = own_groups(Path("t"), "# 本馆\n市馆 = 市图书馆\n\n国图\t北图\n央企\n")
    table = joined(own)
    assert table.of("市馆") == ("市图书馆",)
    assert table.of("北图") == ("国图", "国家图书馆", "中国国家图书馆")
    assert table.of("央企") == table.of("中央企业") == ()
    assert table.of("人社局") == shipped().of("人社局")
    assert joined([]).groups == shipped().groups


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ("市馆，市图书馆", UnseparatedFormsError, "line 2"),
        ("市馆 市图书馆", UnseparatedFormsError, "line 2"),
        ("馆 = 图书馆", UnfitFormError, "馆"),
        ("市馆 = " + "长" * 41, UnfitFormError, "40"),
        ("=", UnfitFormError, "line 2"),
        ("省馆 = 。。", UnfitFormError, "。。"),
        ("省馆 = 首馆", RepeatedFormError, "line 1"),
    ],
)
def test_a_broken_line_is_named(
    tmp_path: Path, line: str, error: type[BadSynonymsError], said: str
) -> None:
    path = tmp_path / "synonyms.txt"
    with pytest.raises(error, match=said) as caught:
        own_groups(path, f"首馆 = 首都图书馆\n{line}\n")
    assert str(path) in str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> SynonymsFile:
    return SynonymsFile(tmp_path / "synonyms.txt", lock=tmp_path / "lock")


def test_who_may_not_changes_nothing_and_who_may_is_noted(tmp_path: Path) -> None:
    noted: list[Actor] = []
    file = SynonymsFile(tmp_path / "synonyms.txt", lock=tmp_path / "lock", note=noted.append)
    with pytest.raises(NotPermittedError):
        file.write("市馆 = 市图书馆\n", before="", actor=Actor(2, "读者", 1))
    with pytest.raises(StaleSynonymsError):
        file.write("市馆 = 市图书馆\n", before="别的", actor=STAFF)
    assert (file.text(), noted) == ("", [])
    file.write("市馆 = 市图书馆\n", before="", actor=STAFF)
    assert noted == [STAFF]


def test_without_a_file_the_shipped_table_counts(file: SynonymsFile) -> None:
    assert file.current() == shipped()
    assert (file.text(), file.problem, file.own()) == ("", None, ())


def test_a_change_counts_at_once_and_a_fault_changes_nothing(file: SynonymsFile) -> None:
    file.path.write_text("市馆 = 市图书馆\n", "utf-8")
    assert file.current().of("市馆") == ("市图书馆",)
    file.path.write_text("市馆，市图书馆，市立图书馆\n", "utf-8")
    assert file.current().of("市馆") == ("市图书馆",)
    assert isinstance(file.problem, UnseparatedFormsError)
    file.path.write_bytes("市馆 = 市立图书馆".encode("gb18030"))
    assert isinstance(file.problem, BadSynonymsError)
    file.path.write_text("\ufeff市馆\t市立图书馆\r\n", "utf-8")
    assert file.current().of("市馆") == ("市立图书馆",)
    assert not file.problem
    file.path.unlink()
    assert file.current() == shipped()


def test_a_change_of_the_same_length_is_seen(file: SynonymsFile) -> None:
    file.path.write_text("市馆 = 市图书馆", "utf-8")
    assert file.current().of("市馆")
    file.path.write_text("区馆 = 区图书馆", "utf-8")
    os.utime(file.path, ns=(1, 1))
    assert file.current().of("区馆") == ("区图书馆",)


def test_a_table_is_written_whole_and_over_nobody_elses_change(file: SynonymsFile) -> None:
    file.write("市馆 = 市图书馆\n", before="", actor=STAFF)
    held = file.text()
    with pytest.raises(UnfitFormError):
        file.write("馆 = 图书馆", before=held, actor=STAFF)
    file.path.write_text("区馆 = 区图书馆\n", "utf-8")
    with pytest.raises(StaleSynonymsError):
        file.write("市馆 = 市立图书馆\n", before=held, actor=STAFF)
    assert file.text() == "区馆 = 区图书馆\n"
    assert [path.name for path in file.path.parent.glob("*.txt*")] == ["synonyms.txt"]
