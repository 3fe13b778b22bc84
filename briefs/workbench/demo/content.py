"""The demo's words, read from the TOML files beside this one."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from briefs.model import BriefState, Length, StatementKind
from knowledge.model import DocumentType, Metadata

MARK: Final = "演示材料 · 虚构地区，内容均为虚构"
"""The line that every document carries; also the notice of the published brief."""


@dataclass(frozen=True, slots=True)
class DemoQuote:
    """Words that stand in one file of the collection."""

    file: str
    words: str
    """One contiguous run, verbatim but for white space."""


@dataclass(frozen=True, slots=True)
class DemoStatement:
    """One sentence (or heading) of a brief or an answer."""

    kind: StatementKind
    text: str
    evidence: tuple[DemoQuote, ...] = ()
    level: int | None = None
    """Depth of a heading; None otherwise."""
    formula: str | None = None
    """Of a computed figure; None where the gate finds it."""
    length: Length = Length.STANDARD
    decided: str | None = None
    """Why a person lets it stand where the gate asks for one; None where it does not ask."""


@dataclass(frozen=True, slots=True)
class DemoInquiry:
    """A question as a reader puts it, with the answer that was accepted."""

    question: str
    level: int
    """Effort of answering it, 1 to 6, as on the READ scale."""
    answer: tuple[DemoStatement, ...]


@dataclass(frozen=True, slots=True)
class DemoBrief:
    """A brief, published or still a draft."""

    title: str
    state: BriefState
    statements: tuple[DemoStatement, ...]


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """One file of the collection and what a cataloguer would record of it."""

    file: str
    sources: tuple[str, ...]
    """Names under ``texts/``, in order; a workbook has one for each sheet."""
    metadata: Metadata
    encoding: str = "utf-8"
    """In which a text file is written."""


def documents() -> tuple[DemoDocument, ...]:
    """Give the collection's files, always in the same order."""
    return tuple(_document(each) for each in _table("collection.toml")["documents"])


def inquiries() -> tuple[DemoInquiry, ...]:
    """Give the answered inquiries, always in the same order."""
    return tuple(
        DemoInquiry(each["question"], each["level"], _statements(each["answer"]))
        for each in _table("inquiries.toml")["inquiries"]
    )


def briefs() -> tuple[DemoBrief, ...]:
    """Give the briefs: the published one, then the draft."""
    return tuple(
        DemoBrief(each["title"], BriefState(each["state"]), _statements(each["statements"]))
        for each in _table("briefs.toml")["briefs"]
    )


def source_text(name: str) -> str:
    """Read the source `name` under ``texts/``.

    Raises:
        FileNotFoundError: there is no such source.
    """
    return (files(__package__) / "texts" / name).read_text(encoding="utf-8")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def _document(each: Mapping[str, Any]) -> DemoDocument:
    metadata = Metadata(
        title=each["title"],
        type=DocumentType(each["type"]),
        authors=tuple(each["authors"]),
        issuer=each["issuer"],
        number=each.get("number"),
        issued_on=each["issued_on"],
        effective_on=each.get("effective_on"),
        language=each["language"],
    )
    encoding = each.get("encoding", "utf-8")
    return DemoDocument(each["file"], tuple(each["sources"]), metadata, encoding)


def _statements(entries: Sequence[Mapping[str, Any]]) -> tuple[DemoStatement, ...]:
    return tuple(
        DemoStatement(
            kind=StatementKind(each["kind"]),
            text=each["text"],
            evidence=tuple(
                DemoQuote(quote["file"], quote["words"]) for quote in each.get("evidence", ())
            ),
            level=each.get("level"),
            formula=each.get("formula"),
            length=Length(each.get("length", Length.STANDARD)),
            decided=each.get("decided"),
        )
        for each in entries
    )
