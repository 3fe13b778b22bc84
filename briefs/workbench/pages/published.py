"""Published briefs: every edition with its link and its files."""

import html

import streamlit as st

from briefs.model import Brief, Edition, EditionState
from briefs.seconding import Matter
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import proposals
from briefs.workbench.pages.audience import of_edition
from briefs.workbench.pages.common import facts_html, header, link, moment, shared_workbench, words
from briefs.workbench.pages.finishing import export_menu
from knowledge.access import is_own
from knowledge.accounts.roles import Permission
from knowledge.accounts.second_person import Serious
from knowledge.model import Stamp


def page() -> None:
    """Draw the page."""
    _, bench = words(), shared_workbench()
    header(_("pages.published.title"))
    every = bench.briefs.editions(newest_only=False)
    if not every:
        with st.container(key="empty"):
            st.markdown(_("pages.published.none"))
            st.caption(_("pages.published.none_hint"))
        return
    older = sum(each.state is EditionState.SUPERSEDED for each in every)
    with_older = bool(older) and st.toggle(_("pages.published.older", count=older), key="older")
    asked = _asked(bench)
    for edition in every:
        if with_older or edition.state is not EditionState.SUPERSEDED:
            _entry(bench, edition, asked=asked.get(edition.id))


def of_brief(bench: Workbench, brief: Brief) -> None:
    """Every edition of a brief for whoever may ask for its withdrawal, though it be for others."""
    _ = words()
    records = bench.briefs.records(brief.id) if _may_withdraw(bench, brief.stamp) else []
    if not records:
        return
    asked, readable = _asked(bench), set(bench.briefs.numbers(brief.id))
    with st.expander(_("edition.of_brief", count=len(records))):
        for record in records:
            name = _("edition.named", title=record.title, number=record.number)
            href = f"/briefs/{brief.id}/{record.number}"
            head = link(href, name) if record.number in readable else html.escape(name)
            state = _(f"pages.published.state.{record.state}")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.html(f"<p>{head}</p>{facts_html(state)}")
                if record.state is not EditionState.WITHDRAWN and record.id not in asked:
                    _withdrawal_button(record.id, name)
            if record.id in asked:
                proposals.asked(bench, asked[record.id])


def _asked(bench: Workbench) -> dict[int, Matter]:
    """What waits for a second person, by the edition that is to be withdrawn."""
    if Permission.WITHDRAW not in bench.actor.permissions:
        return {}
    return {
        each.proposal.record: each
        for each in bench.seconding.waiting(actor=bench.actor)
        if each.proposal.action is Serious.WITHDRAW_EDITION
    }


def _may_withdraw(bench: Workbench, stamp: Stamp) -> bool:
    return Permission.WITHDRAW in bench.actor.permissions and is_own(bench.actor, stamp)


def _entry(bench: Workbench, edition: Edition, *, asked: Matter | None) -> None:
    _, publication = words(), edition.publication
    current = edition.state is EditionState.CURRENT
    title = html.escape(publication.title)
    if current:
        title = link(f"/briefs/{edition.brief_id}/{edition.number}", publication.title)
    facts = [
        _("pages.published.edition", number=edition.number),
        moment(edition.stamp.made_at),
        publication.published_by or "",
        _("pages.published.references", count=len(publication.references)),
        of_edition(bench, edition),
    ]
    tag = html.escape(_(f"pages.published.state.{edition.state}"))
    lead = f'<span class="zk-tag zk-{edition.state}">{tag}</span>'
    if edition.withdrawal is not None:
        facts.append(_("edition.withdrawn_for", reason=edition.withdrawal.reason))
    with st.container(border=True, key=f"edition-{edition.id}"):
        about = facts_html(*facts, lead=lead)
        with st.container(horizontal=True, vertical_alignment="center", key=f"row-{edition.id}"):
            st.html(f'<article class="zk-hit"><h3>{title}</h3>{about}</article>')
            if edition.withdrawal is None:
                export_menu(publication)
                if asked is None and _may_withdraw(bench, edition.stamp):
                    name = _("edition.named", title=publication.title, number=edition.number)
                    _withdrawal_button(edition.id, name)
        if asked is not None:
            proposals.asked(bench, asked)


def _withdrawal_button(edition_id: int, name: str) -> None:
    """Offer to ask for a withdrawal; `name` is title and number."""
    if st.button(
        words()("edition.withdraw"),
        key=f"withdraw-{edition_id}",
        icon=":material/undo:",
        type="tertiary",
    ):
        st.dialog(words()("edition.withdraw"))(_asking)(edition_id, name)


def _asking(edition_id: int, name: str) -> None:
    bench = shared_workbench()

    def ask(reason: str) -> Matter:
        return bench.seconding.ask_withdrawal(edition_id, reason=reason, actor=bench.actor)

    proposals.ask_for(Serious.WITHDRAW_EDITION, name, ask)
