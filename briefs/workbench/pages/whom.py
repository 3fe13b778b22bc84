"""The control that asks who may read something: everybody, staff, all branches' staff, persons."""

from collections.abc import Collection, Sequence
from typing import Final

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import words
from knowledge.accounts.register import Account
from knowledge.accounts.roles import Role
from knowledge.model import Access
from knowledge.sharing import Audience

_SHARED: Final = "shared"
"""Stands for `Access.STAFF` that every branch sees."""


def asked(
    bench: Workbench,
    offered: Sequence[Access],
    *,
    now: Audience,
    anyway: Collection[int],
    room: str,
) -> Audience:
    """Draw the control and return what it says.

    Args:
        bench: whose people may be named.
        offered: the levels to choose from.
        now: what it says at first.
        anyway: persons who may read it whatever is said; they are not offered.
        room: where its words stand: ``level``, ``persons``, ``persons_example``, ``persons_note``.
    """
    _ = words()
    level = st.segmented_control(
        _(f"{room}.level"),
        _levels(offered),
        default=_SHARED if now.shared else now.access.value,
        required=True,
        format_func=lambda each: _(f"share.level.{each}"),
        key="audience-level",
    )
    if level == _SHARED:
        return Audience(access=Access.STAFF, shared=True)
    if level != Access.NAMED.value:
        return Audience(access=Access(level))
    accounts = {each.person_id: each for each in _readers(bench, anyway)}
    persons = st.multiselect(
        _(f"{room}.persons"),
        list(accounts),
        default=[id_ for id_ in accounts if id_ in now.recipients],
        format_func=lambda person: _told(accounts[person]),
        placeholder=_(f"{room}.persons_example"),
        key="audience-persons",
    )
    st.caption(_(f"{room}.persons_note"))
    # Whoever was named and has no account any more is left as they are.
    others = now.recipients - accounts.keys()
    return Audience(access=Access.NAMED, recipients=frozenset(persons) | others)


def _levels(offered: Sequence[Access]) -> list[str]:
    levels = [level.value for level in offered]
    if Access.STAFF in offered:
        levels.insert(levels.index(Access.STAFF.value) + 1, _SHARED)
    return levels


def _readers(bench: Workbench, anyway: Collection[int]) -> list[Account]:
    """Who may come in, officials first, but for those who may read it anyway."""
    found = [a for a in bench.signing_in.register.all() if a.is_open and a.person_id not in anyway]
    return sorted(found, key=lambda each: Role.OFFICIAL not in each.roles)


def _told(account: Account) -> str:
    _ = words()
    roles = _("share.between").join(_(f"role.{role}") for role in Role if role in account.roles)
    return " · ".join((account.name, account.branch, roles))
