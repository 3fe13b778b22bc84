"""The log of deeds: who did what to which record, when and from where; searched and exported."""

import html
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final, TypeVar

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.deeds import (
    KINDS,
    Names,
    action_in_words,
    csv_of,
    details_in_words,
    is_named,
)
from briefs.workbench.pages.common import (
    asked_anew,
    header,
    link,
    moment,
    plain,
    shared_workbench,
    words,
)
from briefs.workbench.wording import Wording
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, Entry, Search
from knowledge.accounts.roles import Permission, require
from knowledge.errors import UnknownRecordError

_T = TypeVar("_T", bound=int | str)
_A_PART: Final = 50
_EXPORTED: Final = 100_000
"""Entries in one file at most; the command line has no limit."""
_BEFORE: Final = "audit-before"


def page() -> None:
    """Draw the page."""
    _, bench = words(), shared_workbench()
    require(bench.actor, Permission.READ_AUDIT)
    header(_("pages.audit.title"))
    if not bench.logbook.is_whole:
        st.caption(_("pages.audit.part"))
    # Whoever did something to people of this branch may be of another one.
    names = bench.people.names()
    search = _search(bench.logbook.people())
    before = st.session_state.get(_BEFORE)
    entries = bench.logbook.entries(search, limit=_A_PART + 1, before=before)
    _actions(bench, search)
    if not entries:
        st.markdown(_("pages.audit.none"))
        return
    st.html(f'<ul class="zk-list zk-deeds">{"".join(_items(bench, entries[:_A_PART], names))}</ul>')
    with st.container(horizontal=True):
        if before is not None and st.button(_("pages.audit.newest"), key="newest"):
            _from_the_top()
            st.rerun()
        if len(entries) > _A_PART and st.button(_("pages.audit.older"), key="older-entries"):
            st.session_state[_BEFORE] = entries[_A_PART - 1].id
            st.rerun()


def _search(names: Mapping[int, str]) -> Search:
    _ = words()
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit-filters"):
        said = {each: action_in_words(_, each) for each in Action}
        action = _choice("action", sorted(Action, key=said.__getitem__), said, width=165)
        person = _choice("person", sorted(names, key=lambda each: names[each]), names)
        kind = _choice("kind", list(KINDS), {each: _(f"deed.kind.{each}") for each in KINDS})
        record = st.number_input(
            _("pages.audit.record"),
            min_value=1,
            value=None,
            step=1,
            width=90,
            on_change=_from_the_top,
        )
        since, until = (
            st.date_input(_(key), value=None, width=140, on_change=_from_the_top)
            for key in ("pages.audit.since", "pages.audit.until")
        )
    end = _start(until)
    return Search(
        action=action,
        person_id=person,
        kind=kind,
        record=None if record is None else int(record),
        since=_start(since),
        until=None if end is None else end + timedelta(days=1),
    )


def _choice(
    name: str, options: Sequence[_T], said: Mapping[_T, str], *, width: int = 130
) -> _T | None:
    return st.selectbox(
        words()(f"pages.audit.{name}"),
        options,
        index=None,
        format_func=said.__getitem__,
        placeholder=words()("pages.audit.any"),
        width=width,
        on_change=_from_the_top,
    )


def _from_the_top() -> None:
    st.session_state.pop(_BEFORE, None)


def _start(day: object) -> datetime | None:
    if not isinstance(day, date):
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _actions(bench: Workbench, search: Search) -> None:
    _ = words()
    with st.container(horizontal=True):
        is_asked = bench.logbook.is_whole and st.button(
            _("pages.audit.verify"), icon=":material/verified:", key="verify"
        )
        st.download_button(
            _("pages.audit.csv"),
            data=partial(_table, asked_anew(), search, words()),
            file_name=f"audit-{bench.clock():%Y-%m-%d}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="audit-csv",
            on_click="ignore",
        )
    if is_asked:
        _verify(bench)


def _verify(bench: Workbench) -> None:
    _ = words()
    with st.spinner(_("audit.checking")):
        verdict = bench.logbook.verify()
    if verdict.broken_at is None:
        st.success(plain(_("audit.sound", count=verdict.entries, last=verdict.last)))
    else:
        st.error(plain(_("audit.broken", id=verdict.broken_at, sound=verdict.entries)))


def _items(bench: Workbench, entries: Sequence[Entry], names: Mapping[int, str]) -> list[str]:
    _ = words()
    links, known = _links(bench, entries), Names.of(bench.people)
    items = []
    for entry in entries:
        deed = entry.deed
        who = _("pages.audit.nobody")
        if deed.person_id is not None:
            who = names.get(deed.person_id, str(deed.person_id))
        facts = [html.escape(moment(entry.at)), html.escape(who)]
        if deed.address:
            facts.append(html.escape(deed.address))
        facts += [html.escape(said) for said in details_in_words(_, entry, known)]
        what = html.escape(action_in_words(_, deed.action))
        record = _record(deed, names, links)
        spans = " · ".join(f"<span>{fact}</span>" for fact in facts)
        items.append(f'<li><strong>{what}</strong>{record}<p class="zk-about">{spans}</p></li>')
    return items


def _record(deed: Deed, names: Mapping[int, str], links: Mapping[tuple[str, int], str]) -> str:
    """What it was done to, linked if the person may open it; an account by its person's name.

    Nothing where they did it to their own account: their name follows.
    """
    _, kind, record = words(), deed.kind or "", deed.record
    if record is None or (kind == "account" and record == deed.person_id):
        return ""
    if kind == "account":
        name = names.get(record, str(record))
    elif kind not in KINDS or is_named(_, deed.action, kind):
        name = _("pages.audit.bare", id=record)
    else:
        name = _("pages.audit.number", kind=_(f"deed.kind.{kind}"), id=record)
    href = links.get((kind, record))
    return " " + (html.escape(name) if href is None else link(href, name))


def _links(bench: Workbench, entries: Sequence[Entry]) -> dict[tuple[str, int], str]:
    """Addresses of the records that this person may open."""
    named = {(each.deed.kind, each.deed.record) for each in entries}
    ids = {
        kind: [record for of, record in named if of == kind and record is not None]
        for kind in KINDS
    }
    found: dict[tuple[str, int], str] = {}
    if Permission.READ_STAFF in bench.actor.permissions:
        for id_ in bench.documents.many(ids["document"]):
            found["document", id_] = f"/library?document={id_}"
        for brief in bench.briefs.all() if ids["brief"] else ():
            found["brief", brief.id] = f"/drafts?brief={brief.id}"
    for id_ in bench.documents.versions_by_id(ids["version"]):
        found["version", id_] = f"/pages/{id_}/1"
    for id_ in ids["edition"]:
        with suppress(UnknownRecordError):
            edition = bench.briefs.record(id_)
            found["edition", id_] = f"/briefs/{edition.brief_id}/{edition.number}"
    if Permission.MANAGE_PEOPLE in bench.actor.permissions:
        for id_ in ids["account"]:
            found["account", id_] = f"/accounts?person={id_}"
    return found


def _table(ask: Callable[[], Workbench], search: Search, _: Wording) -> bytes:
    """The file; it is made in another thread, perhaps long after the page was drawn."""
    bench = ask()
    entries = islice(bench.logbook.export(search), _EXPORTED)
    lines = csv_of(entries, bench.people.names(), _)
    return "".join(lines).encode()
