"""What is made of a brief: preview, files, an edition – or nothing more."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from briefs.exporters import ExportFormat, export
from briefs.model import Brief, Publication, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import (
    MENDABLE,
    leave,
    link,
    plain,
    say,
    shared_workbench,
    site,
    trouble,
    words,
)

_HEIGHT = 900


def preview(publication: Publication) -> None:
    """Show the brief as readers would get it; links open beside it."""
    page = export(publication, ExportFormat.HTML).decode()
    page = page.replace('href="/pages/', 'target="_blank" href="/pages/')
    st.iframe(page, height=_HEIGHT, alt=words()("pages.briefs.view.preview"))


def export_menu(bench: Workbench, publication: Publication) -> None:
    """Offer the publication in every format; a file is made when it is asked for."""
    _ = words()
    number = publication.edition or 0
    key = f"{publication.brief_id}-{number}"
    with st.popover(_("pages.common.export"), icon=":material/download:", key=f"export-{key}"):
        for form in ExportFormat:
            st.download_button(
                _(f"pages.common.format.{form}"),
                _maker(bench, publication, form),
                file_name=_file_name(publication, form),
                mime=form.media_type,
                key=f"download-{key}-{form}",
                on_click="ignore",
                width="stretch",
            )


def publish_button(brief: Brief, publication: Publication) -> None:
    """Offer to publish, with a look at the figures first."""
    _ = words()
    conflict = "conflict" in st.session_state
    if st.button(
        _("pages.briefs.publish"),
        key="publish",
        type="primary",
        disabled=not brief.statements or conflict,
    ):
        st.dialog(_("pages.briefs.publish_title"), on_dismiss="rerun")(_publication)(
            brief, len(publication.references)
        )


def discard_button(bench: Workbench, brief: Brief) -> None:
    """Offer to delete a draft that was never published."""
    summary = next((each for each in bench.briefs.all() if each.id == brief.id), None)
    if summary is None or summary.edition is not None:
        return
    _ = words()
    if st.button(
        _("pages.briefs.discard"), key="icon-discard", icon=":material/delete:", type="tertiary"
    ):
        st.dialog(_("pages.briefs.discard"))(_discard)(brief)


def _publication(brief: Brief, references: int) -> None:
    _, bench = words(), shared_workbench()
    naked = sum(line.is_naked for line in brief.statements)
    count = sum(line.kind is not StatementKind.HEADING for line in brief.statements)
    st.markdown(plain(_("pages.common.work", title=brief.title)))
    with st.container(horizontal=True):
        st.metric(_("pages.briefs.figure_statements"), count)
        st.metric(_("pages.briefs.figure_references"), references)
        st.metric(_("pages.briefs.figure_naked"), naked)
    if naked:
        st.warning(_("pages.briefs.publish_naked", count=naked), icon=":material/link_off:")
    st.caption(_("pages.briefs.publish_note"))
    place = st.empty()
    if place.button(_("pages.briefs.publish_confirm"), type="primary", key="publish-confirm"):
        try:
            edition = bench.publishing.publish(brief.id, actor=bench.actor, revision=brief.revision)
        except MENDABLE as error:
            trouble(error)
            return
        place.success(_("pages.briefs.published", number=edition.number), icon=":material/check:")
        st.html(link(f"/briefs/{brief.id}", _("pages.briefs.read_edition")))


def _discard(brief: Brief) -> None:
    _, bench = words(), shared_workbench()
    st.markdown(plain(_("pages.briefs.discard_question", title=brief.title)))
    if st.button(_("pages.briefs.discard_confirm"), type="primary", key="discard-confirm"):
        try:
            bench.editing.discard(brief.id, actor=bench.actor)
        except MENDABLE as error:
            trouble(error)
            return
        say(_("pages.briefs.discarded", title=brief.title))
        st.session_state.pop("brief", None)
        leave("brief")
        st.rerun()


def _maker(bench: Workbench, publication: Publication, form: ExportFormat) -> Callable[[], bytes]:
    """What makes the file; it runs in another thread, so nothing of the session is asked there."""
    folder = bench.settings.font_folder
    return partial(
        export,
        publication,
        form,
        base_url=site(),
        font_folder=Path(folder) if folder else None,
    )


def _file_name(publication: Publication, form: ExportFormat) -> str:
    name = "".join(c for c in publication.title if c not in '\\/:*?"<>|\n').strip()
    return f"{name[:60] or publication.brief_id}{form.suffix}"
