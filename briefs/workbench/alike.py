"""How alike documents are, in words; for the pages and the commands."""

import math
import re
from collections.abc import Sequence
from typing import Final

from briefs.workbench.wording import Wording
from knowledge.likeness import Alike, Likeness
from knowledge.model import Result

_ENDING: Final = re.compile(r"\.([A-Za-z]{2,5})(?: \(\d+\))?$")


def facts(words: Wording, alike: Alike) -> tuple[str, ...]:
    """Date, format and likeness of a document, as far as known."""
    document = alike.document
    ending = _ENDING.search(document.source)
    kind = ending.group(1).upper() if ending else None
    known = (document.metadata.issued_on, kind, how_alike(words, alike))
    return tuple(fact for fact in known if fact)


def how_alike(words: Wording, alike: Alike) -> str:
    """The same file, the same words, or how nearly the same; per cent are never rounded up."""
    if alike.kind is None or alike.similarity is None:
        return words("likeness.kind.chained")
    return words(f"likeness.kind.{alike.kind}", percent=math.floor(alike.similarity * 100))


def others(likeness: Likeness, result: Result) -> Sequence[Alike]:
    """The documents that a result stands for, most alike first."""
    if not result.alike:
        return ()
    named = {document.id for document in result.alike}
    found = [each for each in likeness.of(result.document.id) if each.document.id in named]
    known = {each.document.id for each in found}
    # What joins the documents may be nothing for this person; the passage is alike all the same.
    return [*found, *(Alike(d, None, None) for d in result.alike if d.id not in known)]
