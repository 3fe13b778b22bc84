"""Why a passage was found: which words of the query it holds, and what each list made of it."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.model import Result
from knowledge.text import HAN, fold, fold_with_map
from knowledge.tokens import tokens

_HAN: Final = re.compile(f"[{HAN}]")
_PARTICLES: Final = frozenset("的了吗呢和与及或在是之")
"""A pair with one of them says nothing of the subject."""
_ASKING: Final = re.compile(
    "为什么|是什么|有什么|什么|怎么样|怎么办|怎么|怎样|如何|有哪些|哪些|有多少|哪个|哪里|哪儿|哪一|多少|几个|是否|能否"
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
    """The other runs of the query; question words and particles belong to neither."""
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
    words = dict.fromkeys(tokens(_ASKING.sub(" ", fold(query))))
    many = [
        word
        for word in words
        if len(word) > 1 and word not in _ENGLISH and not _PARTICLES & set(word)
    ]
    return tuple(many or dict.fromkeys(tokens(query)))


def words_of(result: Result) -> frozenset[str]:
    """All tokens of a result as lexical search knows it: title, headings, text."""
    parts = (result.document.title, *result.passage.heading, result.passage.text)
    return frozenset(token for part in parts for token in tokens(part))


def explain(query: str, result: Result, *, same: Iterable[str] = ()) -> Explanation:
    """Say why `result` answers to `query`.

    Args:
        query: what was typed.
        result: one of what it found.
        same: words that the search took for the same as words of the query.
    """
    held = words_of(result)
    matched, missing = split(query, held)
    return Explanation(
        exact=result.parts.get("exact", 0) > 0,
        matched=matched,
        missing=missing,
        others=tuple(word for word in dict.fromkeys(same) if _stands(word, held)),
        lexical_rank=result.lexical_rank,
        dense_rank=result.dense_rank,
        score=result.score,
        parts=result.parts,
    )


def spans_of(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where words stand in `text`: ascending spans that do not touch.

    Width, capitals and variant forms do not matter; Latin words and numbers count as a whole only.

    Args:
        words: as `terms_of` gives them; folded.
        text: as a source has it.
    """
    folded, offsets = fold_with_map(text)
    found = sorted(
        (offsets[start], offsets[end - 1] + 1)
        for word in words
        for start, end in occurrences(word, folded)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
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
    matched = spans_of([term for term in terms if term in held], query)
    rest = spans_of([term for term in terms if term not in held], query)
    missing = [span for each in rest for span in _without(each, matched)]
    return _as_typed(query, matched), _as_typed(query, missing)


def _without(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of `span` lies outside `taken`; a character left alone keeps one beside it."""
    first, last = span
    at = first
    for start, end in (*taken, (last, last)):
        stop = min(start, last)
        if stop - at == 1 and last - first > 1:
            yield (at - 1, stop) if at > first else (at, stop + 1)
        elif stop > at:
            yield at, stop
        at = max(at, end)


def _as_typed(query: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(query[start:end].strip() for start, end in spans))


def _stands(word: str, held: frozenset[str]) -> bool:
    parts = tokens(word)
    return bool(parts) and held.issuperset(parts)


def _joins(text: str, at: int) -> bool:
    """True when position `at` lies inside a Latin word or a number."""
    around = text[max(at - 1, 0) : at + 1]
    return len(around) == 2 and around.isalnum() and not _HAN.search(around)
