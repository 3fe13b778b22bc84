"""Who asks is kept apart, with consent, for who needs to know; and inquiries are their branch's."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import BadLevelError, NotPermittedError
from knowledge.accounts.roles import GRANTS, Role
from knowledge.askers import Asker
from knowledge.clearing import Choice, places
from knowledge.desk import Desk
from knowledge.errors import (
    ClaimedError,
    ConsentNeededError,
    PersonalDataError,
    UnknownRecordError,
)
from knowledge.model import Actor
from tests.homes import blanking_all, open_account

ASKER = Asker(name="刘小河", contact="13800138000", organisation="县农机站", consent=True)
QUESTION = "我叫刘小河，电话13800138000，想问加装电梯的补助。"
ANSWER = "刘小河女士您好：每台最多补助20万元。"


def _actor(bench: Workbench, name: str, *roles: Role, branch: str | None = None) -> Actor:
    return open_account(bench, name, *roles, branch=branch).actor


@pytest.fixture
def desk(filled: Workbench) -> Desk:
    return filled.desk


@pytest.fixture
def librarian(filled: Workbench) -> Actor:
    return _actor(filled, "馆员", Role.LIBRARIAN, branch="东分馆")


def test_an_asker_is_for_who_handles_the_inquiry_and_for_its_branch(
    filled: Workbench, desk: Desk, librarian: Actor
) -> None:
    inquiry = desk.ask(QUESTION, actor=librarian, read_level=2, asker=ASKER)
    volunteer = _actor(filled, "志愿者", Role.VOLUNTEER, branch="东分馆")
    elsewhere = _actor(filled, "别馆", Role.LIBRARIAN, branch="西分馆")
    main = _actor(filled, "总馆", Role.LIBRARIAN)
    asker = filled.askers.of(inquiry.id, actor=librarian)
    assert asker is not None
    assert (asker.name, asker.contact) == ("刘小河", "13800138000")
    with pytest.raises(UnknownRecordError):
        filled.askers.of(inquiry.id, actor=elsewhere)
    for curious in (volunteer, main):
        assert desk.inquiry(inquiry.id, actor=curious) == inquiry
        with pytest.raises(NotPermittedError):
            filled.askers.of(inquiry.id, actor=curious)
    desk.claim(inquiry.id, actor=volunteer)
    assert filled.askers.of(inquiry.id, actor=volunteer) == asker
    looks = filled.audit.entries(Search(action=Action.READ_ASKER), limit=9)
    assert [entry.deed.person_id for entry in looks] == [volunteer.person_id, librarian.person_id]


def test_nothing_of_an_asker_stands_anywhere_but_in_their_table(
    filled: Workbench, desk: Desk
) -> None:
    asked = desk.ask("加装电梯补助多少？", actor=filled.actor, asker=ASKER)
    filled.askers.of(asked.id, actor=filled.actor)
    assert "刘小河" not in repr(desk.all(actor=filled.actor))
    with filled.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for table in tables.scalars().all():
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
            assert ("刘小河" in repr(rows)) == (table == "askers"), table
    assert not any("刘小河" in r.passage.text for r in filled.retriever.search("刘小河"))


def test_an_error_of_the_database_does_not_repeat_what_was_stored(filled: Workbench) -> None:
    statement = text("INSERT INTO askers (name, consented_at) VALUES (:name, NULL)")
    with filled.engine.connect() as connection, pytest.raises(IntegrityError) as error:
        connection.execute(statement, {"name": "刘小河"})
    assert "刘小河" not in str(error.value)


def test_without_consent_or_name_nothing_is_recorded(filled: Workbench, desk: Desk) -> None:
    for asker in (replace(ASKER, consent=False), replace(ASKER, name=" ")):
        with pytest.raises(ConsentNeededError):
            desk.ask(QUESTION, actor=filled.actor, asker=asker)
    assert desk.all(actor=filled.actor) == []


def test_who_gives_the_same_name_and_contact_is_the_same_person(
    filled: Workbench, desk: Desk
) -> None:
    asked = [desk.ask("问", actor=filled.actor, asker=ASKER) for _ in range(2)]
    other = desk.ask("问", actor=filled.actor, asker=replace(ASKER, contact="a@example.org"))
    nobody = desk.ask("问", actor=filled.actor)
    found = [filled.askers.of(each.id, actor=filled.actor) for each in (*asked, other, nobody)]
    ids = [None if asker is None else asker.id for asker in found]
    assert ids[0] == ids[1] != ids[2]
    assert ids[3] is None


def test_the_time_counts_from_the_last_thing_done(filled: Workbench, desk: Desk) -> None:
    inquiry = desk.ask(QUESTION, actor=filled.actor, asker=ASKER)

    def until() -> object:
        asker = filled.askers.of(inquiry.id, actor=filled.actor)
        assert asker is not None
        return asker.kept_until

    asked = until()
    desk.answer(inquiry.id, ANSWER, evidence=(), actor=filled.actor)
    answered = until()
    desk.close(inquiry.id, actor=filled.actor)
    closed = until()
    desk.close(inquiry.id, actor=filled.actor)
    assert str(asked) < str(answered) < str(closed) == str(until())


def test_a_volunteer_sees_no_inquiry_above_their_level(filled: Workbench, desk: Desk) -> None:
    volunteer = _actor(filled, "志愿者", Role.VOLUNTEER)
    easy, hard, unjudged = (
        desk.ask("问", actor=filled.actor, read_level=level) for level in (3, 4, None)
    )
    own = desk.ask("代问", actor=volunteer)
    assert [each.id for each in desk.all(actor=volunteer)] == [own.id, easy.id]
    for hidden in (hard, unjudged):
        for act in (
            lambda id_: desk.inquiry(id_, actor=volunteer),
            lambda id_: desk.answers_to(id_, actor=volunteer),
            lambda id_: desk.claim(id_, actor=volunteer),
            lambda id_: desk.close(id_, actor=volunteer),
            lambda id_: desk.judge(id_, 1, actor=volunteer),
            lambda id_: desk.answer(id_, "答", evidence=(), actor=volunteer),
            lambda id_: filled.askers.of(id_, actor=volunteer),
        ):
            with pytest.raises(UnknownRecordError):
                act(hidden.id)
    desk.judge(own.id, 5, actor=volunteer)
    assert [each.id for each in desk.all(actor=volunteer)] == [easy.id]
    with pytest.raises(BadLevelError):
        desk.judge(easy.id, 7, actor=volunteer)


def test_inquiries_are_their_branchs(filled: Workbench, desk: Desk, librarian: Actor) -> None:
    inquiry = desk.ask("问", actor=librarian)
    answer = desk.answer(inquiry.id, "答", evidence=(), actor=filled.actor)
    assert answer.stamp.branch_id == librarian.branch_id
    assert desk.answers_to(inquiry.id, actor=librarian) == [answer]
    elsewhere = _actor(filled, "别馆", Role.LIBRARIAN, branch="西分馆")
    official = _actor(filled, "来人", Role.OFFICIAL, branch="东分馆")
    for outsider in (elsewhere, official):
        assert desk.all(actor=outsider) == []
        with pytest.raises(UnknownRecordError):
            desk.inquiry(inquiry.id, actor=outsider)
    with pytest.raises(UnknownRecordError):
        desk.accept(answer, actor=elsewhere)


def test_one_of_two_gets_an_inquiry(filled: Workbench, desk: Desk, librarian: Actor) -> None:
    inquiry = desk.ask("问", actor=librarian, read_level=1)
    assert desk.claim(inquiry.id, actor=librarian).handled_by == librarian.person_id
    assert desk.claim(inquiry.id, actor=librarian).handled_by == librarian.person_id
    with pytest.raises(ClaimedError):
        desk.claim(inquiry.id, actor=filled.actor)


def test_an_answer_that_tells_who_asked_is_decided_on_before_it_is_public(
    filled: Workbench, desk: Desk
) -> None:
    inquiry = desk.ask(QUESTION, actor=filled.actor, asker=ASKER)
    answer = desk.answer(inquiry.id, ANSWER, evidence=(), actor=filled.actor)
    before = len(filled.documents.find())
    with pytest.raises(PersonalDataError) as refused:
        desk.accept(answer, actor=filled.actor)
    assert "刘小河" not in str(refused.value)
    assert len(filled.documents.find()) == before
    texts = desk.becoming_public(answer.id, actor=filled.actor)
    document = desk.accept(answer, actor=filled.actor, choice=blanking_all(texts))
    assert document.title == "我叫□□，电话□□，想问加装电梯的补助。"
    (kept,) = desk.answers_to(inquiry.id, actor=filled.actor)
    assert kept.text == "□□女士您好：每台最多补助20万元。"
    assert desk.inquiry(inquiry.id, actor=filled.actor).question == QUESTION
    (clearing,) = filled.clearings.of("answer", answer.id, actor=filled.actor)
    assert (clearing.found, clearing.blanked, clearing.reason) == (3, 3, "")
    assert desk.accept(answer, actor=filled.actor).id == document.id


def test_what_stays_stays_for_a_reason_that_the_log_does_not_repeat(
    filled: Workbench, desk: Desk
) -> None:
    inquiry = desk.ask("补助多少？", actor=filled.actor)
    answer = desk.answer(inquiry.id, ANSWER, evidence=(), actor=filled.actor)
    texts = desk.becoming_public(answer.id, actor=filled.actor)
    assert len(places(texts)) == 1
    document = desk.accept(answer, actor=filled.actor, choice=Choice(reason="本人同意"))
    assert document.title == "补助多少？"
    (clearing,) = filled.clearings.of("answer", answer.id, actor=filled.actor)
    assert (clearing.found, clearing.blanked, clearing.reason) == (1, 0, "本人同意")
    (entry,) = filled.audit.entries(Search(action=Action.CLEAR_PRIVACY), limit=9)
    assert dict(entry.deed.details) == {"found": 1, "blanked": 0}


@pytest.mark.parametrize("role", Role)
def test_every_role_does_at_the_desk_what_its_permissions_say(
    filled: Workbench, desk: Desk, role: Role
) -> None:
    inquiry = desk.ask("问", actor=filled.actor, read_level=1)
    actor = _actor(filled, "某人", role)
    may = {"answer": "answer" in GRANTS[role], "see": bool({"answer", "read-staff"} & GRANTS[role])}
    assert bool(desk.all(actor=actor)) is may["see"]
    if may["answer"]:
        assert desk.ask("问", actor=actor).id > inquiry.id
    else:
        with pytest.raises(NotPermittedError):
            desk.ask("问", actor=actor)
