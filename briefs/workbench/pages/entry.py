"""The catalogue entry of one document: every field with its evidence, to be confirmed or mended."""

import html
from dataclasses import replace
from typing import Any

import streamlit as st

from briefs.model import page_href
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cataloguing import (
    MAIN_FIELDS,
    MORE_FIELDS,
    NAMES,
    ground_in_words,
    ground_of,
    names_of,
    place_of,
    value_of,
)
from briefs.workbench.pages.common import MENDABLE, link, moment, say, trouble, words
from knowledge.access import is_own
from knowledge.accounts.roles import Permission
from knowledge.model import Document, DocumentType, Ground, Metadata, Page, Version


def show(bench: Workbench, document: Document) -> None:
    """Draw the entry with its form; as it stands, for whoever may not correct it."""
    _ = words()
    st.subheader(_("catalogue.title"), anchor=False)
    may_correct = Permission.CATALOGUE in bench.actor.permissions
    may_correct = may_correct and is_own(bench.actor, document.stamp)
    _seen(document)
    _standing(bench, document, may_confirm=may_correct)
    # The entry was worked out when the document came in: from its first version.
    version = bench.documents.versions(document.id)[-1]
    indexes = sorted({ground.page for ground in document.grounds if ground.page is not None})
    form = _Form(document, version, bench.documents.pages(version.id, indexes))
    if not may_correct:
        form.facts()
        return
    with st.form(f"describe-{document.id}", border=False):
        changed = form.fields()
        saved = st.form_submit_button(_("catalogue.save"), type="primary", key="save-description")
    if saved:
        try:
            bench.library.describe(document.id, changed, actor=bench.actor, seen=_seen(document))
        except MENDABLE as error:
            trouble(error)
            return
        finally:
            _looked_again(document)
        say(_("catalogue.saved", title=changed.title))
        st.rerun()


def _seen(document: Document) -> Metadata:
    """The entry as it was when this person's page first showed it."""
    seen: Metadata = st.session_state.setdefault(f"seen-{document.id}", document.metadata)
    return seen


def _looked_again(document: Document) -> None:
    st.session_state.pop(f"seen-{document.id}", None)


def _standing(bench: Workbench, document: Document, *, may_confirm: bool) -> None:
    """Who stands for the entry; else the button for whoever has looked at it and may say so."""
    _ = words()
    if document.confirmed is not None:
        person = bench.people.name(document.confirmed.person_id) or ""
        at = moment(document.confirmed.at)
        tag = f'<span class="zk-tag zk-current">{html.escape(_("catalogue.confirmed"))}</span>'
        by = html.escape(_("catalogue.confirmed_by", name=person, at=at))
        st.html(f'<p class="zk-about">{tag}{by}</p>')
        return
    with st.container(horizontal=True, vertical_alignment="center", key="row-standing"):
        tag = f'<span class="zk-tag zk-changed">{html.escape(_("catalogue.unconfirmed"))}</span>'
        hint = html.escape(_("catalogue.unconfirmed_hint")) if may_confirm else ""
        st.html(f'<p class="zk-about">{tag}{hint}</p>')
        if may_confirm and st.button(
            _("catalogue.confirm"), key="confirm-entry", icon=":material/check:"
        ):
            try:
                bench.library.confirm(document.id, actor=bench.actor, seen=_seen(document))
            except MENDABLE as error:
                trouble(error)
                return
            finally:
                _looked_again(document)
            say(_("catalogue.confirm_done", title=document.title))
            st.rerun()


class _Form:
    """The fields of an entry, each with its evidence beside it."""

    def __init__(self, document: Document, version: Version, pages: list[Page]) -> None:
        self._document = document
        self._version = version
        self._pages = pages

    def fields(self) -> Metadata:
        """Draw them; what stands in them now."""
        about = self._document.metadata
        typed: dict[str, Any] = {field: self._field(field) for field in MAIN_FIELDS}
        known = any(getattr(about, field) for field in MORE_FIELDS)
        with st.expander(words()("catalogue.more"), expanded=known):
            typed |= {field: self._field(field) for field in MORE_FIELDS}
        return replace(about, **typed)

    def facts(self) -> None:
        """List what is known, each with its evidence."""
        items = [self._fact(field) for field in (*MAIN_FIELDS, *MORE_FIELDS)]
        st.html(f'<ul class="zk-list">{"".join(items)}</ul>')

    def _fact(self, field: str) -> str:
        _, about = words(), self._document.metadata
        value = value_of(about, field)
        if field == "type" and about.type is not None:
            value = _(f"type.{about.type}")
        if not value:
            return ""
        name, evidence = html.escape(_(f"catalogue.field.{field}")), self._evidence(field)
        why = f'<p class="zk-ground">{evidence}</p>' if evidence else ""
        return f"<li><b>{name}</b>　{html.escape(value)}{why}</li>"

    def _field(self, field: str) -> object:
        left, right = st.columns([3, 2], vertical_alignment="bottom", gap="small")
        with left:
            value = self._kind() if field == "type" else self._text(field)
        if evidence := self._evidence(field):
            right.html(f'<p class="zk-ground">{evidence}</p>')
        return value

    def _kind(self) -> DocumentType | None:
        _ = words()
        kinds, current = list(DocumentType), self._document.metadata.type
        chosen = st.selectbox(
            _("catalogue.field.type"),
            kinds,
            index=None if current is None else kinds.index(current),
            format_func=lambda each: _(f"type.{each}"),
            placeholder=_("catalogue.unknown"),
        )
        return None if chosen is None else DocumentType(chosen)

    def _text(self, field: str) -> object:
        _ = words()
        typed = st.text_input(
            _(f"catalogue.field.{field}"),
            value_of(self._document.metadata, field),
            placeholder=_(f"catalogue.example.{field}"),
        )
        return names_of(typed or "") if field in NAMES else (typed or "").strip() or None

    def _evidence(self, field: str) -> str:
        """HTML: the ground as a link to its page, or that a person gave the value."""
        _ = words()
        ground = ground_of(self._document, field)
        if ground is not None:
            why = ground_in_words(_, ground, paged=self._version.paged)
            return link(self._href(ground), why) if ground.page else html.escape(why)
        known = bool(value_of(self._document.metadata, field))
        given = known and self._document.confirmed is not None and field != "language"
        return html.escape(_("catalogue.ground.person")) if given else ""

    def _href(self, ground: Ground) -> str:
        span = place_of(ground, self._pages)
        if span is None:
            return f"/pages/{self._version.id}/{ground.page}"
        return page_href(self._version.id, [span])
