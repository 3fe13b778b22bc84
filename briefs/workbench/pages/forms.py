"""What a brief still lacks of its template, and how its forms come out."""

from pathlib import Path

import streamlit as st

from briefs.lengths.forms import at_length, forms, length_doubts, length_faults, proof
from briefs.lengths.paging import pages_of
from briefs.model import Brief, Length, Publication
from briefs.templates import Fulfilment, Section
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.outlining import flaw_of, gaps_of, proof_of, state_of
from briefs.workbench.pages.common import facts_html, plain, words
from knowledge.model import Access
from knowledge.sharing import Audience


def warnings(bench: Workbench, publication: Publication) -> None:
    """Say what is to be said before a publication goes out in several forms: pages, proof, pairs.

    Nothing is shown of one that has but one form.
    """
    offered = forms(publication.lines)
    if len(offered) < 2:
        return
    _ = words()
    for fault in length_faults(publication.lines):
        said = _("lengths.parted", first=fault.first, second=fault.second, word=fault.word)
        st.error(plain(said), icon=":material/link_off:")
    doubts = [
        _("lengths.doubt", first=doubt.first, second=doubt.second, word=doubt.word)
        for doubt in length_doubts(publication.lines)
    ]
    if doubts:
        st.warning(plain("\n\n".join(doubts)), icon=":material/link:")
    if Length.ONE_PAGE in offered:
        folder = bench.settings.font_folder
        short = at_length(publication, Length.ONE_PAGE)
        pages = pages_of(short, font_folder=Path(folder) if folder else None)
        if pages > 1:
            st.warning(plain(_("lengths.too_long", pages=pages)), icon=":material/description:")
    for form in offered[:-1]:
        found = proof(at_length(publication, form), publication)
        st.caption(plain(f"{_(f'length.{form}')} · {proof_of(found, _)}"))
        for flaw in found.flaws:
            st.error(plain(flaw_of(flaw, _)))


def for_whom(bench: Workbench, brief: Brief, meant: Audience) -> None:
    """Say so where what is sent to offices by name is about to become public."""
    found = bench.templates.progress(brief)
    if found is None or not found.template.is_submitted or meant.access is not Access.PUBLIC:
        return
    _ = words()
    title = found.template.title.of(_.language)
    st.warning(plain(_("templating.submitted_public", title=title)), icon=":material/mail_lock:")


def progress(bench: Workbench, brief: Brief) -> None:
    """Show how far a brief fulfils its template; nothing where it has none."""
    found = bench.templates.progress(brief)
    if found is None:
        return
    _ = words()
    title = found.template.title.of(_.language)
    label = _("templating.progress", title=title, done=found.done, due=found.due)
    with st.expander(plain(label), icon=":material/article:"):
        st.html(progress_html(found))


def progress_html(found: Fulfilment) -> str:
    """The sections that lack something, and how long each form is, as HTML."""
    _ = words()
    lacking = (
        facts_html(standing.section.heading, gaps_of(standing, _))
        for standing in found.sections
        if standing.gaps
    )
    lengths = (
        facts_html(
            _(f"length.{form.length}"),
            state_of(form, _),
            _("templating.lacks", sections=_missing(form.missing)).strip()
            if form.missing
            else None,
        )
        for form in found.forms
    )
    return "".join((*lacking, *lengths))


def _missing(sections: tuple[Section, ...]) -> str:
    return words()("explain.separator").join(section.heading for section in sections)
