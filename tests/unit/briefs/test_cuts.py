"""Evidence that is cut so that it says something else: bound nowhere, or held against its sentence."""

from pathlib import Path

import pytest

from briefs.errors import EvidenceError
from briefs.evidence import holds, locate, widened
from briefs.evidence.numbers import cuts_number, cuts_numeral
from briefs.gate import Claim, FaultType, Outcome, Witness, check
from briefs.gating.errors import FaultyStatementError
from briefs.gating.reports import State
from briefs.gating.weighing import NOWHERE
from briefs.gating.wholes import weigh_whole
from briefs.model import Evidence, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.model import Block, BlockKind, Page, Span
from tests.homes import fill

K = StatementKind
TEXT = (
    "关于投资的通知\n\n全区投资不超过一百二十万元。最低气温为-5℃，夜间气温为零下8℃。"
    "本馆不得出售读者信息。施工单位不得在夜间施工。全区尚未全面完成验收。"
    "城东馆到馆12万人次，比上年增长百分之五十六。\n"
)


@pytest.fixture
def bench(workbench: Workbench, tmp_path: Path) -> Workbench:
    fill(workbench, tmp_path, {"通知.txt": TEXT})
    return workbench


def page(text: str, *blocks: Block) -> Page:
    return Page(1, 1, None, text, blocks)


def cut(text: str, words: str) -> tuple[Evidence, Page]:
    start = text.index(words)
    return Evidence(1, 1, (Span(1, start, start + len(words)),), words), page(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        *[("一百", "二十万元"), ("1", "2万人次"), ("12", "万人次"), ("二", "〇二三年")],
        *[("增长百分之五", "十六"), ("增长百分之", "五十六"), ("增长百", "分之五")],
        *[("-", "5℃"), ("负", "120万元"), ("零下", "8℃"), ("零", "下8℃"), ("3-", "5%")],
        *[("1,", "234"), ("3", ".5"), ("约5", "%"), ("第", "三名"), ("三点", "五")],
    ],
)
def test_a_number_is_not_cut(left: str, right: str) -> None:
    text = left + right
    assert cuts_number(text, len(left))
    wanted = right if right[0] not in "分下." else left
    assert locate(wanted, [page(text)]) is None
    start = len(left) if wanted is right else 0
    item = Evidence(1, 1, (Span(1, start, start + len(wanted)),), wanted)
    assert not holds(item, [page(text)]), "whoever gave the place"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        *[("2025年", "一月"), ("约", "5%"), ("统一", "一体化"), ("共", "三馆"), ("分馆14", "个")],
        *[("A-", "5号楼"), ("其中之一", "一个馆"), ("抱负", "一致"), ("——", "5月")],
    ],
)
def test_what_only_looks_like_a_number_may_be_cut(left: str, right: str) -> None:
    assert not cuts_number(left + right, len(left))


def test_a_quote_in_the_pure_gate_cuts_no_number_in_chinese_numerals() -> None:
    for quote, source in (
        ("增长百分之五", "投资增长百分之五十六。"),
        ("〇二三年", "二〇二三年末。"),
        ("二十万元", "投资一百二十万元。"),
        ("5℃", "最低气温为-5℃。"),
    ):
        verdict = check(Claim(K.QUOTE, quote), [Witness(source)])
        assert FaultType.QUOTE in {fault.type for fault in verdict.faults}, quote
    assert check(Claim(K.QUOTE, "三馆"), [Witness("共三馆。")]).outcome is Outcome.SUPPORTED
    assert cuts_numeral("十二", 1)


def test_evidence_is_widened_to_its_sentences() -> None:
    item, one = cut(TEXT, "得出售读者信息")
    assert widened(item, [one]).quote == "本馆不得出售读者信息。"
    whole = widened(item, [one])
    assert widened(whole, [one]) == whole
    two, one = cut(TEXT, "读者信息。施工单位")
    assert widened(two, [one]).quote == "本馆不得出售读者信息。施工单位不得在夜间施工。"


def test_a_sentence_goes_over_the_lines_of_its_page_and_not_out_of_its_cell() -> None:
    text = "根据本通知的规定，全区各项投资不得\n超过一百二十万元。"
    item, one = cut(text, "超过一百二十万元")
    assert widened(item, [one]).quote == text
    row = "城东馆\t不足12万\t不含分馆"
    item = Evidence(1, 1, (Span(1, 6, 9),), "12万")
    assert widened(item, [page(row, Block(BlockKind.ROW, 0, len(row)))]).quote == "不足12万"


