"""The documents that a result stands for, as HTML."""

import html
from urllib.parse import urlencode

import streamlit as st

from briefs.workbench.alike import facts, others
from briefs.workbench.pages.common import facts_html, link, shared_workbench, words
from knowledge.likeness import Alike
from knowledge.model import Result

_SHOWN = 3
"""More than these are folded away."""


def others_html(result: Result) -> str:
    """What else has nearly the same passage, with dates and links; empty when nothing has."""
    found = others(shared_workbench().likeness, result)
    if not found:
        return ""
    said = html.escape(words()("likeness.others", count=len(found)))
    items = "".join(_item(each) for each in found)
    if len(found) > _SHOWN:
        return f'<details class="zk-about"><summary>{said}</summary>{items}</details>'
    return f'<p class="zk-about">{said}</p>{items}'


def _item(alike: Alike) -> str:
    document = alike.document
    address = {"document": str(document.id)}
    if asked := st.query_params.get("lang"):
        address["lang"] = asked
    source = link(f"/library?{urlencode(address)}", document.title)
    return facts_html(*facts(words(), alike), lead=f"{source} · ")
