"""Parts of a saved web page that are not the document on it: menus, lists of links, its foot."""

import re
from typing import Any, Final

from lxml import etree

_NAMED: Final = re.compile(
    r"(?:^|[\s_-])(?:foot(?:er)?|fot|copyright|related|recommend(?:ed)?|breadcrumbs?|crumbs?"
    r"|hotnews|hot|tjyd|comments?|share|bdsharebuttonbox|sidebar|nav(?:bar|igation)?|menu)"
    r"(?=$|[\s_\d-])",
    re.IGNORECASE,
)
_CONTAINERS: Final = frozenset(
    {"aside", "dl", "div", "footer", "nav", "ol", "section", "table", "ul"}
)
_FEWEST_LINKS: Final = 3
_MOSTLY: Final = 0.6
_SMALL_PART: Final = 0.3
_FILE: Final = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|zip|rar|ofd)(?:[?#]|$)", re.IGNORECASE
)
_BESIDE_LINKS: Final = re.compile(r"[\s\d:：/|>»·.\[\]（）()年月日-]+")


def prune(root: Any) -> None:
    """Take out containers that are mostly links, and small ones whose name says what they are.

    Lists of files to download stay: they are the document's attachments.
    """
    words: dict[Any, int] = {}
    linked: dict[Any, int] = {}
    links: dict[Any, int] = {}
    # Children come after their parents, so backwards each one is known before its parent.
    for element in reversed(list(root.iter(etree.Element))):
        children = list(element.iterchildren(etree.Element))
        own = _size(element.text) + sum(_size(child.tail) for child in children)
        words[element] = own + sum(words[child] for child in children)
        if element.tag == "a":
            is_file = bool(_FILE.search(element.get("href") or ""))
            linked[element] = 0 if is_file else words[element]
            links[element] = 0 if is_file else 1
        else:
            linked[element] = sum(linked[child] for child in children)
            links[element] = sum(links[child] for child in children)
    total = words.get(root, 0)
    for element in list(root.iter(*_CONTAINERS)):
        listed = links[element] >= _FEWEST_LINKS and linked[element] >= _MOSTLY * words[element]
        named = words[element] <= _SMALL_PART * total and _is_named(element)
        if (listed or named) and element.getparent() is not None:
            element.drop_tree()


def _is_named(element: Any) -> bool:
    if element.tag in {"footer", "nav"}:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_NAMED.search(names)) and element.find(".//h1") is None


def _size(text: str | None) -> int:
    """Characters of words; dates and separators beside links do not count."""
    return len(_BESIDE_LINKS.sub("", text)) if text else 0
