"""Files that were not taken in: those in quarantine, and failures with a second chance."""

import streamlit as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import quarantine
from briefs.workbench.pages.common import (
    MENDABLE,
    Sort,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from knowledge.access import is_own
from knowledge.accounts.roles import Permission
from knowledge.failure import Failure
from knowledge.ingest import AddOutcome


def show(bench: Workbench) -> None:
    """Draw the lists, when there is anything to list."""
    quarantine.show(bench)
    _ = words()
    kept = bench.failures.all()
    if not kept:
        return
    title = _("pages.library.failures", count=len(kept))
    with st.expander(title, expanded=True, key="failures", icon=":material/report:"):
        for failure in kept:
            _failure(bench, failure)


def _failure(bench: Workbench, failure: Failure) -> None:
    _ = words()
    with st.container(key=f"failure-{failure.id}", gap="xsmall"):
        st.markdown(f"**{plain(failure.file_name)}**")
        st.markdown(plain(_.sentence(failure.sentence, failure.details)))
        may_add = Permission.ADD in bench.actor.permissions
        if not may_add or not is_own(bench.actor, failure.stamp):
            return
        with st.container(horizontal=True):
            retried = st.button(
                _("pages.library.retry"), key=f"retry-{failure.id}", icon=":material/refresh:"
            )
            st.button(
                _("pages.library.forget"),
                key=f"forget-{failure.id}",
                type="tertiary",
                on_click=_forget,
                args=(failure.id,),
            )
        if retried:
            _retry(failure)


def _forget(failure_id: int) -> None:
    bench = shared_workbench()
    try:
        bench.library.forget(failure_id, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)


def _retry(failure: Failure) -> None:
    _, bench = words(), shared_workbench()
    try:
        with st.spinner(_("pages.library.reading_file", name=failure.file_name)):
            added = bench.library.retry(failure, actor=bench.actor)
            bench.index()
    except MENDABLE as error:
        trouble(error)
        return
    if added.outcome is AddOutcome.QUARANTINED and added.error is not None:
        say(_.error(added.error), sort=Sort.REFUSED)
        st.rerun()
    if added.error is not None:
        say(_("pages.library.retry_failed", name=failure.file_name), sort=Sort.REFUSED)
        st.rerun()
    bench.library.forget(failure.id, actor=bench.actor)
    is_for_staff = any(each.startswith("kept-for-staff:") for each in added.remarks)
    said = "pages.library.retried_for_staff" if is_for_staff else "pages.library.retried"
    say(_(said, name=failure.file_name))
    st.rerun()
