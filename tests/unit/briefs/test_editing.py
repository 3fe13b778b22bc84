"""Changing a brief, and what is refused."""

from dataclasses import replace

import pytest

from briefs.errors import EvidenceError, StaleRevisionError, UnknownBriefError
from briefs.model import BriefState, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.errors import UnknownRecordError
from knowledge.model import Span

LIMIT = "加装电梯每台财政补助不超过20万元。"


def _quote(workbench: Workbench) -> Statement:
    passage = workbench.retriever.search("加装电梯补助")[0].passage
    return workbench.editing.quote(passage.id, LIMIT)


def test_a_quote_is_bound_to_exactly_its_words(filled: Workbench) -> None:
    line = _quote(filled)
    evidence = line.evidence[0]
    page = filled.documents.pages(evidence.version_id)[0]
    span = evidence.spans[0]
    assert line.kind is StatementKind.QUOTE
    assert page.text[span.start : span.end] == LIMIT == evidence.quote == line.text


def test_words_that_are_not_in_the_passage_are_refused(filled: Workbench) -> None:
    passage = filled.retriever.search("加装电梯补助")[0].passage
    with pytest.raises(EvidenceError, match="不超过30万元"):
        filled.editing.quote(passage.id, "加装电梯每台财政补助不超过30万元。")
    with pytest.raises(UnknownRecordError):
        filled.editing.quote(999)


def test_a_brief_keeps_its_statements_in_order_through_every_change(filled: Workbench) -> None:
    heading = Statement(StatementKind.HEADING, "一、补助标准", level=1)
    view = Statement(StatementKind.JUDGEMENT, "建议提高标准。")
    brief = filled.editing.create("电梯", [heading, _quote(filled), view], actor=filled.actor)
    turned = filled.editing.save(
        brief, title="电梯补助", lines=brief.statements[::-1], actor=filled.actor
    )
    assert turned == filled.briefs.get(brief.id)
    assert [s.id for s in turned.statements] == [s.id for s in brief.statements[::-1]]
    assert turned.statements[1].evidence == brief.statements[1].evidence
    assert (turned.title, turned.revision) == ("电梯补助", 2)


def test_saving_the_same_makes_no_revision(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    assert (
        filled.editing.save(brief, title="电梯", lines=brief.statements, actor=filled.actor)
        == brief
    )


def test_two_people_never_overwrite_each_other_silently(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    mine = filled.editing.save(brief, title="甲的题名", lines=brief.statements, actor=filled.actor)
    with pytest.raises(StaleRevisionError):
        filled.editing.save(brief, title="乙的题名", lines=(), actor=filled.actor)
    assert filled.briefs.get(brief.id) == mine


def test_a_quote_in_other_words_becomes_a_paraphrase_and_keeps_its_evidence(
    filled: Workbench,
) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    line = replace(brief.statements[0], text="每台最多补助二十万元。")
    changed = filled.editing.save(brief, title="电梯", lines=[line], actor=filled.actor)
    assert changed.statements[0].kind is StatementKind.PARAPHRASE
    assert changed.statements[0].evidence == brief.statements[0].evidence


def test_a_quote_may_be_shortened_and_typed_in_other_widths(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    line = replace(brief.statements[0], text="每台财政补助不超过２０万元")
    changed = filled.editing.save(brief, title="电梯", lines=[line], actor=filled.actor)
    assert changed.statements[0].kind is StatementKind.QUOTE


def test_evidence_that_points_elsewhere_is_refused(filled: Workbench) -> None:
    line = _quote(filled)
    moved = replace(line.evidence[0], spans=(Span(1, 0, len(LIMIT)),))
    with pytest.raises(EvidenceError):
        filled.editing.create("电梯", [replace(line, evidence=(moved,))], actor=filled.actor)
    assert filled.briefs.all() == []


def test_a_published_brief_that_is_changed_is_a_draft_again(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    filled.publishing.publish(brief.id, actor=filled.actor)
    published = filled.briefs.get(brief.id)
    assert published.state is BriefState.PUBLISHED
    changed = filled.editing.save(
        published, title="新题名", lines=published.statements, actor=filled.actor
    )
    assert changed.state is BriefState.DRAFT


def test_only_what_was_never_published_can_be_deleted(filled: Workbench) -> None:
    draft = filled.editing.create("草稿", [_quote(filled)], actor=filled.actor)
    filled.editing.discard(draft.id, actor=filled.actor)
    with pytest.raises(UnknownBriefError):
        filled.briefs.get(draft.id)
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    filled.publishing.publish(brief.id, actor=filled.actor)
    with pytest.raises(UnknownBriefError):
        filled.editing.discard(brief.id, actor=filled.actor)
