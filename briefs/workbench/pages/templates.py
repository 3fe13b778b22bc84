"""The templates of briefs: what each asks for, and the library's own changes."""

import html
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from briefs.templates import Template, Templates
from briefs.templates.errors import TemplateError
from briefs.workbench.outlining import facts_of
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    header,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)

_CHOSEN: Final = "template"
_TEXT: Final = "template-text"
_BEFORE: Final = "template-before"
"""Which template is being changed, and what its file held when that was begun."""
_NEXT: Final = "template-next"
"""The template to be shown at the next run."""


def as_page() -> StreamlitPage:
    """The page as navigation knows it: reached from the briefs, not from the top bar."""
    title = words()("templating.title")
    return st.Page(page, title=title, url_path="templates", visibility="hidden")


def page() -> None:
    """Draw the page."""
    _, shelf = words(), shared_workbench().templates
    header(_("templating.title"))
    st.markdown(_("templating.about"))
    for problem in shelf.problems:
        trouble(problem)
    names = _names(shelf)
    if (following := st.session_state.pop(_NEXT, None)) in names:
        st.session_state[_CHOSEN] = following
    titles = {each.name: each.title.of(_.language) for each in shelf.all()}
    name = st.selectbox(
        _("templating.choose"),
        names,
        format_func=lambda each: titles.get(each, each),
        key=_CHOSEN,
        width=360,
    )
    template = next((each for each in shelf.all() if each.name == name), None)
    if template is not None:
        st.html(about_html(template) + outline_html(template))
    _edit(shelf, name)


def about_html(template: Template) -> str:
    """For whom a template is, and how long its forms are to be, as HTML."""
    _ = words()
    limits = (
        _(
            "templating.budget",
            form=_(f"length.{each.length}"),
            least=each.least,
            most=each.most,
        )
        for each in template.budgets
    )
    submitted = _("templating.submitted") if template.is_submitted else None
    about = (template.readers.of(_.language), submitted)
    return "".join((*map(facts_html, about), facts_html(*limits)))


def outline_html(template: Template) -> str:
    """Every section with what belongs in it, as HTML."""
    _ = words()
    items = (
        f'<li style="margin-left:{1.2 * (section.level - 1):.1f}em">'
        f"<strong>{html.escape(section.heading)}</strong>"
        f"{facts_html(*facts_of(section, _))}"
        f"<p>{html.escape(section.guidance.of(_.language))}</p></li>"
        for section in template.sections
    )
    return f'<ul class="zk-list">{"".join(items)}</ul>'


def _names(shelf: Templates) -> list[str]:
    """Every template there is, and files of the library's that cannot be used as they are."""
    names = [each.name for each in shelf.all()]
    return names + [path.stem for path in shelf.own_files() if path.stem not in names]


def _edit(shelf: Templates, name: str) -> None:
    _ = words()
    try:
        held = shelf.text(name)
    except TemplateError as error:
        trouble(error)
        held = ""
    before = st.session_state.get(_BEFORE)
    untouched = before is None or st.session_state.get(_TEXT) == before[1]
    if _TEXT not in st.session_state or before is None or before[0] != name or untouched:
        st.session_state[_TEXT], st.session_state[_BEFORE] = held, (name, held)
    st.text_area(_("templating.edit"), key=_TEXT, height=420, help=_("templating.edit_help"))
    with st.container(horizontal=True):
        if st.button(_("templating.save"), type="primary", key="template-save"):
            _save(shelf, name, before=st.session_state[_BEFORE][1])
        st.button(_("templating.reload"), type="tertiary", key="template-load", on_click=_forget)
        if shelf.is_own(name):
            label = "templating.reset" if shelf.is_shipped(name) else "templating.delete"
            if st.button(_(label), type="tertiary", key="template-reset", icon=":material/undo:"):
                _reset(shelf, name)
    with st.popover(_("templating.save_as"), icon=":material/add:"):
        called = st.text_input(
            _("templating.save_as_name"), key="template-new", help=_("templating.save_as_help")
        ).strip()
        if st.button(_("templating.save"), key="template-save-new", disabled=not called):
            if called in _names(shelf):
                st.error(plain(_("templating.taken", name=called)))
            else:
                _save(shelf, called, before="")


def _save(shelf: Templates, name: str, *, before: str) -> None:
    try:
        actor = shared_workbench().actor
        shelf.write(name, st.session_state[_TEXT], before=before, actor=actor)
    except MENDABLE as error:
        trouble(error)
        return
    st.session_state[_NEXT] = name
    _forget()
    say(words()("templating.saved", name=name))
    st.rerun()


def _reset(shelf: Templates, name: str) -> None:
    is_shipped = shelf.is_shipped(name)
    try:
        shelf.reset(name, actor=shared_workbench().actor)
    except MENDABLE as error:
        trouble(error)
        return
    _forget()
    if not is_shipped:
        del st.session_state[_CHOSEN]
    say(words()("templating.restored" if is_shipped else "templating.deleted", name=name))
    st.rerun()


def _forget() -> None:
    """Take up what the file holds now, in place of what was typed."""
    st.session_state.pop(_BEFORE, None)
