"""Support for a sentence: what bears it out, what contradicts it, and an honest nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from briefs.drafting.authority import Authority, authority_of, newness, why_outdated
from briefs.drafting.stretches import LEAST, LONGEST_PART, PARTS, candidates, parts_of
from briefs.gate import FaultType, Outcome
from briefs.model import Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.model import Document, DocumentType, Metadata
from tests.homes import fill

PLANNED = "2023年全县计划加装电梯62台，比上年增长8%。"


def test_a_true_sentence_is_borne_out_by_its_source(filled: Workbench) -> None:
    found = filled.supporting.find(PLANNED)
    first = found.agreeing[0]
    assert first.words == PLANNED
    assert first.verdict.outcome is Outcome.SUPPORTED
    assert first.document.title.startswith("河湾县人民政府办公室")
    assert not found.disagreeing
    line = Statement(StatementKind.PARAPHRASE, PLANNED, first.evidence)
    brief = filled.editing.create("题", [line], actor=filled.actor)
    assert brief.statements[0].evidence == first.evidence


WRONG = (
    ("2023年全县计划加装电梯64台。", FaultType.NUMBER, "64台", "62台"),
    ("2024年全县计划加装电梯62台。", FaultType.DATE, "2024年", "2023年"),
    (
        "加装电梯每台财政补助不少于20万元。",
        FaultType.COMPARATOR,
        "不少于20万元",
        "不超过20万元",
    ),
    ("加装电梯每台财政补助不超过20亿元。", FaultType.UNIT, "20亿元", "不超过20万元"),
    ("2023年全县计划加装电梯62台，比上年下降8%。", FaultType.TREND, "下降8%", "增长8%"),
)


def test_a_wrong_one_is_contradicted_with_both_readings(filled: Workbench) -> None:
    supporting = filled.supporting
    for wrong, kind, here, there in WRONG:
        found = supporting.find(wrong)
        assert not found.agreeing, wrong
        readings = [
            (fault.type, fault.statement.words, fault.evidence[0].words)
            for fault in found.disagreeing[0].verdict.faults
            if fault.evidence
        ]
        assert (kind, here, there) in readings


def test_what_a_source_forbids_does_not_bear_out_that_it_may_be_done(filled: Workbench) -> None:
    found = filled.supporting.find("公共图书馆可以出售读者的个人信息。")
    assert not found.agreeing
    assert any("不得出售" in piece.words for piece in (*found.near, *found.disagreeing))
    assert filled.supporting.find("公共图书馆不得出售读者的个人信息。").agreeing


def test_a_quote_is_borne_out_only_word_for_word(filled: Workbench) -> None:
    words = "助餐点为高龄老人送餐上门，全年服务12万人次。"
    assert filled.supporting.find(words, kind=StatementKind.QUOTE).agreeing
    near = filled.supporting.find("助餐点给高龄老人送餐上门。", kind=StatementKind.QUOTE)
    assert not near.agreeing


@pytest.mark.parametrize("text", ["鸡蛋羹蒸几分钟才嫩滑？", "  "])
def test_nothing_found_says_so(filled: Workbench, text: str) -> None:
    assert filled.supporting.find(text).is_empty


def test_two_places_may_bear_it_out_together(workbench: Workbench, tmp_path: Path) -> None:
    filler = "".join(f"第{n}件事由各乡镇按各自的办法分头办理。" for n in "甲乙丙丁戊己庚辛")
    texts = {
        "图书.txt": f"2023年全县图书馆到馆读者41万人次。{filler}\n",
        "外借.txt": f"2023年全县图书馆外借图书12万册。{filler}\n",
    }
    fill(workbench, tmp_path, texts)
    found = workbench.supporting.find("2023年全县图书馆到馆读者41万人次，外借图书12万册。")
    assert not found.agreeing
    assert found.together is not None
    assert {piece.document.title for piece in found.together} == {"图书", "外借"}


def test_the_year_may_stand_in_the_heading(workbench: Workbench, tmp_path: Path) -> None:
    text = "# 县情\n\n## 2023年概况\n\n全年到馆读者41万人次。\n\n## 其他\n\n另行通知。\n"
    fill(workbench, tmp_path, {"县情.md": text})
    (first,) = workbench.supporting.find("2023年到馆读者41万人次。").agreeing
    assert "2023年概况全年到馆读者41万人次。" in "".join(
        item.quote.replace("\n", "") for item in first.evidence
    )
    assert not workbench.supporting.find("2022年到馆读者41万人次。").agreeing
    (other,) = workbench.supporting.find("2023年到馆读者43万人次。").disagreeing
    assert other.words.endswith("全年到馆读者41万人次。")


def test_a_row_of_a_table_bears_out(workbench: Workbench, tmp_path: Path) -> None:
    rows = "馆名,到馆读者（人）,外借图书（册）\n城东馆,416,120\n城西馆,382,90\n"
    fill(workbench, tmp_path, {"各馆.csv": rows})
    assert workbench.supporting.find("城东馆到馆读者416人。").agreeing
    found = workbench.supporting.find("城东馆到馆读者417人。")
    assert found.disagreeing[0].words.startswith("馆名：城东馆")


def test_a_unit_that_a_table_leaves_out_is_no_contradiction(
    workbench: Workbench, tmp_path: Path
) -> None:
    rows = "项目,合计\n去年到过公共图书馆的老人,36.5\n去年到过文化馆的老人,21.4\n"
    fill(workbench, tmp_path, {"调查.csv": rows})
    found = workbench.supporting.find("去年到过公共图书馆的老人占36.5%。")
    assert not found.disagreeing
    (fault,) = found.near[0].verdict.faults
    assert (fault.type, fault.evidence[0].words) == (FaultType.UNIT, "36.5")
    other = workbench.supporting.find("去年到过公共图书馆的老人有36.7。")
    assert [f.type for f in other.disagreeing[0].verdict.faults] == [FaultType.NUMBER]


def test_another_figure_contradicts_beside_a_unit_left_out(
    workbench: Workbench, tmp_path: Path
) -> None:
    rows = "馆名,到馆读者占比,外借图书\n城东馆,41.6,120册\n城西馆,38.2,90册\n"
    fill(workbench, tmp_path, {"各馆.csv": rows})
    found = workbench.supporting.find("城东馆到馆读者占比41.6%，外借图书130册。")
    assert "120册" in found.disagreeing[0].words


def test_however_long_a_sentence_is_little_is_searched_for() -> None:
    clause = "2023年全县图书馆到馆读者41万人次且外借图书12万册"
    long = "，".join([clause * 3] * 20)
    parts = parts_of(long)
    assert len(parts) == PARTS
    assert all(len(part) <= LONGEST_PART for part in parts)
    assert parts_of("到馆读者41万人次。") == ["到馆读者 人次。"]


def test_places_that_have_hardly_a_word_of_it_are_not_judged(filled: Workbench) -> None:
    results = filled.retriever.search("2023年全县计划加装电梯62台", 20)
    found = candidates(PLANNED, results)
    assert found[0].words == PLANNED
    assert all(each.covered >= LEAST for each in found)
    assert {each.result.document.id for each in found} != {each.document.id for each in results}


def test_what_no_longer_counts_comes_last(workbench: Workbench, tmp_path: Path) -> None:
    same = "加装电梯每台财政补助不超过20万元，由县财政承担。"
    texts = {
        "（已废止）加装电梯补助办法.txt": f"加装电梯补助办法\n\n{same}此件作废，不再执行。\n",
        "加装电梯补助说明.txt": f"加装电梯补助说明\n\n各乡镇：{same}望遵照办理，及时上报。\n",
    }
    fill(workbench, tmp_path, texts)
    pieces = workbench.supporting.find(same).agreeing
    assert [piece.outdated for piece in pieces] == [None, "（已废止）"]


def test_it_gives_the_same_twice_and_no_more_than_asked(filled: Workbench) -> None:
    assert filled.supporting.find(PLANNED, count=1) == filled.supporting.find(PLANNED, count=1)
    assert len(filled.supporting.find("公共图书馆", count=1).near) <= 1


@pytest.mark.parametrize(
    ("title", "kind", "issuer", "rank"),
    [
        ("中华人民共和国公共图书馆法", DocumentType.LAW, "全国人民代表大会常务委员会", "LAW"),
        ("政府信息公开条例", DocumentType.LAW, "国务院", "REGULATION"),
        ("云岭县全民阅读条例", DocumentType.LAW, "云岭县人民代表大会", "DISTRICT"),
        ("北京市接诉即办工作条例", DocumentType.LAW, None, "PROVINCIAL"),
        ("关于做好某事的通知", DocumentType.OFFICIAL, "国务院办公厅", "NATIONAL"),
        ("关于做好某事的通知", DocumentType.OFFICIAL, "教育部办公厅", "MINISTRY"),
        ("关于做好某事的通知", DocumentType.OFFICIAL, "国务院国有资产监督管理委员会", "MINISTRY"),
        ("关于做好某事的通知", DocumentType.OFFICIAL, "广东省人民政府", "PROVINCIAL"),
        ("关于做好某事的通知", DocumentType.OFFICIAL, "广西壮族自治区人民政府", "PROVINCIAL"),
        ("关于做好某事的通知", DocumentType.OFFICIAL, "云岭市人民政府、云岭市财政局", "MUNICIPAL"),
        ("关于做好某事的通知", DocumentType.OFFICIAL, "北京市海淀区人民政府", "DISTRICT"),
        ("2023年统计公报", DocumentType.BULLETIN, "云岭市统计局", "BULLETIN"),
        ("社区食堂调查", DocumentType.SURVEY, "云岭市图书馆", "RESEARCH"),
        ("食堂开张", DocumentType.WEB_PAGE, "云岭日报", "PRESS"),
        ("食堂开张", DocumentType.WEB_PAGE, None, "WEB"),
        ("食堂开张", None, None, "UNKNOWN"),
    ],
)
def test_the_order_of_authority(
    title: str, kind: DocumentType | None, issuer: str | None, rank: str
) -> None:
    assert authority_of(Metadata(title=title, type=kind, issuer=issuer)) is Authority[rank]


def test_a_newer_text_of_the_same_title_outdates(filled: Workbench) -> None:
    def made(id_: int, title: str, issued: str) -> Document:
        metadata = Metadata(title=title, issued_on=issued)
        return replace(filled.documents.get(1), id=id_, metadata=metadata)

    old, new = made(1, "云岭县条例（2016年修正）", "2016"), made(2, "云岭县条例", "2023-05")
    assert why_outdated(old, [old, new]) == "云岭县条例（2023-05）"
    assert why_outdated(new, [old, new]) is None
    bulletin = made(3, "2022年统计公报", "2023-03")
    assert why_outdated(bulletin, [made(4, "2023年统计公报", "2024-03")]) is None
    assert why_outdated(made(5, "关于废止若干文件的通知", "2014"), []) is None
    assert newness(new.metadata) > newness(old.metadata)
    assert newness(Metadata()) == 0
