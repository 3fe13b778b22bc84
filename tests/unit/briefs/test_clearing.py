"""Personal data in a brief: what is refused changes nothing, what is done is done at once."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from briefs.clearing import words_of
from briefs.errors import ClosedSourceError
from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Permission
from knowledge.clearing import Choice
from knowledge.errors import PersonalDataError
from knowledge.store.schema import documents
from tests.homes import blanking_all
from tests.unit.briefs.people import draft

PHONE = "13800138000"


@pytest.fixture
def brief(filled: Workbench) -> Brief:
    """One of a statement with a telephone number and a quote."""
    made = draft(filled)
    line = Statement(StatementKind.JUDGEMENT, f"读者来电，号码 {PHONE}。")
    lines = (line, *made.statements)
    return filled.editing.save(made, title=made.title, lines=lines, actor=filled.actor)


def _blanking(brief: Brief) -> Choice:
    return blanking_all(words_of(brief).texts)


def _count(bench: Workbench) -> int:
    return bench.audit.verify().entries


def test_what_is_blanked_is_published_as_the_next_revision(filled: Workbench, brief: Brief) -> None:
    edition = filled.publishing.publish(brief.id, actor=filled.actor, choice=_blanking(brief))
    now = filled.briefs.get(brief.id)
    assert (edition.revision, now.revision) == (brief.revision + 1, brief.revision + 1)
    assert PHONE not in repr(now) + repr(edition)
    assert [line.id for line in now.statements] == [line.id for line in brief.statements]
    (noted,) = filled.clearings.of("brief", brief.id, actor=filled.actor)
    assert (noted.found, noted.blanked) == (1, 1)
    entries = filled.audit.entries(Search(), limit=3)
    assert [each.deed.action for each in entries][::-1] == [
        "change-brief",
        "publish-edition",
        "clear-privacy",
    ]


def test_what_stays_undecided_is_not_published(filled: Workbench, brief: Brief) -> None:
    count = _count(filled)
    with pytest.raises(PersonalDataError):
        filled.publishing.publish(brief.id, actor=filled.actor)
    assert (filled.briefs.editions(), _count(filled)) == ([], count)
    reason = Choice(reason="公开的服务电话")
    edition = filled.publishing.publish(brief.id, actor=filled.actor, choice=reason)
    assert PHONE in repr(edition)
    assert filled.clearings.of("brief", brief.id, actor=filled.actor)[0].reason == reason.reason
    assert filled.publishing.publish(brief.id, actor=filled.actor, choice=reason) == edition


def test_what_is_refused_leaves_the_brief_as_it_was(filled: Workbench, brief: Brief) -> None:
    with filled.engine.begin() as connection:
        connection.execute(update(documents).where(documents.c.id == 1).values(access="staff"))
    before, count = filled.briefs.get(brief.id), _count(filled)
    with pytest.raises(ClosedSourceError, match="Statement 3"):
        filled.publishing.publish(brief.id, actor=filled.actor, choice=_blanking(brief))
    publisher = replace(
        filled.actor, permissions=frozenset({Permission.PUBLISH, Permission.READ_STAFF})
    )
    with pytest.raises(NotPermittedError):
        filled.of(publisher).publishing.publish(brief.id, actor=publisher, choice=_blanking(brief))
    assert (filled.briefs.get(brief.id), _count(filled)) == (before, count)


def test_what_is_interrupted_leaves_the_brief_as_it_was(
    filled: Workbench, brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, count = filled.briefs.get(brief.id), _count(filled)

    def killed(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("briefs.editions.note", killed)
    with pytest.raises(KeyboardInterrupt):
        filled.publishing.publish(brief.id, actor=filled.actor, choice=_blanking(brief))
    assert (filled.briefs.get(brief.id), _count(filled)) == (before, count)
    assert filled.briefs.editions() == []


def test_saving_is_in_the_log(filled: Workbench, brief: Brief) -> None:
    (deed,) = filled.audit.entries(Search(action="change-brief"), limit=9)
    assert (deed.deed.kind, deed.deed.record) == ("brief", brief.id)
    filled.editing.save(brief, title=brief.title, lines=brief.statements, actor=filled.actor)
    assert len(filled.audit.entries(Search(action="change-brief"), limit=9)) == 1
