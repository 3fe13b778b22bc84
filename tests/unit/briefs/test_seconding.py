"""What takes two persons is asked for by one, seen by who may, and done when another agrees."""

from dataclasses import replace
from datetime import timedelta

import pytest

from briefs.model import EditionState, Withdrawal
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.errors import (
    LapsedError,
    NoReasonError,
    NotPermittedError,
    SecondPersonError,
    SettledError,
)
from knowledge.accounts.roles import GRANTS, Role
from knowledge.accounts.second_person import LASTS, Decision
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.model import Access, Actor
from tests.homes import open_account, second_person, take_out


@pytest.fixture
def asker(filled: Workbench) -> Actor:
    return second_person(filled, "申请人")


@pytest.fixture
def other(filled: Workbench) -> Actor:
    return second_person(filled)


def _edition(bench: Workbench) -> int:
    passage = next(r.passage for r in bench.retriever.search("加装电梯 补助", 1))
    brief = bench.editing.create("电梯简报", [bench.editing.quote(passage.id)], actor=bench.actor)
    return bench.publishing.publish(brief.id, actor=bench.actor).id


def test_a_document_goes_when_another_agrees(filled: Workbench, asker: Actor, other: Actor) -> None:
    asked = filled.seconding.ask_removal(2, reason="重复", actor=asker)
    assert (asked.is_own, asked.may_decide) == (True, False)
    assert asked.title == filled.documents.get(2).title
    with pytest.raises(SecondPersonError):
        filled.seconding.agree(asked.proposal.id, actor=asker)
    theirs = filled.of(other).seconding
    (seen,) = theirs.waiting(actor=other)
    assert (seen.is_own, seen.may_decide) == (False, True)
    about = theirs.about_document(2, actor=other)
    assert about is not None
    assert about.proposal == asked.proposal
    done = theirs.agree(asked.proposal.id, actor=other)
    assert done.proposal.decision is Decision.AGREED
    assert done.title == asked.title
    assert filled.documents.many([2]) == {}
    assert all(r.document.id != 2 for r in filled.retriever.search("加装电梯"))
    assert theirs.waiting(actor=other) == []
    assert [each.proposal.id for each in theirs.settled(actor=other)] == [asked.proposal.id]
    with pytest.raises(SettledError):
        theirs.agree(asked.proposal.id, actor=other)


def test_an_edition_goes_when_another_agrees(filled: Workbench, asker: Actor, other: Actor) -> None:
    edition = _edition(filled)
    asked = filled.seconding.ask_withdrawal(edition, reason="数字有误", actor=asker)
    done = filled.of(other).seconding.agree(asked.proposal.id, actor=other)
    assert done.title == "电梯简报"
    kept = filled.briefs.edition_by_id(edition)
    assert kept.state is EditionState.WITHDRAWN
    at = done.proposal.decided_at
    assert at is not None
    assert kept.withdrawal == Withdrawal(at, other.person_id, "数字有误")
    with pytest.raises(UnknownRecordError):
        filled.seconding.ask_withdrawal(edition, reason="再来", actor=asker)


def test_it_is_refused_or_taken_back_and_nothing_happens(
    filled: Workbench, asker: Actor, other: Actor
) -> None:
    theirs = filled.of(other).seconding
    first = filled.seconding.ask_removal(1, reason="重复", actor=asker)
    refused = theirs.refuse(first.proposal.id, actor=other)
    assert refused.proposal.decision is Decision.REFUSED
    second = filled.seconding.ask_removal(1, reason="仍重复", actor=asker)
    back = filled.seconding.refuse(second.proposal.id, actor=asker)
    assert back.proposal.decision is Decision.TAKEN_BACK
    assert filled.documents.get(1)


def test_a_reason_is_needed(filled: Workbench, asker: Actor) -> None:
    with pytest.raises(NoReasonError):
        filled.seconding.ask_removal(1, reason="  ", actor=asker)


