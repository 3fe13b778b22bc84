"""Published briefs: every edition with its link and its files."""

import html

import streamlit as st

from briefs.model import Edition, EditionState
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import facts_html, header, link, moment, shared_workbench, words
from briefs.workbench.pages.finishing import export_menu


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
    for edition in every:
        if with_older or edition.state is not EditionState.SUPERSEDED:
            _entry(bench, edition)


def _entry(bench: Workbench, edition: Edition) -> None:
    _, publication = words(), edition.publication
    current = edition.state is EditionState.CURRENT
    title = html.escape(publication.title)
    if current:
        title = link(f"/briefs/{edition.brief_id}", publication.title)
    facts = [
        _("pages.published.edition", number=edition.number),
        moment(edition.stamp.made_at),
        publication.published_by or "",
        _("pages.published.references", count=len(publication.references)),
    ]
    tag = html.escape(_(f"pages.published.state.{edition.state}"))
    lead = f'<span class="zk-tag zk-{edition.state}">{tag}</span>'
    with st.container(border=True, key=f"edition-{edition.id}"):
        about = facts_html(*facts, lead=lead)
        with st.container(horizontal=True, vertical_alignment="center", key=f"row-{edition.id}"):
            st.html(f'<article class="zk-hit"><h3>{title}</h3>{about}</article>')
            export_menu(bench, publication)
