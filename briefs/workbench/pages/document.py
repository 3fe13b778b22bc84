"""One document: its catalogue entry, its versions, and the way out of the collection."""

import html

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cataloguing import encoding_in_words, remark_in_words
from briefs.workbench.pages import entry
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    header,
    leave,
    link,
    moment,
    named,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from knowledge.model import Document


def show(bench: Workbench, document_id: int, *, parameter: str) -> None:
    """Draw the document's page."""
    _ = words()
    try:
        document = bench.documents.get(document_id)
    except MENDABLE as error:
        header(_("pages.library.title"), back=parameter)
        trouble(error)
        return
    header(document.title, back=parameter)
    _versions(bench, document)
    entry.show(bench, document)
    if st.button(
        _("pages.library.remove"), key="remove", icon=":material/delete:", type="tertiary"
    ):
        st.dialog(_("pages.library.remove_title"))(_removal)(document.id, parameter)


def _versions(bench: Workbench, document: Document) -> None:
    _ = words()
    st.subheader(_("pages.library.versions"), anchor=False)
    items = []
    for version in bench.documents.versions(document.id):
        name = _("pages.library.version", number=version.number, file=version.file_name)
        facts = [moment(version.stamp.made_at), _size(version.size)]
        if version.paged:
            facts.append(_("pages.library.pages", count=version.page_count))
        facts.append(_("pages.library.passages", count=version.passage_count))
        if encoding := encoding_in_words(_, version):
            facts.append(encoding)
        if version.id == document.current_version:
            facts.append(_("pages.library.current"))
        remarks = "".join(
            f'<p class="zk-remark">{html.escape(remark_in_words(_, each))}</p>'
            for each in version.remarks
        )
        items.append(
            f"<li>{link(f'/pages/{version.id}/1', name)}{facts_html(*facts)}{remarks}</li>"
        )
    st.html(f'<ul class="zk-list">{"".join(items)}</ul>')
    source = document.source.removeprefix("upload:")
    st.caption(plain(_("pages.library.source", source=source)))


def _removal(document_id: int, parameter: str) -> None:
    _, bench = words(), shared_workbench()
    document = bench.documents.get(document_id)
    st.markdown(plain(_("pages.library.remove_question", document=named(document))))
    st.caption(_("pages.library.remove_note"))
    if st.button(_("pages.library.remove_confirm"), type="primary", key="remove-confirm"):
        try:
            bench.library.remove(document_id, actor=bench.actor)
        except MENDABLE as error:
            trouble(error)
            return
        say(_("pages.library.removed", document=named(document)))
        leave(parameter)
        st.rerun()


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB"
