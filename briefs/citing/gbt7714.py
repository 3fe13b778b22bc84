"""GB/T 7714—2025, numeric: one entry of the list of references.

Sources of the facts: the changes announced with the standard (in force since 2026-07-01) and the
community's CSL styles for it. Punctuation is full-width ``，：（）`` but half-width ``.`` and
``[ ]``, in entries of every language; a colon inside a title stays as it is. A part that is unknown
is left out with its punctuation: nothing like “[S.l.]” is ever put in its place.

The day of access is printed where the standard has it: web pages, online government documents and
data sets. Reference answers of a library's desk are reports, ``[R/OL]`` once they have an address.
"""

import re
import unicodedata
from collections.abc import Callable

from knowledge.csl import Name, PartialDate, Work, WorkType

_MARKS = {
    WorkType.LEGISLATION: "A",
    WorkType.REGULATION: "A",
    WorkType.MANUSCRIPT: "A",
    WorkType.REPORT: "R",
    WorkType.ARTICLE: "J",
    WorkType.NEWS: "N",
    WorkType.BOOK: "M",
    WorkType.WEB_PAGE: "EB",
    WorkType.DATASET: "DS",
}
_NAMES_SHOWN = 3
_HAN_NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def reference(work: Work) -> str:
    """Print one entry, without its ``[n]``, ending in a full stop."""
    parts = [_authors(work), _head(work), *_SHAPES.get(work.type, _other)(work)]
    text = ". ".join(part.rstrip(". ") for part in parts if part.strip(". "))
    access = [_clean(work.url), f"DOI:{_clean(work.doi)}" if work.doi else ""]
    return ". ".join([text, *(part for part in access if part)]) + "."


def _clean(text: str) -> str:
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return " ".join(kept.split())


def _joined(delimiter: str, *parts: str) -> str:
    return delimiter.join(part for part in map(_clean, parts) if part)


def _authors(work: Work) -> str:
    names = [printed for printed in map(_name, work.author) if printed]
    shown = names[:_NAMES_SHOWN]
    if len(names) > _NAMES_SHOWN:
        shown.append("等" if work.is_chinese else "et al")
    return "，".join(shown)


def _name(name: Name) -> str:
    if name.literal or not name.family:
        return _clean(name.literal or name.given)
    if _HAN_NAME.search(name.family):
        return _clean(name.family + name.given)
    initials = " ".join(
        "-".join(piece[0].upper() for piece in word.split("-") if piece)
        for word in name.given.replace(".", " ").split()
    )
    return _joined(" ", name.family, initials)


def _head(work: Work) -> str:
    """Title, number and mark: ``题名：文号[A/OL]``."""
    title, number = _clean(work.title), _clean(work.number)
    if work.type in {WorkType.ARTICLE, WorkType.NEWS} or number in title:
        number = ""
    return _joined("：", title, number) + f"[{_mark(work)}]"


def _mark(work: Work) -> str:
    has_address = bool(work.url or work.doi)
    kind = _MARKS.get(work.type) or ("EB" if has_address else "Z")
    medium = work.medium or ("OL" if has_address else "")
    return f"{kind}/{medium}" if medium else kind


def _year(when: PartialDate | None) -> str:
    return f"{when.year:04}" if when else ""


def _full(when: PartialDate | None) -> str:
    return str(when) if when else ""


def _dates(work: Work) -> str:
    """Issued and accessed: ``（2021-05-30）[2023-01-09]``."""
    issued = f"（{work.issued}）" if work.issued else ""
    return issued + (f"[{work.accessed}]" if work.accessed and work.url else "")


def _imprint(work: Work, when: str) -> str:
    """Place, publisher and date: ``北京：中华书局，2000``."""
    return _joined("，", _joined("：", work.publisher_place, work.publisher), when)


def _article(work: Work) -> list[str]:
    in_issue = bool(work.volume or work.issue)
    when = _year(work.issued) if in_issue else _full(work.issued)
    source = _joined("，", work.container_title, when, work.volume)
    if work.issue:
        source += f"（{_clean(work.issue)}）"
    return [_joined("：", source, work.page or work.number)]


def _news(work: Work) -> list[str]:
    """A newspaper with day and printed page: ``澄江日报，2023-03-15（2）``."""
    page = f"（{_clean(work.page)}）" if work.page else ""
    return [_joined("，", work.container_title, _full(work.issued)) + page]


def _book(work: Work) -> list[str]:
    return [_edition(work), _imprint(work, _year(work.issued))]


def _edition(work: Work) -> str:
    edition = _clean(work.edition)
    if not edition.isdecimal() or edition == "1":
        return "" if edition == "1" else edition
    if work.is_chinese:
        return f"{edition} 版"
    number = int(edition)
    tail = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 // 10 != 1 else "th"
    return f"{number}{tail} ed"


def _report(work: Work) -> list[str]:
    if work.issued is None:
        return [_imprint(work, "") + _dates(work)]
    return [_imprint(work, _year(work.issued) if work.publisher else _full(work.issued))]


def _filed(work: Work) -> list[str]:
    """A document by where it is kept, else by its address, else by its date."""
    if work.archive:
        place = _joined("：", work.archive_place, work.archive)
        return [_joined("，", place, _full(work.issued))]
    if work.url:
        return [_dates(work)]
    return [_imprint(work, _full(work.issued))]


def _web_page(work: Work) -> list[str]:
    return [_dates(work)]


def _dataset(work: Work) -> list[str]:
    version = _clean(work.version)
    if version[:1].isdecimal():
        version = f"V{version}"
    return [version, _clean(work.publisher) + _dates(work)]


def _other(work: Work) -> list[str]:
    if work.url:
        return [_dates(work)]
    return [_edition(work), _imprint(work, _year(work.issued))]


_SHAPES: dict[WorkType, Callable[[Work], list[str]]] = {
    WorkType.LEGISLATION: _filed,
    WorkType.REGULATION: _filed,
    WorkType.MANUSCRIPT: _filed,
    WorkType.REPORT: _report,
    WorkType.ARTICLE: _article,
    WorkType.NEWS: _news,
    WorkType.BOOK: _book,
    WorkType.WEB_PAGE: _web_page,
    WorkType.DATASET: _dataset,
}
