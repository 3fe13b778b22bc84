"""Drafts are their branch's: who sees them, who changes them, and what is withheld in them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from briefs.errors import ClosedSourceError, EvidenceError, UnknownBriefError
from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.access import PUBLIC, viewer_of
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import GRANTS, Permission, Role
from knowledge.errors import OtherBranchError
from knowledge.model import Access
from knowledge.sharing import Audience
from knowledge.store.schema import documents
from tests.unit.briefs.people import (
    DIRECTOR,
    EVERYBODY,
    LIBRARIAN,
    PUBLISHER,
    Person,
    draft,
)


@pytest.mark.parametrize("shared", [False, True])
def test_a_draft_is_seen_by_its_branch_and_by_others_when_shared(
    filled: Workbench, shared: bool
) -> None:
    brief = draft(filled)
    filled.editing.share(brief.id, shared=shared, actor=DIRECTOR.actor(filled))
    for person in EVERYBODY:
        bench = person.bench(filled)
        is_staff = Permission.READ_STAFF in bench.actor.permissions
        is_theirs = person.branch in {"东馆", "本馆"}
        sees = is_staff and (is_theirs or shared)
        assert [each.id for each in bench.briefs.all()] == ([brief.id] if sees else []), person
        assert bool(bench.publishing.citing()) is sees, person
        assert bench.viewer.may_see(replace(brief.stamp, shared=shared)) is sees
        if sees:
            assert bench.briefs.get(brief.id).statements == brief.statements
            assert bench.publishing.preview(brief.id).title == brief.title
        else:
            for ask in (bench.briefs.get, bench.publishing.preview, bench.publishing.newest):
                with pytest.raises(UnknownBriefError):
                    ask(brief.id)


def test_a_shared_draft_is_changed_by_its_branch_and_the_main_library_alone(
    filled: Workbench,
) -> None:
    director = DIRECTOR.actor(filled)
    for person in EVERYBODY:
        brief = draft(filled)
        filled.editing.share(brief.id, shared=True, actor=director)
        for permission, act in _changes(filled, brief, person):
            if permission not in GRANTS[person.role]:
                with pytest.raises(NotPermittedError):
                    act()
            elif person.branch == "西馆":
                with pytest.raises((OtherBranchError, UnknownBriefError)):
                    act()
            else:
                act()


def _changes(
    filled: Workbench, brief: Brief, person: Person
) -> list[tuple[Permission, Callable[[], object]]]:
    bench, actor = person.bench(filled), person.actor(filled)
    return [
        (
            Permission.DRAFT,
            lambda: bench.editing.save(brief, title="改", lines=brief.statements, actor=actor),
        ),
        (
            Permission.DRAFT,
            lambda: bench.editing.discard(draft(filled).id, actor=actor),
        ),
        (
            Permission.RESTRICT,
            lambda: bench.editing.share(brief.id, shared=False, actor=actor),
        ),
        (Permission.PUBLISH, lambda: bench.publishing.publish(brief.id, actor=actor)),
    ]


def test_what_another_branch_does_not_share_does_not_exist_to_be_changed(
    filled: Workbench,
) -> None:
    brief = draft(filled)
    stranger = Person(Role.LIBRARIAN, "西馆")
    bench, actor = stranger.bench(filled), stranger.actor(filled)
    messages = set()
    for number in (brief.id, 99):
        with pytest.raises(UnknownBriefError) as refused:
            bench.editing.discard(number, actor=actor)
        messages.add(str(refused.value).replace(str(number), "N"))
    assert len(messages) == 1
    with pytest.raises(UnknownBriefError):
        bench.editing.save(brief, title="改", lines=(), actor=actor)
    assert filled.briefs.get(brief.id) == brief


def _close(bench: Workbench) -> None:
    """Keep the first document for its maker."""
    with bench.engine.begin() as connection:
        connection.execute(update(documents).where(documents.c.id == 1).values(access="named"))


def _closed(filled: Workbench) -> tuple[Brief, Brief]:
    """A draft resting on a document that was closed since, as its branch and its maker see it."""
    brief = draft(filled)
    _close(filled)
    return LIBRARIAN.bench(filled).briefs.get(brief.id), filled.briefs.get(brief.id)


def test_a_statement_on_a_closed_source_is_withheld_from_who_may_not_see_it(
    filled: Workbench,
) -> None:
    seen, whole = _closed(filled)
    opinion, quote = seen.statements
    assert opinion == whole.statements[0]
    assert (quote.is_withheld, quote.text, quote.evidence) == (True, "", ())
    assert not quote.is_naked
    assert whole.statements[1].evidence
    publication = LIBRARIAN.bench(filled).publishing.preview(seen.id)
    assert publication.references == ()
    assert "图书馆" not in "".join(line.text for line in publication.lines)


def test_saving_a_draft_keeps_what_is_withheld_and_may_move_or_drop_it(filled: Workbench) -> None:
    seen, whole = _closed(filled)
    editing, actor = LIBRARIAN.bench(filled).editing, LIBRARIAN.actor(filled)
    more = Statement(StatementKind.JUDGEMENT, "还应当做得更好。")
    saved = editing.save(seen, title="新题名", lines=[*seen.statements[::-1], more], actor=actor)
    assert [line.is_withheld for line in saved.statements] == [True, False, False]
    assert filled.briefs.get(seen.id).statements[:2] == whole.statements[::-1]
    dropped = editing.save(saved, title="新题名", lines=saved.statements[1:], actor=actor)
    assert not any(line.is_withheld for line in dropped.statements)
    assert len(filled.briefs.get(seen.id).statements) == 2


def test_evidence_that_a_person_may_not_see_cannot_be_bound_by_them(filled: Workbench) -> None:
    _, whole = _closed(filled)
    bench, actor = LIBRARIAN.bench(filled), LIBRARIAN.actor(filled)
    stolen = replace(whole.statements[1], id=None)
    with pytest.raises(EvidenceError):
        bench.editing.create("偷看", [stolen], actor=actor)
    assert len(bench.briefs.all()) == 1


def test_a_draft_with_a_withheld_statement_is_not_published(filled: Workbench) -> None:
    seen, _ = _closed(filled)
    with pytest.raises(ClosedSourceError, match="Statement 2"):
        PUBLISHER.bench(filled).publishing.publish(seen.id, actor=PUBLISHER.actor(filled))
    # Whoever sees the source may publish for the very persons who see it, and for nobody else.
    for audience in (Audience(access=Access.PUBLIC), Audience(access=Access.STAFF, shared=True)):
        with pytest.raises(ClosedSourceError, match="Statement 2"):
            filled.publishing.publish(seen.id, actor=filled.actor, audience=audience)


def test_what_is_done_to_drafts_is_in_the_log_with_it(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = draft(filled)
    actor = LIBRARIAN.actor(filled)
    filled.editing.share(brief.id, shared=True, actor=DIRECTOR.actor(filled))
    filled.editing.share(brief.id, shared=True, actor=DIRECTOR.actor(filled))
    filled.editing.save(brief, title="改", lines=brief.statements, actor=actor)
    filled.publishing.note_export(filled.publishing.preview(brief.id), "pdf", actor=actor)
    filled.editing.discard(brief.id, actor=actor)
    entries = filled.audit.entries(Search(kind="brief", record=brief.id), limit=9)
    assert [entry.deed.action for entry in entries] == [
        "delete-brief",
        "export-brief",
        "change-brief",
        "share-brief",
        "create-brief",
    ]
    assert entries[-1].deed.person_id == actor.person_id
    assert "草稿" not in "".join(str(entry.deed.details) for entry in entries)

    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("torn")

    monkeypatch.setattr("briefs.store.enter", broken)
    with pytest.raises(RuntimeError, match="torn"):
        draft(filled)
    assert filled.briefs.all() == []


def test_a_reader_without_an_account_sees_no_draft(filled: Workbench) -> None:
    brief = draft(filled)
    filled.editing.share(brief.id, shared=True, actor=DIRECTOR.actor(filled))
    nobody = replace(filled.actor, person_id=0, permissions=frozenset(), sees_all_branches=False)
    assert viewer_of(nobody).branches == PUBLIC.branches
    assert filled.of(nobody).briefs.all() == []
