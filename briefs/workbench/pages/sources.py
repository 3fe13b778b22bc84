"""The left side of the editor: search, the folder, the source page, and support for a statement."""

import html
from typing import Final

import streamlit as st

from briefs.editing import sentences_in
from briefs.model import Brief, Evidence
from briefs.trail.folder import FolderItem
from briefs.trail.noted import Asked
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import assisting, finding
from briefs.workbench.pages.alike import others_html
from briefs.workbench.pages.binding import Found, bind, insert, keep, look, may_bind
from briefs.workbench.pages.common import (
    MENDABLE,
    described,
    facts_html,
    link,
    place,
    plain,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.pages.highlight import coverage
from briefs.workbench.pages.seat import seat
from knowledge.model import Result

_DEPTH: Final = 8
_HIGH: Final = 780
_SEARCH, _FOLDER, _PAGE, _SUPPORT = "search", "folder", "page", "support"
_ASSISTANT = "assistant"
"""Shown where one is set."""


@st.fragment
def side(brief_id: int) -> None:
    """Draw the side; what is done here that touches the statements redraws the page."""
    _, bench = words(), shared_workbench()
    further = [_ASSISTANT] if bench.settings.has_assistant else []
    st.session_state.setdefault("side", _SEARCH)
    chosen = st.segmented_control(
        _("desk.side"),
        [_SEARCH, _FOLDER, _PAGE, _SUPPORT, *further],
        required=True,
        format_func=lambda each: _(f"desk.side.{each}"),
        key="side",
        label_visibility="collapsed",
        width="stretch",
    )
    try:
        brief = bench.briefs.get(brief_id)
        seat(brief.id).cites = None
        _trail(bench, brief)
        if chosen == _FOLDER:
            _folder(bench, brief)
        elif chosen == _PAGE:
            _page(brief)
        elif chosen == _SUPPORT:
            finding.support(bench, brief)
        elif chosen == _ASSISTANT:
            assisting.section(bench, brief)
        else:
            _search(bench, brief)
    except MENDABLE as error:
        trouble(error)


def _trail(bench: Workbench, brief: Brief) -> None:
    """How often the collection was searched for this brief, with the way to what was found."""
    count = len(bench.trail.of(brief.id))
    if count:
        said = link(f"/trail?brief={brief.id}", words()("desk.trail", count=count))
        st.html(f'<p class="zk-about">{said}</p>')


def _search(bench: Workbench, brief: Brief) -> None:
    _ = words()
    query = (
        st.text_input(
            _("desk.query"),
            key="desk-query",
            placeholder=_("desk.query_example"),
            label_visibility="collapsed",
            icon=":material/search:",
        )
        or ""
    ).strip()
    if not query:
        st.caption(_("desk.query_hint"))
        return
    findings = bench.retriever.ask(query, _DEPTH)
    noted = bench.trail.note_search(
        brief.id,
        Asked(query, _DEPTH),
        found=findings.results,
        answered=findings.answered,
        actor=bench.actor,
    )
    results = findings.results
    if not findings.answered:
        st.markdown(
            _("pages.asking.find_nothing" if findings.every else "pages.briefs.find_nothing")
        )
        results = findings.misses
    for result in results:
        _result(bench, brief, result, query=query, noted=noted)


def _result(bench: Workbench, brief: Brief, result: Result, *, query: str, noted: int) -> None:
    _ = words()
    parts = sentences_in(result.passage)
    if not parts:
        return
    passage = result.passage
    best = max(range(len(parts)), key=lambda at: (coverage(parts[at], query), -at))
    with st.container(border=True, key=f"side-hit-{passage.id}", gap="xsmall"):
        where = place(result.page, result.page_label)
        title = html.escape(result.document.title)
        about = facts_html(*described(result.document.metadata)[:3], where)
        st.html(f'<p class="zk-source"><b>{title}</b></p>{about}{others_html(result)}')
        chosen = st.radio(
            _("pages.briefs.find_sentence"),
            parts,
            index=best,
            format_func=plain,
            key=f"side-words-{passage.id}",
            label_visibility="collapsed",
        )
        evidence = bench.editing.evidence_in(passage, str(chosen))
        _buttons(brief, evidence, key=f"p{passage.id}", noted=(noted, passage.id), may_keep=True)


def _buttons(
    brief: Brief,
    evidence: Evidence,
    *,
    key: str,
    noted: Found | None,
    may_keep: bool,
) -> None:
    """What can be done with a place: cite it, quote it, keep it, look at it."""
    _ = words()
    with st.container(horizontal=True, gap="xsmall", key=f"acts-side-{key}"):
        seat(brief.id).cites = takes = may_bind(brief)
        why = None if takes else _("desk.no_current")
        if st.button(
            _("desk.cite"), key=f"cite-{key}", type="primary", disabled=not takes, help=why
        ):
            bind(brief, [evidence], noted=noted)
        if st.button(_("desk.quote"), key=f"quote-{key}"):
            insert(brief, evidence, noted=noted)
        if may_keep and st.button(_("desk.keep"), key=f"keep-{key}"):
            keep(brief, evidence, noted=noted)
        if st.button(_("desk.look"), key=f"look-{key}", type="tertiary"):
            look(brief, evidence, noted=noted)


def _folder(bench: Workbench, brief: Brief) -> None:
    _ = words()
    items = bench.folder.items(brief.id)
    if not items:
        st.caption(_("desk.folder_empty"))
    for item in items:
        with st.container(border=True, key=f"folder-item-{item.id}", gap="xsmall"):
            _item(bench, brief, item)


def _item(bench: Workbench, brief: Brief, item: FolderItem) -> None:
    _ = words()
    if item.evidence is None or item.source is None:
        st.caption(_("edition.withheld"))
    else:
        cited = ""
        if item.cited_in:
            numbers = _("explain.separator").join(map(str, item.cited_in))
            cited = _("desk.cited_in", numbers=numbers)
        about = facts_html(place(item.page, None), item.source.issued_on, cited)
        said = html.escape(item.evidence.quote.strip())
        note = f'<p class="zk-remark">{html.escape(item.note)}</p>' if item.note else ""
        title = html.escape(item.source.title)
        st.html(
            f'<p class="zk-source"><b>{title}</b></p>{about}<p class="zk-quote">{said}</p>{note}'
        )
        if item.is_usable:
            _buttons(brief, item.evidence, key=f"k{item.id}", noted=None, may_keep=False)
    if st.button(_("desk.drop"), key=f"drop-{item.id}", type="tertiary"):
        bench.folder.drop(item.id, actor=bench.actor)
        st.rerun()


def _page(brief: Brief) -> None:
    """The source page that was opened last, its words boxed; it turns by its own links."""
    _, shown = words(), seat(brief.id).page
    if shown is None:
        st.caption(_("desk.page_empty"))
        return
    turn, address = shown
    st.html(f'<p class="zk-about">{link(address, _("desk.page_apart"))}</p>')
    # The number makes it another frame: the same address asked for again opens at its mark again.
    with st.container(key=f"source-frame-{turn}"):
        st.iframe(f"{address}&framed=1&lang={_.language}", height=_HIGH, alt=_("desk.side.page"))
