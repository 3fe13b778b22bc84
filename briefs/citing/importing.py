"""References of another program taken over into the catalogue entries of documents that are held.

Nothing is made of a reference alone: a document is its file. What is not held is said, and that is
all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from briefs.citing.cleaning import bare_doi, doi_in
from briefs.citing.exchange import Item
from knowledge.access import require_own
from knowledge.accounts.roles import Permission, require
from knowledge.csl import Name, Work, WorkType, type_of
from knowledge.library import Library
from knowledge.model import Actor, Document, DocumentType, Metadata
from knowledge.store.documents import Documents
from knowledge.text import HAN, fold

_HAN: Final = re.compile(f"[{HAN}]")
_CARRIER: Final = re.compile(r"[A-Z]{2,3}")
_SCHEME: Final = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_TAKEN: Final[Mapping[str, str]] = {
    "title": "title",
    "number": "number",
    "language": "language",
    "url": "url",
    "medium": "carrier",
    "container_title": "container_title",
    "publisher": "publisher",
    "publisher_place": "publisher_place",
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "edition": "edition",
    "isbn": "isbn",
    "issn": "issn",
    "event": "event",
    "version": "release",
    "scale": "scale",
    "dimensions": "dimensions",
    "archive": "archive",
    "archive_place": "archive_place",
    "doi": "doi",
    "issued": "issued_on",
    "accessed": "accessed_on",
}
"""Field of `Work` → field of the catalogue."""
_KINDS: Final[Mapping[WorkType, DocumentType]] = {
    WorkType.LEGISLATION: DocumentType.LAW,
    WorkType.REGULATION: DocumentType.OFFICIAL,
    WorkType.REPORT: DocumentType.REPORT,
    WorkType.ARTICLE: DocumentType.ARTICLE,
    WorkType.NEWS: DocumentType.ARTICLE,
    WorkType.BOOK: DocumentType.BOOK,
    WorkType.WEB_PAGE: DocumentType.WEB_PAGE,
    WorkType.DATASET: DocumentType.DATASET,
    WorkType.MANUSCRIPT: DocumentType.ARCHIVE,
    WorkType.CHAPTER: DocumentType.CHAPTER,
    WorkType.CONFERENCE_PAPER: DocumentType.CONFERENCE_PAPER,
    WorkType.THESIS: DocumentType.THESIS,
    WorkType.STANDARD: DocumentType.STANDARD,
    WorkType.PATENT: DocumentType.PATENT,
    WorkType.MAP: DocumentType.MAP,
    WorkType.PREPRINT: DocumentType.PREPRINT,
}
_ISSUED: Final = frozenset({WorkType.LEGISLATION, WorkType.REGULATION})
"""What a body issues: a single author of theirs is the issuer."""


class Fate(StrEnum):
    """What becomes of a reference."""

    CHANGED = "changed"
    """It adds to an entry, or corrects one that nobody has confirmed."""
    SAME = "same"
    """The entry says all of it already."""
    NOT_HELD = "not-held"
    """No document of the collection is the one."""
    AMBIGUOUS = "ambiguous"
    """Several documents may be the one: which is for a person to say."""
    REPEATED = "repeated"
    """An earlier reference of the file names the same document."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One reference and its document."""

    item: Item
    fate: Fate
    document: Document | None = None
    metadata: Metadata | None = None
    """The entry as it shall be; None unless `fate` is `Fate.CHANGED`."""
    fields: tuple[str, ...] = ()
    """Fields of the catalogue that change."""


