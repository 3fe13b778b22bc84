"""Outline → draft: for every heading, sentences quoted from the best passages; nothing invented."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from briefs.editing import Editing, own_words
from briefs.errors import NothingFoundError
from briefs.model import Statement, StatementKind
from embeddings.protocols import Encoder, Scores
from knowledge.model import Document, DocumentType, Mode, Result
from knowledge.retrieval import Retriever
from knowledge.text import fold, sentences

PASSAGES_A_HEADING: Final = 16
SENTENCES_A_HEADING: Final = 3
SENTENCES_A_SOURCE: Final = 2
"""Under one heading: a brief that leans on one source is no survey of the sources."""
HEADING_WEIGHT: Final = 0.8
"""Share of a sentence's nearness to the heading; the rest is to the brief's title."""
SHORTEST: Final = 14
LONGEST: Final = 160
SAME_SENTENCE: Final = 0.7
"""Share of common character pairs above which two sentences say the same."""

_ENUMERATOR: Final = re.compile(r"^\s*[（(]?[一二三四五六七八九十百\d]{1,3}[）)、.．]\s*")
_ANY_OUTLINE: Final = re.compile(
    r"(?:(?:基本|主要|存在的?|有关|相关|工作|政策|对策|发展|国内外?|国外|各地|总体|面临的?|下一步)?"
    r"(?:现状|背景|概况|概述|情况|问题|困难|挑战|原因|分析|成效|做法|经验|启示|借鉴|建议|对策|趋势|展望"
    r"|目标|措施|举措|结论|小结|总结|意义|影响|打算)[和与及、]?)+"
    r"|(?i:background|introduction|overview|summary|present state|findings|problems|challenges"
    r"|experience|measures|recommendations|suggestions|outlook|conclusions?)"
)
_SENTENCE_END: Final = re.compile(r"[。！？!?.”』」）)]$")
_ARTICLE_START: Final = re.compile(
    r"^第[\d〇零一二三四五六七八九十百千两]+条(?:之[\d一二三四五六七八九十]+)?\s*"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    words: str
    result: Result
    score: float
    pairs: frozenset[str]


class Drafting:
    """Drafts by outline. No language model: every sentence stands word for word in a source."""

    def __init__(self, retriever: Retriever, editing: Editing, *, encoder: Encoder | None) -> None:
        self._retriever = retriever
        self._editing = editing
        self._encoder = encoder

    def propose(self, title: str, headings: Sequence[str]) -> list[Statement]:
        """Headings with the quotes found for them, each bound to its span.

        Under one heading at most `SENTENCES_A_HEADING` sentences, at most `SENTENCES_A_SOURCE` of
        one source, none that says what an earlier one says. A heading that the collection cannot
        answer stays, empty: see `empty_headings`.
        Documents of one group, a law in three files, are one source.

        Args:
            title: of the brief; sets the theme of every heading.
            headings: in order.

        Raises:
            NothingFoundError: no sentence for any heading.
        """
        lines: list[Statement] = []
        taken: list[_Candidate] = []
        for heading in headings:
            lines.append(Statement(StatementKind.HEADING, heading, level=1))
            for candidate in self._chosen(title, heading, taken):
                lines.append(self._editing.quote(candidate.result.passage.id, candidate.words))
                taken.append(candidate)
        if not taken:
            raise NothingFoundError
        return lines

    def _chosen(self, title: str, heading: str, taken: Sequence[_Candidate]) -> list[_Candidate]:
        chosen: list[_Candidate] = []
        per_source: Counter[tuple[str, int]] = Counter()
        for candidate in self._candidates(title, heading):
            if len(chosen) == SENTENCES_A_HEADING:
                break
            source = _source(candidate.result.document)
            if per_source[source] == SENTENCES_A_SOURCE:
                continue
            if any(_alike(candidate, other) for other in (*taken, *chosen)):
                continue
            chosen.append(candidate)
            per_source[source] += 1
        return chosen

    def _candidates(self, title: str, heading: str) -> list[_Candidate]:
        bare = _ENUMERATOR.sub("", heading)
        if not self._is_answered(bare, title):
            return []
        found = [
            (words, result)
            for result in self._results(bare, f"{bare} {title}")
            if result.document.metadata.type is not DocumentType.DATASET
            for words in quotable(own_words(result.passage))
        ]
        texts = [words for words, _ in found]
        about = zip(*self._nearness((bare, title), texts), strict=True)
        candidates = [
            _Candidate(
                words,
                result,
                HEADING_WEIGHT * to_heading + (1 - HEADING_WEIGHT) * to_title + result.score,
                _pairs(words),
            )
            for (words, result), (to_heading, to_title) in zip(found, about, strict=True)
        ]
        return sorted(candidates, key=lambda c: (-c.score, c.result.passage.id, c.words))

    def _is_answered(self, heading: str, title: str) -> bool:
        """Whether the collection holds anything on a heading, whatever it holds on the title.

        A heading that stands in any outline (现状, 建议) asks for the title's subject.
        """
        query = title if _ANY_OUTLINE.fullmatch(heading) else heading
        return self._retriever.ask(query, PASSAGES_A_HEADING, mode=self._mode).answered

    @property
    def _mode(self) -> Mode:
        return Mode.HYBRID if self._encoder is not None else Mode.LEXICAL

    def _results(self, *queries: str) -> list[Result]:
        """What any of the queries finds, each passage once at the better of its scores."""
        best: dict[int, Result] = {}
        for query in queries:
            for result in self._retriever.search(query, PASSAGES_A_HEADING, mode=self._mode):
                known = best.get(result.passage.id)
                if known is None or result.score > known.score:
                    best[result.passage.id] = result
        return list(best.values())

    def _nearness(self, wanted: Sequence[str], texts: Sequence[str]) -> list[list[float]]:
        """For each thing wanted, how near each text is: the best scaled to 1, the worst to 0."""
        if not texts:
            return [[] for _ in wanted]
        if self._encoder is not None:
            vectors = self._encoder.encode_passages(texts)
            return [_scaled(row) for row in self._encoder.encode_queries(wanted) @ vectors.T]
        pairs = [_pairs(text) for text in texts]
        return [
            _scaled(np.array([len(_pairs(each) & other) for other in pairs], dtype=np.float32))
            for each in wanted
        ]


def _source(document: Document) -> tuple[str, int]:
    return ("document", document.id) if document.group is None else ("group", document.group)


def _scaled(values: Scores) -> list[float]:
    low, high = float(values.min()), float(values.max())
    return [(float(value) - low) / (high - low or 1.0) for value in values]


def empty_headings(lines: Sequence[Statement]) -> list[str]:
    """Headings under which nothing stands: the collection holds nothing on them."""
    following = [*lines[1:], None]
    return [
        line.text
        for line, after in zip(lines, following, strict=True)
        if line.kind is StatementKind.HEADING
        and (after is None or after.kind is StatementKind.HEADING)
    ]


def quotable(text: str) -> list[str]:
    """The sentences of a passage that can stand alone in a brief: whole, not too short or long."""
    found = [text[start:end].strip() for start, end in sentences(text)]
    bare = [_ARTICLE_START.sub("", words).strip() for words in found]
    return [
        words for words in bare if SHORTEST <= len(words) <= LONGEST and _SENTENCE_END.search(words)
    ]


def _pairs(words: str) -> frozenset[str]:
    folded = re.sub(r"\W", "", fold(words))
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))


def _alike(one: _Candidate, other: _Candidate) -> bool:
    smaller = min(len(one.pairs), len(other.pairs)) or 1
    return len(one.pairs & other.pairs) / smaller > SAME_SENTENCE
