"""Words that mean the same in this country's papers: abbreviations, bodies, laws, everyday names.

A table of groups, one a line, the forms of a group separated by tabs. `shipped` is the one that
comes with the product; a library adds lines of its own, in place of the shipped ones that share a
form with them. A line of one form only takes that form out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from knowledge.errors import BadSynonymsError
from knowledge.text import HAN, fold
from knowledge.tokens import tokens

SHIPPED: Final = Path(__file__).with_name("synonyms.txt")
LONGEST_FORM: Final = 40

_MOST_FOUND: Final = 8
"""Words of one query that are given other forms; what people type has one or two."""
_PREFERENCE: Final = 0.8
"""What another form counts against the one typed; 0.6 to 1 differ by less than 0.001."""
_MOST: Final = 2.0
"""Most that the tokens of a short form count, where a long one was typed."""
_HAN_GAP: Final = re.compile(f"[{HAN}] +[{HAN}]")

Group: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """One word of a query and the other forms of it."""

    typed: str
    """Folded, as it stands in the folded query."""
    others: Group

    @property
    def tokens(self) -> Counter[str]:
        """Of the word typed."""
        return Counter(tokens(self.typed))

    def alternatives(self) -> Iterator[tuple[Counter[str], float]]:
        """Tokens of each other form, and what each of them counts.

        Single characters are left out, as they say too little of a form that nobody typed. All
        tokens of a form together count nearly as much as those of the word typed.
        """
        whole = self.tokens.total()
        for other in self.others:
            found = tokens(other)
            kept = Counter([token for token in found if len(token) > 1] or found)
            yield kept, min(_MOST, _PREFERENCE * whole / kept.total())


@dataclass(frozen=True)
class Synonyms:
    """A table of groups; what is not in it has no other form."""

    groups: tuple[Group, ...] = ()
    """Folded forms, in the order of the files; a form stands in one group at most."""
    _others: Mapping[str, Group] = field(init=False, repr=False, compare=False)
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        others = {
            form: tuple(other for other in group if other != form)
            for group in self.groups
            for form in group
        }
        forms = sorted(others, key=lambda form: (-len(form), form))
        pattern = re.compile("|".join(map(_as_pattern, forms))) if forms else None
        object.__setattr__(self, "_others", MappingProxyType(others))
        object.__setattr__(self, "_pattern", pattern)

    def found(self, query: str) -> list[Same]:
        """Words of a query that have other forms: left to right, the longest first, no overlap."""
        return [Same(typed, self._others[typed]) for _, typed in self._matches(fold(query))]

    def others(self, query: str) -> tuple[str, ...]:
        """The other forms of all words of a query, folded, each once."""
        return tuple(dict.fromkeys(form for same in self.found(query) for form in same.others))

    def variants(self, query: str) -> list[str]:
        """The query with one word in another form, for every such word and form; folded."""
        folded = fold(query)
        return [
            folded[:start] + other + folded[start + len(typed) :]
            for start, typed in self._matches(folded)
            for other in self._others[typed]
        ]

    def _matches(self, folded: str) -> list[tuple[int, str]]:
        if self._pattern is None:
            return []
        matches = self._pattern.finditer(folded)
        return [(m.start(), m.group()) for m, _ in zip(matches, range(_MOST_FOUND), strict=False)]


NONE: Final = Synonyms()
"""Every word has one form."""


def read_synonyms(path: Path) -> Synonyms:
    """Read a library's own table over the shipped one; just the shipped one where there is none.

    Blank lines and lines that begin with ``#`` do not count.

    Raises:
        BadSynonymsError: the file cannot be read, or a line is no group; the reason names it.
    """
    if not path.exists():
        return shipped()
    own = tuple(_groups(path))
    taken = frozenset(chain.from_iterable(own))
    kept = (group for group in shipped().groups if taken.isdisjoint(group))
    return Synonyms((*kept, *(group for group in own if len(group) > 1)))


@cache
def shipped() -> Synonyms:
    """The table that comes with the product."""
    return Synonyms(tuple(_groups(SHIPPED)))


def _groups(path: Path) -> Iterator[Group]:
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        group = tuple(dict.fromkeys(fold(form) for form in line.split("\t") if form.strip()))
        if len(group) == 1 and _HAN_GAP.search(line):
            raise BadSynonymsError(path=path, number=number, reason="there is a blank, and no tab")
        for form in group:
            if reason := _fault(form, seen):
                raise BadSynonymsError(path=path, number=number, reason=reason)
            seen[form] = number
        yield group


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, ValueError) else error.strerror
        raise BadSynonymsError(path=path, number=1, reason=reason) from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _fault(form: str, seen: Mapping[str, int]) -> str | None:
    if len(form) < 2:
        return f"“{form}” is too short"
    if len(form) > LONGEST_FORM:
        return f"a form has more than {LONGEST_FORM} characters; is a tab missing?"
    if not tokens(form):
        return f"“{form}” holds no word"
    if form in seen:
        return f"“{form}” stands in line {seen[form]} already"
    return None


def _as_pattern(form: str) -> str:
    """A form of Latin letters or digits at an end counts as a whole word only."""
    before = r"(?<![a-z0-9])" if form[0].isascii() and form[0].isalnum() else ""
    after = r"(?![a-z0-9])" if form[-1].isascii() and form[-1].isalnum() else ""
    return before + re.escape(form) + after
