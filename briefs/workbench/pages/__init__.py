"""The Streamlit pages: search, library with the table of synonyms, briefs, published.

Pages show and ask; whatever is decided is decided by the services of the workbench. What is typed
is saved to SQL at every change; a session keeps ids, and the words of a change that was refused.
"""

import streamlit as st

from briefs.workbench.pages import (
    accounts,
    audit,
    briefs,
    library,
    privacy,
    proposals,
    published,
    search,
    synonyms,
    templates,
    trail,
)
from briefs.workbench.pages.common import (
    STYLE,
    brand,
    keep_language,
    link,
    plain,
    shared_workbench,
    show_said,
    signed_in,
    words,
)
from knowledge.accounts.roles import Permission
from knowledge.model import Actor


def main() -> None:
    """Draw the page that the address names; the entry script calls this at every run."""
    keep_language()
    _ = words()
    st.set_page_config(page_title=_("pages.common.product"), layout="wide")
    st.html(STYLE)
    st.logo(brand(_("pages.common.product")), size="large")
    actor = signed_in()
    if actor is None:
        _signed_out()
        return
    # Streamlit lets a browser go on with an earlier visit: what was typed there is its person's.
    if st.session_state.setdefault("visitor", actor.person_id) != actor.person_id:
        st.session_state.clear()
        st.session_state["visitor"] = actor.person_id
    every = _pages(actor)
    hidden = (
        [synonyms.as_page(), templates.as_page()]
        if Permission.CATALOGUE in actor.permissions
        else []
    )
    if Permission.READ_STAFF in actor.permissions:
        hidden = [*hidden, trail.as_page()]
    page = st.navigation([*every, *hidden], position="top")
    # On a phone Streamlit folds the pages into a drawer that stays open; four short links fit.
    with st.container(key="phone-pages", horizontal=True, gap="small"):
        for each in every:
            st.page_link(each, width="content")
    leave = f'<a href="/sign-out" target="_self">{_("entrance.sign_out")}</a>'
    # Not a page of Streamlit: editions are read where their readers read them.
    read = link("/published", _("portal.published"))
    st.html(f'<p class="zk-me">{read} · {link("/account", actor.name)} · {leave}</p>')
    _warn_of_models()
    page.run()
    show_said()


def _pages(actor: Actor) -> list[st.Page]:
    """The pages that this person may open; others do not exist for them."""
    _ = words()
    every = (
        (Permission.SEARCH, search.page, "search"),
        (Permission.READ_STAFF, library.page, "library"),
        (Permission.READ_STAFF, briefs.page, "drafts"),
        (Permission.READ_STAFF, published.page, "editions"),
        # Whoever may ask for a removal may ask for a withdrawal as well.
        (Permission.WITHDRAW, proposals.page, "proposals"),
        (Permission.MANAGE_PEOPLE, accounts.page, "accounts"),
        (Permission.READ_AUDIT, audit.page, "audit"),
        (Permission.ERASE, privacy.page, "privacy"),
    )
    titles = {"drafts": "pages.briefs.title", "editions": "pages.published.title"}
    return [
        st.Page(
            draw,
            title=_(titles.get(path, f"pages.{path}.title")),
            url_path=path,
            default=path == "search",
        )
        for permission, draw, path in every
        if permission in actor.permissions
    ]


def _signed_out() -> None:
    _ = words()
    st.navigation([st.Page(lambda: None, title=_("pages.common.product"))], position="hidden")
    st.markdown(_("pages.common.signed_out"))
    st.html(f'<a href="/sign-in" target="_self">{_("entrance.sign_in")}</a>')


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
