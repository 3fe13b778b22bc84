"""What was changed in a brief, by whom and when; each change can be taken back."""

import html
from typing import Final

import streamlit as st

from briefs.model import Brief
from briefs.revisions.comparing import Changed
from briefs.revisions.history import Revision
from briefs.revisions.recording import Tally
from briefs.revisions.sittings import Sitting
from briefs.workbench.changed import aspects_in_words, place_in_words, shortened
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

_A_PAGE: Final = 20
_FIRST: Final = 48
"""Characters of the first statement that a sitting changed."""
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
        found = bench.history.sittings(brief_id, limit=upto)
    except MENDABLE as error:
        trouble(error)
        return
    if not found:
        st.caption(_("desk.history_none"))
    for sitting in found:
        _sitting(brief_id, sitting)
    if len(found) == upto and st.button(_("desk.history_more"), key="history-more"):
        st.session_state[f"history-upto-{brief_id}"] = upto + _A_PAGE
        st.rerun(scope="fragment")


def _sitting(brief_id: int, sitting: Sitting) -> None:
    """What one person changed at one sitting: as one difference, or change by change."""
    _ = words()
    is_one = sitting.first == sitting.last
    with st.container(border=True, key=f"sitting-{sitting.first}", gap="xsmall"):
        if is_one:
            name = _("desk.history_of", number=sitting.last)
        else:
            name = _("desk.history_span", first=sitting.first, last=sitting.last)
        about = (sitting.person, moment(sitting.begun), _tally(sitting.tally))
        first = shortened(sitting.words, _FIRST)
        if not first and not any(getattr(sitting.tally, each) for each in _COUNTED):
            first = _("desk.history_same")
        said = f'<p class="zk-quote">{html.escape(first)}</p>' if first else ""
        st.html(facts_html(*about, lead=f"<b>{html.escape(name)}</b> ") + said)
        if sitting.base == sitting.last:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            shown = st.toggle(_("desk.history_show"), key=f"show-{sitting.first}")
            singly = not is_one and st.toggle(_("desk.history_singly"), key=f"all-{sitting.first}")
            if is_one:
                _undo_button(brief_id, sitting.last)
        if shown:
            _changes(brief_id, sitting.base, sitting.last)
        if singly:
            _singly(brief_id, sitting)


def _singly(brief_id: int, sitting: Sitting) -> None:
    bench = shared_workbench()
    try:
        found = bench.history.revisions(
            brief_id, limit=sitting.last - sitting.first + 1, before=sitting.last + 1
        )
    except MENDABLE as error:
        trouble(error)
        return
    for revision in found:
        _revision(brief_id, revision)


def _revision(brief_id: int, revision: Revision) -> None:
    _ = words()
    with st.container(border=True, key=f"revision-{revision.number}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            about = (moment(revision.at), _tally(revision.tally))
            name = plain(_("desk.history_of", number=revision.number))
            st.html(facts_html(*about, lead=f"<b>{html.escape(name)}</b> "))
            if revision.is_first:
                return
            shown = st.toggle(_("desk.history_show"), key=f"show-one-{revision.number}")
            _undo_button(brief_id, revision.number)
        if shown:
            _changes(brief_id, revision.number - 1, revision.number)


def _tally(tally: Tally) -> str:
    """How many statements were added, changed, removed and moved."""
    _ = words()
    counts = ((name, getattr(tally, name)) for name in _COUNTED)
    said = [_(f"desk.tally.{name}", count=count) for name, count in counts if count]
    return _("explain.separator").join(said)


def _changes(brief_id: int, old: int, new: int) -> None:
    """What was changed between two revisions, old words beside the new ones."""
    _, bench = words(), shared_workbench()
    try:
        difference = bench.history.difference(brief_id, old, new=new)
    except MENDABLE as error:
        trouble(error)
        return
    lines = [_line(each) for each in difference.changes]
    before, after = difference.titles
    if before != after:
        lines.insert(
            0, f"<li><del>{html.escape(before)}</del> <ins>{html.escape(after)}</ins></li>"
        )
    if not lines:
        st.caption(_("desk.history_same"))
        return
    st.html(f'<ul class="zk-list">{"".join(lines)}</ul>')


def _line(changed: Changed) -> str:
    _ = words()
    tag = html.escape(place_in_words(changed, _))
    before, after = (
        "" if line is None else _("edition.withheld") if line.is_withheld else shortened(line.text)
        for line in (changed.before, changed.after)
    )
    said = html.escape(after or before)
    if before and after and before != after:
        said = f"<del>{html.escape(before)}</del> <ins>{html.escape(after)}</ins>"
    about = facts_html(*aspects_in_words(changed, _))
    return f'<li><span class="zk-tag">{tag}</span>{said}{about}</li>'


def _undo_button(brief_id: int, number: int) -> None:
    _, bench = words(), shared_workbench()
    if not st.button(_("desk.history_undo"), key=f"undo-{number}"):
        return
    try:
        bench.history.undo(bench.briefs.get(brief_id), number, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)
        return
    say(_("desk.history_undone"))
    st.rerun()
