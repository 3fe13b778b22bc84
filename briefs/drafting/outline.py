"""Outline → draft: for every heading, sentences quoted from the best passages; nothing invented."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from briefs.drafting.authority import authority_of, newness, why_outdated
from briefs.drafting.comparing import disagreeing, sources_of
from briefs.drafting.conflicts import Conflict, table_of_conflicts
from briefs.editing import Editing, own_words
from briefs.errors import NothingFoundError
from briefs.gate import Claim, Outcome, Witness, check
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
FAR: Final = 0.4
"""Nearness to the heading, the nearest 1 and the farthest 0, below which nothing is quoted."""
FEW: Final = 12
"""Sentences up to which the farthest need not be far."""
AUTHORITY_WEIGHT: Final = 0.2
"""What the highest rank adds beside nearness (0 … 1): it decides among what is about as near."""
NEWNESS_WEIGHT: Final = 0.3
"""What the newest source of a heading adds."""
SOURCES_A_SENTENCE: Final = 3
"""Evidence of a sentence that several sources have."""
CONFLICTS: Final = "各来源数字的出入"
"""Heading of the table of figures that disagree."""
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
_ASIDE: Final = re.compile(r"[（(][^（）()]*[）)]")
"""（市商务委按职责分工负责）"""
_ARTICLE_START: Final = re.compile(
    r"^第[\d〇零一二三四五六七八九十百千两]+条(?:之[\d一二三四五六七八九十]+)?\s*"
)


@dataclass(frozen=True, slots=True)
class Outdated:
    """A source that is quoted though it no longer counts."""

    document: Document
    why: str
    """What its title says, or the text that came after it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, not stored yet, with what whoever goes on with it should know."""

    lines: tuple[Statement, ...]
    conflicts: tuple[Conflict, ...] = ()
    """Figures that disagree; they stand in the last statement, a table."""
    outdated: tuple[Outdated, ...] = ()

    @property
    def empty(self) -> list[str]:
        """Headings under which nothing stands: the collection holds nothing on them."""
        following = [*self.lines[1:], None]
        return [
            line.text
            for line, after in zip(self.lines, following, strict=True)
            if line.kind is StatementKind.HEADING
            and (after is None or after.kind is StatementKind.HEADING)
        ]


@dataclass(frozen=True, slots=True)
class _Candidate:
    words: str
    result: Result
    score: float
    pairs: frozenset[str]
    outdated: str | None = None

    @property
    def standing(self) -> tuple[object, ...]:
        """What still counts, the most authoritative, the newest, the nearest."""
        metadata = self.result.document.metadata
        is_outdated = self.outdated is not None
        return (is_outdated, authority_of(metadata), -newness(metadata), -self.score, self.words)


class _Chosen:
    """The sentences of a draft, each with the sources that have it too."""

    def __init__(self) -> None:
        self.all: list[_Candidate] = []
        self._others: dict[int, list[_Candidate]] = {}

    def take(self, candidate: _Candidate) -> None:
        self.all.append(candidate)

    def has(self, candidate: _Candidate) -> bool:
        """Whether it says what an earlier one says; then it may bear that one out."""
        for number, other in enumerate(self.all):
            if not _alike(candidate, other):
                continue
            also = self._others.setdefault(number, [])
            known = {_source(each.result.document) for each in (other, *also)}
            is_new = _source(candidate.result.document) not in known
            if is_new and len(also) + 1 < SOURCES_A_SENTENCE and _bears_out(candidate, other):
                also.append(candidate)
            return True
        return False

    def sources(self, candidate: _Candidate) -> list[_Candidate]:
        """The candidate and those that bear it out."""
        return [candidate, *self._others.get(self.all.index(candidate), [])]


class Drafting:
    """Drafts by outline. No language model: every sentence stands word for word in a source."""

    def __init__(self, retriever: Retriever, editing: Editing, *, encoder: Encoder | None) -> None:
        self._retriever = retriever
        self._editing = editing
        self._encoder = encoder

    def draft(self, title: str, headings: Sequence[str]) -> Draft:
        """Headings with the quotes found for them, each bound to its span.

        Under one heading at most `SENTENCES_A_HEADING` sentences, at most `SENTENCES_A_SOURCE` of
        one source, none that says what an earlier one says: of a sentence that several sources
        have, one is quoted and the others are evidence too. Sources that no longer count come last,
        the others by authority and newness. Figures that disagree make a table at the end.
        A heading that the collection cannot answer stays, empty.
        Documents of one group, a law in three files, are one source.

        Args:
            title: of the brief; sets the theme of every heading.
            headings: in order.

        Raises:
            NothingFoundError: no sentence for any heading.
        """
        sections: list[list[_Candidate]] = []
        chosen, seen = _Chosen(), dict[int, Result]()
        for heading in headings:
            sections.append(self._chosen(title, heading, chosen, seen))
        if not chosen.all:
            raise NothingFoundError
        lines: list[Statement] = []
        for heading, section in zip(headings, sections, strict=True):
            lines.append(Statement(StatementKind.HEADING, heading, level=1))
            lines += [self._line(chosen.sources(each)) for each in section]
        quoted = {each.result.passage.id for each in chosen.all}
        found = disagreeing(self._editing, sources_of(seen.values()), quoted=quoted)
        if (table := table_of_conflicts(found)) is not None:
            lines += [Statement(StatementKind.HEADING, CONFLICTS, level=1), table]
        outdated = {
            each.result.document.id: Outdated(each.result.document, each.outdated)
            for each in chosen.all
            if each.outdated is not None
        }
        return Draft(tuple(lines), tuple(found), tuple(outdated.values()))

    def _line(self, sources: Sequence[_Candidate]) -> Statement:
        first, *others = (self._editing.quote(c.result.passage.id, c.words) for c in sources)
        more = [item for line in others for item in line.evidence]
        return replace(first, evidence=(*first.evidence, *more))

    def _chosen(
        self, title: str, heading: str, chosen: _Chosen, seen: dict[int, Result]
    ) -> list[_Candidate]:
        section: list[_Candidate] = []
        per_source: Counter[tuple[str, int]] = Counter()
        for candidate in self._candidates(title, heading, seen):
            if chosen.has(candidate) or len(section) == SENTENCES_A_HEADING:
                continue
            source = _source(candidate.result.document)
            if per_source[source] == SENTENCES_A_SOURCE:
                continue
            chosen.take(candidate)
            section.append(candidate)
            per_source[source] += 1
        return sorted(section, key=lambda each: each.standing)

    def _candidates(self, title: str, heading: str, seen: dict[int, Result]) -> list[_Candidate]:
        bare = _ENUMERATOR.sub("", heading)
        if not self._is_answered(bare, title):
            return []
        results = self._results(bare, f"{bare} {title}")
        seen |= {result.passage.id: result for result in results}
        found = [
            (words, result)
            for result in results
            if result.document.metadata.type is not DocumentType.DATASET
            for words in quotable(own_words(result.passage))
        ]
        texts = [words for words, _ in found]
        about = zip(*self._nearness((bare, title), texts), strict=True)
        documents = {result.document.id: result.document for result in results}.values()
        standing = _standings(documents)
        candidates = [
            _Candidate(
                words,
                result,
                HEADING_WEIGHT * to_heading
                + (1 - HEADING_WEIGHT) * to_title
                + result.score
                + standing[result.document.id],
                _pairs(words),
                why_outdated(result.document, documents),
            )
            for (words, result), (to_heading, to_title) in zip(found, about, strict=True)
            if to_heading >= FAR or len(found) <= FEW
        ]
        return sorted(
            candidates,
            key=lambda c: (c.outdated is not None, -c.score, c.result.passage.id, c.words),
        )

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


def _standings(documents: Iterable[Document]) -> dict[int, float]:
    """What authority and newness add, by the document's id."""
    days = {document.id: newness(document.metadata) for document in documents}
    order = sorted(set(days.values()))
    last = len(order) - 1 or 1
    return {
        document.id: AUTHORITY_WEIGHT * (1 - (authority_of(document.metadata) - 1) / 11)
        + NEWNESS_WEIGHT * order.index(days[document.id]) / last
        for document in documents
    }


