"""One brief: title, statements in order with their evidence, and what can be made of it."""

import streamlit as st

from briefs.model import Brief, Line, Publication, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import audience, changes, finishing, published
from briefs.workbench.pages.cards import citation_html
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    header,
    plain,
    trouble,
    words,
)
from briefs.workbench.pages.statement import statement
from knowledge.accounts.roles import Permission

_EDIT, _PREVIEW = "edit", "preview"


def show(bench: Workbench, brief_id: int, *, parameter: str) -> None:
    """Draw the editor."""
    _ = words()
    try:
        brief = bench.briefs.get(brief_id)
        publication = bench.publishing.preview(brief_id)
        made = bench.publishing.shown(brief)
    except MENDABLE as error:
        header(_("pages.briefs.title"), back=parameter)
        trouble(error)
        return
    st.session_state["brief"] = brief.id
    may_write = finishing.may(bench, brief, Permission.DRAFT)
    header(_("pages.briefs.editor" if may_write else "pages.briefs.title"), back=parameter)
    same = None if made.edition is None else _("edition.same", number=made.edition)
    st.html(facts_html(audience.of_draft(bench, brief), same))
    published.of_brief(bench, brief)
    if not may_write:
        with st.container(key="bar", horizontal=True, horizontal_alignment="right"):
            _acts(bench, brief, made)
        finishing.preview(brief)
        return
    conflict = changes.conflict_of(brief.id)
    if conflict is None:
        changes.begin(brief)
    else:
        _conflict(brief, conflict)
    if (refused := changes.refusal()) is not None and isinstance(refused, MENDABLE):
        trouble(refused)
    view = _bar(bench, brief, made)
    if view == _PREVIEW:
        finishing.preview(brief)
    else:
        _statements(brief, publication, frozen=conflict is not None)


def _acts(bench: Workbench, brief: Brief, made: Publication) -> None:
    finishing.export_menu(made)
    finishing.share_button(bench, brief)
    finishing.publish_button(bench, brief, made)
    finishing.discard_button(bench, brief)


def _bar(bench: Workbench, brief: Brief, made: Publication) -> str:
    """View switch on the left; export, publish and the rest on the right."""
    _ = words()
    with st.container(
        key="bar", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        view = st.segmented_control(
            _("pages.briefs.view"),
            [_EDIT, _PREVIEW],
            default=_EDIT,
            required=True,
            format_func=lambda each: _(f"pages.briefs.view.{each}"),
            key="view",
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, width="content", key="acts"):
            _acts(bench, brief, made)
    return str(view)


def _conflict(brief: Brief, conflict: changes.Conflict) -> None:
    _ = words()
    changes.hold(conflict)
    with st.container(key="conflict", border=True):
        st.warning(_("pages.briefs.conflict"), icon=":material/sync_problem:")
        if conflict.typed:
            st.caption(_("pages.briefs.conflict_typed"))
            st.code(conflict.typed, language=None, wrap_lines=True)
        with st.container(horizontal=True):
            st.button(
                _("pages.briefs.conflict_reload"),
                key="reload",
                type="primary",
                on_click=changes.reload,
            )
            if conflict.typed and any(x.id == conflict.statement_id for x in brief.statements):
                st.button(_("pages.briefs.conflict_mine"), key="mine", on_click=changes.overrule)


def _statements(brief: Brief, publication: Publication, *, frozen: bool) -> None:
    _ = words()
    st.text_input(
        _("pages.briefs.brief_title"),
        key=f"title-{brief.id}",
        placeholder=_("pages.briefs.new_title_example"),
        disabled=frozen,
        on_change=changes.retitle,
        args=(brief.id,),
    )
    naked = sum(line.is_naked for line in brief.statements)
    count = sum(line.kind is not StatementKind.HEADING for line in brief.statements)
    summary = [_("pages.briefs.statements", count=count)]
    summary.append(_("pages.briefs.references", count=len(publication.references)))
    if naked:
        summary.append(_("pages.briefs.naked_count", count=naked))
    st.caption(plain(" · ".join(summary)))
    if not brief.statements:
        with st.container(key="empty"):
            st.markdown(_("pages.briefs.empty"))
            st.caption(_("pages.briefs.empty_hint"))
    evidence = [_evidence(line, publication) for line in publication.lines]
    for index, line in enumerate(brief.statements):
        shown = evidence[index] if index < len(evidence) else ()
        statement(brief, index, evidence=shown, frozen=frozen)
        _insertion(brief, line.id)
    _addition(brief, frozen=frozen)


def _evidence(line: Line, publication: Publication) -> tuple[str, ...]:
    references = {reference.number: reference for reference in publication.references}
    return tuple(
        citation_html(each, references[each.reference], beside=line.text) for each in line.citations
    )


def _insertion(brief: Brief, after: int | None) -> None:
    """The form for a statement or heading after another one, when it was asked for."""
    wanted = st.session_state.get("insert_after")
    if wanted is None or wanted[0] != after:
        return
    _, kind = words(), StatementKind(wanted[1])
    with st.form(f"insert-{after}", clear_on_submit=True):
        text = st.text_area(
            _(f"pages.briefs.insert_{kind}"),
            placeholder=_(f"pages.briefs.insert_{kind}_example"),
            height=80,
            key=f"insert-text-{after}",
        )
        with st.container(horizontal=True):
            submitted = st.form_submit_button(
                _("pages.briefs.insert"), type="primary", key=f"insert-ok-{after}"
            )
            cancelled = st.form_submit_button(
                _("pages.briefs.cancel"), type="tertiary", key=f"insert-no-{after}"
            )
    if submitted and text:
        changes.insert(brief.id, text, kind=kind, after=after)
    if cancelled or submitted:
        st.session_state.pop("insert_after", None)
        st.rerun()


def _addition(brief: Brief, *, frozen: bool) -> None:
    _ = words()
    with st.form("addition", clear_on_submit=True):
        text = st.text_area(
            _("pages.briefs.add"),
            placeholder=_("pages.briefs.add_example"),
            help=_("pages.briefs.add_help"),
            disabled=frozen,
            key="addition-text",
        )
        with st.container(horizontal=True):
            sentences = st.form_submit_button(
                _("pages.briefs.add_statements"),
                type="primary",
                disabled=frozen,
                key="add-statements",
            )
            heading = st.form_submit_button(
                _("pages.briefs.add_heading"), disabled=frozen, key="add-heading"
            )
    if (sentences or heading) and text:
        kind = StatementKind.HEADING if heading else StatementKind.PARAPHRASE
        changes.insert(brief.id, text, kind=kind, after=None)
        st.rerun()
