"""Search: a question in, passages with their pages out, and from there into a brief."""

import time

import streamlit as st

from briefs.trail.noted import Asked
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import noting
from briefs.workbench.pages.adding import open_adding
from briefs.workbench.pages.alike import others_html
from briefs.workbench.pages.cards import reasons_html, result_html
from briefs.workbench.pages.common import MENDABLE, header, plain, shared_workbench, trouble, words
from briefs.workbench.pages.filters import filters, first_page, typed_title
from briefs.workbench.reasons import lacking, sureness
from knowledge.accounts.roles import Permission
from knowledge.certainty import Findings
from knowledge.filter import Filter
from knowledge.model import Result

DEPTH = 50
A_PAGE = 10
SUGGESTIONS = 5
LONGEST_QUERY = 500


def page() -> None:
    """Draw the page."""
    _, bench = words(), shared_workbench()
    header(_("pages.search.title"))
    query = st.text_input(
        _("pages.search.query"),
        key="q",
        max_chars=LONGEST_QUERY,
        bind="query-params",
        icon=":material/search:",
        placeholder=_("pages.search.placeholder"),
        label_visibility="collapsed",
        on_change=first_page,
    )
    brief_id = noting.chosen(bench)
    selection, mode = filters(bench, has_dense=bench.encoder_problem is None)
    if query and query.strip():
        asked = Asked(query.strip(), DEPTH, mode, selection, typed_title())
        _found(bench, asked, brief_id)
    else:
        _welcome(bench)


def _found(bench: Workbench, asked: Asked, brief_id: int | None) -> None:
    _, query, selection = words(), asked.query, asked.selection
    try:
        if broken := bench.synonyms_file.problem:
            reason = _.error(broken)
            st.warning(plain(_("synonyms.broken", reason=reason)), icon=":material/info:")
        with st.spinner(_("pages.search.searching")):
            retriever = bench.retriever
            begun = time.perf_counter()
            findings = retriever.ask(
                query,
                asked.depth,
                selection=selection,
                mode=asked.mode,
                collapse=not _shows_all(),
            )
    except MENDABLE as error:
        trouble(error)
        return
    results = findings.results
    seconds = f"{time.perf_counter() - begun:.2f}"
    for_it = None if brief_id is None else noting.noted(bench, brief_id, asked, findings)
    if not findings.every:
        _nothing(selection)
        return
    if not findings.answered:
        _missed(findings, asked, for_it)
        return
    key = "pages.search.count_capped" if len(results) == DEPTH else "pages.search.count"
    with st.container(horizontal=True, vertical_alignment="center", key="foot-count"):
        parts = (_(key, count=len(results), seconds=seconds), sureness(_, findings))
        st.caption(plain(" · ".join(filter(None, parts))))
        if _shows_all() or any(result.alike for result in results):
            _switch()
    if said := lacking(_, findings):
        st.caption(plain(said))
    number = min(st.session_state.get("page", 1), -(-len(results) // A_PAGE))
    for result in results[(number - 1) * A_PAGE : number * A_PAGE]:
        _hit(result, query, for_it)
    if len(results) > A_PAGE:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.pagination(-(-len(results) // A_PAGE), key="page", bind="query-params")


def _hit(result: Result, query: str, for_it: noting.Noting | None) -> None:
    _, bench = words(), shared_workbench()
    synonyms, may_draft = bench.synonyms, Permission.DRAFT in bench.actor.permissions
    with st.container(border=True, key=f"hit-{result.rank}"):
        st.html(result_html(result, query, synonyms=synonyms, is_linked=for_it is None))
        if result.alike:
            st.html(others_html(result))
        with st.container(horizontal=True, vertical_alignment="top", key=f"foot-{result.rank}"):
            st.html(reasons_html(result, query, synonyms=synonyms))
            if may_draft and st.button(
                _("pages.search.add"),
                key=f"add-{result.passage.id}",
                icon=":material/note_add:",
                type="secondary",
            ):
                open_adding(result.passage.id, query, for_it)
        if for_it is not None:
            for_it.acts(result)


def _shows_all() -> bool:
    if "every" not in st.session_state:
        return st.query_params.get("every") == "true"
    return bool(st.session_state["every"])


def _switch() -> None:
    st.toggle(words()("likeness.show_all"), key="every", bind="query-params", on_change=first_page)


def _missed(findings: Findings, asked: Asked, for_it: noting.Noting | None) -> None:
    _ = words()
    hint = "not_found_hint" if asked.selection.is_open else "not_found_hint_filtered"
    with st.container(key="empty"):
        st.markdown(f"**{_('pages.asking.not_found')}**")
        for said in (sureness(_, findings), lacking(_, findings), _(f"pages.asking.{hint}")):
            if said:
                st.caption(plain(said))
    nearest = findings.misses[:A_PAGE]
    with st.expander(_("pages.asking.misses", count=len(nearest))):
        for result in nearest:
            _hit(result, asked.query, for_it)


def _nothing(selection: Filter) -> None:
    _ = words()
    key = "pages.search.nothing" if selection.is_open else "pages.search.nothing_filtered"
    with st.container(key="empty"):
        st.markdown(_(key))
        st.caption(_("pages.search.nothing_hint"))


def _welcome(bench: Workbench) -> None:
    _ = words()
    held, findable = bench.documents.counts()
    if not held:
        with st.container(key="empty"):
            st.markdown(_("pages.search.no_documents"))
            st.caption(_("pages.search.no_documents_hint"))
        return
    st.caption(_("pages.search.held", documents=f"{held:,}", passages=f"{findable:,}"))
    with st.container(key="suggestions", gap="xsmall"):
        st.markdown(_("pages.search.newest"))
        for document in bench.documents.find(limit=SUGGESTIONS):
            st.button(
                plain(document.title),
                key=f"try-{document.id}",
                type="tertiary",
                icon=":material/search:",
                on_click=_ask,
                args=(document.title,),
            )


def _ask(query: str) -> None:
    st.session_state["q"] = query
    first_page()
