"""One statement before its evidence: the verdict."""

import re
from collections.abc import Sequence
from typing import Final

from briefs.gate.figures import check_figures, report_missing
from briefs.gate.findings import Case
from briefs.gate.formulas import check_computed
from briefs.gate.modality import check_modality
from briefs.gate.model import Claim, Doubt, Fault, FaultType, Outcome, Reason, Verdict, Witness
from briefs.gate.names import check_names
from briefs.gate.periods import check_dates
from briefs.gate.quotes import check_quote, frame_of
from briefs.gate.reading import read, stands
from briefs.gate.tabulated import check_table
from briefs.gate.turning import check_turns
from briefs.gate.words import Family
from briefs.model import StatementKind

FLOOR: Final = 0.35
"""Below this likeness only a person can say whether a statement is what its evidence says."""
_QUOTED: Final = re.compile(r"[“「『\"]([^“”「」『』\"]{2,})[”」』\"]")
_LONG: Final = 6
_LONGEST: Final = 1200
_MOST: Final = 60_000
"""Pairs of readings; a sentence of ten before a page of three hundred makes 3,000."""
_MOST_DENIED: Final = 1_000_000
"""Negations of the evidence, squared, by words that a statement repeats; a page of laws has 60."""
_ENDS: Final = "。.;!?,"
_ORDER: Final = {kind: at for at, kind in enumerate(FaultType)}
_OURS: Final = {StatementKind.JUDGEMENT, StatementKind.BACKGROUND}


def check(claim: Claim, witnesses: Sequence[Witness], *, others: Sequence[Witness] = ()) -> Verdict:
    """Check one statement against the texts of its evidence.

    Pure and deterministic: no model, no clock, no file. Any text is taken, Chinese or English.
    Faults are certain contradictions or words that the evidence has not; doubts are what a
    person must decide. Time grows with the length of the texts; what was read lately is kept, so
    checking again while somebody types costs the statement alone. Safe in any thread.
    What is no sentence – over 1,200 characters, or with readings by the hundred – is put before a
    person unread, so that no text takes long.

    Args:
        claim: the statement; headings and blank texts are always supported.
        witnesses: the words of its evidence, several where it rests on several.
        others: sources that it does not cite; a quote found there is *misattributed*.

    Returns:
        ``FAULT`` with at least one fault, else ``NEEDS_PERSON`` with at least one doubt, else
        ``SUPPORTED``. Places count characters of the texts as given.
    """
    if claim.kind is StatementKind.HEADING or not claim.text.strip():
        return Verdict(Outcome.SUPPORTED)
    case = Case.of(claim.text, witnesses)
    if claim.kind in _OURS:
        _check_own(case)
        return _verdict(case, 1.0)
    if not any(text.words for text in case.texts):
        case.doubt(Reason.NO_EVIDENCE, (0, len(case.text.words)))
        return _verdict(case, 0.0)
    likeness = 1.0
    if claim.kind is StatementKind.TABLE:
        check_table(case)
    elif claim.kind is StatementKind.FIGURE and not _states(case):
        return _verdict(case, likeness)
    elif _is_too_much(case):
        case.doubt(Reason.UNLIKE, (0, len(case.text.words)))
    elif claim.kind is StatementKind.QUOTE:
        _check_quoted(case, claim, others)
    else:
        likeness = _check_words(case, claim, others)
    return _verdict(case, likeness)


def marks(claim: Claim, witnesses: Sequence[Witness]) -> tuple[Fault | Doubt, ...]:
    """What to mark in a statement while it is typed: its faults and doubts by place.

    The same check as `check`, without other sources: a few milliseconds where the evidence stays.
    """
    verdict = check(claim, witnesses)
    found: list[Fault | Doubt] = [*verdict.faults, *verdict.doubts]
    return tuple(sorted(found, key=lambda each: (each.statement.start, each.statement.end)))


def _check_quoted(case: Case, claim: Claim, others: Sequence[Witness]) -> None:
    framed = frame_of(claim.text)
    if framed is None:
        if not check_quote(case, claim.text, at=0, others=others) and not _elsewhere(case):
            _explain(case)
        return
    whole = Case(case.text, case.witnesses, case.texts)
    if check_quote(whole, claim.text, at=0, others=()):
        return
    at = claim.text.rindex(framed[1])
    if not check_quote(case, framed[1], at=at, others=others) and not _elsewhere(case):
        _explain(case)
    else:
        _check_frame(case, framed[0])


