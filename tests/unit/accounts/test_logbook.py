"""The log as a person reads it: the whole of it at the main library, their own at a branch."""

from dataclasses import replace

import pytest

from knowledge.accounts.audit import Audit, Deed, Search
from knowledge.accounts.errors import NotPermittedError, WholeLogError
from knowledge.accounts.logbook import Logbook
from knowledge.accounts.roles import GRANTS, Role
from knowledge.model import Actor
from knowledge.store.people import People
from tests.unit.accounts.desk import Desk


def _logbook(desk: Desk, actor: Actor) -> Logbook:
    return Logbook(Audit(desk.engine), People(desk.engine), actor=actor, clock=lambda: desk.now)


def _did(desk: Desk, actor: Actor, record: int) -> None:
    deed = Deed.by(actor, "add-document", kind="document", record=record)
    Audit(desk.engine).enter(deed, at=desk.now)


def test_at_a_branch_one_reads_what_its_people_did_and_what_was_done_to_them(desk: Desk) -> None:
    there = desk.open("分馆长", Role.DIRECTOR, branch="东桥分馆").actor
    here = desk.open("馆长", Role.DIRECTOR).actor
    _did(desk, there, 7)
    _did(desk, here, 8)
    part = _logbook(desk, there)
    assert not part.is_whole
    deeds = [entry.deed for entry in part.entries(Search(), limit=99)]
    assert deeds[0].record == 7
    assert {each.kind for each in deeds} == {"document", "account"}
    assert all(
        each.person_id == there.person_id or each.record == there.person_id for each in deeds
    )
    assert part.entries(Search(record=8), limit=9) == []
    assert part.entries(Search(person_id=here.person_id), limit=9) == []
    assert part.people() == {there.person_id: "分馆长"}
    with pytest.raises(WholeLogError, match="分馆长"):
        part.verify()
    whole = _logbook(desk, here)
    assert whole.is_whole
    assert [entry.deed.record for entry in whole.entries(Search(), limit=2)] == [8, 7]
    assert len(whole.people()) == 3
    assert whole.verify().broken_at is None


def test_that_the_log_was_taken_away_is_in_it(desk: Desk) -> None:
    here = replace(desk.open("馆长", Role.DIRECTOR).actor, address="10.0.0.9")
    exported = list(_logbook(desk, here).export(Search()))
    assert exported[0].deed == Deed.by(here, "export-log")
    assert Audit(desk.engine).verify().entries == len(exported)


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.DIRECTOR, Role.ADMINISTRATOR}])
def test_others_read_nothing(desk: Desk, role: Role) -> None:
    actor = replace(desk.operator, permissions=GRANTS[role])
    logbook = _logbook(desk, actor)
    for reading in (
        lambda: logbook.entries(Search(), limit=1),
        lambda: logbook.export(Search()),
        logbook.people,
        logbook.verify,
    ):
        with pytest.raises(NotPermittedError):
            reading()
    assert Audit(desk.engine).verify().entries == 0
