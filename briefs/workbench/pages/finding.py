"""Evidence for a statement that has none: search with its words, choose the sentence."""

import html

import streamlit as st

from briefs.editing import sentences_in
from briefs.model import Statement
from briefs.workbench.pages import changes
from briefs.workbench.pages.alike import others_html
from briefs.workbench.pages.common import (
    MENDABLE,
    described,
    facts_html,
    plain,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.pages.highlight import coverage
from knowledge.model import Result

_DEPTH = 5


def open_finding(brief_id: int, line: Statement) -> None:
    """Open the dialog that looks for a statement's source."""
    st.dialog(words()("pages.briefs.find_title"), width="large")(_dialog)(brief_id, line)


def _dialog(brief_id: int, line: Statement) -> None:
    _, bench = words(), shared_workbench()
    query = st.text_input(
        _("pages.briefs.find_query"),
        line.text,
        key=f"find-query-{line.id}",
        placeholder=_("pages.briefs.find_query"),
    )
    try:
        findings = bench.retriever.ask(query or "", _DEPTH)
    except MENDABLE as error:
        trouble(error)
        return
    if not findings.every:
        st.markdown(_("pages.briefs.find_nothing"))
    elif not findings.answered:
        st.markdown(_("pages.asking.find_nothing"))
        with st.expander(_("pages.asking.misses", count=len(findings.misses))):
            for result in findings.misses:
                _result(brief_id, line, result)
    for result in findings.results:
        _result(brief_id, line, result)


def _result(brief_id: int, line: Statement, result: Result) -> None:
    _ = words()
    parts = sentences_in(result.passage)
    best = max(range(len(parts)), key=lambda index: (coverage(parts[index], line.text), -index))
    with st.container(border=True, key=f"found-{result.passage.id}", gap="xsmall"):
        st.html(
            f'<p class="zk-source">{html.escape(result.document.title)}</p>'
            f"{facts_html(*described(result.document.metadata))}{others_html(result)}"
        )
        words_chosen = st.radio(
            _("pages.briefs.find_sentence"),
            parts,
            index=best,
            format_func=plain,
            key=f"found-words-{result.passage.id}",
            label_visibility="collapsed",
        )
        if st.button(_("pages.briefs.find_bind"), key=f"bind-{result.passage.id}"):
            _bind(brief_id, line, result=result, chosen=str(words_chosen))


def _bind(brief_id: int, line: Statement, *, result: Result, chosen: str) -> None:
    bench = shared_workbench()
    try:
        evidence = bench.editing.evidence_in(result.passage, chosen)
    except MENDABLE as error:
        trouble(error)
        return
    if line.id is not None:
        changes.support(brief_id, line.id, evidence=evidence)
    st.rerun()
