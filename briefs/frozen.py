"""A publication as canonical JSON, so that an edition can be kept, proved and read back."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from briefs.model import (
    Citation,
    EditionState,
    Length,
    Line,
    Passed,
    Publication,
    Reference,
    StatementKind,
)
from knowledge.model import Span


def text_of(publication: Publication, *, edition: int) -> tuple[str, str]:
    """The publication under that edition number as JSON, and the SHA-256 of it.

    The state is left out: it is the one thing about an edition that changes.
    """
    values = asdict(replace(publication, edition=edition, state=None))
    # What is frozen is the whole; its forms are made of it.
    del values["length"]
    for line in values["lines"]:
        del line["number"], line["exhibit"]
        # Editions keep their SHA-256: what was added later is left out where it says nothing.
        if line["formula"] is None:
            del line["formula"]
        if line["length"] == Length.STANDARD:
            del line["length"]
        for citation in line["citations"]:
            # Editions frozen before recognition have no such field, and must keep their SHA-256.
            if citation["confidence"] is None:
                del citation["confidence"]
            if not citation["words"]:
                del citation["words"]
    if values["gate"] is None:
        del values["gate"]
    for reference in values["references"]:
        # Nor have those from before the author-date system.
        if not reference["label"]:
            del reference["label"]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)
    return text, hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def is_genuine(text: str, sha256: str) -> bool:
    """Whether the SHA-256 is that of the text; the last answers are kept."""
    return hashlib.sha256(text.encode()).hexdigest() == sha256


@lru_cache(maxsize=256)
def publication_of(text: str, *, state: EditionState) -> Publication:
    """Read a publication back and give it the state that its edition has today.

    The last ones read are kept: nothing of them changes, and lists read them all.
    """
    values: dict[str, Any] = json.loads(text)
    moment = values["published_at"]
    gate = values.get("gate")
    values |= {
        "state": state,
        "gate": None if gate is None else Passed(gate["version"], tuple(gate["decided"])),
        "published_at": None if moment is None else datetime.fromisoformat(moment),
        "lines": tuple(_line(line) for line in values["lines"]),
        "references": tuple(Reference(**reference) for reference in values["references"]),
    }
    return Publication(**values)


def _line(values: dict[str, Any]) -> Line:
    citations = tuple(
        Citation(**(citation | {"spans": tuple(Span(**span) for span in citation["spans"])}))
        for citation in values["citations"]
    )
    return Line(
        StatementKind(values["kind"]),
        values["text"],
        values["level"],
        citations,
        formula=values.get("formula"),
        length=Length(values.get("length", Length.STANDARD)),
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))
