"""What a reader and a lexical index promise; every adapter passes the contract suites."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from embeddings.protocols import Ids
from knowledge.access import NOBODYS, Facets, Scope
from knowledge.model import Reading


class Reader(Protocol):
    """Turns one file's bytes into pages of text.

    Pure: same bytes and name, same `Reading`. Touches neither disk nor network. Raises a subclass
    of `UnreadableError` for anything it cannot read; never another exception.
    """

    @property
    def suffixes(self) -> frozenset[str]:
        """Lower-case file endings it reads, with their dot."""
        ...

    def read(self, data: bytes, name: str) -> Reading:
        """Read a file.

        Args:
            data: the whole file.
            name: its file name, for messages and, failing better evidence, its title.
        """
        ...


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What the lexical index must know of one passage."""

    passage_id: int
    document_id: int
    title: str
    heading: tuple[str, ...]
    text: str
    number: str | None = None
    """Document number 文号 of its document."""
    facets: Facets = NOBODYS
    """What filters ask of its document."""


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """One candidate; `exact` when a whole name in the query (article, document number) matched."""

    passage_id: int
    score: float
    exact: bool = False


class LexicalIndex(Protocol):
    """Finds passages by their words.

    Persistent adapters are crash-safe: after any interruption the index holds what it held before
    or after the call, and `ids` tells the truth. One writer at a time; searches run in several
    threads and are never blocked by it.
    """

    @property
    def damage(self) -> str | None:
        """Why what was on disk could not be used and the index started empty (an English phrase).

        None when it was sound, or nothing was there.
        """
        ...

    def __len__(self) -> int: ...

    def ids(self) -> Ids:
        """Ids of all passages held, ascending, each once."""
        ...

    def update(self, *, remove: Ids, add: Iterable[LexicalEntry]) -> None:
        """Remove and add in one commit; an id that is added replaces what was held under it."""
        ...

    def search(self, query: str, k: int, *, scope: Scope) -> list[LexicalHit]:
        """Find up to `k` passages, exact hits first, then by falling score, ties by ascending id.

        A word weighs what it weighs among the passages that the viewer may see: what is hidden
        from them moves neither scores nor order, but for the average length of a passage, which
        may be that of all. A filter changes no weight.

        Args:
            query: what a person typed, in any script.
            k: at least 1.
            scope: only passages that it admits may be found, and only they fill the `k`.
        """
        ...

    def frequencies(self, terms: Sequence[str], *, scope: Scope) -> list[int]:
        """How many passages that the scope admits hold each term, in the order given.

        Terms are as `tokens` gives them. Removed passages do not count.
        """
        ...

    def count(self, *, scope: Scope) -> int:
        """How many passages the scope admits; removed ones do not count."""
        ...

    def refresh(self) -> None:
        """See what another process has committed since."""
        ...
