"""What was changed in a brief, by whom and when; each change can be taken back."""

import html
from typing import Final

import streamlit as st

from briefs.model import Brief
from briefs.revisions.history import Changed, Revision
from briefs.revisions.recording import Tally
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    moment,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)

_A_PAGE: Final = 30
_LONGEST: Final = 120
_COUNTED: Final = ("added", "changed", "removed", "moved")


def button(brief: Brief) -> None:
    """Offer the history."""
    label = words()("desk.history")
    if st.button(label, key="history", icon=":material/history:"):
        st.dialog(label, width="large")(_history)(brief.id)


def _history(brief_id: int) -> None:
    _, bench = words(), shared_workbench()
    upto = st.session_state.setdefault(f"history-upto-{brief_id}", _A_PAGE)
    try:
        found = bench.history.revisions(brief_id, limit=upto)
    except MENDABLE as error:
        trouble(error)
        return
    if not found:
        st.caption(_("desk.history_none"))
    for revision in found:
        _revision(brief_id, revision)
    if len(found) == upto and st.button(_("desk.history_more"), key="history-more"):
        st.session_state[f"history-upto-{brief_id}"] = upto + _A_PAGE
        st.rerun(scope="fragment")


def _revision(brief_id: int, revision: Revision) -> None:
    _ = words()
    with st.container(border=True, key=f"revision-{revision.number}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            about = (revision.person, moment(revision.at), _tally(revision.tally))
            name = plain(_("desk.history_of", number=revision.number))
            st.html(facts_html(*about, lead=f"<b>{html.escape(name)}</b> "))
            if revision.is_first:
                return
            shown = st.toggle(_("desk.history_show"), key=f"show-{revision.number}")
            if st.button(_("desk.history_undo"), key=f"undo-{revision.number}"):
                _undo(brief_id, revision.number)
        if shown:
            _changes(brief_id, revision.number)


def _tally(tally: Tally) -> str:
    """How many statements a revision added, changed, removed and moved."""
    _ = words()
    counts = ((name, getattr(tally, name)) for name in _COUNTED)
    said = [_(f"desk.tally.{name}", count=count) for name, count in counts if count]
    return _("explain.separator").join(said)


def _changes(brief_id: int, number: int) -> None:
    """What one revision changed, old words beside the new ones."""
    _, bench = words(), shared_workbench()
    try:
        difference = bench.history.difference(brief_id, number - 1, new=number)
    except MENDABLE as error:
        trouble(error)
        return
    lines = [_line(each) for each in difference.changes]
    old, new = difference.titles
    if old != new:
        lines.insert(0, f"<li><del>{html.escape(old)}</del> <ins>{html.escape(new)}</ins></li>")
    st.html(f'<ul class="zk-list">{"".join(lines)}</ul>')


def _line(changed: Changed) -> str:
    _ = words()
    tag = html.escape(_(f"desk.change.{changed.change}"))
    before, after = (
        "" if line is None else _("edition.withheld") if line.is_withheld else _short(line.text)
        for line in (changed.before, changed.after)
    )
    said = html.escape(after or before)
    if before and after and before != after:
        said = f"<del>{html.escape(before)}</del> <ins>{html.escape(after)}</ins>"
    return f'<li><span class="zk-tag">{tag}</span>{said}</li>'


def _undo(brief_id: int, number: int) -> None:
    _, bench = words(), shared_workbench()
    try:
        bench.history.undo(bench.briefs.get(brief_id), number, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)
        return
    say(_("desk.history_undone"))
    st.rerun()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
