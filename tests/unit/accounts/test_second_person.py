"""Serious things take two persons, each of whom may."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from knowledge.accounts.audit import Audit, Search
from knowledge.accounts.errors import (
    LapsedError,
    NoReasonError,
    NotPermittedError,
    SamePersonError,
    SecondPersonError,
    SettledError,
    UnprovenError,
)
from knowledge.accounts.register import Particulars
from knowledge.accounts.roles import Role
from knowledge.accounts.second_person import LASTS, Decision, Proposal, Proposals, Serious
from knowledge.errors import UnknownRecordError
from tests.unit.accounts.desk import Desk

REMOVE = Serious.REMOVE_DOCUMENT


def carry_out(connection: Connection, proposal: Proposal) -> bool:
    """Leave a trace in the same transaction."""
    connection.execute(text("CREATE TABLE IF NOT EXISTS traces (record)"))
    connection.execute(text("INSERT INTO traces VALUES (:record)"), {"record": proposal.record})
    return True


def traces(desk: Desk) -> list[int]:
    with desk.engine.connect() as connection:
        return list(connection.execute(text("SELECT record FROM traces")).scalars())


def test_one_asks_and_another_agrees(desk: Desk) -> None:
    one, two = desk.open("甲甲", Role.LIBRARIAN).actor, desk.open("乙乙", Role.DIRECTOR).actor
    proposals = Proposals(desk.engine)
    asked = proposals.ask(REMOVE, 7, reason=" 重复 ", actor=one, at=desk.now)
    assert asked.reason == "重复"
    assert proposals.waiting(at=desk.now) == [asked]
    assert proposals.about(REMOVE, 7, at=desk.now) == asked
    assert proposals.about(REMOVE, 8, at=desk.now) is None
    with pytest.raises(SecondPersonError, match="甲甲"):
        proposals.agree(asked.id, actor=one, at=desk.now, carry_out=carry_out)
    agreed = proposals.agree(asked.id, actor=two, at=desk.now, carry_out=carry_out)
    assert (agreed.decision, agreed.decided_by) == (Decision.AGREED, two.person_id)
    assert traces(desk) == [7]
    assert proposals.waiting(at=desk.now) == []
    assert proposals.about(REMOVE, 7, at=desk.now) is None
    assert proposals.get(asked.id) == agreed
    assert proposals.settled(limit=5) == [agreed]
    assert proposals.settled(limit=5, before=agreed.id) == []
    actions = [entry.deed.action for entry in Audit(desk.engine).every(Search(record=7))]
    assert actions == ["remove-document-agreed", "remove-document-ask"]


def test_what_cannot_be_done_is_not_agreed_to(desk: Desk) -> None:
    one, two = desk.open("甲甲", Role.LIBRARIAN).actor, desk.open("乙乙", Role.LIBRARIAN).actor
    proposals = Proposals(desk.engine)
    asked = proposals.ask(REMOVE, 7, reason="重复", actor=one, at=desk.now)

    def fail(connection: Connection, proposal: Proposal) -> bool:
        carry_out(connection, proposal)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        proposals.agree(asked.id, actor=two, at=desk.now, carry_out=fail)
    assert proposals.waiting(at=desk.now) == [asked]
    with pytest.raises(LapsedError):
        proposals.agree(asked.id, actor=two, at=desk.now, carry_out=lambda *_: False)
    assert proposals.get(asked.id).decision is Decision.LAPSED
    with pytest.raises(SettledError):
        proposals.agree(asked.id, actor=two, at=desk.now, carry_out=carry_out)
    (last, *_) = Audit(desk.engine).entries(Search(record=7), limit=1)
    assert (last.deed.action, last.deed.person_id) == ("remove-document-lapsed", two.person_id)


def test_what_waited_too_long_is_asked_for_again(desk: Desk) -> None:
    one, two = desk.open("甲甲", Role.LIBRARIAN).actor, desk.open("乙乙", Role.LIBRARIAN).actor
    proposals = Proposals(desk.engine)
    first = proposals.ask(REMOVE, 7, reason="重复", actor=one, at=desk.now)
    second = proposals.ask(REMOVE, 8, reason="重复", actor=one, at=desk.now)
    later = desk.now + LASTS
    assert proposals.waiting(at=later) == []
    assert proposals.waiting(at=later - timedelta(seconds=1)) == [first, second]
    with pytest.raises(LapsedError, match="30 days"):
        proposals.agree(first.id, actor=two, at=later, carry_out=carry_out)
    again = proposals.ask(REMOVE, 8, reason="仍要", actor=one, at=later)
    assert again.id != second.id
    assert proposals.get(second.id).decision is Decision.LAPSED
    assert proposals.waiting(at=later) == [again]


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
    with pytest.raises(SettledError):
        proposals.agree(asked.id, actor=two, at=desk.now, carry_out=carry_out)
    with pytest.raises(SettledError):
        proposals.refuse(asked.id, actor=two, at=desk.now)
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
    with pytest.raises(NotPermittedError):
        proposals.agree(asked.id, actor=volunteer, at=desk.now, carry_out=carry_out)
    with pytest.raises(NotPermittedError):
        proposals.refuse(asked.id, actor=volunteer, at=desk.now)
    assert proposals.waiting(at=desk.now) == [asked]


def test_reasons_and_ids_are_needed(desk: Desk) -> None:
    one = desk.open("甲甲", Role.LIBRARIAN).actor
    with pytest.raises(NoReasonError):
        Proposals(desk.engine).ask(REMOVE, 7, reason=" ", actor=one, at=desk.now)
    with pytest.raises(UnknownRecordError):
        Proposals(desk.engine).agree(9, actor=one, at=desk.now, carry_out=carry_out)


def test_whoever_sits_at_the_machine_proves_who_they_are(desk: Desk) -> None:
    one = desk.open("甲甲", Role.LIBRARIAN).actor
    proposals = Proposals(desk.engine)
    with pytest.raises(UnprovenError, match="--as"):
        proposals.ask(REMOVE, 7, reason="重复", actor=desk.operator, at=desk.now)
    asked = proposals.ask(REMOVE, 7, reason="重复", actor=one, at=desk.now)
    with pytest.raises(UnprovenError):
        proposals.agree(asked.id, actor=desk.operator, at=desk.now, carry_out=carry_out)
    with pytest.raises(UnprovenError):
        proposals.refuse(asked.id, actor=desk.operator, at=desk.now)
    assert proposals.waiting(at=desk.now) == [asked]


def test_who_keeps_the_others_account_is_no_second_person(desk: Desk) -> None:
    keeper = desk.open("管理员", Role.ADMINISTRATOR, Role.LIBRARIAN).actor
    third = desk.open("丙丙", Role.LIBRARIAN).actor
    told = Particulars(
        name="小号", login="小号", roles=frozenset({Role.LIBRARIAN}), branch="河湾县图书馆"
    )
    second = desk.register.open(told, actor=keeper, at=desk.now).actor
    proposals = Proposals(desk.engine)
    for asker, other in ((keeper, second), (second, keeper)):
        asked = proposals.ask(REMOVE, 7, reason="重复", actor=asker, at=desk.now)
        with pytest.raises(SamePersonError, match="account"):
            proposals.agree(asked.id, actor=other, at=desk.now, carry_out=carry_out)
        assert other.person_id in proposals.entangled(asker.person_id)
        proposals.refuse(asked.id, actor=other, at=desk.now)
    asked = proposals.ask(REMOVE, 7, reason="重复", actor=keeper, at=desk.now)
    agreed = proposals.agree(asked.id, actor=third, at=desk.now, carry_out=carry_out)
    assert agreed.decision is Decision.AGREED


def test_a_link_to_the_others_password_is_a_way_in(desk: Desk) -> None:
    keeper = desk.open("管理员", Role.ADMINISTRATOR, Role.LIBRARIAN).actor
    other = desk.open("乙乙", Role.LIBRARIAN).actor
    desk.signing_in.link_for(other.person_id, actor=keeper)
    proposals = Proposals(desk.engine)
    asked = proposals.ask(REMOVE, 7, reason="重复", actor=keeper, at=desk.now)
    with pytest.raises(SamePersonError):
        proposals.agree(asked.id, actor=other, at=desk.now, carry_out=carry_out)


@pytest.mark.parametrize("loss", ["closed", "role"])
def test_what_its_asker_may_no_longer_ask_lapses(desk: Desk, loss: str) -> None:
    one, two = desk.open("甲甲", Role.LIBRARIAN), desk.open("乙乙", Role.LIBRARIAN)
    proposals = Proposals(desk.engine)
    asked = proposals.ask(REMOVE, 7, reason="重复", actor=one.actor, at=desk.now)
    if loss == "closed":
        desk.register.close(one.person_id, actor=desk.operator, at=desk.now)
    else:
        told = Particulars(
            name=one.name, login=one.login, roles=frozenset({Role.REVIEWER}), branch=one.branch
        )
        desk.register.change(one.person_id, told, actor=desk.operator, at=desk.now)
    with pytest.raises(LapsedError, match="may no longer"):
        proposals.agree(asked.id, actor=two.actor, at=desk.now, carry_out=carry_out)
    assert proposals.get(asked.id).decision is Decision.LAPSED
