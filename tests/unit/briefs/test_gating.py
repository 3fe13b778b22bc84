"""The gate before a brief: what holds it back, what persons let stand, and what follows."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.errors import StaleRevisionError, UnknownBriefError, UnknownStatementError
from briefs.evidence import words_at
from briefs.gate import VERSION, FaultType, Outcome, Reason
from briefs.gating.errors import (
    FaultyStatementError,
    NakedStatementError,
    UndecidableStatementError,
    UndecidedStatementError,
)
from briefs.gating.reports import State
from briefs.gating.weighing import Setting, claim_of, digest_of, setting_of, spans_within, weigh
from briefs.model import Brief, Evidence, Passed, Statement, StatementKind, page_href
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import NoReasonError, NotPermittedError
from knowledge.accounts.roles import Permission
from knowledge.model import Metadata, Page, Span
from tests.homes import blanking_all, fill
from tests.unit.briefs.people import LIBRARIAN, OFFICIAL, PUBLISHER

K = StatementKind
LIFTS = "2023年全县计划加装电梯62台，比上年增长8%"
SURVEY = "河湾县老年人就餐情况报告\n\n食堂全年供应十二万份午餐，其中送餐上门三万份。\n"


def bound(bench: Workbench, words: str) -> Evidence:
    """Evidence of words of the home's texts."""
    for document in bench.documents.find():
        text = "".join(page.text for page in bench.documents.pages(document.current_version))
        if words in text:
            return bench.editing.evidence_on(document.id, words)
    raise AssertionError(words)


def paraphrase(bench: Workbench, text: str, words: str = LIFTS) -> Statement:
    return Statement(K.PARAPHRASE, text, (bound(bench, words),))


def made(bench: Workbench, *lines: Statement) -> Brief:
    return bench.editing.create("试稿", lines, actor=bench.actor)


def states(bench: Workbench, *lines: Statement) -> list[State]:
    return [each.state for each in bench.gating.report(made(bench, *lines)).checked]


def test_every_statement_has_its_state(filled: Workbench) -> None:
    good = paraphrase(filled, "2023年全县计划加装电梯62台，比上年增长8%。")
    assert states(
        filled,
        Statement(K.HEADING, "一、2023年情况", level=1),
        good,
        replace(good, text="2023年全县计划加装电梯64台，比上年增长8%。"),
        replace(good, evidence=()),
        Statement(K.JUDGEMENT, "应当加快。"),
        Statement(K.JUDGEMENT, "三年内可以再装200台。"),
        replace(good, text="沿河步道的路灯已经全部更换。"),
    ) == [
        State.OWN,
        State.SUPPORTED,
        State.FAULT,
        State.NAKED,
        State.OWN,
        State.NEEDS_PERSON,
        State.NEEDS_PERSON,
    ]


def test_a_fault_names_both_readings_and_the_page_with_these_words_marked(
    filled: Workbench,
) -> None:
    line = paraphrase(filled, "2023年全县计划加装电梯64台。")
    (checked,) = filled.gating.report(made(filled, line)).checked
    (finding,) = checked.findings
    assert (finding.what, finding.statement.words) == (FaultType.NUMBER, "64台")
    (reading,) = finding.readings
    assert reading.words == "62台"
    page = filled.documents.pages(reading.version_id)[reading.spans[0].page - 1]
    assert words_at(reading.spans, [page]) == "62台"
    assert reading.href == page_href(reading.version_id, reading.spans)


def test_a_quote_of_another_statements_source_is_misattributed(filled: Workbench) -> None:
    words = "助餐点为高龄老人送餐上门"
    elsewhere = paraphrase(filled, f"{words}。", words)
    wrong = paraphrase(filled, f"通知提出“{words}”。")
    alone, with_source = (
        filled.gating.report(made(filled, wrong, *more)).checked[0] for more in ((), (elsewhere,))
    )
    assert FaultType.MISATTRIBUTED not in {each.what for each in alone.findings}
    found = {each.what: each for each in with_source.findings}[FaultType.MISATTRIBUTED]
    assert found.readings[0].version_id == elsewhere.evidence[0].version_id
    assert found.readings[0].words == words


