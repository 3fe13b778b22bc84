"""The gate in the dialog of publishing: how far a brief is through, and what holds it back."""

import streamlit as st

from briefs.gating.headed import TITLE
from briefs.gating.reports import Checked, Finding, Report, State
from briefs.model import Brief
from briefs.workbench import verdicts
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    link,
    moment,
    plain,
    shared_workbench,
    trouble,
    words,
)

_MOST = 8
"""Statements listed at once; the others come when these are mended."""
_ICONS = {
    State.FAULT: ":material/error:",
    State.NAKED: ":material/link_off:",
    State.NEEDS_PERSON: ":material/help:",
    State.WITHHELD: ":material/lock:",
}


def progress(report: Report, *, references: int) -> None:
    """Show how many statements are through, and how many are not and why."""
    _ = words()
    counts = report.counts
    with st.container(horizontal=True, key="gate-figures"):
        st.metric(_("gate.figure.through"), f"{report.through} / {report.total}")
        for state in _ICONS:
            if state is not State.WITHHELD or counts[state]:
                st.metric(_(f"gate.state.{state}"), counts[state])
        st.metric(_("pages.briefs.figure_references"), references)
    st.progress(report.through / max(report.total, 1), text=_progress(report))


def blocking(report: Report, *, may_mend: bool) -> None:
    """List what holds the brief back, each with a way to its statement; publishing is closed."""
    _ = words()
    stopped = report.blocking
    for each in stopped[:_MOST]:
        _blocked(report.brief, each, may_mend=may_mend)
    if len(stopped) > _MOST:
        st.caption(_("gate.more", count=len(stopped) - _MOST))
    st.caption(_("gate.closed", count=len(stopped)))
    st.button(
        _("pages.briefs.publish_confirm"), type="primary", key="publish-confirm", disabled=True
    )


def decided(report: Report) -> None:
    """List what persons let stand: who, when and why."""
    _ = words()
    found = [each for each in report.everything if each.decision is not None]
    if not found:
        return
    with st.expander(_("gate.decided_count", count=len(found)), icon=":material/how_to_reg:"):
        for each in found:
            decision = each.decision
            if decision is None:
                continue
            st.markdown(f"**{_name(each)}** {plain(verdicts.shortened(each.statement.text))}")
            told = verdicts.decided(_, decision, at=moment(decision.made_at))
            st.caption(plain(told))


def _name(each: Checked) -> str:
    return words()("gate.title") if each.number == TITLE else str(each.number)


def _progress(report: Report) -> str:
    return words()("gate.progress", through=report.through, total=report.total)


def _blocked(brief: Brief, each: Checked, *, may_mend: bool) -> None:
    _, line = words(), each.statement
    with st.container(border=True, gap="xsmall", key=f"stopped-{each.number}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_name(each)}**", width="content")
            st.badge(_(f"gate.state.{each.state}"), icon=_ICONS[each.state], color="orange")
            st.space("stretch")
            if (
                may_mend
                and each.number != TITLE
                and st.button(
                    _("gate.go"), key=f"go-{each.number}", icon=":material/edit:", type="tertiary"
                )
            ):
                st.session_state["at_statement"] = line.id
                st.rerun()
        st.markdown(
            plain(verdicts.shortened(line.text) if not line.is_withheld else _("edition.withheld"))
        )
        for finding in each.findings:
            # A doubt beside a fault comes up when the fault is mended.
            if finding.is_fault or each.state is State.NEEDS_PERSON:
                st.html(_finding(finding))
        if may_mend and each.number == TITLE:
            _settle(brief)


def _settle(brief: Brief) -> None:
    """Let a person let the title stand; statements are settled where they are written."""
    _, bench = words(), shared_workbench()
    with st.form("settle-title", border=False):
        reason = st.text_input(_("gate.title_reason"), key="settle-reason")
        if st.form_submit_button(_("gate.title_settle")):
            try:
                bench.gating.decide(brief, TITLE, reason=reason, actor=bench.actor)
            except MENDABLE as error:
                trouble(error)
                return
            st.rerun()


def _finding(finding: Finding) -> str:
    _ = words()
    said = _("gate.says", words=finding.statement.words)
    found = verdicts.both(finding.readings, finding.value)
    theirs = _("gate.source_says", words=found) if found else None
    if theirs is None and finding.is_fault:
        theirs = _("gate.source_silent")
    html = facts_html(said, theirs, lead=f"<b>{verdicts.named(_, finding.what)}</b> ")
    links = [
        link(href, _("gate.page"))
        for href in dict.fromkeys(reading.href for reading in finding.readings)
    ]
    return html + f'<p class="zk-about">{" · ".join(links)}</p>' if links else html
