"""The folder of a brief: each passage kept, with its note and where it is cited."""

import html

import streamlit as st

from briefs.trail.folder import FolderItem
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import (
    MENDABLE,
    facts_html,
    link,
    moment,
    say,
    shared_workbench,
    trouble,
    words,
)
from briefs.workbench.trailing import source_in_words


def show(bench: Workbench, brief_id: int, *, may_write: bool) -> None:
    """Draw the items by document and place."""
    _ = words()
    try:
        items = bench.folder.items(brief_id)
    except MENDABLE as error:
        trouble(error)
        return
    if not items:
        st.caption(_("trail.folder_none"))
    names = bench.people.names()
    for item in items:
        with st.container(border=True, key=f"item-{item.id}", gap="xsmall"):
            st.html(_item_html(item, by=names.get(item.made_by or 0, "")))
            if may_write:
                _acts(item)


def _item_html(item: FolderItem, *, by: str) -> str:
    _ = words()
    if item.evidence is None or item.source is None or item.made_at is None:
        return f'<p class="zk-about">{html.escape(_("trail.item_withheld"))}</p>'
    name = source_in_words(_, item.source, item.page)
    numbers = _("explain.separator").join(map(str, item.cited_in))
    cited = _("trail.cited_in", numbers=numbers) if numbers else _("trail.not_cited")
    source = link(item.href or "", name) if item.is_usable else html.escape(name)
    return (
        f'<p class="zk-source">{source}</p>'
        f'<p class="zk-quote">{html.escape(item.evidence.quote)}</p>'
        + facts_html(cited, by, moment(item.made_at))
        + (f'<p class="zk-remark">{html.escape(item.note)}</p>' if item.note else "")
    )


def _acts(item: FolderItem) -> None:
    _ = words()
    with st.container(horizontal=True, vertical_alignment="center", key=f"item-acts-{item.id}"):
        if not item.is_withheld:
            with st.popover(
                _("trail.note"),
                icon=":material/edit_note:",
                type="tertiary",
                key=f"note-{item.id}",
            ):
                st.text_area(
                    _("trail.note"),
                    item.note,
                    key=f"note-text-{item.id}",
                    on_change=_annotate,
                    args=(item.id,),
                    max_chars=2000,
                )
        st.button(
            _("trail.drop"),
            key=f"drop-{item.id}",
            icon=":material/bookmark_remove:",
            type="tertiary",
            on_click=drop,
            args=(item.id,),
        )


def _annotate(item_id: int) -> None:
    bench = shared_workbench()
    try:
        note = st.session_state[f"note-text-{item_id}"] or ""
        bench.folder.annotate(item_id, note, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)


def drop(item_id: int) -> None:
    """Take an item out, when a button is pressed."""
    bench = shared_workbench()
    try:
        bench.folder.drop(item_id, actor=bench.actor)
    except MENDABLE as error:
        trouble(error)
    else:
        say(words()("brief.unkept"))