def test_a_quote_of_what_lies_in_the_folder_is_misattributed(filled: Workbench) -> None:
    words = "助餐点为高龄老人送餐上门"
    brief = made(filled, paraphrase(filled, f"通知提出“{words}”。"))
    filled.folder.keep(brief.id, bound(filled, words), actor=filled.actor)
    (checked,) = filled.gating.report(brief).checked
    assert FaultType.MISATTRIBUTED in {each.what for each in checked.findings}


def test_typing_is_marked_as_the_report_says(filled: Workbench) -> None:
    line = paraphrase(filled, "2024年全县计划加装电梯62台。")
    verdict = filled.gating.marks(line.kind, line.text, evidence=line.evidence)
    assert verdict == filled.gating.report(made(filled, line)).checked[0].verdict
    assert [(fault.type, fault.statement.words) for fault in verdict.faults] == [
        (FaultType.DATE, "2024年")
    ]
    assert filled.gating.marks(K.PARAPHRASE, "没有证据。").doubts[0].reason is Reason.NO_EVIDENCE


def test_what_a_source_is_called_bears_out_its_name_and_year(
    workbench: Workbench, tmp_path: Path
) -> None:
    text = "# 2024年河湾县统计公报\n\n年末有图书馆分馆14个，比上年末增加3个。\n"
    fill(workbench, tmp_path, {"公报.md": text})
    words = "年末有图书馆分馆14个"
    right = paraphrase(workbench, "2024年末，河湾县有图书馆分馆14个。", words)
    wrong = replace(right, text="2023年末，河湾县有图书馆分馆14个。")
    other = replace(right, text="2024年末，柳塘县有图书馆分馆14个。")
    figure = replace(right, text="2024年末，河湾县有图书馆分馆2024个。")
    found = states(workbench, right, wrong, other, figure)
    assert found == [State.SUPPORTED, State.FAULT, State.FAULT, State.FAULT]


def test_a_title_says_nothing_to_a_quote_that_names_its_year() -> None:
    setting = Setting("2024年河湾县统计公报")
    claim = claim_of(K.PARAPHRASE, "2024年末常住人口41.6万人。", None)
    with_year, without = (
        weigh(claim, (text,), setting).outcome
        for text in ("2023年末常住人口41.6万人", "年末常住人口41.6万人")
    )
    assert (with_year, without) == (Outcome.FAULT, Outcome.SUPPORTED)


def test_who_issued_a_document_did_not_therefore_do_what_it_tells_of() -> None:
    setting = setting_of(Metadata(title="河湾县二三事", issuer="河湾县统计局"))
    text = ("河湾县民政局负责送餐上门",)
    wrong = claim_of(K.PARAPHRASE, "河湾县统计局负责送餐上门。", None)
    assert weigh(wrong, text, setting).outcome is Outcome.FAULT


def test_the_year_of_a_reports_title_is_put_before_a_person() -> None:
    text = ("常住人口41.6万人",)
    setting = setting_of(Metadata(title="2025年河湾县政府工作报告"))
    claims = ("2025年常住人口41.6万人。", "2025年河湾县政府工作报告：常住人口41.6万人。")
    verdicts = [weigh(claim_of(K.PARAPHRASE, each, None), text, setting) for each in claims]
    assert [doubt.reason for doubt in verdicts[0].doubts] == [Reason.DATED]
    assert [each.outcome for each in verdicts] == [Outcome.NEEDS_PERSON, Outcome.SUPPORTED]


def test_the_day_of_issue_is_no_year_of_figures() -> None:
    setting = setting_of(Metadata(title="河湾县统计公报", issued_on="2025-03-28"))
    text = ("年末常住人口41.6万人",)
    year = claim_of(K.PARAPHRASE, "2025年末常住人口41.6万人。", None)
    day = claim_of(K.PARAPHRASE, "2025年3月28日公布：年末常住人口41.6万人。", None)
    assert weigh(year, text, setting).outcome is Outcome.FAULT
    assert weigh(day, text, setting).outcome is Outcome.SUPPORTED


