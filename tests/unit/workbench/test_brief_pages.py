"""The pages of briefs by person: what one may not do is not offered, and whom it is for is told."""

import json
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from briefs.errors import WithdrawnEditionError
from briefs.exporters import ExportFormat
from briefs.model import Brief, Edition
from briefs.workbench import pages
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common, finishing
from briefs.workbench.portal.entrance import session_cookie
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Role
from knowledge.accounts.signing_in import Place
from knowledge.model import Access
from knowledge.sharing import Audience
from tests.homes import PASSWORD, open_account
from tests.unit.briefs.people import DIRECTOR, LIBRARIAN, PUBLISHER, Person, draft
from tests.unit.workbench.test_desk import desk_of
from tests.unit.workbench.test_pages import _dialog, _open, _opened, _ran, _shown

REVIEWER = Person(Role.REVIEWER, "东馆")
STRANGER = Person(Role.LIBRARIAN, "西馆")
MAIN = Person(Role.PUBLISHER, "本馆")
CONTROLS = ("publish", "share", "icon-discard")


@pytest.fixture(autouse=True)
def plain_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    _opened.clear()
    monkeypatch.setattr(st, "dialog", _dialog)


@pytest.fixture
def brief(home: Workbench) -> Brief:
    made = draft(home)
    home.editing.share(made.id, shared=True, actor=DIRECTOR.actor(home))
    return home.briefs.get(made.id)


