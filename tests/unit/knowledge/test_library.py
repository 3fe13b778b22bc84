"""A person corrects and confirms catalogue entries."""

from dataclasses import replace

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.errors import (
    BadDateError,
    MissingTitleError,
    StaleEntryError,
    UnknownRecordError,
)
from knowledge.model import Document, Metadata
from tests.homes import remove, second_person


def _entry(bench: Workbench) -> Document:
    return bench.documents.find(title="电梯")[0]


def test_a_new_entry_has_grounds_and_waits_for_confirmation(filled: Workbench) -> None:
    entry = _entry(filled)
    assert entry.confirmed is None
    known = {f for f in ("title", "issuer", "number", "type") if getattr(entry.metadata, f)}
    assert known <= {ground.field for ground in entry.grounds}
    assert entry.id in {each.id for each in filled.documents.find(unconfirmed=True)}


def test_a_correction_keeps_the_grounds_of_what_it_leaves_and_confirms(filled: Workbench) -> None:
    entry = _entry(filled)
    changed = replace(entry.metadata, issuer="河湾县住房局", volume="3")
    filled.library.describe(entry.id, changed, actor=filled.actor)
    after = _entry(filled)
    assert after.metadata == changed
    assert after.grounds == tuple(g for g in entry.grounds if g.field != "issuer")
    assert after.confirmed is not None
    assert after.confirmed.person_id == filled.actor.person_id


def test_confirming_changes_nothing_else(filled: Workbench) -> None:
    entry = _entry(filled)
    by = filled.library.confirm(entry.id, actor=filled.actor)
    after = _entry(filled)
    assert after == replace(entry, confirmed=by)
    assert entry.id not in {each.id for each in filled.documents.find(unconfirmed=True)}


def test_the_latest_to_stand_for_an_entry_is_kept(filled: Workbench) -> None:
    entry = _entry(filled)
    first = filled.library.confirm(entry.id, actor=filled.actor)
    other = second_person(filled)
    second = filled.library.confirm(entry.id, actor=other)
    assert second.at > first.at
    assert _entry(filled).confirmed == second


@pytest.mark.parametrize("value", ["2023年", "2023-13", "2023-02-30", "23", "", "2023-5-1"])
def test_a_date_that_is_none_is_refused(filled: Workbench, value: str) -> None:
    entry = _entry(filled)
    known = entry.metadata
    for changed in (
        replace(known, issued_on=value),
        replace(known, effective_on=value),
        replace(known, accessed_on=value),
    ):
        with pytest.raises(BadDateError):
            filled.library.describe(entry.id, changed, actor=filled.actor)
    assert _entry(filled) == entry


@pytest.mark.parametrize("title", [None, "", "  "])
def test_a_title_is_needed(filled: Workbench, title: str | None) -> None:
    with pytest.raises(MissingTitleError):
        filled.library.describe(_entry(filled).id, Metadata(title=title), actor=filled.actor)


def test_unknown_and_removed_documents_are_refused(filled: Workbench) -> None:
    entry = _entry(filled)
    remove(filled, entry.id)
    for document_id in (entry.id, 999):
        with pytest.raises(UnknownRecordError):
            filled.library.confirm(document_id, actor=filled.actor)
        with pytest.raises(UnknownRecordError):
            filled.library.describe(document_id, entry.metadata, actor=filled.actor)


def test_an_entry_changed_meanwhile_is_neither_overwritten_nor_confirmed(filled: Workbench) -> None:
    entry = _entry(filled)
    other = replace(entry.metadata, issuer="乙局")
    filled.library.describe(entry.id, other, actor=filled.actor, seen=entry.metadata)
    mine = replace(entry.metadata, number="河政〔2023〕1号")
    with pytest.raises(StaleEntryError):
        filled.library.describe(entry.id, mine, actor=filled.actor, seen=entry.metadata)
    with pytest.raises(StaleEntryError):
        filled.library.confirm(entry.id, actor=filled.actor, seen=entry.metadata)
    assert filled.documents.get(entry.id).metadata.issuer == "乙局"
