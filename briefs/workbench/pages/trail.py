"""The search trail of a brief and its folder: what was searched, found, kept, and not found."""

import html
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from briefs.exporters import ExportFormat
from briefs.model import Brief
from briefs.trail.noted import NotedAct, NotedSearch
from briefs.workbench.appending import exported
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import folder
from briefs.workbench.pages.common import (
    MENDABLE,
    asked_anew,
    enter,
    entered,
    facts_html,
    header,
    moment,
    plain,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.pages.common import link as link_html
from briefs.workbench.trailing import (
    act_in_words,
    collection_in_words,
    outcome_in_words,
    query_in_words,
    way_in_words,
)
from knowledge.access import is_own
from knowledge.accounts.roles import Permission

_PARAMETER = "brief"
_FOR = "for"
"""As `noting` reads it."""
_TRAIL, _FOLDER = "trail", "folder"


def as_page() -> StreamlitPage:
    """The page as navigation knows it: reached from search and editor, not from the top bar."""
    return st.Page(page, title=words()("trail.title"), url_path="trail", visibility="hidden")


def link(brief_id: int) -> None:
    """Draw a link to the trail and folder of a brief."""
    label = words()("trail.to_trail")
    st.page_link(
        as_page(), label=label, icon=":material/history:", query_params={_PARAMETER: str(brief_id)}
    )


def page() -> None:
    """Draw the page: of the brief that the address names, else the choice of one."""
    _, bench = words(), shared_workbench()
    header(_("trail.title"))
    brief_id = entered(_PARAMETER)
    if brief_id is None:
        _choice(bench)
        return
    try:
        brief = bench.briefs.get(brief_id)
        searches = bench.trail.of(brief_id)
        count = len(bench.folder.items(brief_id))
    except MENDABLE as error:
        trouble(error)
        return
    may_write = Permission.DRAFT in bench.actor.permissions and is_own(bench.actor, brief.stamp)
    _top(brief, may_write=may_write)
    labels = {
        _TRAIL: _("trail.searches_count", count=len(searches)),
        _FOLDER: _("trail.folder_count", count=count),
    }
    part = st.segmented_control(
        _("trail.title"),
        [_TRAIL, _FOLDER],
        default=_TRAIL,
        required=True,
        format_func=labels.__getitem__,
        key="part",
        label_visibility="collapsed",
    )
    if part == _FOLDER:
        folder.show(bench, brief_id, may_write=may_write)
    else:
        _searches(bench, searches, may_write=may_write)


def _choice(bench: Workbench) -> None:
    _ = words()
    summaries = bench.briefs.all()
    if not summaries:
        st.caption(_("pages.briefs.none"))
        return
    st.caption(_("trail.choose_brief"))
    for summary in summaries:
        st.button(
            plain(summary.title),
            key=f"open-{summary.id}",
            type="tertiary",
            on_click=enter,
            args=(_PARAMETER, summary.id),
        )


def _top(brief: Brief, *, may_write: bool) -> None:
    _ = words()
    st.markdown(f"**{plain(brief.title)}**")
    ways = [link_html(f"/drafts?brief={brief.id}", _("trail.to_brief"))]
    if may_write:
        ways.insert(0, link_html(f"/?for={brief.id}", _("trail.search_for")))
    with st.container(horizontal=True, vertical_alignment="center", key="foot-trail"):
        st.html(f'<p class="zk-source">{" · ".join(ways)}</p>')
        _export(brief)


def _export(brief: Brief) -> None:
    _, of = words(), asked_anew()
    with st.popover(_("trail.export"), icon=":material/download:", key="export-trail"):
        whole = st.checkbox(_("trail.whole"), key="trail-whole")
        for form in (*(each.value for each in ExportFormat), "csv"):
            if form == "csv" and whole:
                continue
            label = "trail.format.csv" if form == "csv" else f"pages.common.format.{form}"
            st.download_button(
                _(label),
                partial(_made, of, brief.id, form=form, whole=whole),
                file_name=f"{_file_stem(brief, whole=whole)}.{form}",
                key=f"trail-{form}-{whole}",
                on_click="ignore",
                width="stretch",
            )


def _file_stem(brief: Brief, *, whole: bool) -> str:
    return f"brief-{brief.id}" if whole else f"brief-{brief.id}-trail"


def _made(of: Callable[[], Workbench], brief_id: int, *, form: str, whole: bool) -> bytes:
    return exported(of(), brief_id, form, words(), whole=whole)


def _searches(bench: Workbench, searches: tuple[NotedSearch, ...], *, may_write: bool) -> None:
    _ = words()
    if not searches:
        with st.container(key="empty"):
            st.markdown(_("trail.none"))
            st.caption(_("trail.none_hint"))
        return
    missed = [search for search in searches if search.answered is False]
    only = bool(missed) and st.toggle(
        _("trail.only_missing", count=len(missed)), key="only-missing"
    )
    names = bench.people.names()
    for search in reversed(missed if only else searches):
        with st.container(border=True, key=f"search-{search.id}", gap="xsmall"):
            by = names.get(search.made_by, "")
            st.html(_search_html(bench, search, by=by, may_write=may_write))
            if may_write:
                _strike(search)


def _search_html(bench: Workbench, search: NotedSearch, *, by: str, may_write: bool) -> str:
    _, branch = words(), bench.people.branch_name
    outcome = html.escape(outcome_in_words(_, search))
    state = "changed" if search.answered is False else "current"
    lead = f'<span class="zk-tag zk-{state}">{outcome}</span>'
    more = _("trail.withheld") if search.is_partial else ""
    acts = "".join(f"<li>{_act_html(act)}</li>" for act in search.acts)
    struck = ""
    if search.strike is not None:
        said = _("trail.struck", reason=search.strike.reason)
        struck = f'<p class="zk-remark">{html.escape(said)}</p>'
    query = html.escape(query_in_words(_, search))
    if may_write and search.brief_id is not None and search.asked.query:
        again = {"q": search.asked.query, _FOR: search.brief_id}
        query = link_html(f"/?{urlencode(again)}", search.asked.query)
    return (
        f'<p class="zk-source"><strong>{query}</strong></p>'
        + facts_html(by, moment(search.made_at), lead=lead)
        + facts_html(
            way_in_words(_, search.asked, branch=branch),
            collection_in_words(_, search.collection, branch=branch) + more,
        )
        + struck
        + (f'<ul class="zk-list">{acts}</ul>' if acts else "")
    )


def _act_html(act: NotedAct) -> str:
    """What was done, with a link to the page as long as there is one."""
    said = act_in_words(words(), act)
    return link_html(act.href, said) if act.source.is_there else html.escape(said)


def _strike(search: NotedSearch) -> None:
    _ = words()
    if search.strike is not None:
        st.button(
            _("trail.restore"),
            key=f"restore-{search.id}",
            type="tertiary",
            on_click=_restored,
            args=(search.id,),
        )
        return
    with st.popover(_("trail.strike"), type="tertiary", key=f"strike-{search.id}"):
        st.text_input(_("trail.strike_why"), key=f"strike-reason-{search.id}", max_chars=500)
        st.button(
            _("trail.strike"),
            key=f"struck-{search.id}",
            type="primary",
            on_click=_struck,
            args=(search.id,),
        )


def _struck(search_id: int) -> None:
    bench = shared_workbench()
    reason = st.session_state[f"strike-reason-{search_id}"] or ""
    try:
        bench.trail.strike(search_id, reason=reason, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)


def _restored(search_id: int) -> None:
    bench = shared_workbench()
    try:
        bench.trail.restore(search_id, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)
