"""What a saved web page says of itself around its main text: meta tags, headings, day, source."""

import re
from copy import deepcopy
from typing import Any, Final

from lxml import etree

from knowledge.readers.dates import dates_in
from knowledge.readers.findings import Hints
from knowledge.readers.titles import without_site
from knowledge.text import clean

_META: Final = {
    "title": ("articletitle", "og:title", "dc.title", "citation_title"),
    "issuer": ("contentsource", "sitename", "og:site_name"),
    "date": ("pubdate", "publishdate", "article:published_time", "dc.date", "og:release_date"),
    "url": ("og:url",),
}
"""Meta names in order of trust; the first ones are those of Chinese government sites."""
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_WITHIN_LINES: Final = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "label", "mark", "small", "span", "strong", "u"}
)
_LABELLED: Final = re.compile(r"(?:来源|发布日期|发布时间|日期|时间)\s*[：:]")
_LONGEST: Final = 80
_MOST: Final = 60


def web_hints(root: Any) -> Hints:
    """Gather them from the page's tree, which is left as it is."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        meta_name = (element.get("name") or element.get("property") or "").lower()
        found.setdefault(meta_name, (element.get("content") or "").strip())
    meta = {
        field: next((found[name] for name in names if found.get(name)), "")
        for field, names in _META.items()
    }
    title = " ".join(str(root.findtext(".//title") or "").split())
    canonical = [
        link.get("href") or "" for link in root.iter("link") if link.get("rel") == "canonical"
    ]
    dates = dates_in(meta["date"])
    issuer = meta["issuer"]
    return Hints(
        title=without_site(meta["title"] or title),
        issuer=issuer if 2 < len(issuer) <= 30 and "." not in issuer else None,
        issued_on=dates[0] if dates else None,
        url=next((url for url in (meta["url"], *canonical) if url.startswith("http")), None),
        web=True,
        headings=_headings(root),
        around=_around(root),
    )


def _headings(root: Any) -> tuple[str, ...]:
    texts = (" ".join(clean(str(each.text_content())).split()) for each in root.iter(*_HEADINGS))
    return tuple(text for text in texts if 4 <= len(text) <= _LONGEST)[:_MOST]


def _around(root: Any) -> tuple[str, ...]:
    """Short lines before the first long one, which begins the main text; labelled ones after."""
    body = root.find(".//body")
    lines = _lines(deepcopy(root if body is None else body))
    said = (i for i, line in enumerate(lines) if len(line) > _LONGEST and "。" in line)
    first = next(said, len(lines))
    before = [line for line in lines[:first] if len(line) <= _LONGEST]
    after = [line for line in lines[first:] if len(line) <= _LONGEST and _LABELLED.search(line)]
    return tuple(before[-_MOST:] + after[:_MOST])


def _lines(body: Any) -> list[str]:
    for element in body.iter(etree.Element):
        if element.tag not in _WITHIN_LINES:
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in clean(str(body.text_content())).split("\n"))
    return [line for line in lines if line]
