"""New files: chosen, taken in one by one, encoded, and reported on."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import looking
from briefs.workbench.pages.common import MENDABLE, link, named, trouble, words
from briefs.workbench.settings import ACCESSES
from knowledge.ingest import Added, AddOutcome
from knowledge.model import Access, Document


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to become of one chosen file."""

    file: UploadedFile
    document_id: int | None
    """The document it is a new version of; None for a document of its own."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """Who may see the chosen files."""

    access: Access | None
    """Of those on which nothing else was decided."""
    by_file: Mapping[str, looking.Decision]


def show(bench: Workbench) -> None:
    """Draw the uploader, the choices it needs, and the report on what was taken in."""
    _ = words()
    place = st.empty()
    with place.container():
        files = _uploader()
        plans = [_plan(bench, file) for file in files]
        access = _access(bench) if any(plan.document_id is None for plan in plans) else None
        wanted = bool(plans) and st.button(
            _("pages.library.take_in", count=len(plans)), type="primary", key="take-in"
        )
    report = st.container(key="upload-report")
    with report:
        decided = _decided(bench, plans, access, wanted=wanted)
        if decided is None:
            return
        _take_in(bench, plans, decided)
    looking.forget()
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
    known = bench.ingest.uploaded(file.name, actor=bench.actor)
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


def _access(bench: Workbench) -> Access:
    """Who may see the new documents."""
    _ = words()
    chosen = st.segmented_control(
        _("pages.sharing.access"),
        ACCESSES,
        default=bench.settings.access,
        required=True,
        format_func=lambda level: _(f"share.level.{level}"),
        key="upload-access",
    )
    return Access(chosen)


def _decided(
    bench: Workbench, plans: Sequence[_Plan], access: Access | None, *, wanted: bool
) -> _Decided | None:
    """Who may see each file, once a person has said it of those with personal data."""
    _, files = words(), [plan.file for plan in plans]
    is_for_staff = access is Access.STAFF and all(plan.document_id is None for plan in plans)
    if is_for_staff:
        return _Decided(access, {}) if wanted else None
    if wanted:
        looking.look(bench, files)
    found = looking.looked(files)
    if found is None:
        return None
    asked = [plan for plan in plans if found[plan.file.file_id].count]
    if not asked:
        return _Decided(access, {})
    st.warning(_("pages.upload.look"), icon=":material/person_alert:")
    said = {
        plan.file.file_id: looking.decide(
            plan.file, found[plan.file.file_id], is_new=plan.document_id is None
        )
        for plan in asked
    }
    ready = {id_: decision for id_, decision in said.items() if decision is not None}
    if st.button(
        _("pages.upload.go_on"), type="primary", key="go-on", disabled=len(ready) < len(said)
    ):
        return _Decided(access, ready)
    return None


def _take_in(bench: Workbench, plans: Sequence[_Plan], decided: _Decided) -> None:
    _ = words()
    bar = st.progress(0.0, _("pages.library.reading"))
    added = []
    for index, plan in enumerate(plans):
        decision = decided.by_file.get(plan.file.file_id)
        if decision is not None and decision.fate is looking.Fate.LEFT_OUT:
            continue
        bar.progress(index / len(plans), _("pages.library.reading_file", name=plan.file.name))
        is_for_staff = decision is not None and decision.fate is looking.Fate.STAFF
        made = bench.ingest.upload(
            plan.file.getvalue(),
            plan.file.name,
            actor=bench.actor,
            document_id=plan.document_id,
            access=Access.STAFF if is_for_staff else decided.access,
            cleared=decision.cleared if decision is not None else None,
        )
        added.append(made)
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
