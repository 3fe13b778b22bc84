"""What the collection says on a sentence: what bears it out, what contradicts it, what is near."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from briefs.drafting.authority import authority_of, newness, why_outdated
from briefs.drafting.stretches import Candidate, candidates, heads_of, parts_of
from briefs.editing import Editing
from briefs.errors import EvidenceError
from briefs.gate import FLOOR, Claim, Fault, FaultType, Outcome, Verdict, Witness, check
from briefs.model import Evidence, StatementKind
from knowledge.errors import UnknownRecordError
from knowledge.model import Document, Mode, Passage, Result, Version
from knowledge.retrieval import Retriever
from knowledge.text import fold

PASSAGES_WHOLE: Final = 24
"""Passages looked at for the sentence as it stands."""
PASSAGES_A_PART: Final = 12
"""For each part of it."""
PAIRED: Final = 6
"""Of the best single places, those tried two together."""
SAME_MATTER: Final = 0.62
"""Share of the statement's pairs of characters, figures apart, that a contradiction has."""
AGREEING: Final = 0.6
"""The same share that what bears it out has; the gate's own floor is for what a person chose."""
SAME_WORDS: Final = 0.8
"""Share from which a person is asked to look though the place speaks of somebody else."""
NEARLY: Final = 0.25
"""The same share from which a person is asked to look where search says that it is answered."""
HALF: Final = 0.4
"""The same share from which it is asked whether title or heading say what a place leaves out."""

_CONTRARY: Final = frozenset(
    {
        *(FaultType.NUMBER, FaultType.DATE, FaultType.UNIT),
        *(FaultType.COMPARATOR, FaultType.NEGATION, FaultType.TREND),
    }
)
_RESTING: Final = {StatementKind.PARAPHRASE, StatementKind.QUOTE, StatementKind.COMPUTED}
_RELATIVE: Final = re.compile("[今去明前上本]年|年度|[上本][月季]|last|this|next")
_BARE: Final = re.compile(r"[-+]?[\d.,]+|[〇零一二两三四五六七八九十百千点]+")
"""A figure without a unit."""
_OF_ITS_YEAR: Final = re.compile("公报|年鉴|统计|普查")
"""Titles whose year is the year of the figures; that of a report 报告 is the year it was given."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One place of the collection beside the sentence."""

    document: Document
    version: Version
    passage: Passage
    page: int | None
    """Physical page on which the words begin; None for formats without pages."""
    page_label: str | None
    words: str
    """As they stand in the source; of a table's row without the column names."""
    evidence: tuple[Evidence, ...]
    """Ready to be bound; the words' own comes last, before it a row's column names, or the title
    or heading that says the year or the place which the words leave out."""
    verdict: Verdict
    """Of the sentence before `evidence`."""
    likeness: float
    """Pairs of characters that both have, of all that either has, figures apart; 0 … 1."""
    outdated: str | None = None
    """Why the source no longer counts: what its title says, or which text came after it."""


