"""Headings and the title before the gate: what they say, a statement under them says."""

import pytest

from briefs.gate import Outcome, Reason, check_heading
from briefs.gating.errors import (
    UndecidableStatementError,
    UndecidedStatementError,
    UndecidedTitleError,
)
from briefs.gating.reports import State
from briefs.model import Brief, Passed, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench

K = StatementKind
BELOW = ("2023年全县计划加装电梯62台，比上年增长8%，每台补助不超过20万元。", "验收尚未完成。")


def doubted(text: str, *below: str) -> list[str]:
    verdict = check_heading(text, below or BELOW)
    assert {doubt.reason for doubt in verdict.doubts} <= {Reason.HEADED}
    assert not verdict.faults
    assert (verdict.outcome is Outcome.NEEDS_PERSON) == bool(verdict.doubts)
    return [doubt.statement.words for doubt in verdict.doubts]


@pytest.mark.parametrize(
    "text",
    [
        *["一、加装电梯62台", "（二）2023年加装电梯情况", "2.1 比上年增长8%", "每台不超过20万元"],
        *["基本情况", "三点建议", "第三章 四个方面问题", "2026年第3期", "加快推进，提升服务"],
        *["三是验收尚未完成", "二〇二三年情况", "附件2", "验收尚未完成。"],
    ],
)
def test_what_a_statement_below_says_or_what_is_the_briefs_own_passes(text: str) -> None:
    assert doubted(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("一、加装电梯64台", ["64台"]),
        ("2024年加装电梯情况", ["2024年"]),
        ("电梯下降8%", ["下降", "下降8%"]),
        ("每台补助超过20万元", ["超过20万元"]),
        ("2025年全区投资增长99%，达到500亿元", ["2025年", "增长", "99%", "500亿元"]),
        ("借阅持续增长", ["增长"]),
        ("施工单位可以在夜间施工。", ["施工单位可以在夜间施工"]),
    ],
)
def test_what_no_statement_below_says_needs_a_person(text: str, words: list[str]) -> None:
    below = BELOW if "借阅" not in text else BELOW[1:]
    found = doubted(text, *below)
    assert found
    assert set(found) <= set(words)


def test_nothing_below_bears_nothing_out() -> None:
    assert check_heading("达标率100%", ()).outcome is Outcome.NEEDS_PERSON


def made(bench: Workbench, *lines: Statement, title: str = "试稿") -> Brief:
    return bench.editing.create(title, lines, actor=bench.actor)


def lifts(bench: Workbench, text: str = "2023年全县计划加装电梯62台。") -> Statement:
    words = "2023年全县计划加装电梯62台"
    document = next(d for d in bench.documents.find() if "电梯" in d.title)
    return Statement(K.PARAPHRASE, text, (bench.editing.evidence_on(document.id, words),))


def heading(text: str, level: int = 1) -> Statement:
    return Statement(K.HEADING, text, level=level)


def test_a_heading_is_borne_out_by_its_own_section_and_by_what_is_through(
    filled: Workbench,
) -> None:
    brief = made(
        filled,
        heading("一、加装电梯62台"),
        heading("（一）62台的安排", 2),
        lifts(filled),
        heading("二、62台以后"),
        Statement(K.JUDGEMENT, "应当加快。"),
        heading("三、再装64台"),
        lifts(filled, "2023年全县计划加装电梯64台。"),
    )
    report = filled.gating.report(brief)
    found = [each.state for each in report.checked if each.statement.kind is K.HEADING]
    assert found == [State.OWN, State.OWN, State.NEEDS_PERSON, State.NEEDS_PERSON]
    assert (report.total, report.through) == (5, 2)


def test_a_heading_nobody_bears_out_is_published_only_when_a_person_says_why(
    filled: Workbench,
) -> None:
    brief = made(filled, heading("投资增长99%"), lifts(filled))
    with pytest.raises(UndecidedStatementError, match="Statement 1"):
        filled.publishing.publish(brief.id, actor=filled.actor)
    (first, _) = brief.statements
    assert first.id is not None
    decided = filled.gating.decide(brief, first.id, reason="见附件", actor=filled.actor)
    assert decided.state is State.DECIDED
    edition = filled.publishing.publish(brief.id, actor=filled.actor)
    assert isinstance(edition.publication.gate, Passed)
    assert edition.publication.gate.decided == (1,)


def test_a_title_nobody_bears_out_is_published_only_when_a_person_says_why(
    filled: Workbench,
) -> None:
    brief = made(filled, lifts(filled), title="全区学校达标率100%")
    report = filled.gating.report(brief)
    assert report.title is not None
    assert report.blocking == (report.title,)
    assert not report.is_clean
    with pytest.raises(UndecidedTitleError):
        filled.publishing.publish(brief.id, actor=filled.actor)
    assert filled.briefs.editions() == []
    decided = filled.gating.decide(brief, 0, reason="口径另附", actor=filled.actor)
    assert (decided.number, decided.state) == (0, State.DECIDED)
    edition = filled.publishing.publish(brief.id, actor=filled.actor)
    assert edition.publication.gate is not None
    assert edition.publication.gate.decided == (), "the title is no line"


def test_a_title_that_a_statement_bears_out_leaves_nothing_to_decide(filled: Workbench) -> None:
    brief = made(filled, lifts(filled), title="2023年加装电梯62台")
    assert filled.gating.report(brief).is_clean
    with pytest.raises(UndecidableStatementError):
        filled.gating.decide(brief, 0, reason="就这样", actor=filled.actor)


def test_a_faulty_sentence_does_not_get_out_as_a_heading(filled: Workbench) -> None:
    brief = made(filled, lifts(filled), heading("2023年全县计划加装电梯64台。"))
    with pytest.raises(UndecidedStatementError):
        filled.publishing.publish(brief.id, actor=filled.actor)
