"""New files: chosen, taken in one by one, encoded, and reported on."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import MENDABLE, link, named, trouble, words
from knowledge.ingest import Added, AddOutcome
from knowledge.model import Document


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to become of one chosen file."""

    file: UploadedFile
    document_id: int | None
    """The document it is a new version of; None for a document of its own."""


def show(bench: Workbench) -> None:
    """Draw the uploader, the choices it needs, and the report on what was taken in."""
    _ = words()
    place = st.empty()
    with place.container():
        files = _uploader()
        plans = [_plan(bench, file) for file in files]
        wanted = bool(plans) and st.button(
            _("pages.library.take_in", count=len(plans)), type="primary", key="take-in"
        )
    report = st.container(key="upload-report")
    if not wanted:
        return
    with report:
        _take_in(bench, plans)
    st.session_state["upload_round"] = st.session_state.get("upload_round", 0) + 1
    with place.container():
        _uploader()


def _uploader() -> Sequence[UploadedFile]:
    _ = words()
    return st.file_uploader(
        _("pages.library.upload"),
        accept_multiple_files=True,
        key=f"upload-{st.session_state.get('upload_round', 0)}",
        help=_("pages.library.upload_help"),
    )


def _plan(bench: Workbench, file: UploadedFile) -> _Plan:
    _ = words()
    known = bench.ingest.uploaded(file.name)
    if known is None:
        return _Plan(file, None)
    separate = st.radio(
        _("pages.library.same_name", name=file.name),
        [False, True],
        format_func=lambda each: (
            _("pages.library.separate")
            if each
            else _("pages.library.new_version", document=named(known))
        ),
        key=f"same-{file.file_id}",
        horizontal=True,
    )
    return _Plan(file, None if separate else known.id)


def _take_in(bench: Workbench, plans: Sequence[_Plan]) -> None:
    _ = words()
    bar = st.progress(0.0, _("pages.library.reading"))
    added = []
    for index, plan in enumerate(plans):
        bar.progress(index / len(plans), _("pages.library.reading_file", name=plan.file.name))
        added.append(
            bench.ingest.upload(
                plan.file.getvalue(),
                plan.file.name,
                actor=bench.actor,
                document_id=plan.document_id,
            )
        )
    try:
        bench.index(_progress(bar))
    except MENDABLE as error:
        trouble(error)
    bar.empty()
    documents = bench.documents.many([each.document_id for each in added if each.document_id])
    items = "".join(f"<li>{_line(each, documents)}</li>" for each in added)
    st.html(f'<ul class="zk-list zk-report">{items}</ul>')


def _progress(bar: DeltaGenerator) -> Callable[[int, int], None]:
    _ = words()

    def show_progress(done: int, total: int) -> None:
        share = done / total if total else 1.0
        bar.progress(share, _("pages.library.encoding", done=done, total=total))

    return show_progress


def _line(added: Added, documents: dict[int, Document]) -> str:
    _ = words()
    if added.error is not None:
        reason = html.escape(_.error(added.error))
        return (
            f'<span class="zk-bad">{html.escape(_("pages.library.outcome.failed"))}</span> {reason}'
        )
    outcome = html.escape(_(f"pages.library.outcome.{added.outcome}"))
    document = documents.get(added.document_id or 0)
    if document is None:
        return f"{outcome} {html.escape(added.name)}"
    name = link(f"/pages/{document.current_version}/1", named(document))
    count = ""
    if added.outcome is not AddOutcome.UNCHANGED:
        count = " · " + html.escape(_("pages.library.passages", count=added.passages))
    return f"{outcome} {name}{count}"
