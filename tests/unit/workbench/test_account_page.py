"""The page of accounts shows what can be done, and nothing that cannot."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from briefs.workbench import pages, serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from knowledge.accounts.register import Account, Particulars
from knowledge.accounts.roles import Permission, Role
from knowledge.model import Actor
from tests.homes import open_account

Open = Callable[[int | None], AppTest]


def _script() -> None:
    from briefs.workbench.pages import accounts

    accounts.page()


@pytest.fixture
def administrator(workbench: Workbench) -> Account:
    return open_account(workbench, "管理员甲", Role.ADMINISTRATOR)


@pytest.fixture
def opened(
    workbench: Workbench, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Opens the page of a person, or the list, as the administrator."""
    serving.share(workbench)

    def signed_in() -> Actor:
        return workbench.signing_in.register.get(administrator.person_id).actor

    monkeypatch.setattr(common, "signed_in", signed_in)
    monkeypatch.setattr(pages, "signed_in", signed_in)

    def open_page(person_id: int | None) -> AppTest:
        page = AppTest.from_function(_script, default_timeout=30)
        if person_id is not None:
            page.query_params["person"] = str(person_id)
        return page.run()

    yield open_page
    serving.share(None)


def _keys(page: AppTest) -> set[str | None]:
    return {button.key for button in page.button} & {"link", "everywhere", "close", "reopen"}


def test_the_last_administrator_and_oneself_are_not_closed(
    opened: Open, workbench: Workbench, administrator: Account
) -> None:
    librarian = open_account(workbench, "馆员乙", Role.LIBRARIAN)
    assert _keys(opened(administrator.person_id)) == {"link", "everywhere"}
    assert _keys(opened(librarian.person_id)) == {"link", "everywhere", "close"}
    second = open_account(workbench, "管理员丙", Role.ADMINISTRATOR)
    assert _keys(opened(administrator.person_id)) == {"link", "everywhere"}
    assert _keys(opened(second.person_id)) == {"link", "everywhere", "close"}


def test_a_closed_account_can_only_be_opened_again(opened: Open, workbench: Workbench) -> None:
    librarian = open_account(workbench, "馆员乙", Role.LIBRARIAN)
    page = opened(librarian.person_id)
    page.button(key="close").click().run()
    register = workbench.signing_in.register
    assert not register.get(librarian.person_id).is_open
    page = opened(librarian.person_id)
    assert _keys(page) == {"reopen"}
    page.button(key="reopen").click().run()
    assert register.get(librarian.person_id).is_open


def test_a_level_is_kept_of_volunteers_alone(workbench: Workbench) -> None:
    register, actor = workbench.signing_in.register, workbench.actor
    volunteer = open_account(workbench, "志愿者甲", Role.VOLUNTEER)
    assert volunteer.level == 3
    told = {"name": volunteer.name, "login": volunteer.login, "branch": volunteer.branch}
    particulars = Particulars(**told, roles=frozenset({Role.LIBRARIAN}), level=3)
    changed = register.change(volunteer.person_id, particulars, actor=actor, at=workbench.clock())
    assert changed.level is None


def test_whoever_may_not_manage_people_sees_nothing(
    opened: Open, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = replace(
        workbench.actor, permissions=frozenset(Permission) - {Permission.MANAGE_PEOPLE}
    )
    monkeypatch.setattr(common, "signed_in", lambda: nobody)
    page = opened(None)
    assert page.exception
    assert not page.button
    assert "管理员甲" not in str(page.main)


def test_nobody_is_offered_their_own_rights(
    opened: Open, workbench: Workbench, administrator: Account
) -> None:
    librarian = open_account(workbench, "馆员乙", Role.LIBRARIAN)
    assert opened(librarian.person_id).multiselect
    own = opened(administrator.person_id)
    assert not own.multiselect
    own.text_input[0].set_value("改了名")
    own.button[-1].click()
    next(each for each in own.button if each.label == "保存").click().run()
    after = workbench.signing_in.register.get(administrator.person_id)
    assert (after.name, after.roles) == ("改了名", administrator.roles)


def test_at_a_branch_only_its_accounts_are_shown(
    opened: Open, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = open_account(workbench, "馆员乙", Role.LIBRARIAN)
    theirs = open_account(workbench, "馆员丁", Role.LIBRARIAN, branch="东桥分馆")
    there = open_account(workbench, "分馆管理员", Role.ADMINISTRATOR, branch="东桥分馆").actor
    monkeypatch.setattr(common, "signed_in", lambda: there)
    rows = {button.key for button in opened(None).button if str(button.key).startswith("open-")}
    assert rows == {f"open-{theirs.person_id}", f"open-{there.person_id}"}
    page = opened(far.person_id)
    assert "馆员乙" not in str(page.main)
    assert _keys(page) == set()
