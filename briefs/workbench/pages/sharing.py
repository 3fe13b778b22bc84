"""Who may see a document: told to whoever sees it, changed by whoever may say so."""

import html

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import clearing
from briefs.workbench.pages.common import (
    MENDABLE,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.pages.whom import asked
from briefs.workbench.sharing import Whose, in_words, tag_of, told_of
from knowledge.clearing import UNDECIDED, Choice
from knowledge.model import Access, Document


def show(bench: Workbench, document: Document) -> None:
    """Draw who may see it, and the button for whoever may change that."""
    _ = words()
    standing = bench.sharing.of(document.id, actor=bench.actor)
    tag = tag_of(_, document.stamp) or _("share.tag.public")
    kind = "zk-current" if document.stamp.access is Access.PUBLIC else "zk-changed"
    said = in_words(_, standing, whose=Whose.of(bench, document.stamp))
    with st.container(horizontal=True, vertical_alignment="center", key="row-sharing"):
        lead = f'<span class="zk-tag {kind}">{html.escape(tag)}</span>'
        st.html(f'<p class="zk-about">{lead}{html.escape(said)}</p>')
        if standing.offered and st.button(
            _("pages.sharing.change"), key="change-audience", icon=":material/group:"
        ):
            st.dialog(_("pages.sharing.title"))(_dialog)(document.id)
    for line in st.session_state.pop(_told_key(document.id), ()):
        st.info(plain(line), icon=":material/info:")


def _dialog(document_id: int) -> None:
    _, bench = words(), shared_workbench()
    standing = bench.sharing.of(document_id, actor=bench.actor)
    wanted = asked(
        bench,
        standing.offered,
        now=standing.audience,
        anyway={bench.actor.person_id, standing.made_by},
        room="sharing",
    )
    choice: Choice | None = UNDECIDED
    if wanted.access is Access.PUBLIC:
        texts = bench.sharing.becoming_public(document_id, actor=bench.actor)
        choice = clearing.offer(texts, is_ours=[False] * len(texts), key="sharing")
    saved = st.button(
        _("pages.sharing.save"), type="primary", key="save-audience", disabled=choice is None
    )
    if not saved or choice is None:
        return
    try:
        now = bench.sharing.set(document_id, wanted, actor=bench.actor, choice=choice)
    except MENDABLE as error:
        trouble(error)
        return
    if now.access is not Access.PUBLIC and now != standing.audience:
        told = told_of(_, bench.publishing.editions_citing(document_id))
        st.session_state[_told_key(document_id)] = told
    say(_("pages.sharing.saved"))
    st.rerun()


def _told_key(document_id: int) -> str:
    return f"told-{document_id}"
