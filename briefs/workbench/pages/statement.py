"""One statement in the editor: kind, words, evidence, and its menu."""

import streamlit as st

from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.pages import changes, finding
from briefs.workbench.pages.common import plain, words

_LEVELS = (1, 2, 3)
_FIND, _AFTER, _HEADING_AFTER, _DELETE = "find", "insert", "insert_heading", "delete"


def statement(brief: Brief, index: int, *, evidence: tuple[str, ...], frozen: bool) -> None:
    """Draw the statement at position `index`.

    Args:
        brief: as stored.
        index: position among its statements.
        evidence: HTML of each piece of evidence, in order.
        frozen: show only; a refused change waits for a decision.
    """
    line = brief.statements[index]
    frozen_words = frozen or line.is_withheld
    look = "heading" if line.kind is StatementKind.HEADING else "line"
    with st.container(key=f"{look}-{line.id}", gap="xsmall"):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="xsmall", key=f"tools-{line.id}"
        ):
            _kind(brief.id, line, frozen=frozen_words)
            if line.is_withheld:
                st.badge(words()("edition.withheld"), color="grey", icon=":material/lock:")
            if line.is_naked:
                st.badge(words()("pages.briefs.naked"), color="orange", icon=":material/link_off:")
            _moves(brief, index, frozen=frozen)
            _menu(brief.id, line, frozen=frozen)
        if line.is_withheld:
            st.caption(plain(words()("edition.withheld_note")))
            return
        _text(brief.id, line, frozen=frozen)
        for number, source in enumerate(evidence):
            _source(brief.id, line, (number, source), frozen=frozen)


def _kind(brief_id: int, line: Statement, *, frozen: bool) -> None:
    _ = words()
    st.selectbox(
        _("pages.briefs.kind"),
        list(StatementKind),
        format_func=lambda kind: _(f"kind.{kind}"),
        key=f"kind-{line.id}",
        label_visibility="collapsed",
        placeholder=_("pages.briefs.kind"),
        disabled=frozen,
        on_change=changes.rekind,
        args=(brief_id, line.id),
        width=108,
    )
    if line.kind is StatementKind.HEADING:
        st.selectbox(
            _("pages.briefs.level"),
            _LEVELS,
            format_func=lambda level: _(f"pages.briefs.level.{level}"),
            key=f"level-{line.id}",
            label_visibility="collapsed",
            placeholder=_("pages.briefs.level"),
            disabled=frozen,
            on_change=changes.relevel,
            args=(brief_id, line.id),
            width=92,
        )


def _moves(brief: Brief, index: int, *, frozen: bool) -> None:
    _, line = words(), brief.statements[index]
    st.space("stretch")
    for name, icon, by, edge in (
        ("up", ":material/arrow_upward:", -1, 0),
        ("down", ":material/arrow_downward:", 1, len(brief.statements) - 1),
    ):
        st.button(
            _(f"pages.briefs.{name}"),
            key=f"icon-{name}-{line.id}",
            icon=icon,
            type="tertiary",
            disabled=frozen or index == edge,
            on_click=changes.move,
            args=(brief.id, line.id),
            kwargs={"by": by},
        )


def _menu(brief_id: int, line: Statement, *, frozen: bool) -> None:
    _ = words()
    options = [_AFTER, _HEADING_AFTER, _DELETE]
    if line.kind is not StatementKind.HEADING and not line.is_withheld:
        options.insert(0, _FIND)
    picked = st.menu_button(
        _("pages.briefs.menu"),
        options,
        format_func=lambda each: _(f"pages.briefs.menu.{each}"),
        key=f"icon-menu-{line.id}",
        icon=":material/more_horiz:",
        type="tertiary",
        disabled=frozen,
    )
    if picked == _FIND:
        finding.open_finding(brief_id, line)
    elif picked == _DELETE:
        st.dialog(_("pages.briefs.delete_title"))(_deletion)(brief_id, line)
    elif picked is not None:
        kind = StatementKind.HEADING if picked == _HEADING_AFTER else StatementKind.PARAPHRASE
        st.session_state["insert_after"] = (line.id, kind.value)


def _text(brief_id: int, line: Statement, *, frozen: bool) -> None:
    _ = words()
    if line.kind is StatementKind.HEADING:
        st.text_input(
            _("pages.briefs.text"),
            key=changes.text_key(line),
            label_visibility="collapsed",
            placeholder=_("pages.briefs.text"),
            disabled=frozen,
            on_change=changes.reword,
            args=(brief_id, line.id, changes.text_key(line)),
        )
        return
    st.text_area(
        _("pages.briefs.text"),
        key=changes.text_key(line),
        height="content",
        label_visibility="collapsed",
        placeholder=_("pages.briefs.text"),
        disabled=frozen,
        on_change=changes.reword,
        args=(brief_id, line.id, changes.text_key(line)),
    )


def _source(brief_id: int, line: Statement, evidence: tuple[int, str], *, frozen: bool) -> None:
    _, (number, source) = words(), evidence
    with st.container(key=f"source-{line.id}-{number}", horizontal=True, wrap=False, gap="small"):
        st.html(source)
        st.button(
            _("pages.briefs.unbind"),
            key=f"icon-unbind-{line.id}-{number}",
            icon=":material/close:",
            type="tertiary",
            disabled=frozen,
            on_click=changes.unsupport,
            args=(brief_id, line.id),
            kwargs={"number": number},
        )


def _deletion(brief_id: int, line: Statement) -> None:
    _ = words()
    st.markdown(plain(line.text or _("edition.withheld_note")))
    if line.evidence:
        st.caption(_("pages.briefs.delete_evidence"))
    if st.button(_("pages.briefs.delete_confirm"), type="primary", key="delete-confirm"):
        if line.id is not None:
            changes.drop(brief_id, line.id)
        st.rerun()
