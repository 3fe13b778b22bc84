"""Editions for an audience: who reads which, what supersedes what, and withdrawal by two."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, update

from briefs.errors import (
    ClosedSourceError,
    NoRecipientError,
    UnknownBriefError,
    UnknownEditionError,
    WithdrawnEditionError,
)
from briefs.model import Brief, BriefState, Edition, EditionState, Publication
from briefs.schema import editions
from briefs.store import Briefs
from briefs.workbench.bootstrap import Workbench
from knowledge.access import PUBLIC
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import SecondPersonError
from knowledge.accounts.roles import Permission, Role
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.model import Access, Actor
from knowledge.sharing import Audience
from knowledge.store.schema import documents
from tests.homes import open_account
from tests.unit.briefs.people import (
    DIRECTOR,
    EVERYBODY,
    LIBRARIAN,
    OFFICIAL,
    PUBLISHER,
    Person,
    draft,
)

STAFF = Audience(access=Access.STAFF)
SHARED = Audience(access=Access.STAFF, shared=True)
OPEN = Audience(access=Access.PUBLIC)


def for_(*recipients: int) -> Audience:
    return Audience(access=Access.NAMED, recipients=frozenset(recipients))


@pytest.fixture
def official(filled: Workbench) -> Actor:
    """An official who may sign in."""
    name = OFFICIAL.actor(filled).name
    return open_account(filled, name, Role.OFFICIAL, branch="东馆").actor


def publish(bench: Workbench, brief: Brief, audience: Audience = OPEN) -> Edition:
    publishing = PUBLISHER.bench(bench).publishing
    return publishing.publish(brief.id, actor=PUBLISHER.actor(bench), audience=audience)


def read_by(bench: Workbench, actor: Actor | None) -> Briefs:
    return Briefs(bench.engine, PUBLIC) if actor is None else bench.of(actor).briefs


def numbers(bench: Workbench, brief: Brief, actor: Actor | None) -> list[int]:
    """The numbers that a person finds, by every way there is."""
    briefs = read_by(bench, actor)
    found = briefs.numbers(brief.id)
    assert [each.number for each in briefs.editions(newest_only=False)] == found
    assert [each.number for each in briefs.editions()] == found[:1]
    for number in range(1, 5):
        if number in found:
            edition = briefs.edition(brief.id, number)
            assert briefs.edition_by_id(edition.id) == edition
        else:
            with pytest.raises(UnknownEditionError):
                briefs.edition(brief.id, number)
    if found:
        assert briefs.edition(brief.id).number == found[0]
    else:
        with pytest.raises(UnknownEditionError):
            briefs.edition(brief.id)
    return found


@pytest.mark.parametrize("audience", [OPEN, STAFF, SHARED, for_()])
def test_an_edition_exists_for_its_audience_and_for_nobody_else(
    filled: Workbench, official: Actor, audience: Audience
) -> None:
    brief = draft(filled)
    if audience.access is Access.NAMED:
        audience = for_(official.person_id)
    edition = publish(filled, brief, audience)
    assert (edition.audience, edition.stamp.branch_id) == (audience, brief.stamp.branch_id)
    assert numbers(filled, brief, None) == ([1] if audience == OPEN else [])
    for person in EVERYBODY:
        actor = person.actor(filled)
        is_staff = Permission.READ_STAFF in actor.permissions
        is_theirs = person.branch in {"东馆", "本馆"} or audience.shared
        sees = {
            Access.PUBLIC: True,
            Access.STAFF: is_staff and is_theirs,
            Access.NAMED: person in {PUBLISHER, OFFICIAL},
        }[audience.access]
        assert filled.of(actor).viewer.may_see(edition.stamp) is sees
        assert numbers(filled, brief, actor) == ([1] if sees else []), person
        seen = [each.edition for each in filled.of(actor).briefs.all()]
        assert seen in ([], [1 if sees else None]), person


def test_a_reader_keeps_the_edition_that_is_for_them_until_one_for_them_follows(
    filled: Workbench, official: Actor
) -> None:
    brief = draft(filled)
    publisher = PUBLISHER.actor(filled)
    first = publish(filled, brief)
    second = publish(filled, brief, for_(official.person_id))
    assert (first.number, second.number) == (1, 2)
    assert numbers(filled, brief, None) == [1]
    assert read_by(filled, None).edition(brief.id).state is EditionState.CURRENT
    assert numbers(filled, brief, official) == numbers(filled, brief, publisher) == [2, 1]
    filled.editing.save(brief, title="新题名", lines=brief.statements, actor=filled.actor)
    third = publish(filled, brief, OPEN)
    assert third.number == 3
    states = [each.state for each in read_by(filled, official).editions(newest_only=False)]
    assert states == [EditionState.CURRENT, EditionState.SUPERSEDED, EditionState.SUPERSEDED]
    assert numbers(filled, brief, None) == [3, 1]


def test_the_same_for_the_same_audience_is_published_once(
    filled: Workbench, official: Actor
) -> None:
    brief = draft(filled)
    audiences = (OPEN, for_(official.person_id), STAFF)
    for audience in audiences:
        once = publish(filled, brief, audience)
        assert publish(filled, brief, audience) == once
    # Nor when something was published for others meanwhile.
    assert [publish(filled, brief, each).number for each in audiences] == [1, 2, 3]
    assert len(filled.audit.entries(Search(action="publish-edition"), limit=9)) == 3


def test_two_who_publish_at_once_make_one_edition(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief, actor = draft(filled), PUBLISHER.actor(filled)
    publishing = filled.of(actor).publishing
    both, compose = Barrier(2), publishing._composing.compose

    def waiting(*args: Any, **named: Any) -> Publication:
        both.wait(timeout=10)
        return compose(*args, **named)

    monkeypatch.setattr(publishing._composing, "compose", waiting)
    with ThreadPoolExecutor(2) as threads:
        made = [threads.submit(publishing.publish, brief.id, actor=actor) for _ in range(2)]
        assert [each.result().number for each in made] == [1, 1]


def test_what_was_withdrawn_hides_nothing_that_counts(filled: Workbench, official: Actor) -> None:
    brief = draft(filled)
    publish(filled, brief)
    named = publish(filled, brief, for_(official.person_id))
    assert read_by(filled, official).edition(brief.id).number == 2
    _withdrawn(filled, named)
    for actor in (official, None):
        briefs = read_by(filled, actor)
        assert briefs.edition(brief.id).number == 1
        assert [each.number for each in briefs.editions()] == [1]
    assert PUBLISHER.bench(filled).publishing.newest(brief.id).edition == 1
    assert [each.edition for each in PUBLISHER.bench(filled).briefs.all()] == [1]
    assert read_by(filled, official).edition(brief.id, 2).state is EditionState.WITHDRAWN


def test_the_library_withdraws_what_a_person_who_left_has_published(
    filled: Workbench, official: Actor
) -> None:
    brief = draft(filled)
    named = publish(filled, brief, for_(official.person_id))
    now = filled.briefs.get(brief.id)
    filled.editing.save(now, title="新题名", lines=now.statements, actor=filled.actor)
    director = DIRECTOR.bench(filled)
    assert director.briefs.numbers(brief.id) == []
    (record,) = director.briefs.records(brief.id)
    assert record == director.briefs.record(named.id)
    assert (record.number, record.title) == (1, named.publication.title)
    actor = DIRECTOR.with_account(filled)
    asked = director.seconding.ask_withdrawal(record.id, reason="有误", actor=actor)
    assert asked.title == named.publication.title
    stranger = Person(Role.DIRECTOR, "西馆")
    assert stranger.bench(filled).briefs.records(brief.id) == []


def test_what_was_withdrawn_is_not_taken_away(filled: Workbench, official: Actor) -> None:
    named = publish(filled, draft(filled), for_(official.person_id))
    _withdrawn(filled, named)
    count = len(_actions(filled, "edition"))
    with pytest.raises(WithdrawnEditionError):
        filled.of(official).publishing.note_export(named.publication, "pdf", actor=official)
    assert len(_actions(filled, "edition")) == count


@pytest.mark.parametrize("access", ["staff", "named"])
def test_a_source_must_be_open_to_everybody_who_may_read(
    filled: Workbench, official: Actor, access: str
) -> None:
    brief = draft(filled)
    publisher = PUBLISHER.actor(filled)
    values = {
        "access": access,
        "branch_id": brief.stamp.branch_id,
        "made_by": publisher.person_id,
        "recipients": [official.person_id],
    }
    with filled.engine.begin() as connection:
        connection.execute(update(documents).where(documents.c.id == 1).values(**values))
    fitting = STAFF if access == "staff" else for_(official.person_id)
    for audience in (OPEN, SHARED, STAFF, for_(official.person_id)):
        if audience == fitting:
            edition = publish(filled, brief, audience)
            assert not edition.publication.references[0].access_is_open
        else:
            with pytest.raises(ClosedSourceError, match="Statement 2"):
                publish(filled, brief, audience)
    assert numbers(filled, brief, publisher) == [1]


def test_recipients_are_persons_who_can_come_in(filled: Workbench, official: Actor) -> None:
    brief = draft(filled)
    stranger = LIBRARIAN.actor(filled)
    with pytest.raises(NoRecipientError):
        publish(filled, brief, for_())
    for unknown in (stranger.person_id, 999):
        with pytest.raises(UnknownRecordError):
            publish(filled, brief, for_(official.person_id, unknown))
    assert filled.briefs.editions() == []


def _withdrawn(bench: Workbench, edition: Edition) -> None:
    first, second = (each.with_account(bench) for each in (PUBLISHER, DIRECTOR))
    matter = bench.of(first).seconding.ask_withdrawal(edition.id, reason="数字有误", actor=first)
    with pytest.raises(SecondPersonError):
        bench.of(first).seconding.agree(matter.proposal.id, actor=first)
    assert bench.of(first).briefs.edition_by_id(edition.id).withdrawal is None
    bench.of(second).seconding.agree(matter.proposal.id, actor=second)


@pytest.mark.parametrize("audience", [OPEN, for_()])
def test_two_persons_withdraw_an_edition_and_a_newer_one_may_follow(
    filled: Workbench, official: Actor, audience: Audience
) -> None:
    if audience.access is Access.NAMED:
        audience = for_(official.person_id)
    brief = draft(filled)
    edition = publish(filled, brief, audience)
    assert filled.publishing.citing()
    _withdrawn(filled, edition)
    gone = read_by(filled, official).edition(brief.id)
    assert gone.state is EditionState.WITHDRAWN
    assert gone.withdrawal is not None
    assert (gone.withdrawal.by, gone.withdrawal.reason) == (
        DIRECTOR.actor(filled).person_id,
        "数字有误",
    )
    now = filled.briefs.get(brief.id)
    assert now.state is BriefState.DRAFT
    # What was withdrawn cites nothing, and is not what is exported.
    filled.editing.save(now, title="空", lines=brief.statements[:1], actor=filled.actor)
    assert filled.of(PUBLISHER.actor(filled)).publishing.citing() == {}
    assert PUBLISHER.bench(filled).publishing.newest(brief.id).edition is None
    again = publish(filled, brief, audience)
    assert (again.number, again.state) == (2, EditionState.CURRENT)
    assert read_by(filled, official).edition(brief.id, 1).state is EditionState.WITHDRAWN
    with filled.engine.begin() as connection:
        content = connection.execute(select(editions.c.sha256)).scalars().all()
    assert content[0] == edition.sha256


def test_a_brief_stays_published_while_an_edition_of_its_newest_revision_counts(
    filled: Workbench, official: Actor
) -> None:
    brief = draft(filled)
    publish(filled, brief)
    _withdrawn(filled, publish(filled, brief, for_(official.person_id)))
    assert filled.briefs.get(brief.id).state is BriefState.PUBLISHED
    assert numbers(filled, brief, None) == [1]


def test_a_source_closed_in_the_very_moment_stops_the_edition(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = draft(filled)
    publishing = PUBLISHER.bench(filled).publishing
    check = publishing._editing.check

    def closing(checked: Brief) -> None:
        check(checked)
        with filled.engine.begin() as connection:
            connection.execute(update(documents).values(access="named"))

    monkeypatch.setattr(publishing._editing, "check", closing)
    with pytest.raises(ClosedSourceError, match="Statement 2"):
        publishing.publish(brief.id, actor=PUBLISHER.actor(filled))
    assert filled.briefs.editions() == []


def test_an_older_edition_is_not_current_again_when_the_newest_is_withdrawn(
    filled: Workbench,
) -> None:
    brief = draft(filled)
    publish(filled, brief)
    filled.editing.save(brief, title="新题名", lines=brief.statements, actor=filled.actor)
    _withdrawn(filled, publish(filled, brief))
    states = [each.state for each in read_by(filled, None).editions(newest_only=False)]
    assert states == [EditionState.WITHDRAWN, EditionState.SUPERSEDED]
    assert read_by(filled, None).edition(brief.id).state is EditionState.WITHDRAWN


def test_another_branch_neither_asks_for_nor_learns_of_a_withdrawal(
    filled: Workbench, official: Actor
) -> None:
    brief = draft(filled)
    named = publish(filled, brief, for_(official.person_id))
    stranger = Person(Role.DIRECTOR, "西馆")
    actor = stranger.actor(filled)
    with pytest.raises(UnknownRecordError) as refused:
        stranger.bench(filled).seconding.ask_withdrawal(named.id, reason="x", actor=actor)
    assert not isinstance(refused.value, OtherBranchError)
    with pytest.raises(UnknownRecordError):
        stranger.bench(filled).briefs.record(named.id)
    record = DIRECTOR.bench(filled).briefs.record(named.id)
    assert (record.number, record.title, record.stamp) == (1, brief.title, brief.stamp)


def _actions(bench: Workbench, kind: str) -> Sequence[str]:
    return [str(each.deed.action) for each in bench.audit.entries(Search(kind=kind), limit=9)][::-1]


def test_publishing_and_taking_away_are_in_the_log_without_names(
    filled: Workbench, official: Actor
) -> None:
    brief = draft(filled)
    public = publish(filled, brief)
    named = publish(filled, brief, for_(official.person_id))
    reader = filled.of(official)
    reader.publishing.note_export(public.publication, "pdf", actor=official)
    reader.publishing.note_export(named.publication, "pdf", actor=official)
    _withdrawn(filled, named)
    assert _actions(filled, "edition") == [
        "publish-edition",
        "publish-edition",
        "export-edition",
        "withdraw-edition-ask",
        "withdraw-edition-agreed",
    ]
    entries = filled.audit.entries(Search(kind="edition", record=named.id), limit=9)
    assert entries[-1].deed.details["recipients"] == str(official.person_id)
    assert official.name not in str(entries)
    with pytest.raises(UnknownEditionError):
        Briefs(filled.engine, PUBLIC).note_export(
            named.publication, "pdf", actor=official, at=filled.clock()
        )


def test_a_published_brief_is_not_deleted_by_who_does_not_see_its_edition(
    filled: Workbench, official: Actor
) -> None:
    brief = draft(filled)
    publish(filled, brief, for_(official.person_id))
    bench = LIBRARIAN.bench(filled)
    (summary,) = bench.briefs.all()
    assert (summary.edition, summary.was_published) == (None, True)
    with pytest.raises(UnknownBriefError):
        bench.editing.discard(brief.id, actor=LIBRARIAN.actor(filled))
