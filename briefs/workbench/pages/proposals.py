"""What takes two persons: what waits, who asked and why; to be agreed to, refused or taken back."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from briefs.seconding import Matter
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    header,
    link,
    moment,
    plain,
    say,
    shared_workbench,
    trouble,
    words,
)
from knowledge.accounts.second_person import Serious
from knowledge.model import Document


def page() -> None:
    """Draw the page."""
    _, bench = words(), shared_workbench()
    waiting = bench.seconding.waiting(actor=bench.actor)
    header(_("pages.proposals.title"))
    st.caption(_("pages.proposals.about"))
    if not waiting:
        st.markdown(_("pages.proposals.none"))
    for matter in waiting:
        _waiting(bench, matter)
    settled = bench.seconding.settled(actor=bench.actor)
    if settled:
        st.subheader(_("pages.proposals.settled"), anchor=False)
        items = (f"<li>{_head_html(bench, matter)}</li>" for matter in settled)
        st.html(f'<ul class="zk-list">{"".join(items)}</ul>')


def asked(bench: Workbench, matter: Matter) -> None:
    """Say on a record's own page that a second person is awaited."""
    _ = words()
    name = bench.people.name(matter.proposal.made_by)
    when = moment(matter.proposal.made_at)
    st.info(
        plain(_("pages.proposals.waits", person=name, when=when, reason=matter.proposal.reason)),
        icon=":material/group:",
    )
    if not bench.seconding.has_second(matter):
        st.caption(_("pages.proposals.alone"))


def ask_for(action: Serious, question: str, ask: Callable[[str], Matter]) -> None:
    """Draw the inside of a dialog that asks for something and wants a reason.

    Args:
        action: what is asked for.
        question: names the record.
        ask: asks for it with the reason typed.
    """
    _ = words()
    st.markdown(plain(question))
    st.caption(_(f"pages.proposals.note.{action}"))
    reason = st.text_area(_(f"pages.proposals.reason.{action}"), key="proposal-reason", height=90)
    if st.button(_("pages.proposals.ask"), type="primary", key="proposal-ask"):
        try:
            ask(reason or "")
        except MENDABLE as error:
            trouble(error)
            return
        say(_("pages.proposals.asked"))
        st.rerun()


def _waiting(bench: Workbench, matter: Matter) -> None:
    _, number = words(), matter.proposal.id
    with st.container(key=f"proposal-{number}", border=True, gap="small"):
        st.html(_head_html(bench, matter))
        if matter.is_own and not bench.seconding.has_second(matter):
            st.caption(_("pages.proposals.alone"))
        with st.container(horizontal=True):
            if matter.may_decide:
                agree = partial(bench.seconding.agree, number, actor=bench.actor)
                _button(matter, "agree", agree, is_main=True)
            if matter.may_decide or matter.is_own:
                refuse = partial(bench.seconding.refuse, number, actor=bench.actor)
                _button(matter, "take_back" if matter.is_own else "refuse", refuse)


def _button(
    matter: Matter, name: str, decide: Callable[[], Matter], *, is_main: bool = False
) -> None:
    _, action = words(), matter.proposal.action
    label = _(f"pages.proposals.agree.{action}" if name == "agree" else f"pages.proposals.{name}")
    key = f"{name}-{matter.proposal.id}"
    if not st.button(label, key=key, type="primary" if is_main else "secondary"):
        return
    try:
        settled = decide()
    except MENDABLE as error:
        trouble(error)
        return
    say(_(f"pages.proposals.said.{settled.proposal.decision}", what=_what(matter)))
    st.rerun()


def _head_html(bench: Workbench, matter: Matter) -> str:
    """What it is about, linked; who asked, when and why; and what was decided."""
    _, proposal = words(), matter.proposal
    decided = None
    if proposal.decision is not None and proposal.decided_at is not None:
        decided = _(
            f"pages.proposals.decided.{proposal.decision}",
            person=_name(bench, proposal.decided_by),
            when=moment(proposal.decided_at),
        )
    facts = facts_html(
        _(
            "pages.proposals.asked_by",
            person=_name(bench, proposal.made_by),
            when=moment(proposal.made_at),
        ),
        _("pages.proposals.because", reason=proposal.reason),
        decided,
    )
    return f"<strong>{link(_address(matter), _what(matter))}</strong>{facts}"


def _what(matter: Matter) -> str:
    """What is asked for: which document, or which edition."""
    subject = matter.subject
    number = None if isinstance(subject, Document) else subject.number
    what = f"pages.proposals.what.{matter.proposal.action}"
    return words()(what, title=matter.title, number=number)


def _address(matter: Matter) -> str:
    """Where the record opens: pages of a document that was taken out still do."""
    subject = matter.subject
    if not isinstance(subject, Document):
        return f"/briefs/{subject.brief_id}/{subject.number}"
    if matter.proposal.decision is None:
        return f"/library?document={subject.id}"
    return f"/pages/{subject.current_version}/1"


def _name(bench: Workbench, person_id: int | None) -> str:
    return "" if person_id is None else bench.people.name(person_id) or str(person_id)
