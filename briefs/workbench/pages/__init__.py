"""The Streamlit pages: search, library with the table of synonyms, briefs, published.

Pages show and ask; whatever is decided is decided by the services of the workbench. What is typed
is saved to SQL at every change; a session keeps ids, and the words of a change that was refused.
"""

import streamlit as st

from briefs.workbench.pages import briefs, library, published, search, synonyms
from briefs.workbench.pages.common import (
    STYLE,
    brand,
    keep_language,
    plain,
    shared_workbench,
    show_said,
    words,
)


def main() -> None:
    """Draw the page that the address names; the entry script calls this at every run."""
    keep_language()
    _ = words()
    st.set_page_config(page_title=_("pages.common.product"), layout="wide")
    st.html(STYLE)
    st.logo(brand(_("pages.common.product")), size="large")
    every = [
        st.Page(search.page, title=_("pages.search.title"), url_path="search", default=True),
        st.Page(library.page, title=_("pages.library.title"), url_path="library"),
        st.Page(briefs.page, title=_("pages.briefs.title"), url_path="drafts"),
        st.Page(published.page, title=_("pages.published.title"), url_path="editions"),
    ]
    page = st.navigation([*every, synonyms.as_page()], position="top")
    # On a phone Streamlit folds the pages into a drawer that stays open; four short links fit.
    with st.container(key="phone-pages", horizontal=True, gap="small"):
        for each in every:
            st.page_link(each, width="content")
    _warn_of_models()
    page.run()
    show_said()


def _warn_of_models() -> None:
    _ = words()
    bench = shared_workbench()
    with st.spinner(_("pages.common.preparing")):
        problems = {
            "pages.common.no_encoder": bench.encoder_problem,
            "pages.common.no_reranker": bench.reranker_problem,
        }
    for sentence, problem in problems.items():
        if problem is not None:
            st.warning(plain(_(sentence, reason=_.error(problem))), icon=":material/info:")
