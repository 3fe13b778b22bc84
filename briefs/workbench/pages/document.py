"""One document: its catalogue entry, its versions, and the way out of the collection."""

import html

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cataloguing import encoding_in_words, remark_in_words
from briefs.workbench.pages import entry, proposals, sharing
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    header,
    link,
    moment,
    named,
    plain,
    shared_workbench,
    trouble,
    words,
)
from knowledge.access import is_own
from knowledge.accounts.roles import Permission
from knowledge.accounts.second_person import Serious
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
    sharing.show(bench, document)
    _versions(bench, document)
    entry.show(bench, document)
    _removal(bench, document)


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


def _removal(bench: Workbench, document: Document) -> None:
    """The way out of the collection, for whoever may ask; or that somebody has."""
    _, actor = words(), bench.actor
    if Permission.REMOVE not in actor.permissions or not is_own(actor, document.stamp):
        return
    matter = bench.seconding.about_document(document.id, actor=actor)
    if matter is not None:
        proposals.asked(bench, matter)
    elif st.button(
        _("pages.library.remove"), key="remove", icon=":material/delete:", type="tertiary"
    ):
        st.dialog(_("pages.library.remove_title"))(_ask_removal)(document.id)


def _ask_removal(document_id: int) -> None:
    _, bench = words(), shared_workbench()
    document = bench.documents.get(document_id)
    proposals.ask_for(
        Serious.REMOVE_DOCUMENT,
        _("pages.library.remove_question", document=named(document)),
        lambda reason: bench.seconding.ask_removal(document_id, reason=reason, actor=bench.actor),
    )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB"
