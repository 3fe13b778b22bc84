"""BibTeX and BibLaTeX, as Zotero, JabRef and the databases write them; BibLaTeX is written.

Source of the fields: the BibLaTeX manual and Zotero's and Better BibTeX's output. What there is no
field for is written as lines of Zotero's Extra in the note.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from briefs.citing.errors import UnknownWorkTypeError, UntitledReferenceError
from briefs.citing.exchange import bibtex_names
from briefs.citing.exchange.bibtex_text import RawEntry, entries
from briefs.citing.exchange.dates import date_of, month_of
from briefs.citing.exchange.extra import extra_of, with_extra
from briefs.citing.exchange.item import Item, language_of
from briefs.citing.exchange.latex import address, escaped, escaped_address, plain
from knowledge.csl import PartialDate, Work, WorkType

_T = WorkType
_WRITTEN: Final[Mapping[WorkType, tuple[str, str]]] = {
    _T.LEGISLATION: ("legislation", ""),
    _T.REGULATION: ("legislation", "regulation"),
    _T.REPORT: ("report", ""),
    _T.ARTICLE: ("article", ""),
    _T.NEWS: ("article", "newspaper"),
    _T.BOOK: ("book", ""),
    _T.WEB_PAGE: ("online", ""),
    _T.DATASET: ("dataset", ""),
    _T.MANUSCRIPT: ("unpublished", ""),
    _T.DOCUMENT: ("misc", ""),
    _T.CHAPTER: ("incollection", ""),
    _T.CONFERENCE_PAPER: ("inproceedings", ""),
    _T.THESIS: ("thesis", ""),
    _T.STANDARD: ("standard", ""),
    _T.PATENT: ("patent", ""),
    _T.MAP: ("misc", "map"),
    _T.PREPRINT: ("misc", "preprint"),
}
"""Type → ``@type`` and ``entrysubtype``."""
_READ: Final[Mapping[str, WorkType]] = {
    written: kind for kind, (written, subtype) in _WRITTEN.items() if not subtype
} | {
    "mvbook": _T.BOOK, "booklet": _T.BOOK, "manual": _T.BOOK, "collection": _T.BOOK,
    "mvcollection": _T.BOOK, "proceedings": _T.BOOK, "mvproceedings": _T.BOOK,
    "reference": _T.BOOK, "mvreference": _T.BOOK, "bookinbook": _T.CHAPTER, "inbook": _T.CHAPTER,
    "suppbook": _T.CHAPTER, "suppcollection": _T.CHAPTER, "inreference": _T.CHAPTER,
    "conference": _T.CONFERENCE_PAPER, "periodical": _T.ARTICLE, "suppperiodical": _T.ARTICLE,
    "review": _T.ARTICLE, "newspaper": _T.NEWS, "phdthesis": _T.THESIS, "mastersthesis": _T.THESIS,
    "techreport": _T.REPORT, "www": _T.WEB_PAGE, "electronic": _T.WEB_PAGE, "webpage": _T.WEB_PAGE,
    "data": _T.DATASET, "database": _T.DATASET, "archive": _T.MANUSCRIPT, "letter": _T.MANUSCRIPT,
    "map": _T.MAP, "preprint": _T.PREPRINT, "legal": _T.LEGISLATION, "jurisdiction": _T.LEGISLATION,
    "software": _T.DOCUMENT, "artwork": _T.DOCUMENT, "audio": _T.DOCUMENT, "image": _T.DOCUMENT,
    "movie": _T.DOCUMENT, "music": _T.DOCUMENT, "video": _T.DOCUMENT, "performance": _T.DOCUMENT,
}  # fmt: skip
_SUBTYPES: Final = {subtype: kind for kind, (_, subtype) in _WRITTEN.items() if subtype}
_IN_JOURNAL: Final = frozenset({_T.ARTICLE, _T.NEWS})
_INSTITUTIONS: Final = frozenset({_T.THESIS, _T.REPORT})
_EXTRA: Final = ("medium", "scale", "dimensions", "archive", "archive_place")
_UNSAFE_KEY: Final = re.compile(r"[\s,{}()=\"#%~\\@']+")
_UNTIL: Final = re.compile(r"\s*-{1,3}\s*|\s*[–—]\s*")


def read_bibtex(text: str, *, name: str) -> list[Item]:
    """Entries in the file's order, LaTeX made plain text.

    Raises:
        MalformedReferencesError: no field where one must be.
        UnclosedReferenceError: a brace, a quotation mark or an entry that does not end.
        UnknownWorkTypeError: a type that neither BibTeX nor BibLaTeX has.
        UntitledReferenceError: an entry without a title.
    """
    return [_item(entry, name=name) for entry in entries(text, name=name) if entry.type != "xdata"]


def write_bibtex(items: Sequence[Item]) -> str:
    """BibLaTeX entries in UTF-8, an empty line between two; keys are made fit and unique."""
    used: set[str] = set()
    found = []
    for item in items:
        key = plain_key = _UNSAFE_KEY.sub("-", item.key).strip("-") or "item"
        count = 1
        while key in used:
            count += 1
            key = f"{plain_key}-{count}"
        used.add(key)
        fields = "".join(f"  {field} = {{{value}}},\n" for field, value in _fields(item.work))
        found.append(f"@{_WRITTEN[item.work.type][0]}{{{key},\n{fields}}}\n")
    return "\n".join(found)


def _item(entry: RawEntry, *, name: str) -> Item:
    kind = _READ.get(entry.type)
    if kind is None:
        shown = f"@{entry.type}"
        raise UnknownWorkTypeError(path=name, line=entry.line, type=shown, format="BibTeX")
    kind = _SUBTYPES.get(_text(entry, "entrysubtype").lower(), kind)
    eprint = _text(entry, "eprint")
    server = _text(entry, "eprinttype", "archiveprefix") if eprint else ""
    if server and kind in {_T.DOCUMENT, _T.WEB_PAGE, _T.MANUSCRIPT}:
        kind = _T.PREPRINT
    work = _basic(entry, kind)
    if kind is _T.PREPRINT and server:
        number = eprint if ":" in eprint else f"{server}:{eprint}"
        work = replace(work, publisher=work.publisher or server, number=work.number or number)
    note = "\n".join(plain(line) for line in entry.fields.get("note", "").splitlines())
    work = with_extra(work, note)
    if not work.title:
        raise UntitledReferenceError(path=name, line=entry.line)
    return Item(entry.key or f"item{entry.line}", work, entry.line)


def _basic(entry: RawEntry, kind: WorkType) -> Work:
    in_journal = kind in _IN_JOURNAL
    number = _text(entry, "number")
    title, rest = _text(entry, "title"), _text(entry, "subtitle")
    colon = "：" if kind and re.search("[\u3400-\u9fff]", title) else ": "
    return Work(
        type=kind,
        title=f"{title}{colon}{rest}" if title and rest else title or rest,
        author=bibtex_names.names_of(entry.fields.get("author", "")),
        editor=bibtex_names.names_of(
            entry.fields.get("editor") or entry.fields.get("bookauthor", "")
        ),
        translator=bibtex_names.names_of(entry.fields.get("translator", "")),
        publisher=_text(entry, "publisher", "institution", "school", "organization"),
        publisher_place=_text(entry, "location", "address"),
        container_title=_text(entry, "journaltitle", "journal", "booktitle", "maintitle"),
        event=_text(entry, "eventtitle"),
        issued=_issued(entry),
        accessed=date_of(_text(entry, "urldate")),
        number=_text(entry, "eid", "articleno") if in_journal else number,
        volume=_text(entry, "volume"),
        issue=(_text(entry, "issue") or number) if in_journal else _text(entry, "issue"),
        page=_UNTIL.sub("-", _text(entry, "pages")),
        edition=_text(entry, "edition"),
        isbn=_text(entry, "isbn"),
        issn=_text(entry, "issn"),
        version=_text(entry, "version"),
        url=address(_verbatim(entry, "url")),
        doi=address(_verbatim(entry, "doi")),
        language=language_of(_text(entry, "langid", "language", "hyphenation")),
    )


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    _, subtype = _WRITTEN[work.type]
    in_journal, institution = work.type in _IN_JOURNAL, work.type in _INSTITUTIONS
    yield from ((role, value) for role, value in _roles(work) if value)
    texts = (
        ("title", work.title),
        ("entrysubtype", subtype),
        ("journaltitle" if in_journal else "booktitle", work.container_title),
        ("eventtitle", work.event),
        ("institution" if institution else "publisher", work.publisher),
        ("location", work.publisher_place),
        ("date", str(work.issued or "")),
        ("urldate", str(work.accessed or "")),
        ("eid" if in_journal else "number", work.number),
        ("volume", work.volume),
        ("number" if in_journal else "issue", work.issue),
        ("pages", work.page),
        ("edition", work.edition),
        ("isbn", work.isbn),
        ("issn", work.issn),
        ("version", work.version),
        ("langid", work.language),
    )
    yield from ((field, escaped(flat)) for field, value in texts if (flat := _flat(value)))
    addresses = (("url", work.url), ("doi", work.doi))
    yield from ((f, escaped_address(flat)) for f, value in addresses if (flat := _flat(value)))
    if extra := extra_of(work, dict.fromkeys(_EXTRA)):
        yield "note", "\n".join(escaped(line) for line in extra.splitlines())


def _roles(work: Work) -> tuple[tuple[str, str], ...]:
    roles = (("author", work.author), ("editor", work.editor), ("translator", work.translator))
    return tuple((role, bibtex_names.written(names)) for role, names in roles)


def _text(entry: RawEntry, *fields: str) -> str:
    """The first of these fields that says something, on one line."""
    values = (_flat(plain(entry.fields.get(field, ""))) for field in fields)
    return next((value for value in values if value), "")


def _verbatim(entry: RawEntry, field: str) -> str:
    return "".join(entry.fields.get(field, "").split())


def _issued(entry: RawEntry) -> PartialDate | None:
    if whole := date_of(_text(entry, "date")):
        return whole
    year = date_of(_text(entry, "year"))
    if year is None or year.month:
        return year
    month, day = month_of(_text(entry, "month")), _text(entry, "day")
    parts = [f"{year.year:04}", *([f"{month:02}"] if month else [])]
    if month and day.isdecimal():
        parts.append(f"{int(day):02}")
    return PartialDate.parse("-".join(parts)) or year


def _flat(text: str) -> str:
    return " ".join(text.split())