def _source(document: Document) -> tuple[str, int]:
    return ("document", document.id) if document.group is None else ("group", document.group)


def _scaled(values: Scores) -> list[float]:
    low, high = float(values.min()), float(values.max())
    return [(float(value) - low) / (high - low or 1.0) for value in values]


def quotable(text: str) -> list[str]:
    """The sentences of a passage that can stand alone in a brief: whole, not too short or long."""
    found = [text[start:end].strip() for start, end in sentences(text)]
    bare = [_ARTICLE_START.sub("", words).strip() for words in found]
    return [
        words
        for words in bare
        if SHORTEST <= len(words) <= LONGEST
        and _SENTENCE_END.search(words)
        and not _ASIDE.fullmatch(words)
    ]


def _pairs(words: str) -> frozenset[str]:
    folded = re.sub(r"\W", "", fold(words))
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))


def _alike(one: _Candidate, other: _Candidate) -> bool:
    smaller = min(len(one.pairs), len(other.pairs)) or 1
    return len(one.pairs & other.pairs) / smaller > SAME_SENTENCE


def _bears_out(candidate: _Candidate, other: _Candidate) -> bool:
    """Whether one source's sentence says what the other's says, to the last figure."""
    claim = Claim(StatementKind.PARAPHRASE, other.words)
    return check(claim, [Witness(candidate.words)]).outcome is Outcome.SUPPORTED