def _as(person: Person, home: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = person.actor(home)
    monkeypatch.setattr(common, "signed_in", lambda: actor)
    monkeypatch.setattr(pages, "signed_in", lambda: actor)


def _offered(test: AppTest, *keys: str) -> set[str]:
    found = set()
    for key in keys:
        with suppress(KeyError):
            test.button(key=key)
            found.add(key)
    return found


@pytest.mark.parametrize(
    ("person", "controls", "writes"),
    [
        (LIBRARIAN, {"icon-discard"}, True),
        (PUBLISHER, {"publish", "share"}, False),
        (DIRECTOR, {"share"}, False),
        (REVIEWER, set(), False),
        (MAIN, {"publish", "share"}, False),
        (STRANGER, set(), False),
    ],
    ids=lambda each: f"{each.branch}-{each.role}" if isinstance(each, Person) else "",
)
def test_what_a_person_may_not_do_is_not_offered(
    home: Workbench,
    brief: Brief,
    monkeypatch: pytest.MonkeyPatch,
    person: Person,
    controls: set[str],
    writes: bool,
) -> None:
    _as(person, home, monkeypatch)
    listed = _open("briefs")
    assert brief.title in _shown(listed)
    assert _offered(listed, "new") == ({"new"} if person.role is Role.LIBRARIAN else set())
    opened = _open("briefs", brief=str(brief.id))
    assert _offered(opened, *CONTROLS) == controls
    assert bool(opened.text_input) is writes
    shown = _shown(opened)
    assert ("/previews/" in shown) is not writes
    assert "由“东馆”共享" in shown
    assert ("只能阅读" in shown) is (person is STRANGER)


def test_a_withheld_statement_says_so_and_has_no_field(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = draft(home)
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE documents SET access = 'named' WHERE id = 1"))
    _as(LIBRARIAN, home, monkeypatch)
    test = _open("briefs", brief=str(brief.id))
    given = desk_of(test)
    assert "此句所据的来源不对您开放" in given["words"]["withheld"]
    assert brief.statements[1].text[:12] not in _shown(test) + json.dumps(given, ensure_ascii=False)
    shown_rows = given["rows"]
    assert [row["withheld"] for row in shown_rows] == [False, True]
    assert (shown_rows[1]["text"], shown_rows[1]["chips"], shown_rows[1]["notes"]) == ("", [], [])


@pytest.fixture
def named(home: Workbench) -> Edition:
    """An edition for one official."""
    official = open_account(home, "收件人", Role.OFFICIAL, branch="东馆")
    brief = draft(home)
    return PUBLISHER.bench(home).publishing.publish(
        brief.id,
        actor=PUBLISHER.actor(home),
        audience=Audience(access=Access.NAMED, recipients=frozenset({official.person_id})),
    )


def test_a_publisher_names_the_recipients(
    home: Workbench, named: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    _as(PUBLISHER, home, monkeypatch)
    brief = draft(home, title="另一份")
    test = _open("briefs", brief=str(brief.id))
    test.button(key="publish").click()
    _ran(test)
    test.segmented_control(key="audience-level").set_value("named")
    _ran(test)
    assert test.button(key="publish-confirm").disabled
    (official,) = named.stamp.recipients
    test.multiselect(key="audience-persons").set_value([official])
    _ran(test)
    test.button(key="publish-confirm").click()
    _ran(test)
    assert PUBLISHER.bench(home).briefs.edition(brief.id).audience == named.audience
    assert "收件人" in _shown(test)


def test_the_published_page_tells_whom_an_edition_is_for(
    home: Workbench, named: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    _as(LIBRARIAN, home, monkeypatch)
    assert named.publication.title not in _shown(_open("published"))
    PUBLISHER.with_account(home)
    _as(PUBLISHER, home, monkeypatch)
    test = _open("published")
    assert "收件人" in _shown(test)
    test.button(key=f"withdraw-{named.id}").click()
    _ran(test)
    test.text_area(key="proposal-reason").set_value("数字有误")
    test.button(key="proposal-ask").click()
    _ran(test)
    director = DIRECTOR.with_account(home)
    (matter,) = home.of(director).seconding.waiting(actor=director)
    assert matter.proposal.reason == "数字有误"
    assert _offered(_open("published"), f"withdraw-{named.id}") == set()
    home.of(director).seconding.agree(matter.proposal.id, actor=director)
    shown = _shown(_open("published"))
    assert "撤回原因：数字有误" in shown
    assert "已撤回" in shown


def test_a_brief_offers_the_withdrawal_of_every_edition_to_who_may_ask(
    home: Workbench, named: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = f"withdraw-{named.id}"
    _as(LIBRARIAN, home, monkeypatch)
    now = home.briefs.get(named.brief_id)
    home.editing.save(now, title="改过的题名", lines=now.statements, actor=home.actor)
    DIRECTOR.with_account(home)
    _as(DIRECTOR, home, monkeypatch)
    # They do not read the edition, which is for an official.
    assert _offered(_open("published"), key) == set()
    test = _open("briefs", brief=str(named.brief_id))
    shown = _shown(test)
    assert f"《{named.publication.title}》第 1 版" in shown
    assert f"/briefs/{named.brief_id}/1" not in shown
    test.button(key=key).click()
    _ran(test)
    test.text_area(key="proposal-reason").set_value("签发人已离任")
    test.button(key="proposal-ask").click()
    _ran(test)
    listed = _shown(_open("proposals"))
    assert f"撤回《{named.publication.title}》第 1 版" in listed
    assert _offered(_open("briefs", brief=str(named.brief_id)), key) == set()
    _as(REVIEWER, home, monkeypatch)
    assert _offered(_open("briefs", brief=str(named.brief_id)), key) == set()


def test_what_is_published_already_says_so(
    home: Workbench, brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    _as(PUBLISHER, home, monkeypatch)
    assert "版相同" not in _shown(_open("briefs", brief=str(brief.id)))
    home.publishing.publish(brief.id, actor=home.actor)
    test = _open("briefs", brief=str(brief.id))
    assert "内容与第 1 版相同" in _shown(test)
    test.button(key="publish").click()
    _ran(test)
    assert "不会另出新版" in _shown(test)
    _opened.clear()
    home.editing.save(brief, title="改", lines=brief.statements, actor=home.actor)
    assert "版相同" not in _shown(_open("briefs", brief=str(brief.id)))


def test_a_file_is_made_for_who_may_have_it_at_that_moment(
    home: Workbench, brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = home.publishing.publish(
        brief.id, actor=home.actor, audience=Audience(access=Access.STAFF)
    )
    person = open_account(home, "馆员乙", Role.LIBRARIAN, branch="东馆")
    place = Place("127.0.0.1")
    token = home.signing_in.sign_in(person.login, PASSWORD, place=place)
    context = SimpleNamespace(cookies={session_cookie(home.settings): token}, ip_address=None)
    monkeypatch.setattr(st, "context", context)
    make = partial(finishing.made, common.asked_anew(), brief.id, form=ExportFormat.HTML)
    words = brief.statements[0].text.encode()
    assert words in make(1)
    assert words in make(None)
    entry = home.audit.entries(Search(action="export-edition"), limit=1)[0]
    assert entry.deed.person_id == person.person_id
    asker, other = (each.with_account(home) for each in (PUBLISHER, DIRECTOR))
    matter = home.of(asker).seconding.ask_withdrawal(edition.id, reason="有误", actor=asker)
    home.of(other).seconding.agree(matter.proposal.id, actor=other)
    with pytest.raises(WithdrawnEditionError):
        make(1)
    assert words in make(None)
    home.signing_in.register.close(person.person_id, actor=home.actor, at=home.clock())
    with pytest.raises(NotPermittedError):
        make(None)
