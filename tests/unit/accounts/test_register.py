"""Accounts are opened, changed and closed by who may, and somebody is always left who may."""

from collections.abc import Callable
from typing import Any

import pytest

from knowledge.accounts.audit import Audit, Search
from knowledge.accounts.errors import (
    AccountError,
    BadLevelError,
    BadLoginError,
    LastAdministratorError,
    LoginTakenError,
    NoRoleError,
    NotPermittedError,
    OtherBranchAccountError,
    OwnAccountError,
)
from knowledge.accounts.register import Particulars
from knowledge.accounts.roles import GRANTS, Permission, Role, permissions_of, require
from knowledge.errors import UnknownRecordError
from tests.unit.accounts.desk import Desk


def _told(name: str = "某人", login: str = "mou", **others: object) -> Particulars:
    values = {"roles": frozenset({Role.LIBRARIAN}), "branch": "河湾县图书馆", "level": None}
    return Particulars(name=name, login=login, **{**values, **others})  # type: ignore[arg-type]


def test_an_account_is_what_was_told(desk: Desk) -> None:
    told = _told(roles=frozenset({Role.LIBRARIAN, Role.REVIEWER}), branch="东桥分馆")
    account = desk.register.open(told, actor=desk.operator, at=desk.now)
    assert (account.name, account.login, account.branch) == ("某人", "mou", "东桥分馆")
    assert account.roles == {Role.LIBRARIAN, Role.REVIEWER}
    assert not account.is_main
    assert not account.has_password
    assert account.is_open
    assert account.actor.permissions == GRANTS[Role.LIBRARIAN] | GRANTS[Role.REVIEWER]
    assert desk.register.all() == [account]


def test_the_first_branch_is_the_main_library(desk: Desk) -> None:
    assert desk.open("馆长", Role.DIRECTOR).actor.sees_all_branches
    assert not desk.open("分馆员", Role.LIBRARIAN, branch="东桥分馆").actor.sees_all_branches


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (_told(login="a"), BadLoginError),
        (_told(login="has blank"), BadLoginError),
        (_told(login="x" * 65), BadLoginError),
        (_told(name="  "), BadLoginError),
        (_told(roles=frozenset()), NoRoleError),
        (_told(level=7), BadLevelError),
        (_told(roles=frozenset({Role.VOLUNTEER})), BadLevelError),
    ],
)
def test_what_cannot_be_is_refused(
    desk: Desk, told: Particulars, error: type[AccountError]
) -> None:
    with pytest.raises(error):
        desk.register.open(told, actor=desk.operator, at=desk.now)
    assert desk.register.all() == []


def test_names_are_each_one_persons(desk: Desk) -> None:
    first = desk.register.open(_told(), actor=desk.operator, at=desk.now)
    for told in (_told(name="另一人", login="ＭＯＵ"), _told(login="other")):
        with pytest.raises(LoginTakenError):
            desk.register.open(told, actor=desk.operator, at=desk.now)
    second = desk.register.open(
        _told(name="另一人", login="other"), actor=desk.operator, at=desk.now
    )
    for told in (_told(login="other"), _told(name="另一人", login="mou")):
        with pytest.raises(LoginTakenError):
            desk.register.change(first.person_id, told, actor=desk.operator, at=desk.now)
    assert desk.register.all() == sorted([first, second], key=lambda account: account.name)


def test_changes_hold(desk: Desk) -> None:
    account = desk.register.open(_told(), actor=desk.operator, at=desk.now)
    told = _told(
        name="改名", login="gai", roles=frozenset({Role.VOLUNTEER}), level=4, branch="西岭"
    )
    changed = desk.register.change(account.person_id, told, actor=desk.operator, at=desk.now)
    assert (changed.name, changed.login, changed.level, changed.branch) == (
        "改名",
        "gai",
        4,
        "西岭",
    )
    assert changed.actor.permissions == GRANTS[Role.VOLUNTEER]
    assert desk.register.get(account.person_id) == changed


def test_somebody_always_manages_accounts(desk: Desk) -> None:
    one = desk.open("管理员", Role.ADMINISTRATOR)
    told = _told(name=one.name, login=one.login)
    with pytest.raises(LastAdministratorError):
        desk.register.close(one.person_id, actor=desk.operator, at=desk.now)
    with pytest.raises(LastAdministratorError):
        desk.register.change(one.person_id, told, actor=desk.operator, at=desk.now)
    two = desk.open("管理员二", Role.ADMINISTRATOR, Role.LIBRARIAN)
    desk.register.close(one.person_id, actor=two.actor, at=desk.now)
    assert not desk.register.get(one.person_id).is_open
    with pytest.raises(LastAdministratorError):
        desk.register.close(two.person_id, actor=two.actor, at=desk.now)


def test_a_closed_account_stays_on_record(desk: Desk) -> None:
    first, second = desk.open("甲甲", Role.LIBRARIAN), desk.open("乙乙", Role.LIBRARIAN)
    desk.register.close(second.person_id, actor=desk.operator, at=desk.now)
    assert [account.person_id for account in desk.register.all()] == [
        first.person_id,
        second.person_id,
    ]
    assert not desk.register.has_administrator()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_others_do_not_touch_accounts(desk: Desk, role: Role) -> None:
    other = desk.open("某人甲", role).actor
    account = desk.open("某人乙", Role.LIBRARIAN)
    with pytest.raises(NotPermittedError):
        desk.register.open(_told(), actor=other, at=desk.now)
    with pytest.raises(NotPermittedError):
        desk.register.change(account.person_id, _told(), actor=other, at=desk.now)
    with pytest.raises(NotPermittedError):
        desk.register.close(account.person_id, actor=other, at=desk.now)
    with pytest.raises(NotPermittedError):
        desk.register.reopen(account.person_id, actor=other, at=desk.now)
    assert desk.register.get(account.person_id) == account


