"""Words that mean the same in this country's papers: abbreviations, bodies, laws, everyday names.

A table of groups, one a line, a tab or ``=`` between the forms of a group. `shipped` is the one
that comes with the product. A library writes lines of its own: a line that shares a form with a
group adds its forms to that group. A word alone on a line stands for itself: it is in no group,
and no shorter form is seen inside it (no 国图 in 中国图书馆).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from knowledge.errors import RepeatedFormError, UnfitFormError, UnseparatedFormsError
from knowledge.text import HAN, fold
from knowledge.tokens import tokens

SHIPPED: Final = Path(__file__).with_name("synonyms.txt")
LONGEST_FORM: Final = 40

_MOST_FOUND: Final = 8
"""Words of one query that are given other forms; what people type has one or two."""
_BETWEEN: Final = re.compile("[\t=＝]")
_OTHER_SEPARATOR: Final = re.compile(f"[,，、;；|/]|[{HAN}] +[{HAN}]")
_GOES_ON: Final = re.compile(
    "法(?:律(?!师)|规(?![定范划则])|人(?!民)|定(?![义密])|治(?![理安])|[院官庭令])"
    "|局(?:[面势限]|部(?!门))|部[门署分队件]|院校"
)
"""The last character of a form with what shows that the word is another: 监督法院, 交通局面."""
_QUERIES: Final = 64
"""Queries whose words are remembered: a search asks for them a dozen times."""
_KEY: Final = 2
"""Characters that every form has at least, and by which it is looked up."""

Group: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """One word of a query and the other forms of it."""

    start: int
    """Where it stands in the folded query."""
    typed: str
    """Folded, as it stands there."""
    others: Group

    @property
    def end(self) -> int:
        """Where it ends in the folded query."""
        return self.start + len(self.typed)


@dataclass(frozen=True)
class Synonyms:
    """A table of groups; what is not in it has no other form."""

    groups: tuple[Group, ...] = ()
    """Folded forms; a form stands in one group at most. A group of one stands for itself."""
    _others: Mapping[str, Group] = field(init=False, repr=False, compare=False)
    _starting: Mapping[str, Group] = field(init=False, repr=False, compare=False)
    _remembered: Callable[[str], tuple[Same, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        others = {
            form: tuple(other for other in group if other != form)
            for group in self.groups
            for form in group
        }
        starting: dict[str, Group] = {}
        for form in sorted(others, key=lambda form: (-len(form), form)):
            starting[form[:_KEY]] = (*starting.get(form[:_KEY], ()), form)
        object.__setattr__(self, "_others", MappingProxyType(others))
        object.__setattr__(self, "_starting", MappingProxyType(starting))
        object.__setattr__(self, "_remembered", lru_cache(maxsize=_QUERIES)(self._found))

    def of(self, word: str) -> Group:
        """The other forms of one word, in the order of the table; empty where it has none."""
        return self._others.get(fold(word), ())

    def found(self, query: str) -> tuple[Same, ...]:
        """Words of a query that have other forms: left to right, the longest first, no overlap."""
        return self._remembered(query)

    def _found(self, query: str) -> tuple[Same, ...]:
        folded = fold(query)
        found: list[Same] = []
        at = 0
        while at < len(folded) and len(found) < _MOST_FOUND:
            form = self._form_at(folded, at)
            if form is not None and self._others[form]:
                found.append(Same(at, form, self._others[form]))
            at += len(form) if form else 1
        return tuple(found)

    def others(self, query: str) -> Group:
        """The other forms of all words of a query, folded, each once."""
        return tuple(dict.fromkeys(form for same in self.found(query) for form in same.others))

    def variants(self, query: str) -> list[str]:
        """The query with one word in another form, for every such word and form; folded."""
        folded = fold(query)
        return [
            folded[: same.start] + other + folded[same.end :]
            for same in self.found(query)
            for other in same.others
        ]

    def widened(self, query: str, held: frozenset[str]) -> frozenset[str]:
        """Add to the tokens of a passage those of words that it holds in another form.

        Args:
            query: what was typed.
            held: tokens of a passage.
        """
        added = [
            token
            for same in self.found(query)
            if any(held.issuperset(tokens(other)) for other in same.others)
            for token in tokens(same.typed)
        ]
        return held.union(added)

    def _form_at(self, folded: str, at: int) -> str | None:
        """The longest form that stands at a place of a folded text."""
        forms = self._starting.get(folded[at : at + _KEY], ())
        return next((form for form in forms if _stands(form, folded, at)), None)


NONE: Final = Synonyms()
"""Every word has one form."""
Table: TypeAlias = Callable[[], Synonyms]
"""Gives the table as it is now: a library may change its own at any time."""


def no_synonyms() -> Synonyms:
    """Every word has one form."""
    return NONE


@cache
def shipped() -> Synonyms:
    """The table that comes with the product."""
    return Synonyms(tuple(_groups(SHIPPED, SHIPPED.read_text("utf-8"))))


def joined(own: Iterable[Group]) -> Synonyms:
    """Lay a library's own groups over the shipped table; the module's docstring says how."""
    groups: list[Group] = list(shipped().groups)
    for line in own:
        shared = [group for group in groups if not set(line).isdisjoint(group)]
        groups = [group for group in groups if group not in shared]
        if len(line) > 1:
            groups.append(tuple(dict.fromkeys(chain(line, *shared))))
        else:
            groups += [tuple(form for form in group if form not in line) for group in shared]
            groups.append(line)
    return Synonyms(tuple(group for group in groups if group))


def own_groups(path: Path, text: str) -> tuple[Group, ...]:
    """Read the groups of a library's own table.

    Blank lines and lines that begin with ``#`` do not count.

    Args:
        path: where the table is, for messages.
        text: of the table.

    Raises:
        BadSynonymsError: a line is no group; it names the line.
    """
    return tuple(_groups(path, text))


def _groups(path: Path, text: str) -> Iterator[Group]:
    seen: dict[str, int] = {}
    for number, line in _lines(text):
        forms = [form.strip() for form in _BETWEEN.split(line) if form.strip()]
        if len(forms) == 1 and _OTHER_SEPARATOR.search(forms[0]):
            raise UnseparatedFormsError(path=path, number=number)
        group = tuple(dict.fromkeys(fold(form) for form in forms or [line.strip()]))
        for form in group:
            if not _KEY <= len(form) <= LONGEST_FORM or not tokens(form):
                raise UnfitFormError(path=path, number=number, form=form, longest=LONGEST_FORM)
            if form in seen:
                raise RepeatedFormError(path=path, number=number, form=form, first=seen[form])
        seen |= dict.fromkeys(group, number)
        yield group


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _stands(form: str, folded: str, at: int) -> bool:
    """Whether a form stands there as a word; Latin letters or digits at its ends as a whole one."""
    end = at + len(form)
    return folded.startswith(form, at) and not (
        _joins(folded[at - 1 : at], form[0])
        or _joins(form[-1], folded[end : end + 1])
        or _GOES_ON.match(folded, end - 1)
    )


def _joins(before: str, after: str) -> bool:
    return (before + after).isascii() and before.isalnum() and after.isalnum()
