"""Whether the place that a citation would open shows the words that it quotes."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Protocol

from knowledge.measuring.differences import comparable, similarity
from knowledge.measuring.texts import Stored
from knowledge.model import Layer, Passage, Span
from knowledge.places import Box
from knowledge.text import clean, fold, sentences

SHORTEST: Final = 6
"""Characters of a sentence that is sampled, blanks apart."""
ALIKE: Final = 0.9
"""How alike recognised words must be when they are recognised again."""
_MOST_SHOWN: Final = 20
_BLANK: Final = re.compile(r"\s+")
_MEANINGLESS: Final = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")


_Place = tuple[int, Box]
"""A page and a rectangle on it."""


class Witness(Protocol):
    """Says what is to be seen in rectangles of a page, without help from the reader."""

    def seen(self, page: int, regions: Sequence[Box]) -> tuple[str, ...]:
        """The words in each rectangle of the page (1-based)."""
        ...


@dataclass(frozen=True, slots=True)
class Sample:
    """One sentence of a passage: what a citation could quote."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Unproved:
    """A sentence that its boxes do not show."""

    page: int
    sentence: str
    seen: tuple[str, ...]
    """The words in each box; empty when it has none."""


@dataclass(frozen=True, slots=True)
class BoxMeasure:
    """Of so many sentences, so many were given back by what their boxes show."""

    sampled: int
    proved: int
    unproved: tuple[Unproved, ...] = ()
    """The first ones that were not."""

    @property
    def share(self) -> float | None:
        """Proved among sampled; None when nothing was sampled."""
        return self.proved / self.sampled if self.sampled else None


def samples(passages: Sequence[Passage], count: int, *, seed: int) -> tuple[Sample, ...]:
    """Choose sentences of at least `SHORTEST` characters at random, each at most once.

    Same passages, count and seed, same sentences; in the order of the text. All of them when there
    are no more than `count`.
    """
    every = [sample for passage in passages for sample in _of_passage(passage)]
    if len(every) <= count:
        return tuple(every)
    chosen = random.Random(seed).sample(range(len(every)), count)  # noqa: S311  # nosec B311
    return tuple(every[index] for index in sorted(chosen))


def prove(
    file: Stored, chosen: Sequence[Sample], *, witnesses: Mapping[Layer, Witness]
) -> Mapping[Layer, BoxMeasure]:
    """Look at the boxes of sentences, by the layer of the page on which each begins.

    Printed words are given back when, blanks and hyphens at a line's end apart and folded as quotes
    are, the boxes hold the sentence: nothing less and nothing more. Recognised words are given back
    when recognising the boxes again gives words that are alike by `ALIKE` or more.

    Layers without a witness, and pages of formats without places, are left out.
    """
    layers = {page.index: page.layer for page in file.pages}
    regions = [_regions(file, sample) for sample in chosen]
    seen = _seen(regions, {page: witnesses.get(layer) for page, layer in layers.items()})
    found: dict[Layer, list[Unproved | None]] = {}
    for sample, there in zip(chosen, regions, strict=True):
        layer = layers[sample.spans[0].page]
        if layer not in witnesses or not any(span.page in file.places for span in sample.spans):
            continue
        words = tuple(seen[place] for place in there if place in seen)
        gives_back = gives_back_exactly if layer is Layer.TEXT else gives_back_nearly
        fails = not gives_back(sample.text, words)
        unproved = Unproved(sample.spans[0].page, sample.text, words) if fails else None
        found.setdefault(layer, []).append(unproved)
    return {
        layer: BoxMeasure(
            len(all_of),
            sum(one is None for one in all_of),
            tuple(one for one in all_of if one is not None)[:_MOST_SHOWN],
        )
        for layer, all_of in found.items()
    }


def gives_back_exactly(sentence: str, seen: Sequence[str]) -> bool:
    """Whether the words seen are the sentence and nothing else, folded and without blanks."""
    # A hyphen at a line's end may belong to the word or only break it.
    unbroken = [words.rstrip("-\u2010\ufffe\x02 ") for words in seen[:-1]] + list(seen[-1:])
    wanted = _folded(sentence)
    return _folded("".join(seen)) == wanted or _folded("".join(unbroken)) == wanted


def gives_back_nearly(sentence: str, seen: Sequence[str]) -> bool:
    """Whether the words seen are alike to the sentence by `ALIKE` or more, NFKC, no blanks."""
    return similarity(comparable(sentence), comparable("".join(seen))) >= ALIKE


def _regions(file: Stored, sample: Sample) -> list[_Place]:
    """What a citation of the sentence would box, in its order."""
    return [
        (span.page, region)
        for span in sample.spans
        if (places := file.places.get(span.page)) is not None
        for region in places.regions(span.start, span.end)
    ]


def _seen(
    regions: Sequence[Sequence[_Place]], witnesses: Mapping[int, Witness | None]
) -> Mapping[_Place, str]:
    """Ask about all the rectangles of a page at once; pages without a witness are left out."""
    asked: dict[int, dict[Box, None]] = {}
    for there in regions:
        for page, region in there:
            asked.setdefault(page, {})[region] = None
    seen: dict[_Place, str] = {}
    for page, boxes in asked.items():
        if (witness := witnesses.get(page)) is not None:
            words = witness.seen(page, list(boxes))
            seen |= {(page, box): each for box, each in zip(boxes, words, strict=True)}
    return seen


def _of_passage(passage: Passage) -> Iterator[Sample]:
    """The sentences of a passage, repeated column names apart, with the spans of each."""
    own = passage.spans[min(passage.repeats, len(passage.spans) - 1) :]
    size = sum(span.end - span.start for span in own)
    # The words of the own spans are the last ones of the text.
    text = passage.text[len(passage.text) - size :]
    for start, end in sentences(text):
        words = text[start:end].strip()
        if len(_BLANK.sub("", words)) >= SHORTEST:
            begin = start + text[start:end].index(words)
            yield Sample(words, tuple(_cut(own, begin, begin + len(words))))


def _cut(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """The characters ``[start, end)`` of the joined words of spans, as spans."""
    sizes = [span.end - span.start for span in spans]
    for span, offset, size in zip(spans, accumulate(sizes, initial=0), sizes, strict=False):
        first, last = max(start - offset, 0), min(end - offset, size)
        if first < last:
            yield Span(span.page, span.start + first, span.start + last)


def _folded(text: str) -> str:
    return _BLANK.sub("", fold(_MEANINGLESS.sub("", clean(text))))
