"""The table of synonyms: what a word also goes by, and the library's own lines."""

import html
from collections.abc import Iterable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from briefs.workbench.pages.common import header, plain, say, shared_workbench, trouble, words
from knowledge.errors import BadSynonymsError
from knowledge.synonyms import Group, Synonyms, shipped
from knowledge.synonyms_file import SynonymsFile

_TEXT = "synonyms-text"
_BEFORE = "synonyms-before"
"""What the file held when the change was begun."""


def as_page() -> StreamlitPage:
    """The page as navigation knows it: reached from the library, not from the top bar."""
    title = words()("synonyms.title")
    return st.Page(page, title=title, url_path="synonyms", visibility="hidden")


def page() -> None:
    """Draw the page."""
    _, file = words(), shared_workbench().synonyms_file
    header(_("synonyms.title"))
    st.markdown(_("synonyms.about"))
    _look_up(file.current())
    _edit(file)
    groups = [group for group in shipped().groups if len(group) > 1]
    with st.expander(_("synonyms.shipped", count=len(groups))):
        st.html(_list_html(groups))


def _look_up(table: Synonyms) -> None:
    _ = words()
    word = st.text_input(
        _("synonyms.look_up"),
        key="synonyms-word",
        placeholder=_("synonyms.look_up_example"),
        width=360,
    ).strip()
    if not word:
        return
    if others := table.others(word):
        st.html(_list_html([(word, *others)]))
    else:
        st.caption(plain(_("synonyms.no_other", word=word)))


def _edit(file: SynonymsFile) -> None:
    _ = words()
    try:
        held = file.text()
    except BadSynonymsError as error:
        trouble(error)
        return
    before = st.session_state.get(_BEFORE)
    if _TEXT not in st.session_state or st.session_state[_TEXT] == before:
        st.session_state[_TEXT] = st.session_state[_BEFORE] = held
    if problem := file.problem:
        trouble(problem)
    st.text_area(
        _("synonyms.own"),
        key=_TEXT,
        height=260,
        placeholder=_("synonyms.own_example"),
        help=_("synonyms.own_help"),
    )
    with st.container(horizontal=True):
        saved = st.button(_("synonyms.save"), type="primary", key="synonyms-save")
        st.button(_("synonyms.reload"), type="tertiary", key="synonyms-reload", on_click=_forget)
    if saved:
        _save(file)


def _save(file: SynonymsFile) -> None:
    actor = shared_workbench().actor
    text = st.session_state[_TEXT]
    try:
        file.write(text, before=st.session_state[_BEFORE], actor=actor)
    except BadSynonymsError as error:
        trouble(error)
        return
    st.session_state[_BEFORE] = text
    say(words()("synonyms.saved"))
    st.rerun()


def _forget() -> None:
    """Take up what the file holds now, in place of what was typed."""
    del st.session_state[_TEXT]


def _list_html(groups: Iterable[Group]) -> str:
    lines = (f"<li>{html.escape(' = '.join(group))}</li>" for group in groups)
    return f'<ul class="zk-list">{"".join(lines)}</ul>'
