"""Erasing reaches every place where somebody was written down, and only one's own branch."""

import json
from dataclasses import replace

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge import incoming
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import HomeOwnerError
from knowledge.accounts.roles import Role
from knowledge.askers import Asker
from knowledge.clearing import Choice, Cleared
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.ingest import AddOutcome
from knowledge.model import Access
from tests.homes import open_account, second_person

ASKER = Asker(name="张小明", contact="13800138000", organisation="河湾小学", consent=True)
REASON = "张小明 138-0013-8000 本人来电同意公开"


def test_an_asker_is_gone_from_answers_and_reasons(filled: Workbench) -> None:
    desk, actor = filled.desk, filled.actor
    inquiry = desk.ask("我家住幸福路8号2单元301室，回电138 0013 8000", actor=actor, asker=ASKER)
    told = "张小明先生（河湾小学）：电话 138-0013-8000 已记下，身份证11010519491231002X。"
    draft = desk.answer(inquiry.id, told, evidence=(), actor=actor)
    short = desk.answer(inquiry.id, "每台20万元，见河湾小学的通知。", evidence=(), actor=actor)
    desk.accept(short, actor=actor, choice=Choice(reason=REASON))
    signed_in = second_person(filled)
    filled.of(signed_in).seconding.ask_removal(1, reason=f"{REASON}，撤下", actor=signed_in)
    document = desk.answers_to(inquiry.id, actor=actor)[1].document_id
    erased = filled.erasing.erase_asker(1, confirm="asker:1", actor=actor)
    assert erased.is_wiped
    assert erased.documents == (document,)
    texts = [each.text for each in desk.answers_to(inquiry.id, actor=actor)]
    assert texts == ["□□先生（□□）：电话 □□ 已记下，身份证□□。", "每台20万元，见□□的通知。"]
    assert "138" not in desk.inquiry(inquiry.id, actor=actor).question
    (clearing,) = filled.clearings.of("answer", short.id, actor=actor)
    assert clearing.reason == "□□ □□ 本人来电同意公开"
    (waiting,) = filled.of(signed_in).seconding.waiting(actor=signed_in)
    assert waiting.proposal.reason == "□□ □□ 本人来电同意公开，撤下"
    files = b"".join(path.read_bytes() for path in filled.home.glob("zhiku.db*"))
    assert draft.id < short.id
    assert "张小明".encode() not in files
    assert b"138-0013-8000" not in files


def test_a_person_is_gone_from_reasons_and_the_owner_of_the_home_stays(filled: Workbench) -> None:
    account = open_account(filled, "上官玉兰", Role.LIBRARIAN)
    reason = "按上官玉兰来电 13812345678 撤下"
    signed_in = second_person(filled)
    filled.of(signed_in).seconding.ask_removal(1, reason=reason, actor=signed_in)
    filled.erasing.erase_person(
        account.person_id, confirm="上官玉兰", called="某人", actor=filled.actor
    )
    (waiting,) = filled.of(signed_in).seconding.waiting(actor=signed_in)
    assert waiting.proposal.reason == "按□□来电 □□ 撤下"
    owner = open_account(filled, filled.actor.name, Role.LIBRARIAN)
    with pytest.raises(HomeOwnerError):
        filled.erasing.erase_person(
            owner.person_id, confirm=owner.login, called="某人", actor=filled.actor
        )
    assert filled.people.name(owner.person_id) == filled.actor.name


def test_a_branch_knows_its_own_askers_and_persons(filled: Workbench) -> None:
    east, west = (open_account(filled, f"{n}员", Role.LIBRARIAN, branch=n).actor for n in "东西")
    of_east = filled.desk.ask("东问", actor=east, asker=ASKER)
    of_west = filled.desk.ask("西问", actor=west, asker=ASKER)
    main = filled.desk.ask("总馆问", actor=filled.actor, asker=replace(ASKER, name="李某某"))
    ids = {}
    for inquiry, actor in ((of_east, east), (of_west, west), (main, filled.actor)):
        asker = filled.askers.of(inquiry.id, actor=actor)
        ids[inquiry.id] = asker.id if asker else 0
    assert len(set(ids.values())) == 3
    admin = open_account(filled, "东管", Role.ADMINISTRATOR, branch="东").actor
    assert [each.id for each in filled.erasing.askers(actor=admin)] == [ids[of_east.id]]
    told = filled.personal_data.of_asker(ids[of_east.id], actor=admin).as_json()
    assert [each["question"] for each in json.loads(told)["inquiries"]] == ["东问"]
    for other in (ids[of_west.id], ids[main.id]):
        with pytest.raises(UnknownRecordError):
            filled.personal_data.of_asker(other, actor=admin)
        with pytest.raises(UnknownRecordError):
            filled.erasing.erase_asker(other, confirm=f"asker:{other}", actor=admin)
    with pytest.raises(UnknownRecordError):
        filled.personal_data.of_person(west.person_id, actor=admin)
    with pytest.raises(UnknownRecordError):
        filled.erasing.erase_person(west.person_id, confirm="西员", called="某", actor=admin)
    assert len(filled.erasing.askers(actor=filled.actor)) == 3


