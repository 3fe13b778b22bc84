"""Results and evidence as HTML; every word of a source is escaped."""

import html
import re

from briefs.model import page_href, percent
from briefs.workbench.pages.common import described, facts_html, place, words
from briefs.workbench.pages.highlight import highlighted
from briefs.workbench.reasons import in_short, reasons
from briefs.workbench.sharing import tag_of
from knowledge.explaining import explain
from knowledge.model import Passage, Result
from knowledge.synonyms import Synonyms
from knowledge.text import HAN, fold

_LINE_END = re.compile(rf"(?<=[{HAN}，、；：（])\n(?=[{HAN}（《“])")
"""A line end that the page's width made, not the writer."""


def result_html(result: Result, query: str, *, synonyms: Synonyms, is_linked: bool = True) -> str:
    """A search result, without its buttons; the query's words are marked, in any form.

    Where openings are noted its title is no link (`is_linked`): a button opens it.
    """
    passage = result.passage
    href = page_href(result.version.id, passage.spans, page=passage.begins.page)
    where = place(result.page, result.page_label)
    tag = tag_of(words(), result.document.stamp)
    about = facts_html(*described(result.document.metadata), where, tag)

    same = synonyms.others(query)

    def marked(text: str) -> str:
        return highlighted(text, query, same=same)

    path = marked(" › ".join(passage.heading))
    title = marked(result.document.title)
    return (
        '<article class="zk-hit">'
        f'<h3><span class="zk-rank">{result.rank}</span>'
        + (f'<a href="{html.escape(href)}" target="_blank">{title}</a>' if is_linked else title)
        + "</h3>"
        + about
        + (f'<p class="zk-path">{path}</p>' if path else "")
        + f'<p class="zk-words">{marked(_said(passage))}</p>{_sure(result.confidence)}</article>'
    )


def reasons_html(result: Result, query: str, *, synonyms: Synonyms) -> str:
    """Why a result was found: the reason in short, a line for each reason folded below it."""
    why = explain(query, result, synonyms=synonyms)
    items = "".join(f"<li>{html.escape(line)}</li>" for line in reasons(words(), why))
    summary = f"<summary>{html.escape(in_short(words(), why))}</summary>"
    return f'<details class="zk-about zk-reasons">{summary}<ul>{items}</ul></details>'


def _said(passage: Passage) -> str:
    """The passage's words without the headings that are shown above them."""
    above = {_letters(heading) for heading in passage.heading}
    lines = passage.text.strip().split("\n")
    while len(lines) > 1 and _letters(lines[0]) in above:
        lines.pop(0)
    return _LINE_END.sub("", "\n".join(lines).strip())


def _letters(text: str) -> str:
    return re.sub(r"\s", "", fold(text))


def _sure(confidence: float | None) -> str:
    """That the words were recognised, and how surely; empty where the file held them."""
    if confidence is None:
        return ""
    said = words()("picture.sure_short", percent=percent(confidence))
    return f'<p class="zk-remark">{html.escape(said)}</p>'
