"""What of found passages may speak of a sentence: sentences, adjacent pairs, rows of tables."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from briefs.editing import own_words
from briefs.model import Evidence
from knowledge.model import Passage, Result
from knowledge.text import fold, sentences

CANDIDATES: Final = 64
"""Stretches that are given at the most."""
PARTS: Final = 2
SHORTEST: Final = 6
LONGEST_PART: Final = 60
"""Characters of a clause that are searched for; encoding takes as long as a text is."""
FIGURES_TELL: Final = 80
"""Characters up to which a sentence is also searched for without its figures: among the words of
a longer one they weigh little."""
LEAST: Final = 0.2
"""Share of the sentence's pairs below which a place is not put before the gate."""
_CLAUSE: Final = re.compile("[，；;。！？!?]|, ")
_FIGURE: Final = re.compile(r"[\d０-９〇一二三四五六七八九十百千万亿%％‰.．]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a passage that may speak of the sentence."""

    result: Result
    words: str
    above: tuple[str, ...]
    """Words that stand above it in the source and belong to it."""
    held: frozenset[str]
    """Pairs of the sentence that it has."""
    covered: float
    """Their share of all of the sentence's."""
    likeness: float

    @property
    def key(self) -> tuple[float, float, int, int]:
        """Those with most in common first, the shorter before the longer."""
        return (-self.covered, -self.likeness, self.result.passage.id, len(self.words))


def heads_of(passage: Passage) -> Evidence | None:
    """The column names above a table's row; None where the passage repeats none."""
    spans = passage.spans[: passage.repeats]
    if not spans:
        return None
    words = passage.text[: sum(span.end - span.start for span in spans)]
    return Evidence(passage.document_id, passage.version_id, spans, words, passage.id)


def parts_of(text: str) -> list[str]:
    """What else to search for: the clauses that say most, and a short sentence without figures.

    However long the sentence is, they are `PARTS` clauses of `LONGEST_PART` characters at the most,
    and one text of `FIGURES_TELL`.
    """
    clauses = [clause.strip() for clause in _CLAUSE.split(text)]
    clauses = [clause for clause in clauses if len(clause) >= SHORTEST]
    clauses.sort(key=lambda clause: (not _FIGURE.search(clause), -len(clause)))
    clauses = [clause[:LONGEST_PART] for clause in clauses]
    bare = _FIGURE.sub(" ", text).strip() if len(text) <= FIGURES_TELL else ""
    return [*(clauses[:PARTS] if len(clauses) > 1 else ()), *([bare] if len(bare) > 3 else ())]


def candidates(text: str, results: Iterable[Result]) -> list[Candidate]:
    """Sentences, adjacent pairs and rows that have `LEAST` of it, most in common first."""
    own = _pairs(text)
    found = []
    for result in results:
        for words, above in _stretches(result.passage):
            theirs = _pairs(words)
            held = own & theirs
            covered, either = len(held) / (len(own) or 1), len(own | theirs) or 1
            if covered >= LEAST:
                found.append(Candidate(result, words, above, held, covered, len(held) / either))
    found.sort(key=lambda each: each.key)
    return found[:CANDIDATES]


def _stretches(passage: Passage) -> list[tuple[str, tuple[str, ...]]]:
    """What of a passage may bear out a sentence, each with what belongs to it above."""
    text = own_words(passage)
    heads = heads_of(passage)
    if heads is not None:
        return [(text, (heads.quote,))]
    bounds = [(start, end) for start, end in sentences(text) if text[start:end].strip()]
    single = [text[start:end].strip() for start, end in bounds]
    double = [text[one[0] : two[1]].strip() for one, two in pairwise(bounds)]
    return [(words, ()) for words in (*single, *double)]


def _pairs(words: str) -> frozenset[str]:
    """Pairs of characters, figures apart: a wrong figure makes no sentence unlike."""
    runs = re.split(r"\W+", _FIGURE.sub(" ", fold(words)))
    return frozenset(run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1)) if run)
