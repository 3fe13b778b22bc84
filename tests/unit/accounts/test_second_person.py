"""Serious things take two persons, each of whom may."""

import pytest

from knowledge.accounts.audit import Audit, Search
from knowledge.accounts.errors import (
    NoReasonError,
    NotPermittedError,
    SecondPersonError,
    SettledError,
)
from knowledge.accounts.roles import Role
from knowledge.accounts.second_person import Decision, Proposals, Serious
from knowledge.errors import UnknownRecordError
from tests.unit.accounts.desk import Desk

REMOVE = Serious.REMOVE_DOCUMENT


def test_one_asks_and_another_agrees(desk: Desk) -> None:
    one, two = desk.open("甲甲", Role.LIBRARIAN).actor, desk.open("乙乙", Role.DIRECTOR).actor
    proposals = Proposals(desk.engine)
    asked = proposals.ask(REMOVE, 7, reason=" 重复 ", actor=one, at=desk.now)
    assert asked.reason == "重复"
    assert proposals.waiting() == [asked]
    with pytest.raises(SecondPersonError, match="甲甲"):
        proposals.agree(asked.id, actor=one, at=desk.now)
    agreed = proposals.agree(asked.id, actor=two, at=desk.now)
    assert (agreed.decision, agreed.decided_by) == (Decision.AGREED, two.person_id)
    assert proposals.waiting() == []
    assert proposals.get(asked.id) == agreed
    actions = [entry.deed.action for entry in Audit(desk.engine).every(Search(record=7))]
    assert actions == ["remove-document-agreed", "remove-document-ask"]


def test_asking_again_is_the_same_question(desk: Desk) -> None:
    one, two = desk.open("甲甲", Role.LIBRARIAN).actor, desk.open("乙乙", Role.LIBRARIAN).actor
    proposals = Proposals(desk.engine)
    asked = proposals.ask(REMOVE, 7, reason="重复", actor=one, at=desk.now)
    assert proposals.ask(REMOVE, 7, reason="错的", actor=two, at=desk.now) == asked
    assert proposals.ask(REMOVE, 8, reason="错的", actor=two, at=desk.now) != asked
    proposals.refuse(asked.id, actor=two, at=desk.now)
    assert proposals.ask(REMOVE, 7, reason="真的", actor=one, at=desk.now).id != asked.id


def test_it_is_settled_once(desk: Desk) -> None:
    one, two = desk.open("甲甲", Role.LIBRARIAN).actor, desk.open("乙乙", Role.LIBRARIAN).actor
    proposals = Proposals(desk.engine)
    asked = proposals.ask(REMOVE, 7, reason="重复", actor=one, at=desk.now)
    assert proposals.refuse(asked.id, actor=two, at=desk.now).decision is Decision.REFUSED
    for decide in (proposals.agree, proposals.refuse):
        with pytest.raises(SettledError):
            decide(asked.id, actor=two, at=desk.now)
    again = proposals.ask(REMOVE, 7, reason="重复", actor=one, at=desk.now)
    assert proposals.refuse(again.id, actor=one, at=desk.now).decision is Decision.TAKEN_BACK


@pytest.mark.parametrize("action", list(Serious))
def test_who_may_not_neither_asks_nor_agrees(desk: Desk, action: Serious) -> None:
    one = desk.open("甲甲", Role.LIBRARIAN).actor
    volunteer = desk.open("志愿者", Role.VOLUNTEER).actor
    proposals = Proposals(desk.engine)
    with pytest.raises(NotPermittedError):
        proposals.ask(action, 7, reason="重复", actor=volunteer, at=desk.now)
    asked = proposals.ask(action, 7, reason="重复", actor=one, at=desk.now)
    for decide in (proposals.agree, proposals.refuse):
        with pytest.raises(NotPermittedError):
            decide(asked.id, actor=volunteer, at=desk.now)
    assert proposals.waiting() == [asked]


def test_reasons_and_ids_are_needed(desk: Desk) -> None:
    one = desk.open("甲甲", Role.LIBRARIAN).actor
    with pytest.raises(NoReasonError):
        Proposals(desk.engine).ask(REMOVE, 7, reason=" ", actor=one, at=desk.now)
    with pytest.raises(UnknownRecordError):
        Proposals(desk.engine).agree(9, actor=one, at=desk.now)
