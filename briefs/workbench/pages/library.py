"""The collection: what is held, what could not be taken in, and the way in for new files."""

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import document as one_document
from briefs.workbench.pages import failures, synonyms, upload
from briefs.workbench.pages.common import (
    described,
    enter,
    entered,
    facts_html,
    header,
    moment,
    plain,
    shared_workbench,
    words,
)
from briefs.workbench.sharing import tag_of
from knowledge.accounts.roles import Permission
from knowledge.filter import Filter
from knowledge.model import Document, DocumentType, Version

_PARAMETER = "document"
_A_PART = 25
"""Documents shown at once: the collection may be far too big to draw whole."""


def page() -> None:
    """Draw the page: one document when the address names one, else the list."""
    _, bench = words(), shared_workbench()
    document_id = entered(_PARAMETER)
    if document_id is not None:
        one_document.show(bench, document_id, parameter=_PARAMETER)
        return
    header(_("pages.library.title"))
    if Permission.ADD in bench.actor.permissions:
        upload.show(bench)
    failures.show(bench)
    _recognition(bench)
    if Permission.OPERATE in bench.actor.permissions:
        _encoding(bench)
    _list(bench)
    if Permission.CATALOGUE in bench.actor.permissions:
        st.page_link(synonyms.as_page(), label=_("synonyms.open"), icon=":material/sync_alt:")


def _recognition(bench: Workbench) -> None:
    """How far text recognition is, while pages wait or when some failed."""
    _, pages = words(), bench.recognising.tally_for(bench.viewer)
    if pages.waiting:
        st.caption(
            _("pages.library.recognising", waiting=f"{pages.waiting:,}", done=f"{pages.done:,}")
        )
    if pages.failed:
        st.caption(_("pages.library.recognition_failed", failed=f"{pages.failed:,}"))


def _encoding(bench: Workbench) -> None:
    """How the dense index searches once it is large, and what is still to be encoded.

    It counts everything that the index holds, so it is told to whoever keeps the machine.
    """
    _, dense = words(), bench.opened_dense
    if dense is None:
        return
    shape = dense.shape
    if waiting := dense.waiting():
        before = bench.succession.before
        key = "pages.library.not_encoded" if before is None else "pages.library.changing"
        name = "" if before is None else before.name
        st.caption(_(key, waiting=f"{waiting:,}", done=f"{len(dense):,}", name=plain(name)))
    if shape.segments:
        st.caption(
            _(
                "pages.library.divided",
                divided=f"{shape.divided:,}",
                segments=shape.segments,
                exact=f"{shape.exact:,}",
            )
        )
    if shape.is_growing:
        st.caption(_("pages.library.dividing"))
    if shape.problem:
        st.caption(_("pages.library.division_failed", problem=plain(shape.problem)))


def _list(bench: Workbench) -> None:
    _ = words()
    with st.container(horizontal=True, vertical_alignment="bottom", key="library-filters"):
        title = st.text_input(
            _("pages.library.find"),
            key="find",
            placeholder=_("pages.library.find_example"),
            width=360,
        )
        kind = st.selectbox(
            _("pages.library.type"),
            list(DocumentType),
            index=None,
            format_func=lambda each: _(f"type.{each}"),
            key="kind",
            placeholder=_("pages.library.any_type"),
            width=220,
        )
    selection = Filter(types=frozenset({DocumentType(kind)} if kind else ()))
    wanted = (title or "").strip()
    count = bench.documents.count(selection, title=wanted)
    if not count:
        with st.container(key="empty"):
            filtered = bool(kind or title)
            st.markdown(_("pages.library.none_found") if filtered else _("pages.library.none"))
        return
    st.caption(_("pages.library.count", count=f"{count:,}"))
    parts = -(-count // _A_PART)
    part = min(st.session_state.get("part", 1), parts)
    _table(
        bench,
        bench.documents.find(selection, title=wanted, limit=_A_PART, offset=(part - 1) * _A_PART),
    )
    if parts > 1:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.pagination(parts, key="part", max_visible_pages=5)


def _table(bench: Workbench, found: list[Document]) -> None:
    _ = words()
    versions = bench.documents.versions_by_id([each.current_version for each in found])
    table = [_row(each, versions[each.current_version]) for each in found]
    config = {
        "title": st.column_config.TextColumn(_("pages.library.col_title"), width=246),
        "type": st.column_config.TextColumn(_("pages.library.col_type"), width=122),
        "issuer": st.column_config.TextColumn(_("pages.library.col_issuer"), width=150),
        "number": st.column_config.TextColumn(_("pages.library.col_number"), width=150),
        "issued": st.column_config.TextColumn(_("pages.library.col_issued"), width=100),
        "access": st.column_config.TextColumn(_("column.access"), width=112),
        "versions": st.column_config.NumberColumn(_("pages.library.col_versions"), width=60),
        "passages": st.column_config.NumberColumn(_("pages.library.col_passages"), width=66),
        "added": st.column_config.TextColumn(_("pages.library.col_added"), width=134),
    }
    with st.container(key="wide"):
        event = st.dataframe(
            {key: [row[key] for row in table] for key in config},
            column_config=config,
            hide_index=True,
            on_select="rerun",
            selection_mode="single-cell",
            key="documents",
            placeholder="",
            height=min(38 * (len(table) + 1), 640),
            row_height=38,
            alt=_("pages.library.table_alt"),
        )
        st.caption(_("pages.library.open_hint"))
    _narrow(found, table)
    cells = event["selection"]["cells"]
    if cells:
        enter(_PARAMETER, found[cells[0][0]].id)
        st.rerun()


def _narrow(found: list[Document], table: list[dict[str, str | int]]) -> None:
    """The same as a list: the style sheet shows it on a phone instead."""
    with st.container(key="narrow", gap="xsmall"):
        for document, row in zip(found, table, strict=True):
            st.button(
                plain(document.title),
                key=f"open-{document.id}",
                type="tertiary",
                on_click=enter,
                args=(_PARAMETER, document.id),
            )
            count = words()("pages.library.passages", count=row["passages"])
            tag = tag_of(words(), document.stamp)
            st.html(facts_html(*described(document.metadata), count, tag))


def _row(each: Document, version: Version) -> dict[str, str | int]:
    _ = words()
    about = each.metadata
    return {
        "title": each.title,
        "type": "" if about.type is None else _(f"type.{about.type}"),
        "issuer": about.issuer or "",
        "number": about.number or "",
        "issued": about.issued_on or "",
        "access": tag_of(_, each.stamp),
        "versions": version.number,
        "passages": version.passage_count,
        "added": moment(each.stamp.made_at),
    }
