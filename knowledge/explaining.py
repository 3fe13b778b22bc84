"""Why a passage was found: which words of the query it holds, and what each list made of it."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from knowledge.model import Result
from knowledge.synonyms import NONE, Synonyms
from knowledge.text import HAN, fold, fold_with_map
from knowledge.tokens import Sought, tokens

_HAN: Final = re.compile(f"[{HAN}]")
_PARTICLES: Final = frozenset("的了吗呢和与及或在是之")
"""A pair with one of them says nothing of the subject."""
_BRIDGE: Final = re.compile(f"(?=([{HAN}][{''.join(sorted(_PARTICLES))}][{HAN}]))")
_ASKING: Final = re.compile(
    "为什么|是什么|有什么|什么时候|什么|怎么样|怎么办|怎么|怎样|如何|有哪些|哪些|有多少|哪个|哪里|哪儿|哪一|多少"
    "|到?几(?:个|点|座|家|岁|年|天|月|次|种|层|条|项|台|楼|号)|是否|能否"
    "|可否|有没有|请问|为何|何时|何地|[吗呢谁哪]"
)
"""What makes a question of a sentence; a passage that answers it does not hold these words."""
_ENGLISH: Final = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been by can could did do does during for from had has have how in "
        "into is it its many much not of on or that the their this to was were what when where "
        "which who whom whose why will with",
    )
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one result was found."""

    exact: bool
    """It carries a whole name that the query has: a title, a document number, an article."""
    matched: tuple[str, ...]
    """Runs of the query, as typed and in its order, that stand in the passage or above it."""
    missing: tuple[str, ...]
    """The other runs of the query, none where `exact`; question words and particles belong to
    neither."""
    others: tuple[str, ...]
    """Words of the passage that count as the same as a word of the query."""
    lexical_rank: int | None
    dense_rank: int | None
    score: float
    parts: Mapping[str, float]
    """What `score` is the sum of."""

    @property
    def by_meaning(self) -> bool:
        """True when it holds no word of the query at all: only its meaning is near."""
        return not (self.exact or self.matched or self.others)


def terms_of(query: str) -> tuple[str, ...]:
    """The words of a query that its subject is made of, as `tokens` gives them, each once.

    Pairs of Han characters, Latin words and numbers, without question words and particles. Where
    nothing is left, every token counts.
    """
    # Apart at blanks: whoever types 书房 补助 means two words, and no passage holds 房补.
    parts = chain.from_iterable(_ASKING.sub(" ", fold(part)).split() for part in query.split())
    words = dict.fromkeys(chain.from_iterable(map(tokens, parts)))
    many = [
        word
        for word in words
        if len(word) > 1 and word not in _ENGLISH and not _PARTICLES & set(word)
    ]
    return tuple(many or dict.fromkeys(tokens(query)))


def bridges_of(query: str) -> list[str]:
    """Particles of a query with the character on either side: they may be part of a name.

    共和国 has one that means nothing by itself; a passage that holds all three holds the name.
    """
    return _BRIDGE.findall(fold(query))


def words_of(result: Result, sought: Sought | None = None) -> frozenset[str]:
    """Tokens of a result as lexical search knows it: title, headings, text.

    Args:
        result: one of what was found.
        sought: only these are told; None: all.
    """
    parts = (result.document.title, *result.passage.heading, result.passage.text)
    return frozenset(chain.from_iterable(map(sought.held if sought else tokens, parts)))


def explain(query: str, result: Result, *, synonyms: Synonyms = NONE) -> Explanation:
    """Say why `result` answers to `query`.

    Args:
        query: what was typed.
        result: one of what it found.
        synonyms: the table that the search used.
    """
    held = words_of(result)
    others = [
        other for other in synonyms.others(query) if held.issuperset(tokens(other) or [other])
    ]
    exact = result.parts.get("exact", 0) > 0
    return Explanation(
        exact=exact,
        matched=split(query, held)[0],
        missing=() if exact else split(query, synonyms.widened(query, held))[1],
        others=tuple(others),
        lexical_rank=result.lexical_rank,
        dense_rank=result.dense_rank,
        score=result.score,
        parts=result.parts,
    )


def spans_of(words: Sequence[str], text: str, *, apart: bool = False) -> list[tuple[int, int]]:
    """Where words stand in `text`: ascending spans that do not touch, unless they are kept `apart`.

    Width, capitals and variant forms do not matter; Latin words and numbers count as a whole only.

    Args:
        words: as `terms_of` gives them; folded.
        text: as a source has it.
        apart: join what overlaps only.
    """
    folded, offsets = fold_with_map(text)
    found = sorted(
        (offsets[start], offsets[end - 1] + 1)
        for word in words
        for start, end in occurrences(word, folded)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start + apart <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def occurrences(word: str, folded: str) -> Iterator[tuple[int, int]]:
    """Every place of a folded word in a folded text; no part of a longer Latin word or number."""
    whole = not _HAN.match(word)
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        if not (whole and (_joins(folded, at) or _joins(folded, end))):
            yield at, end
        at = folded.find(word, at + 1)


def split(query: str, held: Container[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split the query's own words into runs of those held and of the rest, each as typed."""
    terms = terms_of(query)
    bridges = [each for each in bridges_of(query) if each[:2] in held and each[1:] in held]
    found = [*(term for term in terms if term in held), *bridges]
    matched = spans_of(found, query, apart=True)
    rest = spans_of([term for term in terms if term not in held], query)
    missing = [span for each in rest for span in _without(each, matched)]
    # A pair over the border of two words may be missing where both words stand.
    said = (word for word in _as_typed(query, missing) if len(word) > 1 or fold(word) not in held)
    return _as_typed(query, matched), tuple(filter(re.compile(r"\w").search, said))


def _without(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of `span` lies outside `taken`, which ascends."""
    at, last = span
    for start, end in (*taken, (last, last)):
        if (stop := min(start, last)) > at:
            yield at, stop
        at = max(at, end)


def _as_typed(query: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    words = (query[start:end].strip() for start, end in spans)
    return tuple(dict.fromkeys(filter(None, words)))


def _joins(text: str, at: int) -> bool:
    """True when position `at` lies inside a Latin word or a number."""
    around = text[max(at - 1, 0) : at + 1]
    return len(around) == 2 and around.isalnum() and not _HAN.search(around)
