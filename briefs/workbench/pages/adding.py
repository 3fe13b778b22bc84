"""From a search result into a brief: which brief, and which sentences to quote."""

import streamlit as st

from briefs.editing import sentences_in
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import MENDABLE, plain, say, shared_workbench, trouble, words
from briefs.workbench.pages.highlight import coverage
from briefs.workbench.pages.noting import Noting
from knowledge.access import is_own
from knowledge.model import Passage

NEW = 0
"""Stands for a brief yet to be made; ids begin at 1."""
FEW = 2
"""Up to so many sentences, all are quoted unless the person says otherwise."""


def open_adding(passage_id: int, query: str, for_it: Noting | None = None) -> None:
    """Open the dialog that quotes a passage in a brief.

    Args:
        passage_id: which passage.
        query: that found it.
        for_it: the search, where it is noted for a brief.
    """
    title = words()("pages.search.add_title")
    st.dialog(title, width="medium")(_dialog)(passage_id, query, for_it)


def _dialog(passage_id: int, query: str, for_it: Noting | None) -> None:
    _, bench = words(), shared_workbench()
    passage = bench.passages.many([passage_id]).get(passage_id)
    if passage is None:
        st.error(_("pages.search.passage_gone"))
        return
    brief_id, title = _target(bench, query, for_it)
    chosen = _chosen(passage, query)
    ready = bool(chosen) and (brief_id != NEW or bool(title.strip()))
    if st.button(
        _("pages.search.add_confirm", count=len(chosen)),
        type="primary",
        disabled=not ready,
        key="quote",
    ):
        try:
            _add(bench, passage, brief_id=brief_id, title=title, chosen=chosen)
            if for_it is not None:
                for_it.quoted(brief_id, passage_id)
        except MENDABLE as error:
            trouble(error)
        else:
            st.rerun()


def _target(bench: Workbench, query: str, for_it: Noting | None) -> tuple[int, str]:
    _ = words()
    own = (each for each in bench.briefs.all() if is_own(bench.actor, each.stamp))
    titles = {summary.id: summary.title for summary in own}
    titles[NEW] = _("pages.search.new_brief")
    options = list(titles)
    current = st.session_state.get("brief") if for_it is None else for_it.brief_id
    brief_id = st.selectbox(
        _("pages.search.which_brief"),
        options,
        index=options.index(current) if current in options else 0,
        format_func=titles.__getitem__,
        key="target",
        placeholder=_("pages.search.which_brief"),
    )
    if brief_id != NEW:
        return int(brief_id), ""
    title = st.text_input(
        _("pages.search.new_title"),
        query,
        key="new_title",
        placeholder=_("pages.search.new_title_example"),
    )
    return NEW, title or ""


def _chosen(passage: Passage, query: str) -> list[str]:
    _ = words()
    parts = sentences_in(passage)
    if len(parts) == 1:
        return parts
    best = max(range(len(parts)), key=lambda index: (coverage(parts[index], query), -index))
    st.markdown(_("pages.search.which_sentences"))
    with st.container(key="sentences", gap="xsmall"):
        return [
            part
            for index, part in enumerate(parts)
            if st.checkbox(
                plain(part),
                value=len(parts) <= FEW or index == best,
                key=f"sentence-{passage.id}-{index}",
            )
        ]


def _add(
    bench: Workbench, passage: Passage, *, brief_id: int, title: str, chosen: list[str]
) -> None:
    lines = [bench.editing.quote(passage.id, sentence) for sentence in chosen]
    if brief_id == NEW:
        brief = bench.editing.create(title, lines, actor=bench.actor)
    else:
        brief = bench.editing.append(bench.briefs.get(brief_id), lines, actor=bench.actor)
    st.session_state["brief"] = brief.id
    say(words()("pages.search.added", title=brief.title, count=len(brief.statements)))