def test_a_named_person_lets_a_doubt_stand_until_it_is_changed(filled: Workbench) -> None:
    line = Statement(K.JUDGEMENT, "三年内可以再装200台。")
    brief = made(filled, line)
    (stored,) = brief.statements
    assert stored.id is not None
    count = len(filled.audit.entries(Search(action="decide-statement"), limit=9))
    checked = filled.gating.decide(brief, stored.id, reason=" 测算得出 ", actor=filled.actor)
    assert checked.state is State.DECIDED
    assert checked.decision is not None
    assert (checked.decision.name, checked.decision.reason) == (filled.actor.name, "测算得出")
    (deed, *_) = filled.audit.entries(Search(action="decide-statement"), limit=9)
    assert (deed.deed.record, deed.deed.details) == (brief.id, {"statement": stored.id})
    assert len(filled.audit.entries(Search(action="decide-statement"), limit=9)) == count + 1
    changed = filled.editing.save(
        brief, title="试稿", lines=[replace(stored, text="三年内可以再装300台。")],
        actor=filled.actor,
    )  # fmt: skip
    assert filled.gating.report(changed).checked[0].state is State.NEEDS_PERSON
    back = filled.editing.save(changed, title="试稿", lines=[stored], actor=filled.actor)
    assert filled.gating.report(back).checked[0].state is State.DECIDED


def test_nobody_lets_a_fault_or_a_naked_statement_stand(filled: Workbench) -> None:
    wrong = paraphrase(filled, "2023年全县计划加装电梯64台。")
    brief = made(filled, wrong, replace(wrong, evidence=()), Statement(K.JUDGEMENT, "应当加快。"))
    count = filled.audit.verify().entries
    for line in brief.statements:
        assert line.id is not None
        with pytest.raises(UndecidableStatementError):
            filled.gating.decide(brief, line.id, reason="就这样", actor=filled.actor)
    with pytest.raises(UnknownStatementError):
        filled.gating.decide(brief, 99, reason="就这样", actor=filled.actor)
    assert filled.audit.verify().entries == count


def test_a_decision_takes_a_reason_a_writer_and_the_newest_revision(filled: Workbench) -> None:
    line = Statement(K.JUDGEMENT, "三年内可以再装200台。")
    brief = LIBRARIAN.bench(filled).editing.create("稿", [line], actor=LIBRARIAN.actor(filled))
    (stored,) = brief.statements
    assert stored.id is not None

    def decide(bench: Workbench, *, reason: str = "测算") -> None:
        assert stored.id is not None
        bench.gating.decide(brief, stored.id, reason=reason, actor=bench.actor)

    with pytest.raises(NoReasonError):
        decide(LIBRARIAN.bench(filled), reason=" ")
    with pytest.raises(NotPermittedError):
        decide(PUBLISHER.bench(filled))
    with pytest.raises((UnknownBriefError, NotPermittedError)):
        decide(OFFICIAL.bench(filled))
    filled.editing.append(brief, [line], actor=filled.actor)
    with pytest.raises(StaleRevisionError):
        decide(LIBRARIAN.bench(filled))


@pytest.mark.parametrize(
    ("text", "with_evidence", "kind", "error"),
    [
        ("2023年全县计划加装电梯64台。", True, K.PARAPHRASE, FaultyStatementError),
        ("2023年全县计划加装电梯62台。", False, K.PARAPHRASE, NakedStatementError),
        ("三年内可以再装200台。", False, K.JUDGEMENT, UndecidedStatementError),
    ],
)
def test_what_the_gate_holds_is_not_published(
    filled: Workbench, text: str, with_evidence: bool, kind: K, error: type[Exception]
) -> None:
    good = paraphrase(filled, "2023年全县计划加装电梯62台。")
    bad = Statement(kind, text, good.evidence if with_evidence else ())
    brief = made(filled, good, bad, replace(bad))
    count = filled.audit.verify().entries
    with pytest.raises(error, match=r"Statement 2 of brief 1 .*: 2\)"):
        filled.publishing.publish(brief.id, actor=filled.actor)
    assert (filled.briefs.editions(), filled.audit.verify().entries) == ([], count)
    assert filled.briefs.get(brief.id) == brief


