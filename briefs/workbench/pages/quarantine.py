"""Files with a mark of secrecy: an authorised person says why each is released or discarded."""

from collections.abc import Sequence

import streamlit as st

from briefs.model import BriefSummary
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import (
    MENDABLE,
    Sort,
    facts_html,
    moment,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from knowledge.store.quarantine import QuarantinedFile


def show(bench: Workbench) -> None:
    """Draw the files that wait for a decision, when there are any."""
    _ = words()
    waiting = bench.quarantine.waiting()
    if not waiting:
        return
    title = _("pages.quarantine.title", count=len(waiting))
    with st.expander(title, expanded=True, key="quarantine", icon=":material/lock:"):
        st.markdown(_("pages.quarantine.about"))
        cited = bench.briefs_citing(waiting)
        for file in waiting:
            _file(bench, file, cited[file.id])


def _file(bench: Workbench, file: QuarantinedFile, cited: Sequence[BriefSummary]) -> None:
    _ = words()
    with st.container(key=f"quarantined-{file.id}", gap="xsmall"):
        st.markdown(f"**{plain(file.file_name)}**")
        marked = _("pages.quarantine.marked", mark=file.mark)
        st.html(
            facts_html(marked, moment(file.stamp.made_at), _("pages.quarantine.id", id=file.id))
        )
        for brief in cited:
            st.warning(_("pages.quarantine.cited", title=plain(brief.title), id=brief.id))
        if not bench.quarantine.may_decide(file):
            return
        reason = st.text_input(
            _("pages.quarantine.reason"),
            key=f"reason-{file.id}",
            placeholder=_("pages.quarantine.reason_example"),
        )
        with st.container(horizontal=True):
            released = st.button(
                _("pages.quarantine.release"),
                key=f"release-{file.id}",
                icon=":material/lock_open:",
                help=_("pages.quarantine.release_help"),
            )
            discarded = st.button(
                _("pages.quarantine.discard"),
                key=f"discard-{file.id}",
                type="tertiary",
                help=_("pages.quarantine.discard_help"),
            )
        if released or discarded:
            _decide(file, reason or "", release=released)


def _decide(file: QuarantinedFile, reason: str, *, release: bool) -> None:
    _, bench = words(), shared_workbench()
    try:
        if release:
            with st.spinner(_("pages.library.reading_file", name=file.file_name)):
                added = bench.quarantine.release(file.id, reason=reason, actor=bench.actor)
                bench.index()
            failed = added.error is not None
            said = "pages.library.retry_failed" if failed else "pages.quarantine.released"
        else:
            failed = False
            bench.quarantine.discard(file.id, reason=reason, actor=bench.actor)
            said = "pages.quarantine.discarded"
    except MENDABLE as error:
        trouble(error)
        return
    say(_(said, name=file.file_name), sort=Sort.REFUSED if failed else Sort.DONE)
    st.rerun()