def test_looking_at_the_askers_is_a_deed(filled: Workbench) -> None:
    filled.desk.ask("问", actor=filled.actor, asker=ASKER)
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2"):
        filled.erasing.askers(actor=replace(filled.actor, address=address))
    filled.erasing.due(actor=filled.actor)
    looks = filled.audit.entries(Search(action=Action.LIST_ASKERS), limit=9)
    assert [entry.deed.address for entry in looks] == ["10.0.0.2", "10.0.0.1"]
    assert looks[0].deed.details == {"count": 1}


def test_decisions_are_read_and_noted_by_who_sees_and_keeps_the_record(filled: Workbench) -> None:
    east, west = (open_account(filled, f"{n}员", Role.LIBRARIAN, branch=n).actor for n in "东西")
    data, noted = "选址。\n".encode(), Cleared(texts=(), found=1, reason="公开")
    added = filled.ingest.upload(data, "x.txt", actor=east, access=Access.STAFF, cleared=noted)
    about = ("document", added.document_id or 0)
    assert [each.reason for each in filled.clearings.of(*about, actor=east)] == ["公开"]
    for record in (about, ("document", 99_999), ("answer", 99_999), ("brief", 99_999)):
        with pytest.raises(UnknownRecordError):
            filled.clearings.of(*record, actor=west)
    again = filled.ingest.upload(data, "y.txt", actor=east, cleared=noted)
    assert again.outcome is AddOutcome.UNCHANGED
    with pytest.raises(OtherBranchError):
        filled.ingest.upload(data, "x.txt", actor=west, document_id=1, cleared=noted)
    assert len(filled.clearings.of(*about, actor=east)) == 1
    assert not filled.clearings.of("document", 1, actor=east)


def test_a_decision_is_kept_with_the_document_or_neither_is(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = Cleared(texts=(), found=1, reason="公开")

    def torn(*_: object, **__: object) -> None:
        raise OSError("disk full")

    before = _held(filled)
    with monkeypatch.context() as patched:
        patched.setattr(incoming, "note", torn)
        with pytest.raises(OSError, match="disk full"):
            filled.ingest.upload(b"seats", "x.txt", actor=filled.actor, cleared=noted)
    assert _held(filled) == before
    added = filled.ingest.upload(b"seats", "x.txt", actor=filled.actor, cleared=noted)
    assert len(filled.clearings.of("document", added.document_id or 0, actor=filled.actor)) == 1


def test_wiping_leaves_every_row_and_every_trigger(filled: Workbench) -> None:
    line = filled.editing.quote(filled.passages.of_version(1)[0].id)
    brief = filled.editing.create("简报", [line], actor=filled.actor)
    edition = filled.publishing.publish(brief.id, actor=filled.actor)
    signed_in = second_person(filled)
    asked = filled.of(signed_in).seconding.ask_withdrawal(
        edition.id, reason="张小明 13800138000 来电", actor=signed_in
    )
    other = open_account(filled, "馆长", Role.DIRECTOR).actor
    filled.of(other).seconding.agree(asked.proposal.id, actor=other)
    filled.desk.ask("问", actor=filled.actor, asker=ASKER)
    before = _held(filled)
    assert filled.erasing.erase_asker(1, confirm="asker:1", actor=filled.actor).is_wiped
    assert filled.erasing.wipe(actor=filled.actor)
    after = _held(filled)
    assert after[0] == before[0]
    assert {"keep_editions_from_update", "keep_editions_from_delete"} <= set(after[0])
    assert after[1] == {name: rows + (name == "audit") for name, rows in before[1].items()}
    with filled.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT content, withdrawal_reason FROM editions").one()
    assert "简报" in kept.content
    assert kept.withdrawal_reason == "□□ □□ 来电"
    assert all(finding.is_sound for finding in filled.doctor.examine())


def _held(bench: Workbench) -> tuple[dict[str, str], dict[str, int]]:
    """The triggers, and how many rows each table has."""
    master = "SELECT name, sql FROM sqlite_master WHERE type = '{}' AND name NOT LIKE 'sqlite%'"
    with bench.engine.connect() as connection:
        ask = connection.exec_driver_sql
        triggers = {row.name: row.sql for row in ask(master.format("trigger"))}
        names = [row.name for row in ask(master.format("table"))]
        counted = {n: ask(f"SELECT count(*) FROM {n}").scalar_one() for n in names}
        assert ask("PRAGMA foreign_key_check").all() == []
    return triggers, counted
