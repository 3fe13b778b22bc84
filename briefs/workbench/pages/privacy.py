"""Personal data that is kept: whose time is over, what there is of a person, and erasing them."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import (
    MENDABLE,
    Sort,
    asked_anew,
    facts_html,
    header,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from knowledge.accounts.register import Account
from knowledge.accounts.roles import Permission, require
from knowledge.askers import KeptAsker
from knowledge.erasing import Erased
from knowledge.personal_data import Portrait

MOST_SHOWN: Final = 30
"""Askers that are shown; the others are found by what is typed."""


def page() -> None:
    """Draw the page."""
    _, bench = words(), shared_workbench()
    require(bench.actor, Permission.ERASE)
    header(_("pages.privacy.title"))
    st.caption(_("pages.privacy.about", days=bench.settings.keep_askers))
    _due(bench)
    st.subheader(_("pages.privacy.askers"), anchor=False)
    _askers(bench)
    st.subheader(_("pages.privacy.accounts"), anchor=False)
    _accounts(bench)
    st.caption(_("privacy.backups"))


def _due(bench: Workbench) -> None:
    _ = words()
    due = bench.erasing.due(actor=bench.actor)
    if not due:
        st.success(_("pages.privacy.none_due"), icon=":material/check:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(_("privacy.due_now", n=due), icon=":material/schedule:")
        if st.button(_("pages.privacy.expire"), key="expire", type="primary"):
            st.dialog(_("pages.privacy.expire"))(_expire)(due)


def _expire(count: int) -> None:
    _, bench = words(), shared_workbench()
    st.markdown(_("pages.privacy.expire_question", n=count))
    if st.button(_("pages.privacy.expire_confirm"), key="expire-confirm", type="primary"):
        _do(lambda: bench.erasing.expire(actor=bench.actor))


def _askers(bench: Workbench) -> None:
    _ = words()
    kept = bench.erasing.askers(actor=bench.actor)
    if not kept:
        st.markdown(_("pages.privacy.no_askers"))
        return
    wanted = (st.text_input(_("pages.privacy.find"), key="find-asker") or "").strip()
    found = [each for each in kept if not wanted or wanted in _told(each)]
    st.caption(_("pages.privacy.count", n=len(found)))
    for asker in found[:MOST_SHOWN]:
        _asker(asker)


def _told(asker: KeptAsker) -> str:
    told = (f"asker:{asker.id}", asker.name, asker.contact, asker.organisation)
    return "\n".join(word for word in told if word)


def _asker(asker: KeptAsker) -> None:
    _, who = words(), f"asker:{asker.id}"
    with st.container(key=f"asker-{asker.id}", gap="xsmall"):
        st.markdown(f"**{plain(asker.name or '')}**")
        until = _("pages.privacy.until", day=f"{asker.kept_until:%Y-%m-%d}")
        st.html(facts_html(who, asker.contact, asker.organisation, until))
        with st.container(horizontal=True):
            _export(who, lambda of: of.personal_data.of_asker(asker.id, actor=of.actor))
            if st.button(_("pages.privacy.erase"), key=f"erase-{who}", icon=":material/delete:"):
                st.dialog(_("pages.privacy.erase"))(_erase_asker)(asker.id, who)


def _accounts(bench: Workbench) -> None:
    _ = words()
    actor = bench.actor
    accounts = {
        each.person_id: each
        for each in bench.signing_in.register.all()
        if actor.sees_all_branches or each.branch_id == actor.branch_id
    }
    chosen = st.selectbox(
        _("pages.privacy.which_account"),
        list(accounts),
        index=None,
        format_func=lambda id_: f"{accounts[id_].name}（{accounts[id_].login}）",
        placeholder=_("pages.privacy.which_account"),
        key="account",
    )
    if chosen is None:
        return
    account = accounts[chosen]
    with st.container(horizontal=True):
        who = account.login
        _export(who, lambda of: of.personal_data.of_person(chosen, actor=of.actor))
        if st.button(_("pages.privacy.erase"), key="erase-account", icon=":material/delete:"):
            st.dialog(_("pages.privacy.erase"))(_erase_account)(account)


def _export(who: str, collect: Callable[[Workbench], Portrait]) -> None:
    _, of = words(), asked_anew()
    st.download_button(
        _("pages.privacy.export"),
        # Collected only when it is asked for: every collecting is entered in the log.
        lambda: collect(of()).as_json().encode(),
        file_name=f"{who.replace(':', '-')}.json",
        mime="application/json",
        key=f"export-{who}",
        icon=":material/download:",
        on_click="ignore",
    )


def _erase_asker(asker_id: int, who: str) -> None:
    _, bench = words(), shared_workbench()
    st.markdown(plain(_("privacy.erasing_asker", who=who)))
    typed = _typed(who)
    if typed is not None:
        _do(lambda: bench.erasing.erase_asker(asker_id, confirm=typed, actor=bench.actor))


def _erase_account(account: Account) -> None:
    _, bench = words(), shared_workbench()
    st.markdown(plain(_("privacy.erasing_person", who=account.login)))
    typed = _typed(account.login)
    if typed is not None:
        called = _("privacy.erased_person", id=account.person_id)
        _do(
            lambda: bench.erasing.erase_person(
                account.person_id, confirm=typed, called=called, actor=bench.actor
            )
        )


def _typed(who: str) -> str | None:
    """What was typed to confirm, once the button was pressed."""
    _ = words()
    with st.form(f"confirm-{who}", border=False):
        typed = st.text_input(plain(_("privacy.again", who=who)))
        pressed = st.form_submit_button(_("pages.privacy.erase_confirm"), type="primary")
    return (typed or "") if pressed else None


def _do(act: Callable[[], Erased]) -> None:
    _ = words()
    try:
        erased = act()
    except MENDABLE as error:
        trouble(error)
        return
    say(_("privacy.erased"))
    if erased.documents:
        say(
            _("privacy.left_in_documents", ids=", ".join(map(str, erased.documents))),
            sort=Sort.NOTE,
        )
    if erased.briefs:
        say(_("privacy.left_in_briefs", ids=", ".join(map(str, erased.briefs))), sort=Sort.NOTE)
    if erased.editions:
        say(_("privacy.left_in_editions", n=erased.editions), sort=Sort.NOTE)
    if erased.is_wiped:
        say(_("privacy.wiped"))
    else:
        say(_("privacy.not_wiped"), sort=Sort.REFUSED)
    st.rerun()
