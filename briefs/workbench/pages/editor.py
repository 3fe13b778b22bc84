"""One brief: its sources on the left, its statements on the right, and what can be made of it."""

import streamlit as st

from briefs.model import Brief, Publication
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import (
    audience,
    editor_history,
    finishing,
    forms,
    published,
    sources,
    writing,
)
from briefs.workbench.pages.common import MENDABLE, facts_html, header, trouble, words
from briefs.workbench.pages.seat import sit_down
from knowledge.accounts.roles import Permission

_EDIT, _PREVIEW = "edit", "preview"
_WRITE, _READ = "write", "read"
_NARROW = "(max-width: 900px)"
"""Where sources and statements have no room beside each other."""


def show(bench: Workbench, brief_id: int, *, parameter: str) -> None:
    """Draw the editor, or the brief as its readers would get it for whoever may only read it."""
    _ = words()
    try:
        brief = bench.briefs.get(brief_id)
        made = bench.publishing.shown(brief)
    except MENDABLE as error:
        header(_("pages.briefs.title"), back=parameter)
        trouble(error)
        return
    st.session_state["brief"] = brief.id
    may_write = finishing.may(bench, brief, Permission.DRAFT)
    header(_("pages.briefs.editor" if may_write else "pages.briefs.title"), back=parameter)
    same = None if made.edition is None else _("edition.same", number=made.edition)
    st.html(facts_html(audience.of_draft(bench, brief), same))
    published.of_brief(bench, brief)
    if not may_write:
        with st.container(key="bar", horizontal=True, horizontal_alignment="right"):
            _acts(bench, brief, made)
        finishing.preview(brief)
        return
    if _bar(bench, brief, made) == _PREVIEW:
        finishing.preview(brief)
        return
    _desk(bench, brief)


def _acts(bench: Workbench, brief: Brief, made: Publication) -> None:
    finishing.export_menu(made)
    finishing.share_button(bench, brief)
    finishing.publish_button(bench, brief, made)
    finishing.discard_button(bench, brief)


def _bar(bench: Workbench, brief: Brief, made: Publication) -> str:
    """View switch on the left; history, export, publish and the rest on the right."""
    _ = words()
    with st.container(
        key="bar", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        view = st.segmented_control(
            _("pages.briefs.view"),
            [_EDIT, _PREVIEW],
            default=_EDIT,
            required=True,
            format_func=lambda each: _(f"pages.briefs.view.{each}"),
            key="view",
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, width="content", key="acts"):
            editor_history.button(brief)
            _acts(bench, brief, made)
    return str(view)


def _desk(bench: Workbench, brief: Brief) -> None:
    """Sources and statements beside each other; on a phone one of them at a time."""
    _ = words()
    place = sit_down(brief)
    # The dialog of publishing leads to the statement that holds the brief back.
    if (wanted := st.session_state.pop("at_statement", None)) is not None:
        place.go_to(wanted)
    st.session_state.setdefault("pane", _WRITE)
    if place.wanted is not None:
        st.session_state["side"] = place.wanted
        st.session_state["pane"] = _READ
        place.wanted = None
    pane = st.segmented_control(
        _("desk.pane"),
        [_WRITE, _READ],
        required=True,
        format_func=lambda each: _(f"desk.pane.{each}"),
        key="pane",
        label_visibility="collapsed",
        width="stretch",
    )
    hidden = "side" if pane != _READ else "page"
    st.html(
        f"<style>@media (max-width: 900px) {{ .st-key-desk-{hidden} {{ display: none; }} }}</style>"
    )
    with st.container(key="desk-both"):
        left, right = st.columns([5, 8], gap="medium")
        with left, st.container(key="desk-side"):
            sources.side(brief.id)
        with right, st.container(key="desk-page"):
            forms.progress(bench, brief)
            writing.desk(brief)
