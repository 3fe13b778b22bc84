"""RIS, as Zotero and EndNote write and read it.

Source of the tags: the RIS specification (2011) and Zotero's translator. What RIS has no tag for is
written as lines of Zotero's Extra in a note.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from briefs.citing.errors import (
    MalformedReferencesError,
    UnclosedReferenceError,
    UnknownWorkTypeError,
    UntitledReferenceError,
)
from briefs.citing.exchange.dates import date_of
from briefs.citing.exchange.extra import extra_of, with_extra
from briefs.citing.exchange.item import Item, language_of
from knowledge.csl import Name, PartialDate, Work, WorkType

_TAG: Final = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)")
_T = WorkType
_WRITTEN: Final[Mapping[WorkType, str]] = {
    _T.LEGISLATION: "STAT",
    _T.REGULATION: "GOVDOC",
    _T.REPORT: "RPRT",
    _T.ARTICLE: "JOUR",
    _T.NEWS: "NEWS",
    _T.BOOK: "BOOK",
    _T.WEB_PAGE: "ELEC",
    _T.DATASET: "DATA",
    _T.MANUSCRIPT: "MANSCPT",
    _T.DOCUMENT: "GEN",
    _T.CHAPTER: "CHAP",
    _T.CONFERENCE_PAPER: "CPAPER",
    _T.THESIS: "THES",
    _T.STANDARD: "STAND",
    _T.PATENT: "PAT",
    _T.MAP: "MAP",
    _T.PREPRINT: "INPR",
}
_READ: Final[Mapping[str, WorkType]] = {tag: kind for kind, tag in _WRITTEN.items()} | {
    "LEGAL": _T.LEGISLATION, "BILL": _T.LEGISLATION, "CASE": _T.LEGISLATION,
    "UNBILL": _T.LEGISLATION, "HEAR": _T.REGULATION, "EJOUR": _T.ARTICLE, "MGZN": _T.ARTICLE,
    "ABST": _T.ARTICLE, "JFULL": _T.ARTICLE, "EBOOK": _T.BOOK, "EDBOOK": _T.BOOK,
    "CLSWK": _T.BOOK, "PAMP": _T.BOOK, "SER": _T.BOOK, "ECHAP": _T.CHAPTER, "DICT": _T.CHAPTER,
    "ENCYC": _T.CHAPTER, "CONF": _T.CONFERENCE_PAPER, "SLIDE": _T.CONFERENCE_PAPER,
    "BLOG": _T.WEB_PAGE, "ICOMM": _T.WEB_PAGE, "WEB": _T.WEB_PAGE, "AGGR": _T.DATASET,
    "DBASE": _T.DATASET, "UNPB": _T.MANUSCRIPT, "UNPD": _T.MANUSCRIPT, "PCOMM": _T.MANUSCRIPT,
    "ANCIENT": _T.MANUSCRIPT, "GRANT": _T.REPORT, "CTLG": _T.DOCUMENT, "ADVS": _T.DOCUMENT,
    "ART": _T.DOCUMENT, "CHART": _T.DOCUMENT, "COMP": _T.DOCUMENT, "EQUA": _T.DOCUMENT,
    "FIGURE": _T.DOCUMENT, "MPCT": _T.DOCUMENT, "MULTI": _T.DOCUMENT, "MUSIC": _T.DOCUMENT,
    "SOUND": _T.DOCUMENT, "VIDEO": _T.DOCUMENT, "BLANK": _T.DOCUMENT, "GENERIC": _T.DOCUMENT,
}  # fmt: skip
_CONTAINER: Final = ("T2", "JF", "JO", "JA", "BT", "J2", "J1")
_EXTRA: Final = dict.fromkeys(("medium", "scale", "dimensions", "archive", "archive_place"))
_VERSIONED: Final = frozenset({_T.DATASET, _T.PREPRINT, _T.DOCUMENT})
"""Their ``ET`` is a version."""
_SHOWN: Final = 40


def read_ris(text: str, *, name: str) -> list[Item]:
    """Entries in the file's order; a line without a tag continues the one before.

    Raises:
        MalformedReferencesError: a line outside of any entry.
        UnclosedReferenceError: an entry without ``ER``.
        UnknownWorkTypeError: a type that RIS does not have.
        UntitledReferenceError: an entry without a title.
    """
    return [_item(tags, line=line, name=name) for tags, line in _entries(text, name=name)]


def write_ris(items: Sequence[Item]) -> str:
    """Entries with an empty line behind each; line ends are CR LF, as RIS wants them."""
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _lines(item)) + "ER  - \r\n\r\n"
        for item in items
    )


class _Tags:
    """The values of an entry by tag, each as its lines."""

    def __init__(self) -> None:
        self._values: dict[str, list[list[str]]] = {}

    def begin(self, tag: str, line: str) -> list[str]:
        """Add a value; further lines of it are put into what is returned."""
        lines = [line.strip()]
        self._values.setdefault(tag, []).append(lines)
        return lines

    def all(self, *tags: str) -> list[str]:
        """All values that are not empty, tag by tag."""
        values = (lines for tag in tags for lines in self._values.get(tag, ()))
        return [value for lines in values if (value := "\n".join(lines).strip())]

    def first(self, *tags: str) -> str:
        """The first of them, or nothing."""
        return next(iter(self.all(*tags)), "")


def _entries(text: str, *, name: str) -> Iterator[tuple[_Tags, int]]:
    tags, began = _Tags(), 0
    value: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _TAG.fullmatch(line.strip())
        tag, rest = found.groups() if found else ("", line)
        if not line.strip() and not began:
            continue
        if began and not tag:
            value.append(rest.strip())
        elif not began and tag == "TY":
            tags, began = _Tags(), number
            value = tags.begin(tag, rest)
        elif began and tag == "ER":
            yield tags, began
            began = 0
        elif began and tag != "TY":
            value = tags.begin(tag, rest)
        elif began:
            raise UnclosedReferenceError(path=name, line=began)
        else:
            words = line.strip()[:_SHOWN]
            raise MalformedReferencesError(path=name, line=number, words=words, format="RIS")
    if began:
        raise UnclosedReferenceError(path=name, line=began)


def _item(tags: _Tags, *, line: int, name: str) -> Item:
    kind = _READ.get(tags.first("TY").upper())
    if kind is None:
        shown = tags.first("TY")[:_SHOWN]
        raise UnknownWorkTypeError(path=name, line=line, type=shown, format="RIS")
    at_conference = kind is _T.CONFERENCE_PAPER
    number, serial = tags.first("M1"), tags.first("SN")
    if not number and kind in {_T.REPORT, _T.STANDARD, _T.PATENT}:
        number, serial = serial, ""
    container = tags.first("C3", "BT", "JF", "JO") if at_conference else tags.first(*_CONTAINER)
    edition = tags.first("ET")
    work = Work(
        type=kind,
        title=_flat(tags.first("TI", "T1", "CT")),
        author=_names(tags.all("AU", "A1")),
        editor=_names(tags.all("ED", "A2")),
        translator=_names(tags.all("A4", "TA")),
        publisher=_flat(tags.first("PB")),
        publisher_place=_flat(tags.first("CY", "PP")),
        container_title=_flat(container),
        event=_flat(tags.first("T2")) if at_conference else "",
        issued=_issued(tags),
        accessed=date_of(tags.first("Y2")),
        number=_flat(number),
        volume=_flat(tags.first("VL")),
        issue=_flat(tags.first("IS")),
        page=_pages(tags),
        edition="" if kind in _VERSIONED else _flat(edition),
        version=_flat(edition) if kind in _VERSIONED else "",
        isbn=_flat(serial) if not _is_issn(serial) else "",
        issn=_flat(serial) if _is_issn(serial) else "",
        url=_flat(tags.first("UR", "L2")),
        doi=_flat(tags.first("DO")),
        language=language_of(tags.first("LA")),
    )
    work = with_extra(work, "\n".join(tags.all("N1")))
    if not work.title:
        raise UntitledReferenceError(path=name, line=line)
    return Item(_flat(tags.first("ID")) or f"item{line}", work, line)


def _lines(item: Item) -> Iterator[tuple[str, str]]:
    work = item.work
    at_conference = work.type is _T.CONFERENCE_PAPER
    yield "TY", _WRITTEN[work.type]
    values: list[tuple[str, str]] = [("ID", item.key), ("TI", work.title)]
    values += [("AU", _written(name)) for name in work.author]
    values += [("ED", _written(name)) for name in work.editor]
    values += [("A4", _written(name)) for name in work.translator]
    values += [
        ("T2", work.event if at_conference else work.container_title),
        ("C3", work.container_title if at_conference else ""),
        ("PB", work.publisher),
        ("CY", work.publisher_place),
        ("PY", f"{work.issued.year:04}" if work.issued else ""),
        ("DA", _date(work.issued)),
        ("Y2", _date(work.accessed)),
        ("M1", work.number),
        ("VL", work.volume),
        ("IS", work.issue),
        ("SP", work.page),
        ("ET", work.version if work.type in _VERSIONED else work.edition),
        ("SN", work.isbn or work.issn),
        ("DO", work.doi),
        ("UR", work.url),
        ("LA", work.language),
    ]
    yield from ((tag, flat) for tag, value in values if (flat := _flat(value)))
    fields = [*_EXTRA, *(() if at_conference else ("event",))]
    fields += ["edition" if work.type in _VERSIONED else "version"]
    fields += ["issn"] if work.isbn else []
    yield from (("N1", line) for line in extra_of(work, dict.fromkeys(fields)).splitlines())


def _flat(text: str) -> str:
    return " ".join(text.split())


def _names(written: Sequence[str]) -> tuple[Name, ...]:
    """``Family, Given, Suffix``; a name without a comma is a body's or a Chinese one."""
    found = []
    for each in written:
        family, *rest = (part.strip() for part in _flat(each).split(","))
        given, suffix = (*rest, "", "")[:2]
        if family and given:
            found.append(Name(family=family, given=given, suffix=suffix))
        elif family or given:
            found.append(Name(literal=family or given))
    return tuple(found)


def _written(name: Name) -> str:
    if name.literal or not name.family:
        # A comma would part the name of a body.
        return (name.literal or name.given).replace(",", "，")
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)


def _date(when: PartialDate | None) -> str:
    """``2023/05/07/``: year, month, day, other."""
    if when is None:
        return ""
    return "/".join([*str(when).split("-"), "", "", ""][:4])


def _issued(tags: _Tags) -> PartialDate | None:
    known = [date for value in tags.all("DA", "PY", "Y1") if (date := date_of(value))]
    return max(known, key=lambda date: len(date.parts), default=None)


def _pages(tags: _Tags) -> str:
    first, last = _flat(tags.first("SP")), _flat(tags.first("EP"))
    return f"{first}-{last}" if first and last and last != first else first or last


def _is_issn(serial: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{3}[\dXx]", serial.strip()) is not None