class Importing:
    """Takes references over; planning changes nothing."""

    def __init__(self, documents: Documents, library: Library) -> None:
        self._documents = documents
        self._library = library

    def plan(self, items: Sequence[Item]) -> tuple[Taken, ...]:
        """What would become of each reference, in their order.

        A document is the one by DOI, else by address, else by title with its number or with dates
        that agree. An entry that a person has confirmed is only added to.
        """
        held = _Held(self._documents.find())
        found, seen = [], set[int]()
        for item in items:
            taken = _taken(item, held.matching(item.work))
            if taken.document is not None and taken.document.id in seen:
                taken = replace(taken, fate=Fate.REPEATED, metadata=None, fields=())
            if taken.document is not None:
                seen.add(taken.document.id)
            found.append(taken)
        return tuple(found)

    def apply(self, plan: Sequence[Taken], *, actor: Actor) -> int:
        """Change the entries that a plan changes, each in one transaction; returns how many.

        Who takes references over stands for the entries, which are confirmed by that.

        Raises:
            NotPermittedError: the actor may not; nothing is changed.
            OtherBranchError: another branch keeps one of the documents; nothing is changed.
            StaleEntryError: an entry is no longer what it was when the plan was made; those before
                it are changed, and planning anew takes up the rest.
        """
        require(actor, Permission.CATALOGUE)
        changed = [(each.document, each.metadata) for each in plan if each.document]
        wanted = [(document, metadata) for document, metadata in changed if metadata is not None]
        for document, _ in wanted:
            require_own(actor, document.stamp, kind="document", id=document.id)
        for document, metadata in wanted:
            seen = document.metadata
            self._library.describe(document.id, metadata, actor=actor, seen=seen)
        return len(wanted)


class _Held:
    """The documents of the collection by what references know them by."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._by: dict[tuple[str, str], list[Document]] = {}
        for document in documents:
            known = document.metadata
            for kind, value in (
                ("doi", (bare_doi(known.doi or "") or doi_in(known.url or "")).lower()),
                ("url", _address(known.url or "")),
                ("title", _letters(document.title)),
            ):
                if value:
                    self._by.setdefault((kind, value), []).append(document)

    def matching(self, work: Work) -> list[Document]:
        """The documents that may be the work, by id."""
        doi = (bare_doi(work.doi) or doi_in(work.url)).lower()
        for kind, value in (("doi", doi), ("url", _address(work.url))):
            if value and (found := self._by.get((kind, value))):
                return sorted(found, key=lambda each: each.id)
        named = self._by.get(("title", _letters(work.title)), [])
        agreeing = [each for each in named if _agrees(work, each.metadata)]
        return sorted(agreeing, key=lambda each: each.id)


def _taken(item: Item, documents: Sequence[Document]) -> Taken:
    if len(documents) != 1:
        return Taken(item, Fate.AMBIGUOUS if documents else Fate.NOT_HELD)
    document = documents[0]
    known = document.metadata
    values = _values(item.work, known)
    if document.confirmed is not None:
        blank = {None, (), DocumentType.OTHER}
        values = {f: value for f, value in values.items() if getattr(known, f) in blank}
    changed = {field: value for field, value in values.items() if value != getattr(known, field)}
    return Taken(
        item,
        Fate.CHANGED if changed else Fate.SAME,
        document,
        replace(known, **changed) if changed else None,
        tuple(changed),
    )


def _values(work: Work, known: Metadata) -> dict[str, Any]:
    """The fields of the catalogue that the work says something of."""
    found: dict[str, Any] = {
        field: str(value) for name, field in _TAKEN.items() if (value := getattr(work, name))
    }
    carrier = found.get("carrier", "")
    # Other programs keep words there (“oil on canvas”); and an address says OL already.
    if not _CARRIER.fullmatch(carrier) or (carrier == "OL" and not known.carrier):
        found.pop("carrier", None)
    kind = _KINDS.get(work.type)
    if kind is not None and type_of(replace(known, **found)) is not work.type:
        found["type"] = kind
    for role, field in (("editor", "editors"), ("translator", "translators")):
        if named := tuple(map(_written, getattr(work, role))):
            found[field] = named
    names = tuple(map(_written, work.author))
    if len(names) == 1 and (work.type in _ISSUED or names[0] == known.issuer):
        found["issuer"] = names[0]
    elif names:
        found["authors"] = names
    return found


def _written(name: Name) -> str:
    if name.literal or not name.family or _HAN.search(name.family):
        return name.literal or name.family + name.given
    return ", ".join(part for part in (name.family, f"{name.given} {name.suffix}".strip()) if part)


def _agrees(work: Work, known: Metadata) -> bool:
    """Whether a document of the same title is the same work: by its number, or by its date."""
    if work.number and known.number and _letters(work.number) != _letters(known.number):
        return False
    if work.number and known.number:
        return True
    mine, theirs = str(work.issued or ""), known.issued_on or ""
    shared = min(len(mine), len(theirs))
    return shared > 0 and mine[:shared] == theirs[:shared]


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", fold(text))


def _address(url: str) -> str:
    return _SCHEME.sub("", url.strip()).rstrip("/#")