def test_who_has_no_account_is_said_so(desk: Desk) -> None:
    with pytest.raises(UnknownRecordError):
        desk.register.get(99)
    with pytest.raises(UnknownRecordError):
        desk.register.close(99, actor=desk.operator, at=desk.now)


def test_every_permission_is_somebodys_and_every_role_permits_something() -> None:
    assert set(GRANTS) == set(Role)
    assert permissions_of(Role) == set(Permission)
    assert all(Permission.SEARCH in granted for granted in GRANTS.values())
    assert permissions_of(()) == frozenset()


def test_a_refusal_names_the_person_and_the_permission(desk: Desk) -> None:
    actor = desk.open("志愿者", Role.VOLUNTEER).actor
    require(actor, Permission.ANSWER)
    with pytest.raises(NotPermittedError, match=r"志愿者.*“publish”"):
        require(actor, Permission.PUBLISH)


EAST = "东桥分馆"


def test_an_administrator_of_a_branch_keeps_its_accounts_alone(desk: Desk) -> None:
    desk.open("总管理员", Role.ADMINISTRATOR)
    theirs, far = (
        desk.open("东馆员", Role.LIBRARIAN, branch=EAST),
        desk.open("总馆员", Role.LIBRARIAN),
    )
    actor = desk.open("东管理员", Role.ADMINISTRATOR, branch=EAST).actor
    register, signing_in, at = desk.register, desk.signing_in, desk.now
    names = [account.name for account in register.managed(actor=actor)]
    assert names == ["东管理员", "东馆员"]
    binding, id_ = signing_in.binding, far.person_id
    refused: tuple[Callable[[], object], ...] = (
        lambda: register.change(id_, _told(branch=EAST), actor=actor, at=at),
        lambda: register.close(id_, actor=actor, at=at),
        lambda: register.reopen(id_, actor=actor, at=at),
        lambda: signing_in.link_for(id_, actor=actor),
        lambda: signing_in.sign_out_everywhere(id_, actor=actor),
        lambda: binding.bind(id_, "issuer s", actor=actor, at=at),
        lambda: binding.expect(id_, "e", actor=actor, at=at),
        lambda: binding.release(id_, actor=actor, at=at),
    )
    for deed in refused:
        with pytest.raises(UnknownRecordError):
            deed()
    assert register.get(id_) == far
    for branch in ("河湾县图书馆", "新馆"):
        with pytest.raises(OtherBranchAccountError):
            register.open(_told(branch=branch), actor=actor, at=at)
        moved = _told(name=theirs.name, login=theirs.login, branch=branch)
        with pytest.raises(OtherBranchAccountError):
            register.change(theirs.person_id, moved, actor=actor, at=at)
    assert register.open(_told(branch=EAST), actor=actor, at=at).branch == EAST
    assert signing_in.link_for(theirs.person_id, actor=actor)


def test_an_administrator_of_a_branch_makes_nobody_elses_person_theirs(desk: Desk) -> None:
    actor = desk.open("东管理员", Role.ADMINISTRATOR, branch=EAST).actor
    with pytest.raises(LoginTakenError):
        desk.register.open(_told(name="机房", branch=EAST), actor=actor, at=desk.now)
    assert [account.name for account in desk.register.all()] == ["东管理员"]


@pytest.mark.parametrize(
    "change",
    [
        {"roles": frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})},
        {"roles": frozenset({Role.LIBRARIAN})},
        {"branch": EAST},
        {"roles": frozenset({Role.ADMINISTRATOR, Role.VOLUNTEER}), "level": 6},
    ],
)
def test_nobody_changes_their_own_rights(desk: Desk, change: dict[str, Any]) -> None:
    desk.open("另一管理员", Role.ADMINISTRATOR)
    own = desk.open("管理员", Role.ADMINISTRATOR)
    kept: dict[str, Any] = {"roles": own.roles, "branch": own.branch}
    with pytest.raises(OwnAccountError):
        desk.register.change(
            own.person_id, _told(**{**kept, **change}), actor=own.actor, at=desk.now
        )
    assert desk.register.get(own.person_id) == own
    renamed = desk.register.change(
        own.person_id, _told(name="改了名", **kept), actor=own.actor, at=desk.now
    )
    assert renamed.name == "改了名"


def test_the_log_says_what_was_changed_and_no_words(desk: Desk) -> None:
    account = desk.open("某馆员", Role.LIBRARIAN, Role.REVIEWER)
    roles = frozenset({Role.VOLUNTEER})
    told = _told(name="改名人", login="gai", roles=roles, level=4, branch=EAST)
    after = desk.register.change(account.person_id, told, actor=desk.operator, at=desk.now)
    (entry,) = Audit(desk.engine).entries(Search(action="change-account"), limit=9)
    assert entry.deed.details == {
        "roles": "volunteer",
        "roles_before": "librarian reviewer",
        "level": 4,
        "level_before": None,
        "branch": after.branch_id,
        "branch_before": account.branch_id,
        "renamed": True,
        "login_changed": True,
    }
    desk.register.change(account.person_id, told, actor=desk.operator, at=desk.now)
    (last, *_) = Audit(desk.engine).entries(Search(), limit=1)
    assert last.deed.details == {"roles": "volunteer", "level": 4, "branch": after.branch_id}
