"""The log of deeds: who did what to which record, when and from where; searched and exported."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.deeds import COLUMNS, rows_of
from briefs.workbench.pages.common import facts_html, header, moment, plain, shared_workbench, words
from knowledge.accounts.audit import Audit, Entry, Search
from knowledge.accounts.roles import Permission, require

_A_PART = 50
_EXPORTED = 100_000
"""Entries in one file at most; the command line has no limit."""


def page() -> None:
    """Draw the page."""
    _, bench = words(), shared_workbench()
    require(bench.actor, Permission.READ_AUDIT)
    header(_("pages.audit.title"))
    log, names = Audit(bench.engine), bench.people.names()
    search = _search(log, names)
    _checked(log)
    before = st.session_state.get("audit-before")
    entries = log.entries(search, limit=_A_PART + 1, before=before)
    if not entries:
        st.markdown(_("pages.audit.none"))
    for entry in entries[:_A_PART]:
        _entry(entry, names)
    with st.container(horizontal=True):
        if before is not None and st.button(_("pages.audit.newest"), key="newest"):
            st.session_state.pop("audit-before")
            st.rerun()
        if len(entries) > _A_PART and st.button(_("pages.audit.older"), key="older-entries"):
            st.session_state["audit-before"] = entries[_A_PART - 1].id
            st.rerun()
        st.download_button(
            _("pages.audit.csv"),
            data=lambda: _table(bench, log, search),
            file_name=f"audit-{bench.clock():%Y-%m-%d}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="audit-csv",
            on_click="ignore",
        )


def _search(log: Audit, names: dict[int, str]) -> Search:
    _ = words()
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit-filters"):
        action = st.selectbox(
            _("pages.audit.action"),
            list(log.actions()),
            index=None,
            format_func=deed_in_words,
            placeholder=_("pages.audit.any"),
            width=220,
            on_change=_from_the_top,
        )
        person = st.selectbox(
            _("pages.audit.person"),
            sorted(names, key=lambda each: names[each]),
            index=None,
            format_func=lambda each: names[each],
            placeholder=_("pages.audit.any"),
            width=180,
            on_change=_from_the_top,
        )
        since = st.date_input(
            _("pages.audit.since"), value=None, width=150, on_change=_from_the_top
        )
        until = st.date_input(
            _("pages.audit.until"), value=None, width=150, on_change=_from_the_top
        )
    return Search(
        action=action,
        person_id=person,
        since=_start(since),
        until=None if (end := _start(until)) is None else end + timedelta(days=1),
    )


def _from_the_top() -> None:
    st.session_state.pop("audit-before", None)


def _start(day: object) -> datetime | None:
    if not isinstance(day, date):
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _checked(log: Audit) -> None:
    _ = words()
    if not st.button(_("pages.audit.verify"), icon=":material/verified:", key="verify"):
        return
    verdict = log.verify()
    if verdict.broken_at is None:
        st.success(plain(_("audit.sound", count=verdict.entries, last=verdict.last)))
    else:
        st.error(plain(_("audit.broken", id=verdict.broken_at, sound=verdict.entries)))


def _entry(entry: Entry, names: dict[int, str]) -> None:
    _, deed = words(), entry.deed
    who = _("pages.audit.nobody")
    if deed.person_id is not None:
        who = names.get(deed.person_id, str(deed.person_id))
    what = f"{deed.kind} {deed.record}" if deed.kind else None
    details = " ".join(f"{key}={value}" for key, value in deed.details.items())
    st.html(
        '<div class="zk-deed">'
        + facts_html(
            moment(entry.at), who, deed_in_words(deed.action), what, deed.address, details or None
        )
        + "</div>"
    )


def deed_in_words(action: str) -> str:
    """An action as a person reads it; one that has no words yet as it is entered."""
    key = f"deed.{action}"
    said = words()(key)
    return action if said == key else said


def _table(bench: Workbench, log: Audit, search: Search) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows_of(log.every(search), bench.people.names())):
        if number == _EXPORTED:
            break
        writer.writerow(row)
    # Spreadsheet programs take a file for UTF-8 only by this mark.
    return made.getvalue().encode("utf-8-sig")