@dataclass(frozen=True, slots=True)
class Support:
    """What was found for a sentence; all empty where nothing speaks of it."""

    text: str
    agreeing: tuple[Piece, ...]
    """The gate finds the sentence borne out; best first."""
    disagreeing: tuple[Piece, ...]
    """Of the same matter, with another figure, date, unit, limit, negation or trend: the verdict's
    faults name both readings."""
    near: tuple[Piece, ...]
    """A person must look."""
    together: tuple[Piece, Piece] | None
    """Two places that bear it out only both; looked for where none does alone."""
    looked_at: int
    """Passages that search found and that were read."""

    @property
    def is_empty(self) -> bool:
        """Whether the collection has nothing on it."""
        return not (self.agreeing or self.disagreeing or self.near or self.together)


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: Candidate
    verdict: Verdict
    outdated: str | None

    @property
    def passage(self) -> int:
        return self.candidate.result.passage.id

    @property
    def standing(self) -> tuple[int, int, int]:
        """Authority, then newness; the id at last."""
        metadata = self.candidate.result.document.metadata
        return (authority_of(metadata), -newness(metadata), self.passage)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Each passage once, in the list of its best stretch."""

    agreeing: tuple[_Judged, ...]
    disagreeing: tuple[_Judged, ...]
    near: tuple[_Judged, ...]


class Supporting:
    """Finds what bears out a sentence and what contradicts it; the gate decides, no model.

    It reads for the viewer whose search it is given: what they may not see is in no list and in no
    number. Safe in several threads.
    """

    def __init__(self, retriever: Retriever, editing: Editing, *, mode: Mode = Mode.HYBRID) -> None:
        self._retriever = retriever
        self._editing = editing
        self._mode = mode

    def find(
        self, text: str, *, kind: StatementKind = StatementKind.PARAPHRASE, count: int = 8
    ) -> Support:
        """Look for a sentence, whole and by its parts, and put what is found before the gate.

        A bounded number of passages is read – sentences, adjacent pairs and table rows – whatever
        the size of the collection. Deterministic: by likeness, authority, newness, id. Sources
        that no longer count come last.

        Args:
            text: one sentence; a blank one finds nothing.
            kind: what the sentence is to be; one that needs no evidence is taken for a paraphrase.
            count: the most of each list.
        """
        bare = text.strip()
        if not bare:
            return Support(text, (), (), (), None, 0)
        claim = Claim(kind if kind in _RESTING else StatementKind.PARAPHRASE, bare)
        results, answered = self._results(bare)
        known = {result.document.id: result.document for result in results}.values()
        judged = [
            _Judged(each, verdict, why_outdated(each.result.document, known))
            for each, verdict in _verdicts(claim, candidates(bare, results))
        ]
        lists = _sorted(judged, answered=answered)
        agreeing = self._pieces(lists.agreeing, claim, count)
        return Support(
            text,
            agreeing,
            self._pieces(lists.disagreeing, claim, count),
            self._pieces(lists.near, claim, count),
            None if agreeing else self._together(claim, judged),
            len(results),
        )

    def _results(self, text: str) -> tuple[list[Result], bool]:
        """What the sentence and its parts find, each passage once, and whether anything answers."""
        # Copies that differ in one figure are just what is looked for: nothing is collapsed.
        whole = self._retriever.ask(text, PASSAGES_WHOLE, mode=self._mode, collapse=False)
        found = {result.passage.id: result for result in whole.every}
        for part in parts_of(text):
            for result in self._retriever.search(part, PASSAGES_A_PART, mode=self._mode):
                found.setdefault(result.passage.id, result)
        return list(found.values()), whole.answered

    def _pieces(self, judged: Sequence[_Judged], claim: Claim, count: int) -> tuple[Piece, ...]:
        made: list[Piece] = []
        for each in judged:
            if len(made) == count:
                break
            if (piece := self._piece(each, claim)) is not None:
                made.append(piece)
        return tuple(made)

    def _piece(self, judged: _Judged, claim: Claim) -> Piece | None:
        """The place with its evidence; None where it cannot be bound as it was read."""
        candidate = judged.candidate
        result, passage = candidate.result, candidate.result.passage
        try:
            own = self._editing.evidence_in(passage, candidate.words)
            above = [self._above(passage, words) for words in candidate.above]
        except (EvidenceError, UnknownRecordError):
            return None
        evidence = (*above, own)
        verdict = check(claim, [Witness(each.quote) for each in evidence])
        if verdict.outcome is not judged.verdict.outcome:
            return None
        begins = own.spans[0].page
        return Piece(
            document=result.document,
            version=result.version,
            passage=passage,
            page=begins if result.version.paged else None,
            page_label=result.page_label if begins == passage.begins.page else None,
            words=own.quote.strip(),
            evidence=evidence,
            verdict=verdict,
            likeness=candidate.likeness,
            outdated=judged.outdated,
        )

    def _above(self, passage: Passage, words: str) -> Evidence:
        heads = heads_of(passage)
        if heads is not None and heads.quote == words:
            return heads
        return self._editing.evidence_on(passage.document_id, words)

    def _together(self, claim: Claim, found: Sequence[_Judged]) -> tuple[Piece, Piece] | None:
        best = _once(sorted(found, key=lambda each: each.candidate.key))[:PAIRED]
        for one, other in combinations(best, 2):
            if not _is_more(one.candidate, other.candidate):
                continue
            words = (*one.candidate.above, one.candidate.words, *other.candidate.above)
            witnesses = [Witness(each) for each in (*words, other.candidate.words)]
            if check(claim, witnesses).outcome is Outcome.SUPPORTED:
                pieces = self._pieces((one, other), claim, 2)
                if len(pieces) == 2:
                    return pieces[0], pieces[1]
        return None


def _verdicts(claim: Claim, candidates: Sequence[Candidate]) -> Iterable[tuple[Candidate, Verdict]]:
    """Each candidate with its verdict; the year or place that it leaves out may stand above it."""
    for candidate in candidates:
        verdict = _verdict(claim, candidate)
        chosen = candidate, verdict
        if candidate.covered >= HALF and any(_is_lacking(fault) for fault in verdict.faults):
            for above in _above(candidate.result):
                fuller = replace(candidate, above=(above, *candidate.above))
                better = _verdict(claim, fuller)
                if better.outcome is Outcome.SUPPORTED or _is_contrary(better):
                    chosen = fuller, better
                    break
        yield chosen


def _verdict(claim: Claim, candidate: Candidate) -> Verdict:
    return check(claim, [Witness(words) for words in (*candidate.above, candidate.words)])


def _above(result: Result) -> list[str]:
    """Headings, the nearest first, and the title, as far as they say of when the words are."""
    title = result.document.title
    headings = [each for each in reversed(result.passage.heading) if fold(each) not in fold(title)]
    titles = [title] if _OF_ITS_YEAR.search(title) else []
    return [each for each in (*headings, *titles) if each and "报告" not in each]


def _is_more(one: Candidate, other: Candidate) -> bool:
    """Whether two places have more of the sentence than either, and enough of it to agree."""
    both = len(one.held | other.held)
    share = both * one.covered / (len(one.held) or 1)
    return both > max(len(one.held), len(other.held)) and share >= AGREEING


def _is_lacking(fault: Fault) -> bool:
    """Whether a date or a name is not said, rather than said otherwise."""
    if fault.type not in {FaultType.DATE, FaultType.NAME}:
        return False
    if _RELATIVE.search(fault.statement.words):
        return not fault.evidence
    return all(_RELATIVE.search(place.words) for place in fault.evidence)


def _sorted(judged: Sequence[_Judged], *, answered: bool) -> _Sorted:
    agreeing = sorted((each for each in judged if _is_agreeing(each.verdict)), key=_key)
    taken = {each.passage for each in agreeing}
    contrary = [each for each in judged if _is_contrary(each.verdict) and each.passage not in taken]
    contrary.sort(key=_key)
    taken |= {each.passage for each in contrary}
    near = [
        each for each in judged
        if each.passage not in taken and _is_near(each, answered=answered)
    ]  # fmt: skip
    near.sort(key=_key)
    return _Sorted(_once(agreeing), _once(contrary), _once(near))


def _key(each: _Judged) -> tuple[object, ...]:
    """By likeness – of the sentence, then of both – then by standing; what is outdated last."""
    candidate = each.candidate
    return (
        each.outdated is not None,
        -round(candidate.covered, 1),
        len(each.verdict.faults),
        -round(candidate.likeness, 1),
        *each.standing,
        len(candidate.words),
    )


def _once(judged: Iterable[_Judged]) -> tuple[_Judged, ...]:
    """Of each passage the first, and of the same words in documents of a group the first."""
    first: dict[int, _Judged] = {}
    said = set[tuple[int | None, str]]()
    for each in judged:
        group = each.candidate.result.document.group
        key = (group, fold(each.candidate.words))
        if each.passage in first or (group is not None and key in said):
            continue
        said.add(key)
        first[each.passage] = each
    return tuple(first.values())


def _is_agreeing(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.SUPPORTED and verdict.likeness >= AGREEING


def _is_bare(fault: Fault) -> bool:
    """Whether the evidence has the figure and leaves its unit to be seen from elsewhere."""
    return fault.type is FaultType.UNIT and all(
        _BARE.fullmatch(fold(place.words)) for place in fault.evidence
    )


def _is_contrary(verdict: Verdict) -> bool:
    """Whether it is of the same matter and says otherwise."""
    kinds = {fault.type for fault in verdict.faults if not _is_bare(fault)}
    # Another figure of another day, or of one that is not said, is no contradiction.
    is_other_day = FaultType.DATE in kinds and len(kinds) > 1
    return (
        bool(kinds)
        and kinds <= _CONTRARY
        and not is_other_day
        and not any(_is_lacking(fault) for fault in verdict.faults)
        and any(fault.evidence for fault in verdict.faults if not _is_bare(fault))
        and verdict.likeness >= SAME_MATTER
    )


def _is_near(judged: _Judged, *, answered: bool) -> bool:
    verdict = judged.verdict
    if verdict.outcome is Outcome.FAULT and verdict.likeness < SAME_MATTER:
        return False
    is_of_another = any(f.type is FaultType.NAME and f.evidence for f in verdict.faults)
    if is_of_another and judged.candidate.covered < SAME_WORDS:
        return False
    return verdict.likeness >= FLOOR or (answered and judged.candidate.covered >= NEARLY)
