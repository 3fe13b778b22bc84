"""The desk where a brief is written: the component in the browser, and what it is given."""

from typing import Any, Final

import streamlit as st

from briefs.gating.reports import Report, State
from briefs.model import Brief, Length, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import changes
from briefs.workbench.pages.binding import may_bind
from briefs.workbench.pages.common import MENDABLE, shared_workbench, trouble, words
from briefs.workbench.pages.desk_words import NAMES
from briefs.workbench.pages.seat import KEY, seat, sit_down
from briefs.workbench.pages.statement import rows, titled
from briefs.workbench.wording import Wording

# The component's own code is an asset like any other: the browser keeps it, and Streamlit sends
# these few lines with every answer instead of the whole of it.
_SCRIPT: Final = """
const code = await import(`${window.location.origin}/assets/desk/desk.js`);
export default code.default;
"""
_PAGE: Final = '<link rel="stylesheet" href="/assets/desk/desk.css"><div class="desk"></div>'
_component = st.components.v2.component("zhiku.desk", html=_PAGE, js=_SCRIPT)
_WORDS: Final = "desk.word."


def desk(brief: Brief) -> None:
    """Draw the desk; what is done there redraws it alone."""
    sit_down(brief)
    _desk(brief.id)


@st.fragment
def _desk(brief_id: int) -> None:
    bench = shared_workbench()
    try:
        brief = bench.briefs.get(brief_id)
        data = _given(bench, brief)
    except MENDABLE as error:
        trouble(error)
        return
    _component(key=KEY, data=data, on_events_change=_received, height="content")
    place = seat(brief_id)
    # The left side is a fragment of its own: it learns of another statement only when drawn anew.
    if place.take_turn() or place.cites not in {None, may_bind(brief)}:
        st.rerun()


def _received() -> None:
    changes.receive(st.session_state.get(KEY))


def _given(bench: Workbench, brief: Brief) -> dict[str, Any]:
    """Everything that the desk shows, as JSON."""
    place = seat(brief.id)
    place.note_others(brief)
    report = bench.gating.report(brief)
    return {
        "brief": brief.id,
        "revision": brief.revision,
        "title": brief.title,
        "titled": titled(report.title),
        "client": place.client,
        "ack": place.seen,
        "keys": place.keys,
        "refused": place.refused,
        "checked": place.checked,
        "said": place.said,
        "go": place.go,
        "can_undo": bool(place.made),
        "can_redo": bool(place.undone),
        "progress": _progress(report),
        "rows": rows(report, bench.publishing.preview(brief.id)),
        "words": _words(words()),
    }


def _progress(report: Report) -> dict[str, int]:
    counts = report.counts
    return {
        "through": report.through,
        "of": report.total,
        "fault": counts[State.FAULT],
        "naked": counts[State.NAKED],
        "doubt": counts[State.NEEDS_PERSON],
    }


def _words(_: Wording) -> dict[str, str]:
    """The desk's own words by their short names, with those of kinds and lengths."""
    found = {name: _(f"{_WORDS}{name}") for name in NAMES}
    for kind in StatementKind:
        found[f"kind.{kind}"] = _(f"kind.{kind}")
        found[f"short.{kind}"] = _(f"desk.short.{kind}")
    for length in Length:
        found[f"length.{length}"] = _(f"desk.length.{length}")
        found[f"length_from.{length}"] = _(f"desk.length_from.{length}")
    return found