def test_an_edition_says_what_gate_it_went_through(filled: Workbench) -> None:
    good = paraphrase(filled, "2023年全县计划加装电梯62台。")
    brief = made(filled, good, Statement(K.JUDGEMENT, "三年内可以再装200台。"))
    id_ = brief.statements[1].id
    assert id_ is not None
    filled.gating.decide(brief, id_, reason="测算", actor=filled.actor)
    edition = filled.publishing.publish(brief.id, actor=filled.actor)
    assert edition.publication.gate == Passed(VERSION, (2,))
    assert filled.briefs.edition(brief.id).publication.gate == Passed(VERSION, (2,))
    # The decision is found by what the edition says.
    line = edition.publication.lines[1]
    told = Statement(line.kind, line.text, (), formula=line.formula)
    assert digest_of(told) == digest_of(brief.statements[1])


def test_blanking_makes_no_faults_and_decisions_hold_on(filled: Workbench) -> None:
    good = paraphrase(filled, "据读者陈晓（13800138000）来电，2023年全县计划加装电梯62台。")
    own = Statement(K.JUDGEMENT, "读者陈晓认为三年内可以再装200台。")
    brief = made(filled, replace(good, kind=K.JUDGEMENT), own)
    for line in filled.gating.report(brief).blocking:
        assert line.statement.id is not None
        filled.gating.decide(brief, line.statement.id, reason="来电", actor=filled.actor)
    texts = (brief.title, *(line.text for line in brief.statements))
    edition = filled.publishing.publish(brief.id, actor=filled.actor, choice=blanking_all(texts))
    assert "13800138000" not in repr(edition)
    now = filled.briefs.get(brief.id)
    assert now.revision == brief.revision + 1
    assert filled.gating.report(now).is_clean


def test_what_is_withheld_is_not_looked_into(filled: Workbench) -> None:
    line = paraphrase(filled, "2023年全县计划加装电梯64台。")
    hidden = Statement(K.PARAPHRASE, "", id=7, is_withheld=True)
    brief = replace(made(filled, line), statements=(hidden,))
    (checked,) = filled.gating.report(brief).checked
    assert (checked.state, checked.findings) == (State.WITHHELD, ())
    assert not filled.gating.report(brief).is_clean


def test_who_may_only_publish_is_told_what_the_gate_says(filled: Workbench) -> None:
    line = paraphrase(filled, "2023年全县计划加装电梯64台。")
    brief = LIBRARIAN.bench(filled).editing.create("稿", [line], actor=LIBRARIAN.actor(filled))
    bench = PUBLISHER.bench(filled)
    assert Permission.DRAFT not in bench.actor.permissions
    assert not bench.gating.report(bench.briefs.get(brief.id)).is_clean


def test_a_decided_draft_can_be_thrown_away(filled: Workbench) -> None:
    brief = made(filled, Statement(K.JUDGEMENT, "三年内可以再装200台。"))
    id_ = brief.statements[0].id
    assert id_ is not None
    filled.gating.decide(brief, id_, reason="测算", actor=filled.actor)
    filled.editing.discard(brief.id, actor=filled.actor)
    with pytest.raises(UnknownBriefError):
        filled.briefs.get(brief.id)


_PARTS = st.text("甲乙丙ab 12", min_size=1, max_size=9).map(str.strip).filter(bool)


@given(st.lists(_PARTS, min_size=1, max_size=4), st.data())
def test_characters_of_a_quote_are_found_on_their_pages(
    parts: list[str], data: st.DataObject
) -> None:
    """Whatever blanks the joining of pages put in."""
    pages = [
        Page(index=n, version_id=1, label=None, text=f"前{part}后", blocks=())
        for n, part in enumerate(parts, 1)
    ]
    spans = tuple(Span(n, 1, 1 + len(part)) for n, part in enumerate(parts, 1))
    item = Evidence(1, 1, spans, words_at(spans, pages))
    start = data.draw(st.integers(0, len(item.quote) - 1))
    end = data.draw(st.integers(start + 1, len(item.quote)))
    found = words_at(spans_within(item, start, end), pages)
    wanted = item.quote[start:end]
    assert found.replace(" ", "") == wanted.replace(" ", "") or not wanted.strip()
