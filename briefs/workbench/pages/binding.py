"""What is done at the desk with a place in a source: cite it, quote it, keep it, look at it."""

from collections.abc import Sequence

import streamlit as st

from briefs.model import Brief, Evidence, Statement, StatementKind, page_href
from briefs.trail.noted import ActKind
from briefs.workbench.pages import changes
from briefs.workbench.pages.common import Sort, say, shared_workbench, words
from briefs.workbench.pages.seat import current, seat

Found = tuple[int, int]
"""The search in the trail that found a passage, and the passage."""


def may_bind(brief: Brief) -> bool:
    """Whether the statement that is written on can take evidence."""
    line = current(brief)
    return line is not None and line.id is not None and line.kind.needs_evidence


def bind(brief: Brief, evidence: Sequence[Evidence], *, noted: Found | None) -> None:
    """Bind the statement that is written on to places in a source.

    Args:
        brief: as it is shown.
        evidence: the places.
        noted: the search that found them and the passage, for the trail.
    """
    line = current(brief)
    if line is None or line.id is None or not may_bind(brief):
        say(words()("desk.no_current"), sort=Sort.REFUSED)
    elif changes.support(brief.id, line.id, evidence=evidence):
        number = [each.id for each in brief.statements].index(line.id) + 1
        say(words()("desk.bound", number=number))
        _note(noted, ActKind.QUOTED)
    st.rerun()


def insert(brief: Brief, evidence: Evidence, *, noted: Found | None) -> None:
    """Put a quote behind the statement that is written on, or at the end."""
    line = current(brief)
    new = Statement(StatementKind.QUOTE, evidence.quote.strip(), (evidence,))
    if changes.insert(brief.id, [new], after=None if line is None else line.id):
        _note(noted, ActKind.QUOTED)
    st.rerun()


def keep(brief: Brief, evidence: Evidence, *, noted: Found | None) -> None:
    """Put a place into the folder."""
    bench = shared_workbench()
    bench.folder.keep(brief.id, evidence, actor=bench.actor)
    _note(noted, ActKind.KEPT)
    say(words()("desk.kept"))
    st.rerun()


def look(brief: Brief, evidence: Evidence, *, noted: Found | None) -> None:
    """Open the page of a place beside the statements."""
    seat(brief.id).open_page(page_href(evidence.version_id, evidence.spans))
    _note(noted, ActKind.OPENED)
    st.rerun()


def _note(noted: Found | None, act: ActKind) -> None:
    if noted is not None:
        bench = shared_workbench()
        bench.trail.note_act(noted[0], act, noted[1], actor=bench.actor)
