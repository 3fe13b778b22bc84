"""Everybody changes the records of their own branch, and knows nothing of what they may not see."""

from dataclasses import replace

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.roles import GRANTS, Role
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.ingest import AddOutcome
from knowledge.model import Access, Actor, Metadata

TEXT = "东桥分馆的阅览座位共六十个。\n".encode()
OTHER = "东桥分馆的阅览座位增至八十个。\n".encode()


@pytest.fixture
def there(filled: Workbench) -> Actor:
    """A librarian of a branch."""
    person = filled.people.ensure("分馆员", branch="东桥分馆", at=filled.clock())
    return replace(person, permissions=GRANTS[Role.LIBRARIAN], address="10.1.1.1")


def test_a_record_of_another_branch_is_seen_and_not_changed(
    filled: Workbench, there: Actor
) -> None:
    bench, before = filled.of(there), filled.documents.get(1)
    with pytest.raises(OtherBranchError):
        bench.library.describe(1, Metadata(title="别名"), actor=there)
    with pytest.raises(OtherBranchError):
        bench.library.confirm(1, actor=there)
    with pytest.raises(OtherBranchError):
        bench.rereading.reread(1, actor=there)
    with pytest.raises(OtherBranchError):
        bench.ingest.upload(OTHER, "a.txt", actor=there, document_id=1)
    with pytest.raises(OtherBranchError):
        bench.seconding.ask_removal(1, reason="重复", actor=there)
    assert filled.documents.get(1) == before
    assert filled.proposals.waiting(at=filled.clock()) == []


def test_a_record_that_is_not_seen_does_not_exist(filled: Workbench, there: Actor) -> None:
    added = filled.ingest.add(
        TEXT, "a.txt", source="upload:a.txt", actor=filled.actor, access=Access.STAFF
    )
    hidden, bench = added.document_id or 0, filled.of(there)
    for change in (
        lambda: bench.library.confirm(hidden, actor=there),
        lambda: bench.rereading.reread(hidden, actor=there),
        lambda: bench.ingest.upload(OTHER, "a.txt", actor=there, document_id=hidden),
        lambda: bench.seconding.ask_removal(hidden, reason="重复", actor=there),
    ):
        with pytest.raises(UnknownRecordError) as caught:
            change()
        assert not isinstance(caught.value, OtherBranchError)
    assert bench.ingest.uploaded("a.txt", actor=there) is None
    same = bench.ingest.upload(TEXT, "a.txt", actor=there)
    assert (same.outcome, same.source) == (AddOutcome.ADDED, "upload:a.txt")
    assert same.document_id != hidden


def test_a_file_of_the_same_name_is_a_document_of_ones_own_branch(
    filled: Workbench, there: Actor
) -> None:
    """Its source would make it a version of what another branch keeps."""
    first = filled.ingest.add(TEXT, "a.txt", source="/files/a.txt", actor=filled.actor)
    bench = filled.of(there)
    second = bench.ingest.add(OTHER, "a.txt", source="/files/a.txt", actor=there)
    assert second.outcome is AddOutcome.ADDED
    assert second.document_id != first.document_id
    assert filled.documents.get(second.document_id or 0).stamp.branch_id == there.branch_id
    again = bench.ingest.add(TEXT, "a.txt", source="/files/a.txt", actor=there)
    assert (again.outcome, again.document_id) == (AddOutcome.NEW_VERSION, second.document_id)
    third = filled.ingest.add(OTHER, "a.txt", source="/files/a.txt", actor=filled.actor)
    assert third.outcome is AddOutcome.NEW_VERSION


def test_the_main_library_changes_any(filled: Workbench, there: Actor) -> None:
    added = filled.of(there).ingest.upload(TEXT, "a.txt", actor=there)
    number = added.document_id or 0
    filled.library.describe(number, Metadata(title="座位"), actor=filled.actor)
    version = filled.ingest.upload(OTHER, "a.txt", actor=filled.actor, document_id=number)
    assert version.outcome is AddOutcome.NEW_VERSION
    assert filled.documents.get(number).title == "座位"


def test_a_failure_is_forgotten_by_those_who_may(filled: Workbench, there: Actor) -> None:
    filled.ingest.add(b"", "空.txt", source="upload:空.txt", actor=filled.actor)
    (failure,) = filled.failures.all()
    filled.of(there).library.forget(failure.id, actor=there)
    assert filled.failures.all() == [failure]
    filled.library.forget(failure.id, actor=filled.actor)
    filled.library.forget(failure.id, actor=filled.actor)
    assert filled.failures.all() == []
