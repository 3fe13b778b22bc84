"""Brief → edition: numbered, frozen, provable."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from briefs.errors import (
    EmptyBriefError,
    NoTitleError,
    StaleRevisionError,
    UnknownBriefError,
    UnknownEditionError,
)
from briefs.frozen import publication_of, text_of
from briefs.model import EditionState, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from tests.homes import ELDERS, fill


def _quotes(workbench: Workbench, *questions: str) -> list[Statement]:
    found = [workbench.retriever.search(question)[0].passage.id for question in questions]
    return [workbench.editing.quote(id_) for id_ in found]


def test_references_are_numbered_by_first_appearance_one_number_a_source(
    filled: Workbench,
) -> None:
    lines = _quotes(filled, "高龄老人送餐", "加装电梯补助", "养老服务站", "公共图书馆条例第三条")
    brief = filled.editing.create("综合", lines, actor=filled.actor)
    publication = filled.publishing.preview(brief.id)
    marks = [line.citations[0].reference for line in publication.lines]
    assert marks == [1, 2, 1, 3]
    assert [reference.number for reference in publication.references] == [1, 2, 3]
    turned = filled.editing.save(
        brief, title="综合", lines=brief.statements[::-1], actor=filled.actor
    )
    renumbered = filled.publishing.preview(turned.id)
    assert [line.citations[0].reference for line in renumbered.lines] == [1, 2, 3, 2]
    assert "河政办发〔2023〕12号" in renumbered.references[2].entry


def test_an_edition_is_frozen_whatever_happens_to_brief_and_sources(
    filled: Workbench, tmp_path: Path
) -> None:
    brief = filled.editing.create("养老", _quotes(filled, "养老服务站"), actor=filled.actor)
    first = filled.publishing.publish(brief.id, actor=filled.actor)
    assert first.number == 1
    assert first.publication.published_by == filled.actor.name
    fill(filled, tmp_path, {"养老服务.txt": ELDERS.replace("35个", "41个")})
    now = filled.briefs.get(brief.id)
    line = replace(now.statements[0], kind=StatementKind.JUDGEMENT, text="改过的话。")
    filled.editing.save(now, title="养老（修订）", lines=[line], actor=filled.actor)
    second = filled.publishing.publish(brief.id, actor=filled.actor)
    again = filled.briefs.edition(brief.id, 1)
    assert again.publication == replace(first.publication, state=EditionState.SUPERSEDED)
    assert (again.state, second.state) == (EditionState.SUPERSEDED, EditionState.CURRENT)
    assert [e.number for e in filled.briefs.editions()] == [2]
    citation = again.publication.lines[0].citations[0]
    page = filled.documents.pages(citation.version_id)[0].text
    assert "35个" in "".join(page[s.start : s.end] for s in citation.spans)


def test_the_checksum_proves_the_content(filled: Workbench) -> None:
    brief = filled.editing.create("养老", _quotes(filled, "养老服务站"), actor=filled.actor)
    edition = filled.publishing.publish(brief.id, actor=filled.actor)
    content, sha256 = text_of(edition.publication, edition=edition.number)
    assert sha256 == edition.sha256 == hashlib.sha256(content.encode()).hexdigest()


def test_an_edition_from_before_the_gate_keeps_its_checksum(filled: Workbench) -> None:
    brief = filled.editing.create("养老", _quotes(filled, "养老服务站"), actor=filled.actor)
    publication = filled.publishing.publish(brief.id, actor=filled.actor).publication
    before, _ = text_of(replace(publication, gate=None), edition=1)
    assert '"gate"' not in before
    read = publication_of(before, state=EditionState.CURRENT)
    assert read.gate is None
    assert text_of(read, edition=1)[0] == before


def test_publishing_twice_without_a_change_gives_one_edition(filled: Workbench) -> None:
    brief = filled.editing.create("养老", _quotes(filled, "养老服务站"), actor=filled.actor)
    first = filled.publishing.publish(brief.id, actor=filled.actor)
    assert filled.publishing.publish(brief.id, actor=filled.actor) == first


def test_nothing_but_headings_is_not_published(filled: Workbench) -> None:
    heading = Statement(StatementKind.HEADING, "一、空", level=1)
    brief = filled.editing.create("空", [heading], actor=filled.actor)
    with pytest.raises(EmptyBriefError):
        filled.publishing.publish(brief.id, actor=filled.actor)
    with pytest.raises(UnknownEditionError):
        filled.briefs.edition(brief.id)
    with pytest.raises(UnknownBriefError):
        filled.publishing.preview(77)


def test_a_page_that_changed_under_a_quote_stops_the_publication(filled: Workbench) -> None:
    brief = filled.editing.create("养老", _quotes(filled, "养老服务站"), actor=filled.actor)
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE pages SET text = replace(text, '35', '36')"))
    with pytest.raises(Exception, match="is not in its source"):
        filled.publishing.publish(brief.id, actor=filled.actor)
    assert filled.briefs.editions() == []


def test_a_revision_that_nobody_looked_at_is_not_published(filled: Workbench) -> None:
    seen = filled.editing.create("养老", _quotes(filled, "养老服务站"), actor=filled.actor)
    filled.editing.save(seen, title="别人改过的题名", lines=seen.statements, actor=filled.actor)
    with pytest.raises(StaleRevisionError):
        filled.publishing.publish(seen.id, actor=filled.actor, revision=seen.revision)
    assert filled.briefs.editions() == []


def test_a_brief_has_a_title(filled: Workbench) -> None:
    with pytest.raises(NoTitleError):
        filled.editing.create(" \u200b ", actor=filled.actor)
    brief = filled.editing.create("养老", actor=filled.actor)
    with pytest.raises(NoTitleError):
        filled.editing.save(brief, title="  ", lines=(), actor=filled.actor)
