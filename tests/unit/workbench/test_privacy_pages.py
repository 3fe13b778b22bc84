"""The page of personal data, and the offer before files become public, in Streamlit's test bed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from briefs.clearing import words_of
from briefs.model import Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from knowledge.accounts.roles import Role
from knowledge.askers import Asker
from knowledge.clearing import Choice
from knowledge.erasing import Erasing
from knowledge.errors import PersonalDataError
from knowledge.model import Access
from tests.homes import blanking_all, open_account
from tests.unit.workbench.test_pages import _dialog, _open, _ran, _shown

ASKER = Asker(name="刘小河", contact="13800138000", consent=True)
LETTER = "读者来信\n\n我叫刘小河，电话13800138000，想问助餐点几点开门。\n".encode()


@pytest.fixture(autouse=True)
def plain_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.dialog", _dialog)


def _chosen(name: str, data: bytes) -> AppTest:
    test = _open("library")
    test.file_uploader(key="upload-0").set_value((name, data, "text/plain"))
    _ran(test)
    test.button(key="take-in").click()
    return _ran(test)


def test_a_file_with_personal_data_waits_for_a_decision(home: Workbench) -> None:
    before = len(home.documents.find())
    test = _chosen("来信.txt", LETTER)
    assert len(home.documents.find()) == before
    assert "来信" in _shown(test)
    assert "13800138000" in _shown(test)
    assert test.button(key="go-on").disabled
    test.radio[0].set_value("staff")
    _ran(test)
    test.button(key="go-on").click()
    _ran(test)
    document = home.documents.by_source("upload:来信.txt")
    assert document is not None
    assert document.stamp.access is Access.STAFF
    (clearing,) = home.clearings.of("document", document.id, actor=home.actor)
    assert (clearing.found, clearing.blanked, clearing.reason) == (2, 0, "只供馆员查看")


@pytest.mark.parametrize("fate", ["public", "left-out"])
def test_staff_decide_that_it_is_public_or_left_out(home: Workbench, fate: str) -> None:
    test = _chosen("来信.txt", LETTER)
    test.radio[0].set_value(fate)
    _ran(test)
    test.button(key="go-on").click()
    _ran(test)
    document = home.documents.by_source("upload:来信.txt")
    assert (document is None) == (fate == "left-out")
    if document is not None:
        assert document.stamp.access is Access.PUBLIC
        (clearing,) = home.clearings.of("document", document.id, actor=home.actor)
        assert "公务信息" in clearing.reason


def test_a_file_without_goes_in_at_once(home: Workbench) -> None:
    _chosen("通知.txt", "咨询电话：0571-87654321，办公室在二楼。\n".encode())
    document = home.documents.by_source("upload:通知.txt")
    assert document is not None
    assert home.clearings.of("document", document.id, actor=home.actor) == []


def test_what_is_due_is_erased(home: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    home.desk.ask("问", actor=home.actor, asker=ASKER)
    test = _open("privacy")
    assert "刘小河" in _shown(test)
    assert "expire" not in {each.key for each in test.button}
    later = Erasing(home.engine, clock=lambda: home.clock() + timedelta(days=366))
    monkeypatch.setattr(Workbench, "erasing", property(lambda _bench: later))
    test = _open("privacy")
    test.button(key="expire").click()
    _ran(test)
    test.button(key="expire-confirm").click()
    _ran(test)
    assert home.erasing.askers(actor=home.actor) == []
    assert "刘小河" not in _shown(_open("privacy"))


def test_erasing_is_typed_twice(home: Workbench) -> None:
    account = open_account(home, "上官玉兰", Role.LIBRARIAN)
    test = _open("privacy")
    test.selectbox(key="account").set_value(account.person_id)
    _ran(test)
    test.button(key="erase-account").click()
    _ran(test)
    for typed in ("别人", "上官玉兰"):
        assert home.signing_in.register.get(account.person_id).is_open
        test.text_input[-1].set_value(typed)
        next(each for each in test.button if each.label == "永久删除").click()
        test.run()
    assert home.people.name(account.person_id) == f"已删除人员{account.person_id}"


def test_the_page_is_for_who_may_erase(home: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    director = open_account(home, "馆长", Role.DIRECTOR).actor
    monkeypatch.setattr(common, "signed_in", lambda: replace(director))
    test = AppTest.from_function(_draw, default_timeout=60).run()
    assert len(test.exception) == 1
    assert not test.title


def _draw() -> None:
    from briefs.workbench.pages import privacy

    privacy.page()


def _published(home: Workbench, *lines: Statement) -> AppTest:
    brief = home.editing.create("灯光简报", lines, actor=home.actor)
    test = _open("briefs", brief=str(brief.id))
    test.button(key="publish").click()
    return _ran(test)


def test_a_brief_is_published_with_what_was_blanked(home: Workbench) -> None:
    test = _published(home, Statement(StatementKind.JUDGEMENT, "读者陈晓（13800138000）来电。"))
    assert "2 处疑似个人信息" in _shown(test)
    test.button(key="publish-confirm").click()
    _ran(test)
    (edition,) = home.briefs.editions()
    assert [line.text for line in edition.publication.lines] == ["读者□□（□□）来电。"]
    assert home.briefs.get(edition.brief_id).statements[0].text == "读者□□（□□）来电。"
    (clearing,) = home.clearings.of("brief", edition.brief_id, actor=home.actor)
    assert (clearing.found, clearing.blanked) == (2, 2)


def test_a_brief_keeps_a_name_for_a_reason_only(home: Workbench) -> None:
    test = _published(home, Statement(StatementKind.JUDGEMENT, "读者陈晓来电。"))
    test.checkbox[0].uncheck()
    _ran(test)
    assert test.button(key="publish-confirm").disabled
    test.text_input[-1].set_value("本人同意具名")
    _ran(test)
    test.button(key="publish-confirm").click()
    _ran(test)
    (edition,) = home.briefs.editions()
    assert edition.publication.lines[0].text == "读者陈晓来电。"
    (clearing,) = home.clearings.of("brief", edition.brief_id, actor=home.actor)
    assert (clearing.blanked, clearing.reason) == (0, "本人同意具名")


def test_what_is_quoted_is_never_blanked(home: Workbench) -> None:
    data = "来电登记\n\n读者陈晓来电反映灯光太暗。\n".encode()
    home.ingest.upload(data, "登记.txt", actor=home.actor)
    home.index()
    passage = home.retriever.search("灯光太暗", 1)[0].passage
    brief = home.editing.create("灯光", [home.editing.quote(passage.id)], actor=home.actor)
    before = home.briefs.get(brief.id)
    with pytest.raises(PersonalDataError):
        home.publishing.publish(
            brief.id, actor=home.actor, choice=blanking_all(words_of(before).texts)
        )
    assert home.briefs.get(brief.id) == before
    home.publishing.publish(brief.id, actor=home.actor, choice=Choice(reason="公开的登记"))
    assert "陈晓" in home.briefs.editions()[0].publication.lines[0].text
