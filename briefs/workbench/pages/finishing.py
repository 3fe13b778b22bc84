"""What is made of a brief: preview, files, an edition – or nothing more."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from briefs.clearing import words_of
from briefs.exporters import ExportFormat, export
from briefs.lengths.forms import forms, in_form
from briefs.model import Brief, Length, Publication
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import audience, barrier
from briefs.workbench.pages.clearing import offer
from briefs.workbench.pages.common import (
    MENDABLE,
    asked_anew,
    facts_html,
    leave,
    link,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.pages.forms import for_whom, progress, warnings
from briefs.workbench.settings import address_of
from knowledge.access import is_own
from knowledge.accounts.roles import Permission
from knowledge.clearing import UNDECIDED, Choice
from knowledge.model import Access

_HEIGHT = 900


def preview(brief: Brief) -> None:
    """Show the brief as readers would get it; links open beside it.

    The page comes from an address of its own, whose policy makes it a stranger on our site: a frame
    that Streamlit fills itself may read all that the person may.
    """
    address = f"/previews/{brief.id}?revision={brief.revision}"
    st.iframe(address, height=_HEIGHT, alt=words()("pages.briefs.view.preview"))


def export_menu(publication: Publication) -> None:
    """Offer the publication in every format; a file is made when it is asked for."""
    _ = words()
    number, of = publication.edition or 0, asked_anew()
    key = f"{publication.brief_id}-{number}"
    with st.popover(_("pages.common.export"), icon=":material/download:", key=f"export-{key}"):
        length = _length(publication, key=f"export-length-{key}")
        for form in ExportFormat:
            st.download_button(
                _(f"pages.common.format.{form}"),
                partial(
                    made, of, publication.brief_id, publication.edition, form=form, length=length
                ),
                file_name=_file_name(publication, form, length=length),
                mime=form.media_type,
                key=f"download-{key}-{form}",
                on_click="ignore",
                width="stretch",
            )


def _length(publication: Publication, *, key: str) -> Length | None:
    """The form that is chosen; None for the whole, and where there is but one."""
    offered = forms(publication.lines)
    if len(offered) < 2:
        return None
    _ = words()
    chosen = st.segmented_control(
        _("lengths.read_as"),
        offered,
        format_func=lambda each: _(f"length.{each}"),
        default=offered[-1],
        required=True,
        key=key,
    )
    return None if chosen == offered[-1] else chosen


def share_button(bench: Workbench, brief: Brief) -> None:
    """Offer to let the other branches read a draft, or no longer."""
    if not may(bench, brief, Permission.RESTRICT):
        return
    label = words()("edition.unshare" if brief.stamp.shared else "edition.share")
    if st.button(label, key="share", icon=":material/group:"):
        try:
            bench.editing.share(brief.id, shared=not brief.stamp.shared, actor=bench.actor)
        except MENDABLE as error:
            trouble(error)
            return
        st.rerun()


def publish_button(bench: Workbench, brief: Brief, made: Publication) -> None:
    """Offer to publish, with a look at the figures and the readers first.

    Args:
        bench: the person's workbench.
        brief: what is published.
        made: the edition that has its words already, else its preview.
    """
    if not may(bench, brief, Permission.PUBLISH):
        return
    _ = words()
    conflict = "conflict" in st.session_state
    if st.button(
        _("pages.briefs.publish"),
        key="publish",
        type="primary" if made.edition is None else "secondary",
        disabled=not brief.statements or conflict,
    ):
        st.dialog(_("pages.briefs.publish_title"), on_dismiss="rerun")(_publication)(brief, made)


def discard_button(bench: Workbench, brief: Brief) -> None:
    """Offer to delete a draft that was never published."""
    summary = next((each for each in bench.briefs.all() if each.id == brief.id), None)
    if summary is None or summary.was_published or not may(bench, brief, Permission.DRAFT):
        return
    _ = words()
    if st.button(
        _("pages.briefs.discard"), key="icon-discard", icon=":material/delete:", type="tertiary"
    ):
        st.dialog(_("pages.briefs.discard"))(_discard)(brief)


def _publication(brief: Brief, made: Publication) -> None:
    _, bench = words(), shared_workbench()
    st.markdown(plain(_("pages.common.work", title=brief.title)))
    report = bench.gating.report(brief)
    barrier.progress(report, references=len(made.references))
    if not report.is_clean:
        barrier.blocking(report, may_mend=may(bench, brief, Permission.DRAFT))
        return
    barrier.decided(report)
    warnings(bench, made)
    progress(bench, brief)
    if made.edition is not None:
        st.info(_("edition.same_note", number=made.edition), icon=":material/info:")
    meant = audience.chosen(bench)
    for_whom(bench, brief, meant)
    is_nobody = meant.access is Access.NAMED and not meant.recipients
    choice = _cleared(bench, brief)
    st.caption(_("pages.briefs.publish_note"))
    place = st.empty()
    if place.button(
        _("pages.briefs.publish_confirm"),
        type="primary",
        key="publish-confirm",
        disabled=is_nobody or choice is None,
    ):
        try:
            edition = bench.publishing.publish(
                brief.id,
                actor=bench.actor,
                revision=brief.revision,
                audience=meant,
                choice=choice or UNDECIDED,
            )
        except MENDABLE as error:
            trouble(error)
            return
        place.success(_("pages.briefs.published", number=edition.number), icon=":material/check:")
        read = link(f"/briefs/{brief.id}", _("pages.briefs.read_edition"))
        st.html(f"{facts_html(audience.of_edition(bench, edition))}<p>{read}</p>")


def _cleared(bench: Workbench, brief: Brief) -> Choice | None:
    """What is to become of what looks like personal data; None as long as that is open."""
    found = words_of(brief)
    is_writer = may(bench, brief, Permission.DRAFT)
    is_ours = [is_writer and ours for ours in found.is_ours]
    return offer(found.texts, is_ours=is_ours, key=f"brief-{brief.id}-{brief.revision}")


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


def made(
    of: Callable[[], Workbench],
    brief_id: int,
    number: int | None,
    *,
    form: ExportFormat,
    length: Length | None = None,
) -> bytes:
    """The file of an edition or, without a number, of the draft, as both are at this moment.

    Made when it is asked for, in another thread, however long ago the page was drawn.

    Args:
        of: gives the workbench of whoever asks.
        brief_id: the brief.
        number: of the edition.
        form: of the file.
        length: of the text; None: the whole.

    Raises:
        NotPermittedError: nobody is signed in any more.
        UnknownBriefError, UnknownEditionError: they may not see it, or not any more.
        WithdrawnEditionError: it was withdrawn.
        EmptyFormError: nothing stands in a form of this length any more.
    """
    bench = of()
    if number is None:
        publication = bench.publishing.preview(brief_id)
    else:
        publication = bench.briefs.edition(brief_id, number).publication
    bench.publishing.note_export(publication, form.value, actor=bench.actor)
    folder = bench.settings.font_folder
    return export(
        in_form(publication, length),
        form,
        base_url=address_of(bench.settings),
        font_folder=Path(folder) if folder else None,
        pictures=bench.cutting,
    )


def may(bench: Workbench, brief: Brief, permission: Permission) -> bool:
    """Whether the person may do this with a brief that they see."""
    return permission in bench.actor.permissions and is_own(bench.actor, brief.stamp)


def _file_name(
    publication: Publication, form: ExportFormat, *, length: Length | None = None
) -> str:
    name = "".join(c for c in publication.title if c not in '\\/:*?"<>|\n').strip()
    shown = f"-{words()(f'length.{length}')}" if length else ""
    return f"{name[:60] or publication.brief_id}{shown}{form.suffix}"
