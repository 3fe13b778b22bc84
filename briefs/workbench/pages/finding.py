"""Support for the statement that is written on: what bears it out, and what contradicts it."""

import html
from collections.abc import Sequence
from typing import Final

import streamlit as st

from briefs.drafting.supporting import Piece, Support
from briefs.gate import Fault
from briefs.model import Brief
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.binding import bind, keep, look
from briefs.workbench.pages.common import described, facts_html, place, words
from briefs.workbench.pages.seat import current

_COUNT: Final = 5


def support(bench: Workbench, brief: Brief) -> None:
    """Draw what the collection says about the statement that is written on."""
    _ = words()
    line = current(brief)
    if line is None or not line.text or not line.kind.needs_evidence:
        st.caption(_("desk.support_empty"))
        return
    number = [each.id for each in brief.statements].index(line.id) + 1
    st.html(
        f'<p class="zk-about">{html.escape(_("desk.support_of", number=number))}</p>'
        f'<p class="zk-quote">{html.escape(line.text)}</p>'
    )
    with st.spinner(_("desk.supporting")):
        found = bench.supporting.find(line.text, kind=line.kind, count=_COUNT)
    noted = bench.trail.note_support(brief.id, found, actor=bench.actor, statement_id=line.id)
    if found.is_empty:
        st.markdown(_("desk.support_none"))
        return
    _pieces(brief, found.disagreeing, sort="disagreeing", noted=noted)
    _pieces(brief, found.agreeing, sort="agreeing", noted=noted)
    _both(brief, found, noted=noted)
    _pieces(brief, found.near, sort="near", noted=noted)


def _pieces(brief: Brief, pieces: Sequence[Piece], *, sort: str, noted: int) -> None:
    if not pieces:
        return
    st.html(
        f'<p class="zk-part zk-{sort}">'
        f"{html.escape(words()(f'desk.support.{sort}', count=len(pieces)))}</p>"
    )
    for at, piece in enumerate(pieces):
        _piece(brief, piece, key=f"{sort}-{at}-{piece.passage.id}", noted=noted)


def _piece(brief: Brief, piece: Piece, *, key: str, noted: int) -> None:
    _, by = words(), (noted, piece.passage.id)
    with st.container(border=True, key=f"piece-{key}", gap="xsmall"):
        st.html(_shown(piece))
        with st.container(horizontal=True, gap="xsmall", key=f"acts-piece-{key}"):
            if st.button(_("desk.cite"), key=f"cite-{key}", type="primary"):
                bind(brief, piece.evidence, noted=by)
            if st.button(_("desk.keep"), key=f"keep-{key}"):
                keep(brief, piece.evidence[-1], noted=by)
            if st.button(_("desk.look"), key=f"look-{key}", type="tertiary"):
                look(brief, piece.evidence[-1], noted=by)


def _both(brief: Brief, found: Support, *, noted: int) -> None:
    """Two places that bear a statement out together."""
    if found.together is None:
        return
    _ = words()
    st.html(f'<p class="zk-part">{html.escape(_("desk.support.together"))}</p>')
    with st.container(border=True, key="piece-together", gap="xsmall"):
        for piece in found.together:
            st.html(_shown(piece))
        if st.button(_("desk.cite_both"), key="cite-together", type="primary"):
            evidence = [each for piece in found.together for each in piece.evidence]
            bind(brief, evidence, noted=(noted, found.together[0].passage.id))


def _shown(piece: Piece) -> str:
    """HTML of a place: source, words, and what of it says otherwise."""
    _ = words()
    where = place(piece.page, piece.page_label)
    about = facts_html(*described(piece.document.metadata)[:3], where)
    notes = "".join(
        f'<p class="zk-remark zk-bad">{html.escape(_differs(each))}</p>'
        for each in piece.verdict.faults
        if each.evidence
    )
    if piece.outdated:
        said = _("desk.outdated", reason=piece.outdated)
        notes += f'<p class="zk-remark">{html.escape(said)}</p>'
    title = html.escape(piece.document.title)
    return (
        f'<p class="zk-source"><b>{title}</b></p>{about}'
        f'<p class="zk-quote">{html.escape(piece.words)}</p>{notes}'
    )


def _differs(fault: Fault) -> str:
    _ = words()
    there = " / ".join(dict.fromkeys(each.words for each in fault.evidence))
    reading = _("desk.reading", here=fault.statement.words, there=there)
    return _("desk.differs", what=_(f"check.fault.{fault.type}"), reading=reading)