def test_what_is_not_there_is_not_widened() -> None:
    item, one = cut(TEXT, "出售读者信息")
    for without in ([], [Page(2, 1, None, TEXT, ())], [Page(1, 2, None, TEXT, ())]):
        assert widened(item, without) == item
    gone = Evidence(1, 1, item.spans, "")
    assert widened(gone, [one]) == gone


@pytest.mark.parametrize(
    ("words", "text", "type_"),
    [
        ("超过一百二十万元", "全区投资超过120万元。", FaultType.COMPARATOR),
        ("得出售读者信息", "可以出售读者信息。", FaultType.NEGATION),
        ("出售读者信息", "出售读者信息", FaultType.NEGATION),
        ("在夜间施工", "施工单位在夜间施工。", FaultType.NEGATION),
        ("完成验收", "全区完成验收。", FaultType.NEGATION),
    ],
)
@pytest.mark.parametrize("kind", [K.QUOTE, K.PARAPHRASE])
def test_what_the_sentence_says_otherwise_is_a_fault(
    bench: Workbench, words: str, text: str, type_: FaultType, kind: K
) -> None:
    evidence = bench.editing.evidence_on(1, words)
    line = Statement(kind, words if kind is K.QUOTE else text, (evidence,))
    brief = bench.editing.create("试稿", [line], actor=bench.actor)
    (checked,) = bench.gating.report(brief).checked
    assert checked.state is State.FAULT
    if kind is K.PARAPHRASE:
        assert type_ in {finding.what for finding in checked.findings}
    with pytest.raises(FaultyStatementError):
        bench.publishing.publish(brief.id, actor=bench.actor)
    typed = bench.gating.marks(line.kind, line.text, evidence=line.evidence)
    assert typed == checked.verdict


def test_the_word_left_out_is_named_with_its_page(bench: Workbench) -> None:
    evidence = bench.editing.evidence_on(1, "完成验收")
    line = Statement(K.QUOTE, "完成验收", (evidence,))
    (checked,) = bench.gating.report(
        bench.editing.create("试稿", [line], actor=bench.actor)
    ).checked
    (finding,) = checked.findings
    (reading,) = finding.readings
    assert reading.words == "尚未"
    (span,) = reading.spans
    (stored,) = bench.documents.pages(reading.version_id, [span.page])
    assert stored.text[span.start : span.end] == "尚未"


def test_what_the_sentence_says_too_stands(bench: Workbench) -> None:
    for words, text in (
        ("城东馆到馆12万人次", "城东馆到馆12万人次。"),
        ("不得出售读者信息", "本馆不得出售读者信息。"),
        ("比上年增长百分之五十六", "比上年增长56%。"),
        ("夜间气温为零下8℃", "夜间气温为零下8℃。"),
    ):
        line = Statement(K.PARAPHRASE, text, (bench.editing.evidence_on(1, words),))
        brief = bench.editing.create("试稿", [line], actor=bench.actor)
        assert bench.gating.report(brief).is_clean, text


def test_a_place_inside_a_number_is_not_saved(bench: Workbench) -> None:
    whole = bench.editing.evidence_on(1, "城东馆到馆12万人次")
    (span,) = whole.spans
    inside = Evidence(1, whole.version_id, (Span(span.page, span.end - 4, span.end),), "2万人次")
    with pytest.raises(EvidenceError):
        bench.editing.create("试稿", [Statement(K.QUOTE, "2万人次", (inside,))], actor=bench.actor)


def test_a_negation_that_governs_something_else_turns_nothing() -> None:
    for text, words in (
        ("未成年人可以单独借阅。", "人可以单独借阅"),
        ("本馆不收费，读者可以单独借阅。", "读者可以单独借阅"),
        ("不仅可以借阅，而且可以复印。", "可以复印"),
    ):
        item, one = cut(text, words)
        claim = Claim(K.PARAPHRASE, f"{words}。")
        verdict = weigh_whole(claim, [item], [widened(item, [one])], setting=NOWHERE)
        assert verdict.outcome is Outcome.SUPPORTED, text
