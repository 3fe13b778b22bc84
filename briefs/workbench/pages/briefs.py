"""Briefs in work: the list, and the ways to begin a new one."""

import html

import streamlit as st

from briefs.model import BriefState, BriefSummary
from briefs.templates import Template
from briefs.workbench.beginning import begin
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.drafted import drafting_notes
from briefs.workbench.pages import editor, templates
from briefs.workbench.pages.common import (
    MENDABLE,
    Sort,
    enter,
    entered,
    facts_html,
    header,
    moment,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.sharing import tag_of
from knowledge.access import is_own
from knowledge.accounts.roles import Permission

_PARAMETER = "brief"
_GUIDANCE = 240
"""Height of what a template says, so that the button below stays in sight."""


def page() -> None:
    """Draw the page: one brief when the address names one, else the list."""
    _, bench = words(), shared_workbench()
    brief_id = entered(_PARAMETER)
    if brief_id is not None:
        editor.show(bench, brief_id, parameter=_PARAMETER)
        return
    header(_("pages.briefs.title"))
    may_write = Permission.DRAFT in bench.actor.permissions
    if may_write and st.button(
        _("pages.briefs.new"), type="primary", key="new", icon=":material/add:"
    ):
        st.dialog(_("pages.briefs.new"), width="medium")(_creation)()
    summaries = bench.briefs.all()
    if not summaries:
        with st.container(key="empty"):
            st.markdown(_("pages.briefs.none"))
            if may_write:
                st.caption(_("pages.briefs.none_hint"))
    for summary in summaries:
        _entry(bench, summary)
    if Permission.CATALOGUE in bench.actor.permissions:
        st.page_link(templates.as_page(), label=_("templating.open"), icon=":material/article:")


def _entry(bench: Workbench, summary: BriefSummary) -> None:
    _ = words()
    with st.container(border=True, key=f"brief-{summary.id}", gap="xsmall"):
        st.button(
            plain(summary.title or _("pages.briefs.untitled")),
            key=f"open-{summary.id}",
            type="tertiary",
            on_click=_open,
            args=(summary.id,),
        )
        facts = [
            _("pages.briefs.statements", count=summary.statement_count),
            _("pages.briefs.changed", when=moment(summary.updated_at)),
        ]
        if summary.edition is not None:
            facts.append(_("pages.briefs.edition", number=summary.edition))
        if not is_own(bench.actor, summary.stamp) or summary.stamp.shared:
            facts.append(bench.people.branch_name(summary.stamp.branch_id) or "")
        if summary.stamp.shared:
            facts.append(tag_of(_, summary.stamp))
        st.html(facts_html(*facts, lead=_state_html(summary)))


def _state_html(summary: BriefSummary) -> str:
    state: str = summary.state
    if summary.state is BriefState.DRAFT and summary.edition is not None:
        state = "changed"
    label = html.escape(words()(f"pages.briefs.state.{state}"))
    return f'<span class="zk-tag zk-{state}">{label}</span>'


def _creation() -> None:
    _, bench = words(), shared_workbench()
    title = st.text_input(
        _("pages.briefs.new_title"),
        key="creation_title",
        placeholder=_("pages.briefs.new_title_example"),
    )
    template = _template(bench)
    outline = st.text_area(
        _("pages.briefs.outline"),
        key="creation_outline",
        placeholder=_("pages.briefs.outline_example"),
        help=_("pages.briefs.outline_help") if template is None else _("templating.outline_help"),
        height=150,
    )
    headings = [line.strip() for line in (outline or "").splitlines() if line.strip()]
    without = "pages.briefs.create_empty" if template is None else "templating.begin"
    label = _("pages.briefs.propose") if headings else _(without)
    if st.button(label, type="primary", key="create", disabled=not (title or "").strip()):
        _create((title or "").strip(), headings, template=template)


def _template(bench: Workbench) -> Template | None:
    """The template to begin with, its guidance shown; None without one."""
    _ = words()
    every = {each.name: each for each in bench.templates.all()}
    name = st.selectbox(
        _("templating.choose"),
        ["", *every],
        format_func=lambda each: (
            every[each].title.of(_.language) if each in every else _("templating.none")
        ),
        key="creation_template",
    )
    if name not in every:
        return None
    template = every[name]
    st.html(templates.about_html(template))
    with (
        st.expander(_("templating.guidance"), expanded=True),
        st.container(height=_GUIDANCE, border=False),
    ):
        st.html(templates.outline_html(template))
    return template


def _create(title: str, headings: list[str], *, template: Template | None) -> None:
    _, bench = words(), shared_workbench()
    try:
        with st.spinner(_("pages.briefs.proposing")):
            brief, drafted = begin(bench, title, headings, template=template)
        for note in drafting_notes(_, drafted):
            say(note, sort=Sort.NOTE)
    except MENDABLE as error:
        trouble(error)
        return
    _open(brief.id)
    st.rerun()


def _open(brief_id: int) -> None:
    st.session_state["brief"] = brief_id
    enter(_PARAMETER, brief_id)
