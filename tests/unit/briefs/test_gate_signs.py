"""Signs, times and heads of figures, loose figures, and what a fault points at."""

import time

import pytest

from briefs.gate import Claim, Outcome, Reason, Verdict, Witness, check
from briefs.model import StatementKind


def said(statement: str, evidence: str, kind: str = "paraphrase") -> Verdict:
    return check(Claim(StatementKind(kind), statement), [Witness(evidence)])


def types(verdict: Verdict) -> set[str]:
    return {fault.type.value for fault in verdict.faults}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("最低气温为5℃。", "最低气温为-5℃。"),
        ("最低气温为5℃。", "最低气温为−5℃。"),
        ("最低气温为5℃。", "最低气温为零下5℃。"),
        ("价格指数同比为0.3%。", "价格指数同比为-0.3%。"),
        ("价格指数同比为百分之三。", "价格指数同比为负百分之三。"),
        ("增长2.1%。", "增长-2.1%。"),
        ("净利润为120万元。", "净利润为负120万元。"),
        ("净利润为120万元。", "净利润为-120万元。"),
        ("书店盈余12万元。", "书店亏损12万元。"),
        ("气温在5～8℃之间。", "气温在-5～8℃之间。"),
    ],
)
def test_a_sign_is_part_of_its_figure_on_either_side(one: str, other: str) -> None:
    assert types(said(one, other)) == types(said(other, one)) == {"number"}
    assert said(one, one).outcome is said(other, other).outcome is Outcome.SUPPORTED


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("外借量下降2.1%。", "外借量增速为-2.1%。"),
        ("外借量下降约2%。", "外借量增速为-1.98%。"),
        ("馆办书店全年亏损12万元。", "馆办书店全年净利润为-12万元。"),
        ("最低气温为零下5度。", "最低气温为-5℃。"),
        ("补贴20万—30万元。", "补贴20万元-30万元。"),
        ("办结率为3-5%。", "办结率为3%-5%。"),
    ],
)
def test_a_sign_may_be_a_word_and_a_dash_no_sign(statement: str, evidence: str) -> None:
    assert said(statement, evidence).outcome is Outcome.SUPPORTED


def test_less_of_a_negative_figure_is_left_to_a_person() -> None:
    verdict = said("经费减少5%。", "经费减少-5%。")
    assert verdict.outcome is Outcome.NEEDS_PERSON
    assert verdict.doubts[0].statement.words == "5%"


@pytest.mark.parametrize(
    ("statement", "evidence", "expected"),
    [
        ("区财政每年投入10万元。", "区财政每月投入10万元。", {"unit"}),
        ("租金10万元/年。", "租金10万元/月。", {"unit"}),
        ("补贴人均10万元。", "补贴户均10万元。", {"unit"}),
        ("补贴人均10万元。", "补贴共10万元。", {"unit"}),
        ("租金每年10万元。", "租金10万元/年。", set()),
        ("总分馆例会每年一次。", "总分馆例会每半年一次。", {"unit"}),
        ("工期为半年。", "工期为一年。", {"number"}),
        ("工期为一年。", "工期为半年。", {"number"}),
        ("工期为六个月。", "工期为半年。", set()),
        ("任务完成近半。", "任务完成过半。", {"comparator"}),
        ("上万人次参加。", "上百人次参加。", {"number"}),
        ("上万人次参加。", "1.2万人次参加。", set()),
        ("数十万人次参加。", "十万人次参加。", {"number"}),
        ("十万人次参加。", "数十万人次参加。", {"number"}),
        ("数十万人次参加。", "35万人次参加。", set()),
        ("全市排名倒数第三。", "全市排名第三。", {"unit"}),
        ("全市排名第三。", "全市排名倒数第三。", {"unit"}),
    ],
)
def test_what_a_figure_is_counted_by_and_loose_figures(
    statement: str, evidence: str, expected: set[str]
) -> None:
    assert types(said(statement, evidence)) == expected


def test_per_head_that_is_left_out_is_for_a_person() -> None:
    verdict = said("购书经费为2元。", "人均购书经费为2元。")
    assert [doubt.reason for doubt in verdict.doubts] == [Reason.WORDING]


def test_a_wrong_group_points_at_the_figure_that_it_was_put_to() -> None:
    first = "60岁及以上老年人口占户籍总人口的36.5%"
    verdict = said(
        f"{first}，70岁以下为46.2%。", f"{first}，其中60—69岁为46.2%，80岁及以上仅为14.8%。"
    )
    places = [(f.statement.words, [p.words for p in f.evidence]) for f in verdict.faults]
    assert places == [("70岁以下", ["60—69岁为46.2%"])]


H = "馆名\t到馆人次（万）"
TWO = "柳堤馆到馆12万人次，松坪馆到馆8万人次。"


@pytest.mark.parametrize(
    ("cell", "type_"),
    [("-12", "number"), ("(12)", "number"), ("＞12", "comparator"), ("≤12", "comparator"),
     ("12", "")],
)  # fmt: skip
def test_signs_and_limits_of_a_cell(cell: str, type_: str) -> None:
    verdict = said(f"到馆\n{H}\n柳堤馆\t{cell}\n松坪馆\t8", TWO, "table")
    assert types(verdict) == ({type_} if type_ else set())


@pytest.mark.parametrize("cell", ["无", "—", "/", "", "停业"])
def test_a_blank_where_the_evidence_has_a_figure_is_for_a_person(cell: str) -> None:
    verdict = said(f"到馆\n{H}\n柳堤馆\t{cell}\n松坪馆\t8", TWO, "table")
    assert verdict.outcome is Outcome.NEEDS_PERSON
    assert verdict.doubts[0].evidence[0].words == "12万人次"


def test_a_blank_where_it_has_none_is_right() -> None:
    text = "服务\n馆名\t到馆（万）\t借阅（万）\n柳堤馆\t12\t—\n松坪馆\t8\t3"
    verdict = said(text, "柳堤馆到馆12万人次，松坪馆到馆8万人次，借阅3万册次。", "table")
    assert verdict.outcome is Outcome.SUPPORTED


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("甲项目2025年12月完成，乙项目2026年6月完成。", set()),
        ("2026年6月完成乙项目，2025年12月完成甲项目。", set()),
        ("甲项目2026年6月完成，乙项目2025年12月完成。", {"date"}),
        ("项目\t期限\n甲项目\t2026年6月\n乙项目\t2025年12月", {"date"}),
    ],
)
def test_a_date_is_its_own_rows(evidence: str, expected: set[str]) -> None:
    text = "期限\n项目\t期限\n甲项目\t2025年12月\n乙项目\t2026年6月"
    assert types(said(text, evidence, "table")) == expected


def test_a_denied_state_is_its_own_rows() -> None:
    text = "达标\n馆名\t状态\n柳堤馆\t已达标\n松坪馆\t未达标"
    assert types(said(text, "柳堤馆已达标，松坪馆未达标。", "table")) == set()
    assert types(said(text, "柳堤馆未达标，松坪馆已达标。", "table")) == {"negation"}


def test_words_repeated_by_the_hundred_take_no_time() -> None:
    start = time.process_time()
    verdict = said("可以出售。" * 100, "不得出售。" * 400)
    assert verdict.outcome is Outcome.NEEDS_PERSON
    assert time.process_time() - start < 1
