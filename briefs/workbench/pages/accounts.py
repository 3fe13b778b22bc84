"""Accounts: who may sign in and as what; opened, changed and closed by an administrator.

At a branch only those of the branch are shown. What nobody may change of their own account stands
there as it is.
"""

from collections.abc import Callable
from urllib.parse import urljoin

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import (
    MENDABLE,
    enter,
    entered,
    facts_html,
    header,
    leave,
    moment,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.settings import address_of
from knowledge.accounts.register import LEVELS, Account, Particulars, require_managed
from knowledge.accounts.roles import Permission, Role, require
from knowledge.errors import UnknownRecordError

_PARAMETER = "person"


def page() -> None:
    """Draw the page: one account when the address names one, else the list."""
    _, bench = words(), shared_workbench()
    require(bench.actor, Permission.MANAGE_PEOPLE)
    person_id = entered(_PARAMETER)
    if person_id is not None:
        _one(bench, person_id)
        return
    header(_("pages.accounts.title"))
    with st.expander(_("pages.accounts.open"), icon=":material/person_add:", key="new-account"):
        _open(bench)
    for account in bench.signing_in.register.managed(actor=bench.actor):
        _row(account)


def _row(account: Account) -> None:
    _ = words()
    with st.container(key=f"account-{account.person_id}", gap="xsmall"):
        st.button(
            plain(account.name),
            key=f"open-{account.person_id}",
            type="tertiary",
            on_click=enter,
            args=(_PARAMETER, account.person_id),
        )
        state = None if account.is_open else _("pages.accounts.is_closed")
        unset = _("pages.accounts.no_password") if not account.has_password else None
        st.html(facts_html(account.login, _roles(account), account.branch, unset, state))


def _roles(account: Account) -> str:
    _ = words()
    named = [_(f"role.{role}") for role in Role if role in account.roles]
    if account.level is not None:
        named.append(_("pages.accounts.level_of", level=account.level))
    return _("pages.accounts.join").join(named)


def _open(bench: Workbench) -> None:
    _ = words()
    with st.form("open-account", border=False):
        told = _fields(bench, None)
        wanted = st.form_submit_button(_("pages.accounts.open"), type="primary")
    if not wanted:
        return
    try:
        account = bench.signing_in.register.open(told, actor=bench.actor, at=bench.clock())
    except MENDABLE as error:
        trouble(error)
        return
    _show_link(bench, account)


def _one(bench: Workbench, person_id: int) -> None:
    _, register = words(), bench.signing_in.register
    try:
        account = register.get(person_id)
        require_managed(account, bench.actor)
    except UnknownRecordError:
        leave(_PARAMETER)
        st.rerun()
    header(account.name, back=_PARAMETER)
    st.html(facts_html(account.login, _("pages.accounts.since", when=moment(account.opened_at))))
    with st.form("change-account"):
        told = _fields(bench, account)
        if st.form_submit_button(_("pages.accounts.save"), type="primary"):
            _do(lambda: register.change(person_id, told, actor=bench.actor, at=bench.clock()))
    with st.container(horizontal=True):
        if not account.is_open:
            if st.button(_("pages.accounts.reopen"), icon=":material/restart_alt:", key="reopen"):
                _do(lambda: register.reopen(person_id, actor=bench.actor, at=bench.clock()))
            return
        if st.button(_("pages.accounts.link"), icon=":material/link:", key="link"):
            _show_link(bench, account)
        if st.button(_("pages.accounts.sign_out"), icon=":material/logout:", key="everywhere"):
            _do(lambda: bench.signing_in.sign_out_everywhere(person_id, actor=bench.actor))
        if _may_be_closed(bench, account) and st.button(
            _("pages.accounts.close"), icon=":material/block:", key="close"
        ):
            _do(lambda: register.close(person_id, actor=bench.actor, at=bench.clock()))
    _sessions(bench, account)


def _may_be_closed(bench: Workbench, account: Account) -> bool:
    """Nobody closes their own account here, and the last administrator's stays open."""
    others = (
        each
        for each in bench.signing_in.register.all()
        if each.is_open and Role.ADMINISTRATOR in each.roles and each != account
    )
    return account.person_id != bench.actor.person_id and any(others)


def _fields(bench: Workbench, account: Account | None) -> Particulars:
    _ = words()
    name = st.text_input(_("pages.accounts.name"), value=account.name if account else "")
    login = st.text_input(
        _("pages.accounts.login"),
        value=account.login if account else "",
        help=_("pages.accounts.login_help"),
    )
    if account is not None and account.person_id == bench.actor.person_id:
        st.html(facts_html(_roles(account), account.branch))
        roles, level, branch = account.roles, account.level, account.branch
    else:
        roles, level = _rights(account)
        branch = _branch(bench, account)
    return Particulars(
        name=(name or "").strip(),
        login=(login or name or "").strip(),
        roles=roles,
        branch=branch,
        level=level,
    )


def _rights(account: Account | None) -> tuple[frozenset[Role], int | None]:
    """The roles and the level that are chosen."""
    _ = words()
    roles = st.multiselect(
        _("pages.accounts.roles"),
        list(Role),
        default=[role for role in Role if account and role in account.roles],
        format_func=lambda role: _(f"role.{role}"),
        placeholder=_("pages.accounts.choose"),
    )
    level = st.selectbox(
        _("pages.accounts.level"),
        list(LEVELS),
        index=account.level - 1 if account and account.level else None,
        help=_("pages.accounts.level_help"),
        placeholder=_("pages.accounts.any_level"),
    )
    return frozenset(roles), level


def _branch(bench: Workbench, account: Account | None) -> str:
    """The branch that is named; an administrator of a branch names none but their own."""
    if not bench.actor.sees_all_branches:
        return bench.people.branch_name(bench.actor.branch_id) or ""
    before = account.branch if account else bench.settings.library
    given = st.text_input(words()("pages.accounts.branch"), value=before)
    return (given or "").strip() or bench.settings.library


def _sessions(bench: Workbench, account: Account) -> None:
    _ = words()
    found = bench.signing_in.sessions(account.person_id)
    if not found:
        st.caption(_("pages.accounts.nowhere"))
        return
    st.subheader(_("pages.accounts.sessions"), anchor=False)
    for session in found:
        seen = _("pages.accounts.seen", when=moment(session.seen_at))
        st.html(facts_html(session.device or None, session.address, seen))


def _show_link(bench: Workbench, account: Account) -> None:
    _ = words()
    try:
        token = bench.signing_in.link_for(account.person_id, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)
        return
    st.success(plain(_("pages.accounts.link_made", name=account.name)))
    base = st.context.url or address_of(bench.settings)
    if bench.settings.public_address:
        base = bench.settings.public_address
    st.code(urljoin(base, f"/password/{token}"), language=None, wrap_lines=True)


def _do(action: Callable[[], object]) -> None:
    try:
        action()
    except MENDABLE as error:
        trouble(error)
        return
    say(words()("pages.accounts.done"))
    st.rerun()
