"""The offer to blank personal data, or to say why it stays, before words become public."""

import html
from collections.abc import Sequence

import streamlit as st

from briefs.workbench.pages.common import plain, words
from knowledge.clearing import UNDECIDED, Choice, Place, Shown, places, shown

MOST_SHOWN = 12
"""Places that are listed one by one; of the others their number is told."""


def offer(texts: Sequence[str], *, is_ours: Sequence[bool], key: str) -> Choice | None:
    """Show what looks like personal data and return what the person decides.

    Where nothing is found nothing is shown and nothing need be decided.

    Args:
        texts: what is to become public.
        is_ours: whether each may be changed; a source's own words are shown, never blanked.
        key: tells this offer from others on the page.

    Returns:
        None as long as a place stays and no reason is given.
    """
    _ = words()
    found = places(texts)
    if not found:
        return UNDECIDED
    st.warning(_("pages.clearing.found", n=len(found)), icon=":material/person_alert:")
    blank: set[Place] = set()
    for number, each in enumerate(shown(texts, found)):
        if not is_ours[each.place.text]:
            if number < MOST_SHOWN:
                st.html(f'<p class="zk-about">{_in_words(each)}</p>')
        elif number >= MOST_SHOWN or st.checkbox(
            plain(_("pages.clearing.blank", kind=_kind(each.place), words=_around(each))),
            value=True,
            key=f"clear-{key}-{number}",
        ):
            blank.add(each.place)
    if len(found) > MOST_SHOWN:
        st.caption(_("pages.clearing.more", n=len(found) - MOST_SHOWN))
    if len(blank) == len(found):
        return Choice(blank=frozenset(blank))
    reason = st.text_input(
        _("pages.clearing.reason", n=len(found) - len(blank)),
        placeholder=_("pages.clearing.reason_example"),
        key=f"clear-{key}-reason",
    )
    return Choice(blank=frozenset(blank), reason=reason) if (reason or "").strip() else None


def found_html(texts: Sequence[str], found: Sequence[Place]) -> str:
    """HTML of a list of the first places, with the words around each."""
    items = (f"<li>{_in_words(each)}</li>" for each in shown(texts, found[:MOST_SHOWN]))
    return f'<ul class="zk-list">{"".join(items)}</ul>'


def _in_words(each: Shown) -> str:
    before, found, after = map(html.escape, (each.before, each.words, each.after))
    return f"{html.escape(_kind(each.place))}：…{before}<mark>{found}</mark>{after}…"


def _around(each: Shown) -> str:
    return f"…{each.before}【{each.words}】{each.after}…"


def _kind(place: Place) -> str:
    return words()(f"privacy.kind.{place.trace.kind}")
