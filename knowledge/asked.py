"""What a query asks of a lexical index: its tokens, and words that may stand in several forms."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias

from knowledge.figures import figures, written_otherwise
from knowledge.synonyms import Same, Synonyms
from knowledge.tokens import names_in, tokens

_PREFERENCE: Final = 0.6
"""What another form counts against the one typed.

Measured on the two judged sets that have such words: up to 0.6 no question loses; above, passages
with the words typed begin to lose their places to others.
"""
_MOST: Final = 1.5
"""By how much at most a short form is raised where a long one was typed: parts of the long one,
scattered over a passage, are not to outdo the short one. Hybrid search loses nothing up to 1.5."""

Choice: TypeAlias = tuple[Counter[str], ...]
"""Tokens of each form of one word, the one typed first.

Another form counts only where all of its tokens stand: parts of what nobody typed say nothing.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is weighed.

    A passage's score is that of the plain tokens and, for each choice, of the form that counts
    most in it: a passage that has a word in two forms is no better than one that has it in one.
    """

    plain: Counter[str]
    choices: tuple[Choice, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to look for."""
        return not (self.plain or self.choices)

    @property
    def as_typed(self) -> "Asked":
        """Without the other forms."""
        typed = chain.from_iterable(choice[0].elements() for choice in self.choices)
        return Asked(self.plain + Counter(typed))

    def where(self, holds: Callable[[str], bool]) -> "Asked":
        """Without the forms that have a token which no passage holds.

        Args:
            holds: whether any passage holds a token.
        """
        kept = [(c[0], *(f for f in c[1:] if all(map(holds, f)))) for c in self.choices]
        single = chain.from_iterable(c[0].elements() for c in kept if len(c) == 1)
        return Asked(self.plain + Counter(single), tuple(c for c in kept if len(c) > 1))


def asked(query: str, synonyms: Synonyms) -> Asked:
    """Weigh a query: a word of the table, or a number, counts in any of its forms."""
    plain = Counter(tokens(query))
    words = list(synonyms.found(query))
    taken = {at for same in words for at in range(same.start, same.end)}
    words += (s for s in figures(query) if taken.isdisjoint(range(s.start, s.end)))
    choices = tuple(map(_choice, words))
    for typed, *_ in choices:
        # Its pairs with the characters beside it stay plain.
        plain -= typed
    return Asked(plain, choices)


def names_asked(query: str, synonyms: Synonyms) -> list[tuple[str, ...]]:
    """List what a query may name, as `names_in` does, a word of it in any of its forms."""
    forms = (query, *synonyms.variants(query), *written_otherwise(query))
    return list(dict.fromkeys(names for form in forms for names in names_in(form)))


def shares(choice: Choice, *, rarity: Callable[[str], float]) -> list[float]:
    """What the score of each form counts, the one typed 1.

    A long form has more tokens than a short one, and would win by their number: it counts in
    proportion to what the word typed is worth.

    Args:
        choice: forms of one word.
        rarity: of a token, as BM25 has it.
    """
    typed, *others = (
        math.fsum(times * rarity(token) for token, times in form.items()) for form in choice
    )
    return [1.0, *(_PREFERENCE * min(_MOST, typed / worth) for worth in others)]


def rarity(passages: int, times: int) -> float:
    """Inverse document frequency as BM25 has it; never below 0.

    Args:
        passages: how many there are.
        times: how many of them hold the token; more, where removed ones still count.
    """
    return math.log(1 + (max(passages - times, 0) + 0.5) / (times + 0.5))


def _choice(same: Same) -> Choice:
    return tuple(_counted(form, typed=form == same.typed) for form in (same.typed, *same.others))


def _counted(form: str, *, typed: bool) -> Counter[str]:
    """Single characters say too little of a form that nobody typed."""
    found = Counter(tokens(form))
    if typed:
        return found
    return Counter({token: n for token, n in found.items() if len(token) > 1}) or found
