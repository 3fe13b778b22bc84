"""The pages of what takes two persons and of the log, in Streamlit's own test bed."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import audit, common
from briefs.workbench.wording import wording
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.register import Particulars
from knowledge.accounts.roles import GRANTS, Role
from knowledge.accounts.second_person import Decision
from knowledge.accounts.signing_in import Place
from knowledge.model import Access, Actor
from tests.homes import PASSWORD, open_account, second_person
from tests.unit.workbench.test_pages import _dialog, _open, _ran


@pytest.fixture
def other(home: Workbench) -> Actor:
    return second_person(home)


@pytest.fixture(autouse=True)
def asker(home: Workbench, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Who is signed in unless a test says otherwise: the machine's own person decides nothing."""
    actor = second_person(home, "申请人")
    _as(monkeypatch, actor)
    return actor


@pytest.fixture(autouse=True)
def plain_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.dialog", _dialog)


def _as(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    monkeypatch.setattr(common, "signed_in", lambda: actor)


def _keys(test: AppTest) -> set[str | None]:
    return {button.key for button in test.button}


def _html(test: AppTest) -> str:
    return " ".join(each.proto.body for each in test.get("html"))


def test_one_asks_and_takes_back(home: Workbench, asker: Actor) -> None:
    asked = home.seconding.ask_removal(2, reason="与另一份重复", actor=asker)
    number = asked.proposal.id
    test = _open("proposals")
    assert f"agree-{number}" not in _keys(test)
    test.button(key=f"take_back-{number}").click()
    _ran(test)
    assert home.proposals.get(number).decision is Decision.TAKEN_BACK
    assert f"take_back-{number}" not in _keys(test)


@pytest.mark.parametrize("decision", ["agree", "refuse"])
def test_another_decides(home: Workbench, other: Actor, decision: str) -> None:
    asked = home.of(other).seconding.ask_removal(2, reason="与另一份重复", actor=other)
    number = asked.proposal.id
    test = _open("proposals")
    assert {f"agree-{number}", f"refuse-{number}"} <= _keys(test)
    assert f"take_back-{number}" not in _keys(test)
    test.button(key=f"{decision}-{number}").click()
    _ran(test)
    assert (2 in home.documents.many([2])) == (decision == "refuse")
    assert not [key for key in _keys(test) if key and key.endswith(f"-{number}")]


def test_a_document_says_that_a_second_person_is_awaited(home: Workbench, other: Actor) -> None:
    home.of(other).seconding.ask_removal(2, reason="与另一份重复", actor=other)
    test = _open("library", document="2")
    assert "remove" not in _keys(test)
    assert "与另一份重复" in test.info[0].value
    assert "remove" in _keys(_open("library", document="1"))


def test_controls_are_for_those_who_may(
    home: Workbench, other: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = home.of(other).seconding.ask_removal(2, reason="重复", actor=other)
    _as(monkeypatch, replace(home.actor, permissions=GRANTS[Role.REVIEWER]))
    assert "remove" not in _keys(_open("library", document="1"))
    person = home.people.ensure("分馆员", branch="东桥分馆", at=home.clock())
    _as(monkeypatch, replace(person, permissions=GRANTS[Role.LIBRARIAN]))
    assert "remove" not in _keys(_open("library", document="1"))
    test = _open("proposals")
    assert "重复" in _html(test)
    assert not [key for key in _keys(test) if key and key.endswith(f"-{asked.proposal.id}")]


def test_the_log_is_searched_and_checked(home: Workbench) -> None:
    test = _open("audit")
    assert "收入文献" in _html(test)
    assert "/library?document=1" in _html(test)
    test.number_input[0].set_value(2)
    _ran(test)
    assert "/library?document=2" in _html(test)
    assert "/library?document=1" not in _html(test)
    test.button(key="verify").click()
    _ran(test)
    assert "日志完好" in test.success[0].value
    test.number_input[0].set_value(999)
    _ran(test)
    assert any("没有符合条件" in each.value for each in test.markdown)


def test_a_branch_reads_its_part_and_links_to_what_it_may_open(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = home.people.ensure("分馆长", branch="东桥分馆", at=home.clock())
    director = replace(person, permissions=GRANTS[Role.DIRECTOR])
    hidden = home.ingest.add(
        "内部座位统计。\n".encode(), "a.txt", source="a", actor=home.actor, access=Access.STAFF
    )
    librarian = replace(person, permissions=GRANTS[Role.LIBRARIAN])
    mine = home.of(librarian).ingest.upload("分馆座位。\n".encode(), "b.txt", actor=librarian)
    _as(monkeypatch, director)
    test = _open("audit")
    shown = _html(test)
    assert f"/library?document={mine.document_id}" in shown
    assert f"document={hidden.document_id}" not in shown
    assert "verify" not in _keys(test)
    entries = home.of(director).logbook.entries(Search(), limit=9)
    assert [entry.deed.action for entry in entries] == [Action.ADD_DOCUMENT]


def test_a_file_is_made_for_whoever_is_signed_in_then(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    director = open_account(home, "馆长", Role.DIRECTOR)
    token = home.signing_in.sign_in(director.login, PASSWORD, place=Place("10.0.0.9"))
    monkeypatch.setattr(common, "_token", lambda: token)
    ask = common.asked_anew()
    written = audit._table(ask, Search(), wording("zh"))
    assert written.startswith(b"\xef\xbb\xbf")
    (entry,) = home.audit.entries(Search(action=Action.EXPORT_LOG), limit=9)
    assert entry.deed.address == "10.0.0.9"
    told = Particulars(
        name=director.name,
        login=director.login,
        roles=frozenset({Role.REVIEWER}),
        branch=director.branch,
    )
    home.signing_in.register.change(director.person_id, told, actor=home.actor, at=home.clock())
    with pytest.raises(NotPermittedError):
        audit._table(ask, Search(), wording("zh"))
    home.signing_in.sign_out(token, place=Place(""))
    with pytest.raises(NotPermittedError):
        ask()
    assert len(home.audit.entries(Search(action=Action.EXPORT_LOG), limit=9)) == 1