def _is_too_much(case: Case) -> bool:
    """Whether it is no sentence: every reading of it is compared with every one of the evidence."""
    own, theirs = (
        sum(len(text.closed) + len(text.quantities) + len(text.dates) for text in texts)
        for texts in ((case.text,), case.texts)
    )
    denied = sum(word.family is Family.NEGATION for text in case.texts for word in text.closed)
    again = len(case.text.skeleton) - len(case.text.pairs)
    return (
        own * theirs > _MOST
        or len(case.text.words) > _LONGEST
        or denied * denied * max(again, 0) > _MOST_DENIED
    )


def _elsewhere(case: Case) -> bool:
    return any(fault.type is FaultType.MISATTRIBUTED for fault in case.faults)


def _check_frame(case: Case, frame: str) -> None:
    """Who said it, and when, must stand in the evidence too."""
    own = Case(read(frame), case.witnesses, case.texts)
    for missing in check_figures(own):
        report_missing(own, missing)
    check_dates(own)
    check_names(own)
    # The frame begins the statement, so places need no shift; a source need not name itself.
    case.doubts += [Doubt(Reason.NAMED, fault.statement, fault.evidence) for fault in own.faults]


def _explain(case: Case) -> None:
    """Beside “not found”, what differs: the figure, the date, the negation."""
    for missing in check_figures(case):
        report_missing(case, missing)
    check_dates(case)
    check_turns(case)
    check_modality(case)
    check_names(case)


def _check_words(case: Case, claim: Claim, others: Sequence[Witness]) -> float:
    if any(stands(case.text.words.rstrip(_ENDS), text) for text in case.texts):
        return 1.0
    missing = check_figures(case)
    if claim.kind is StatementKind.COMPUTED:
        check_computed(case, missing, claim.formula)
        _calm(case)
    else:
        for each in missing:
            report_missing(case, each)
    check_dates(case)
    check_turns(case)
    check_modality(case)
    check_names(case)
    _check_marks(case, claim.text, others)
    likeness = _likeness(case)
    if likeness < FLOOR and claim.kind is StatementKind.PARAPHRASE:
        case.doubt(Reason.UNLIKE, (0, len(case.text.words)))
    return likeness


def _calm(case: Case) -> None:
    """A computed statement words its own trend: no doubt is due to that."""
    case.doubts[:] = [each for each in case.doubts if each.reason is not Reason.WORDING]


def _check_marks(case: Case, text: str, others: Sequence[Witness]) -> None:
    """Words in quotation marks are the source's own."""
    for match in _QUOTED.finditer(text):
        words = match.group(1)
        if len(words) >= _LONG:
            check_quote(case, words, at=match.start(1), others=others)
        elif not any(read(words).words in each.words for each in case.texts):
            inside = [
                at for at, o in enumerate(case.text.offsets) if match.start() <= o < match.end()
            ]
            case.doubt(Reason.WORDING, (inside[0], inside[-1] + 1))


def _states(case: Case) -> bool:
    """Whether a caption says more than what is shown: a figure, a date."""
    return bool(case.text.dates) or any(not each.is_article for each in case.text.quantities)


def _check_own(case: Case) -> None:
    """A judgement rests on nothing, so a figure in it is nobody's."""
    for each in case.text.quantities:
        if not each.is_article:
            case.doubt(Reason.OWN_FIGURE, each.core)


def _likeness(case: Case) -> float:
    own = {pair for pair in case.text.pairs if "#" not in pair and "@" not in pair}
    if not own:
        return 1.0
    theirs: set[str] = set().union(*(text.pairs for text in case.texts))
    return len(own & theirs) / len(own)


def _verdict(case: Case, likeness: float) -> Verdict:
    faults = tuple(
        sorted(case.faults, key=lambda f: (f.statement.start, _ORDER[f.type], f.statement.end))
    )
    doubts = tuple(
        sorted(case.doubts, key=lambda d: (d.statement.start, d.reason, d.statement.end))
    )
    outcome = Outcome.FAULT if faults else Outcome.NEEDS_PERSON if doubts else Outcome.SUPPORTED
    return Verdict(outcome, faults, doubts, likeness)
