"""Names as BibTeX writes them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from briefs.citing.exchange.latex import escaped, plain
from knowledge.csl import Name
from knowledge.text import HAN

_HAN: Final = re.compile(f"[{HAN}]")
_AND: Final = re.compile(r"\\.|[{}]|(?P<cut>\s+and(?=\s)\s*)", re.IGNORECASE | re.DOTALL)
_COMMA: Final = re.compile(r"\\.|[{}]|(?P<cut>,)", re.DOTALL)
_BLANK: Final = re.compile(r"\\.|[{}]|(?P<cut>\s+)", re.DOTALL)
_SPLITS: Final = re.compile(r",|\band\b", re.IGNORECASE)


def names_of(latex: str) -> tuple[Name, ...]:
    """``Family, Given and {A Body} and Given Family``; “and others” is no name."""
    written = (part.strip() for part in _parts(latex, _AND))
    found = (_name(each) for each in written if each and each.lower() != "others")
    return tuple(name for name in found if name is not None)


def written(names: Sequence[Name]) -> str:
    """The same back."""
    return " and ".join(_written(name) for name in names)


def _parts(latex: str, cuts: re.Pattern[str]) -> Iterator[str]:
    """Cut where `cuts` finds its group outside of braces."""
    depth = begun = 0
    for found in cuts.finditer(latex):
        if found.group("cut") is None:
            depth += {"{": 1, "}": -1}.get(found.group(), 0)
        elif depth == 0:
            yield latex[begun : found.start()]
            begun = found.end()
    yield latex[begun:]


def _name(latex: str) -> Name | None:
    parts = [" ".join(plain(part).split()) for part in _parts(latex, _COMMA)]
    whole = " ".join(plain(latex).split())
    if len(parts) == 1:
        return _undivided(latex, whole)
    family, given = parts[0], parts[-1]
    if not family or not given:
        return Name(literal=family or given) if family or given else None
    return Name(family=family, given=given, suffix=parts[1] if len(parts) > 2 else "")


def _undivided(latex: str, whole: str) -> Name | None:
    """A body in braces or a Chinese name is one word; else the last word is the family name."""
    words = [word for part in _parts(latex, _BLANK) if (word := plain(part).strip())]
    if not whole or len(words) < 2 or _HAN.search(whole):
        return Name(literal=whole) if whole else None
    first = len(words) - 1
    while first > 1 and words[first - 1][:1].islower():
        first -= 1
    return Name(family=" ".join(words[first:]), given=" ".join(words[:first]))


def _written(name: Name) -> str:
    if name.literal or not name.family:
        return "{" + escaped(name.literal or name.given) + "}"
    parts = (name.family, name.suffix, name.given)
    return ", ".join(
        "{" + escaped(part) + "}" if _SPLITS.search(part) else escaped(part)
        for part in parts
        if part
    )
