"""The gate: what it says, where it points, and what it leaves to a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.gate import Claim, FaultType, Outcome, Reason, Verdict, Witness, check, marks
from briefs.model import StatementKind

NOTICE = (
    "2023年全县计划加装电梯62台，比上年增长8%，每台财政补助不超过20万元。"
    "工作由县财政局负责。公共图书馆不得出售读者的个人信息。"
)


def said(
    statement: str, *evidence: str, kind: str = "paraphrase", formula: str | None = None
) -> Verdict:
    witnesses = [Witness(text, f"source {at}") for at, text in enumerate(evidence or (NOTICE,), 1)]
    return check(Claim(StatementKind(kind), statement, formula), witnesses)


def types(verdict: Verdict) -> set[str]:
    return {fault.type.value for fault in verdict.faults}


@pytest.mark.parametrize(
    ("statement", "type_"),
    [
        ("2023年全县计划加装电梯64台", "number"),
        ("2024年全县计划加装电梯62台", "date"),
        ("每台财政补助不超过20亿元", "unit"),
        ("每台财政补助超过20万元", "comparator"),
        ("加装电梯62台，比上年下降8%", "trend"),
        ("加装电梯62台，比上月增长8%", "date"),
        ("公共图书馆可以出售读者的个人信息", "negation"),
        ("工作由县教育局负责", "name"),
    ],
)
def test_one_thing_wrong_is_a_hard_fault_however_alike_the_words(
    statement: str, type_: str
) -> None:
    verdict = said(statement)
    assert verdict.outcome is Outcome.FAULT
    assert type_ in types(verdict)
    assert verdict.likeness > 0.35


def test_a_fault_names_both_readings_and_where_they_stand() -> None:
    statement = "全县　计划加装电梯６４台"
    fault = said(statement).faults[0]
    assert (fault.statement.words, fault.evidence[0].words) == ("６４台", "62台")
    assert statement[fault.statement.start : fault.statement.end] == fault.statement.words
    place = fault.evidence[0]
    assert NOTICE[place.start : place.end] == place.words
    assert (place.witness, place.source) == (0, "source 1")


@pytest.mark.parametrize(
    "statement",
    [
        "二〇二三年全县计划加装电梯六十二台，同比增长百分之八",
        "每台财政补助最高200,000元",
        "公共圖書館不得出售讀者的個人信息",
        "财政补助每台不高于20万元，全县计划加装电梯62台",
    ],
)
def test_other_numerals_units_scripts_and_orders_say_the_same(statement: str) -> None:
    assert said(statement).outcome is Outcome.SUPPORTED


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("投入约1.2亿元", Outcome.SUPPORTED),
        ("投入近1.2亿元", Outcome.SUPPORTED),
        ("投入1.2亿元", Outcome.NEEDS_PERSON),
        ("投入超过1.2亿元", Outcome.FAULT),
        ("投入约1.3亿元", Outcome.FAULT),
    ],
)
def test_rounding_is_accepted_within_the_hedge_only(statement: str, outcome: Outcome) -> None:
    verdict = said(statement, "投入1.1987亿元。")
    assert verdict.outcome is outcome
    if outcome is Outcome.NEEDS_PERSON:
        assert [doubt.reason for doubt in verdict.doubts] == [Reason.ROUNDED]


def test_a_figure_stays_with_its_subject() -> None:
    evidence = "男性学员120人，女性学员150人。"
    assert said("女性学员150人，男性学员120人", evidence).outcome is Outcome.SUPPORTED
    swapped = said("女性学员120人，男性学员150人", evidence)
    assert [f.evidence[0].words for f in swapped.faults] == ["150人", "120人"]


def test_a_quote_is_one_run_of_one_text() -> None:
    assert said("每台财政补助不超过２０万元", kind="quote").outcome is Outcome.SUPPORTED
    pieced = said("2023年全县计划加装电梯62台，每台财政补助不超过20万元", kind="quote")
    assert types(pieced) == {"frankenquote"}
    assert len(pieced.faults[0].evidence) == 2
    assert types(said("今年再建三座分馆", kind="quote")) >= {"quote"}


def test_a_quote_of_another_source_names_it() -> None:
    claim = Claim(StatementKind.QUOTE, "乙馆夜间开放至九点")
    other = Witness("自五月起，乙馆夜间开放至九点。", "乙馆通知")
    verdict = check(claim, [Witness(NOTICE, "通知")], others=[Witness("无关。"), other])
    assert types(verdict) == {"misattributed"}
    place = verdict.faults[0].evidence[0]
    assert (place.source, place.witness) == ("乙馆通知", 2)
    assert other.text[place.start : place.end] == "乙馆夜间开放至九点"


@pytest.mark.parametrize(
    ("quote", "type_"),
    [("出售读者的个人信息", "negation"), ("20万元", "comparator"), ("补助不超过20", "unit")],
)
def test_a_quote_is_not_cut_where_that_turns_it(quote: str, type_: str) -> None:
    assert types(said(quote, kind="quote")) == {type_}


@pytest.mark.parametrize(
    ("statement", "formula", "type_"),
    [
        ("2023年比2022年增长24%", None, None),
        ("2023年比2022年增长42%", None, "computed"),
        ("2023年比2022年下降12台", None, "trend"),
        ("两年合计112台", None, None),
        ("增长24%", "(62 - 50) / 50", None),
        ("增长24%", "(64 - 50) / 50", "computed"),
        ("增长24%", "62 -", "computed"),
    ],
)
def test_a_computed_figure_is_worked_out_again(
    statement: str, formula: str | None, type_: str | None
) -> None:
    verdict = said(
        statement, "2022年加装50台。", "2023年加装62台。", kind="computed", formula=formula
    )
    assert types(verdict) == ({type_} if type_ else set())


def test_a_wrong_result_shows_the_right_one() -> None:
    verdict = said("合计21万人次", "甲馆12万人次。", "乙馆8万人次。", kind="computed")
    assert verdict.faults[0].value == "200000"
    assert [place.words for place in verdict.faults[0].evidence] == ["12万人次", "8万人次"]


def test_a_judgement_passes_and_its_figure_is_for_a_person() -> None:
    assert said("宜逐步推广", kind="judgement").outcome is Outcome.SUPPORTED
    figure = said("宜再建3座", kind="judgement")
    assert [doubt.reason for doubt in figure.doubts] == [Reason.OWN_FIGURE]


def test_without_evidence_or_likeness_a_person_decides() -> None:
    naked = check(Claim(StatementKind.PARAPHRASE, "补助照发"), [])
    assert [doubt.reason for doubt in naked.doubts] == [Reason.NO_EVIDENCE]
    unlike = said("儿童阅读推广成效明显")
    assert unlike.outcome is Outcome.NEEDS_PERSON
    assert [doubt.reason for doubt in unlike.doubts] == [Reason.UNLIKE]


def test_a_heading_needs_nothing() -> None:
    assert said("二、问题", kind="heading").outcome is Outcome.SUPPORTED


def test_marks_come_in_the_order_of_the_statement() -> None:
    claim = Claim(StatementKind.PARAPHRASE, "2024年全县计划加装电梯64台")
    found = marks(claim, [Witness(NOTICE)])
    assert [mark.statement.words for mark in found] == ["2024年", "64台"]


TEXTS = st.text(
    alphabet="0123456789.,%％年月日万亿元个台不得超过约近以上下增长降低第三一二十点成倍翻番《》“”〔〕 \n甲乙A-—（）",
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(["quote", "paraphrase", "computed", "judgement"]))
def test_any_text_gets_the_same_verdict_twice_with_places_inside(
    statement: str, evidence: str, kind: str
) -> None:
    verdict = said(statement, evidence, kind=kind)
    assert verdict == said(statement, evidence, kind=kind)
    assert (verdict.outcome is Outcome.FAULT) == bool(verdict.faults)
    for fault in verdict.faults:
        place = fault.statement
        assert statement[place.start : place.end] == place.words
        for found in fault.evidence:
            assert evidence[found.start : found.end] == found.words


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="甲乙丙馆2359万元，不约。增长年月%", min_size=1, max_size=40))
def test_what_stands_there_word_for_word_has_no_fault(text: str) -> None:
    assert said(text, text).outcome is not Outcome.FAULT


def test_types_are_those_of_the_interface() -> None:
    assert [each.value for each in FaultType] == [
        "number",
        "date",
        "unit",
        "comparator",
        "negation",
        "trend",
        "name",
        "quote",
        "frankenquote",
        "misattributed",
        "computed",
        "picture",
    ]
