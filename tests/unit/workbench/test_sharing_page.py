"""The document's page: who may see it, and controls for whoever may use them alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from knowledge.accounts.roles import Permission, Role, permissions_of
from knowledge.model import Access, Actor
from knowledge.sharing import Audience
from tests.homes import START, open_account
from tests.unit.workbench.test_pages import _open, _ran, _shown, plain_dialogs

__all__ = ["plain_dialogs"]

CONTROLS = {
    "change-audience": Permission.RESTRICT,
    "confirm-entry": Permission.CATALOGUE,
    "save-description": Permission.CATALOGUE,
    "remove": Permission.REMOVE,
}


def act_as(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    monkeypatch.setattr(common, "signed_in", lambda: actor)


def person(home: Workbench, *roles: Role, branch: str | None = None) -> Actor:
    own = home.settings.library
    made = home.people.ensure("某人", branch=branch or own, at=START)
    is_main = (branch or own) == own
    return replace(made, permissions=permissions_of(roles), sees_all_branches=is_main)


def keys(test: AppTest) -> set[str]:
    return {button.key for button in test.button if button.key}


def test_an_audience_is_chosen_and_the_briefs_that_cite_it_are_named(home: Workbench) -> None:
    official = open_account(home, "发展科长", Role.OFFICIAL)
    passage = home.retriever.search("加装电梯")[0].passage
    document_id = passage.document_id
    quote = home.editing.quote(passage.id, "2023年全县计划加装电梯62台，比上年增长8%。")
    brief = home.editing.create("电梯简报", [quote], actor=home.actor)
    home.publishing.publish(brief.id, actor=home.actor)
    test = _open("library", document=str(document_id))
    assert "任何人可见" in _shown(test)
    test.button(key="change-audience").click()
    _ran(test)
    test.button_group(key="audience-level").set_value(Access.NAMED.value)
    _ran(test)
    assert "始终可以查看" in _shown(test)
    test.multiselect(key="audience-persons").set_value([official.person_id])
    test.button(key="save-audience").click()
    _ran(test)
    audience = home.sharing.of(document_id, actor=home.actor).audience
    assert audience == Audience(access=Access.NAMED, recipients=frozenset({official.person_id}))
    shown = _shown(_ran(_open("library", document=str(document_id))))
    assert "指定人员可见" in shown
    assert "发展科长" in shown
    assert any("《电梯简报》" in each.value for each in test.info)


@pytest.mark.parametrize("role", [Role.LIBRARIAN, Role.REVIEWER, Role.DIRECTOR])
@pytest.mark.parametrize("branch", [None, "二馆"])
def test_what_one_may_not_do_is_not_shown(
    home: Workbench, monkeypatch: pytest.MonkeyPatch, role: Role, branch: str | None
) -> None:
    home.ingest.add(b"", "空.txt", source="upload:空.txt", actor=home.actor)
    data = "秘密★1年\n\n储备地点的说明。".encode()
    home.ingest.add(data, "密.txt", source="upload:密.txt", actor=home.actor)
    actor = person(home, role, branch=branch)
    act_as(monkeypatch, actor)
    may = {key for key, needed in CONTROLS.items() if needed in actor.permissions}
    test = _open("library", document="1")
    assert keys(test) & CONTROLS.keys() == (may if branch is None else set())
    assert "河湾县公共图书馆条例" in _shown(test)
    test = _open("library")
    own = branch is None
    assert bool(test.file_uploader) is (Permission.ADD in actor.permissions)
    failure = home.failures.all()[0]
    assert ("未能收入的文件（1）" in _shown(test)) is own
    assert (f"retry-{failure.id}" in keys(test)) is (own and Permission.ADD in actor.permissions)
    decides = own and Permission.QUARANTINE in actor.permissions
    (file,) = home.quarantine.waiting()
    assert ("秘密★1年" in _shown(test)) is decides
    assert (f"release-{file.id}" in keys(test)) is decides


def test_lists_and_cards_say_what_is_not_public(home: Workbench) -> None:
    home.sharing.set(1, Audience(access=Access.STAFF, shared=True), actor=home.actor)
    assert _shown(_open("library")).count("各馆馆员可见") == 1
    assert "各馆馆员可见" in _shown(_open("search", q="图书馆条例"))


def test_new_files_are_seen_by_whom_the_person_says(home: Workbench) -> None:
    test = _open("library")
    words = "夜间开放到九点。".encode()
    test.file_uploader(key="upload-0").set_value(("夜间.txt", words, "text/plain"))
    _ran(test)
    test.button_group(key="upload-access").set_value(Access.STAFF.value)
    test.button(key="take-in").click()
    _ran(test)
    document = home.documents.by_source("upload:夜间.txt")
    assert document is not None
    assert document.stamp.access is Access.STAFF


def test_personal_data_are_shown_before_they_become_public(home: Workbench) -> None:
    data = "联系人：王小明，电话13812345678。\n".encode()
    made = home.ingest.upload(data, "名册.txt", actor=home.actor, access=Access.STAFF).document_id
    test = _open("library", document=str(made))
    test.button(key="change-audience").click()
    _ran(test)
    test.button_group(key="audience-level").set_value(Access.PUBLIC.value)
    _ran(test)
    assert "13812345678" in _shown(test)
    assert test.button(key="save-audience").disabled
    test.text_input(key="clear-sharing-reason").set_value("公开名录")
    _ran(test)
    test.button(key="save-audience").click()
    _ran(test)
    assert home.documents.get(made or 0).stamp.access is Access.PUBLIC
    (noted,) = home.clearings.of("document", made or 0, actor=home.actor)
    assert noted.reason == "公开名录"


def test_what_is_tried_again_and_holds_personal_data_is_for_staff(
    home: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "名册.txt"
    path.write_text("  ")
    home.ingest.add_file(path, actor=home.actor)
    path.write_text("联系人：王小明，电话13812345678。\n", encoding="utf-8")
    test = _open("library")
    test.button(key=f"retry-{home.failures.all()[0].id}").click()
    _ran(test)
    document = home.documents.by_source(str(path))
    assert document is not None
    assert document.stamp.access is Access.STAFF
    assert home.failures.all() == []
