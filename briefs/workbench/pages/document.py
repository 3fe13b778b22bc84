"""One document: its catalogue entry, its versions, and the way out of the collection."""

import html
from dataclasses import replace

import streamlit as st

from briefs.workbench.bootstrap import Workbench
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
from knowledge.model import Document, DocumentType, Metadata


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
    _description(bench, document)
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
        if version.id == document.current_version:
            facts.append(_("pages.library.current"))
        remarks = "".join(
            f'<p class="zk-remark">{html.escape(_remark(each))}</p>' for each in version.remarks
        )
        items.append(
            f"<li>{link(f'/pages/{version.id}/1', name)}{facts_html(*facts)}{remarks}</li>"
        )
    st.html(f'<ul class="zk-list">{"".join(items)}</ul>')
    source = document.source.removeprefix("upload:")
    st.caption(plain(_("pages.library.source", source=source)))


def _description(bench: Workbench, document: Document) -> None:
    _ = words()
    st.subheader(_("pages.library.description"), anchor=False)
    with st.form(f"describe-{document.id}", border=False):
        changed = _fields(document.metadata)
        if st.form_submit_button(_("pages.library.save"), type="primary", key="save-description"):
            if not changed.title:
                st.error(_("pages.library.title_needed"))
                return
            try:
                bench.library.describe(document.id, changed)
            except MENDABLE as error:
                trouble(error)
                return
            say(_("pages.library.saved", title=changed.title))
            st.rerun()


def _fields(about: Metadata) -> Metadata:
    _ = words()
    title = _text("title", about.title)
    left, middle, right = st.columns(3)
    kinds = list(DocumentType)
    with left:
        kind = st.selectbox(
            _("pages.library.field_type"),
            kinds,
            index=None if about.type is None else kinds.index(about.type),
            format_func=lambda each: _(f"type.{each}"),
            placeholder=_("pages.library.unknown"),
        )
        issued = _text("issued", about.issued_on)
        language = _text("language", about.language)
    with middle:
        issuer = _text("issuer", about.issuer)
        effective = _text("effective", about.effective_on)
        url = _text("url", about.url)
    with right:
        number = _text("number", about.number)
        authors = _text("authors", "、".join(about.authors)) or ""
    names = authors.replace("；", "、").replace(";", "、").split("、")
    return replace(
        about,
        title=title,
        type=None if kind is None else DocumentType(kind),
        authors=tuple(name.strip() for name in names if name.strip()),
        issuer=issuer,
        number=number,
        issued_on=issued,
        effective_on=effective,
        language=language,
        url=url,
    )


def _text(field: str, value: str | None) -> str | None:
    _ = words()
    typed = st.text_input(
        _(f"pages.library.field_{field}"),
        value or "",
        placeholder=_(f"pages.library.example_{field}"),
    )
    return (typed or "").strip() or None


def _removal(document_id: int, parameter: str) -> None:
    _, bench = words(), shared_workbench()
    document = bench.documents.get(document_id)
    st.markdown(plain(_("pages.library.remove_question", document=named(document))))
    st.caption(_("pages.library.remove_note"))
    if st.button(_("pages.library.remove_confirm"), type="primary", key="remove-confirm"):
        try:
            bench.library.remove(document_id)
        except MENDABLE as error:
            trouble(error)
            return
        say(_("pages.library.removed", document=named(document)))
        leave(parameter)
        st.rerun()


def _remark(remark: str) -> str:
    code, _colon, value = remark.partition(":")
    return words()(f"remark.{code}", value=value)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB"