def test_who_may_not_see_the_record_knows_of_no_proposal(filled: Workbench, asker: Actor) -> None:
    data = "内部座位统计，共六十个。\n".encode()
    added = filled.ingest.add(
        data, "座位.txt", source="upload:座位.txt", actor=filled.actor, access=Access.STAFF
    )
    asked = filled.seconding.ask_removal(added.document_id or 0, reason="重复", actor=asker)
    public = filled.seconding.ask_removal(1, reason="重复", actor=asker)
    person = filled.people.ensure("分馆员", branch="东桥分馆", at=filled.clock())
    there = replace(person, permissions=GRANTS[Role.LIBRARIAN])
    theirs = filled.of(there).seconding
    assert [each.proposal.id for each in theirs.waiting(actor=there)] == [public.proposal.id]
    assert [each.may_decide for each in theirs.waiting(actor=there)] == [False]
    for decide in (theirs.get, theirs.agree, theirs.refuse):
        with pytest.raises(UnknownRecordError) as caught:
            decide(asked.proposal.id, actor=there)
        assert caught.value.details["kind"] == "proposal"
    for decide in (theirs.agree, theirs.refuse):
        with pytest.raises(OtherBranchError):
            decide(public.proposal.id, actor=there)
    assert len(filled.seconding.waiting(actor=filled.actor)) == 2


@pytest.mark.parametrize("role", list(Role))
def test_each_sees_what_they_may_decide_on(filled: Workbench, other: Actor, role: Role) -> None:
    edition = _edition(filled)
    filled.of(other).seconding.ask_removal(1, reason="重复", actor=other)
    filled.of(other).seconding.ask_withdrawal(edition, reason="有误", actor=other)
    actor = replace(filled.actor, permissions=GRANTS[role])
    seconding = filled.of(actor).seconding
    expected = {
        Role.LIBRARIAN: {"remove-document", "withdraw-edition"},
        Role.DIRECTOR: {"remove-document", "withdraw-edition"},
        Role.PUBLISHER: {"withdraw-edition"},
    }
    if role not in expected:
        for reading in (seconding.waiting, seconding.settled):
            with pytest.raises(NotPermittedError):
                reading(actor=actor)
        return
    found = seconding.waiting(actor=actor)
    assert {each.proposal.action.value for each in found} == expected[role]
    assert all(each.may_decide for each in found)


def test_what_has_gone_meanwhile_ends_in_one_sentence(
    filled: Workbench, asker: Actor, other: Actor
) -> None:
    theirs = filled.of(other).seconding
    asked = filled.seconding.ask_removal(1, reason="重复", actor=asker)
    take_out(filled, 1)
    with pytest.raises(LapsedError, match="gone"):
        theirs.agree(asked.proposal.id, actor=other)
    assert filled.proposals.get(asked.proposal.id).decision is Decision.LAPSED
    old = filled.seconding.ask_removal(2, reason="重复", actor=asker)
    late = filled.clock() + LASTS + timedelta(days=1)
    theirs._clock = lambda: late
    assert theirs.waiting(actor=other) == []
    with pytest.raises(LapsedError, match="30 days"):
        theirs.agree(old.proposal.id, actor=other)
    assert filled.documents.get(2)


def test_whether_anybody_else_could_agree(filled: Workbench, asker: Actor) -> None:
    asked = filled.seconding.ask_removal(1, reason="重复", actor=asker)
    open_account(filled, "志愿者", Role.VOLUNTEER)
    open_account(filled, "分馆员", Role.LIBRARIAN, branch="东桥分馆")
    assert not filled.seconding.has_second(asked)
    account = open_account(filled, "馆员", Role.LIBRARIAN)
    assert filled.seconding.has_second(asked)
    register = filled.signing_in.register
    register.close(account.person_id, actor=filled.actor, at=filled.clock())
    assert not filled.seconding.has_second(asked)
