"""“请助手拟句”: statements that a model proposes, with their evidence, to be ticked by a person."""

import html
from collections.abc import Sequence

import streamlit as st

from briefs.assistant import Assistant, Proposal, Proposals
from briefs.model import Brief, Statement, page_href
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import changes
from briefs.workbench.pages.common import MENDABLE, link, plain, say, trouble, words
from briefs.workbench.pages.seat import current
from briefs.workbench.settings import host_of


def section(bench: Workbench, brief: Brief) -> None:
    """Draw what asks the assistant and shows its proposals; nothing where none is set."""
    assistant = bench.assistant
    if assistant is None:
        return
    _, settings = words(), bench.settings
    hint = "assistant_hint" if settings.assistant_sources == "public" else "assistant_hint_all"
    st.caption(plain(_(f"drafting.{hint}", host=host_of(settings.assistant_address))))
    heading = st.text_input(
        _("drafting.assistant_heading"),
        key=f"assistant-heading-{brief.id}",
        placeholder=_("drafting.assistant_heading_example"),
    )
    key = f"assistant-made-{brief.id}"
    if st.button(_("drafting.assistant_ask"), key="assistant-ask", type="primary"):
        st.session_state.pop(key, None)
        made = _asked(bench, assistant, brief, heading or "")
        if made is not None:
            st.session_state[key] = made
    if (shown := st.session_state.get(key)) is not None:
        _proposals(brief, shown, key=key)


def _asked(bench: Workbench, assistant: Assistant, brief: Brief, heading: str) -> Proposals | None:
    try:
        with st.spinner(words()("drafting.assistant_asking")):
            return assistant.propose(
                brief.title, heading=heading.strip(), brief_id=brief.id, actor=bench.actor
            )
    except MENDABLE as error:
        trouble(error)
        return None


def _proposals(brief: Brief, made: Proposals, *, key: str) -> None:
    _ = words()
    ticked = [
        each.statement for number, each in enumerate(made.proposals) if _proposal(each, number)
    ]
    if not made.proposals:
        st.markdown(_("drafting.none"))
    elif st.button(
        _("drafting.assistant_add", n=len(ticked)), key="assistant-add", disabled=not ticked
    ):
        _add(brief, ticked, key=key)
    if made.dropped:
        with st.expander(_("drafting.assistant_dropped", n=len(made.dropped))):
            for dropped in made.dropped:
                reason = _(f"drafting.unfit.{dropped.reason.value}")
                st.caption(plain(_("drafting.dropped_short", text=dropped.text, reason=reason)))


def _add(brief: Brief, ticked: Sequence[Statement], *, key: str) -> None:
    """Put what was ticked behind the statement that is written on, or at the end."""
    line = current(brief)
    if changes.insert(brief.id, ticked, after=None if line is None else line.id):
        st.session_state.pop(key, None)
        say(words()("drafting.added", n=len(ticked)))
    st.rerun()


def _proposal(each: Proposal, number: int) -> bool:
    """One proposal with its source; whether it is ticked."""
    _ = words()
    own = each.statement.evidence[0]
    with st.container(border=True, key=f"proposal-{number}", gap="xsmall"):
        is_ticked = st.checkbox(plain(each.statement.text), key=f"assistant-tick-{number}")
        title = _("pages.common.work", title=each.offered.result.document.title)
        source = link(page_href(own.version_id, own.spans), title)
        quote = _("pages.common.quoted", words=own.quote.strip())
        kind = _(f"kind.{each.statement.kind.value}")
        holds = html.escape(f"{kind} · {_('drafting.assistant_holds')}")
        st.html(
            f'<p class="zk-about">{holds}</p><p class="zk-source">{source}</p>'
            f'<p class="zk-quote">{html.escape(quote)}</p>'
        )
    return is_ticked
