"""Words given as a quote: one run of one text, pieced together, another source's, or nobody's."""

import re
from collections.abc import Sequence
from typing import Final

from briefs.evidence.numbers import cuts_numeral
from briefs.gate.findings import Case, Found
from briefs.gate.lexicon import AFTER, BEFORE, NEGATION, SCALES, UNIT, Bound, either
from briefs.gate.model import Fault, FaultType, Place, Witness
from briefs.gate.reading import Text, read

_OUTER: Final = " \n\"'“”‘’「」『』。.;；,，、!！?？:：…"
_SPOKEN: Final = re.compile(
        r"^(?P<frame>.{0,60}?(?:指出|表示|认为|强调|提出|规定|明确|要求|写道|称|说|提到|"
        r"介绍|said|states?|wrote|notes?|says)[^“\"]{0,12})"
    r"[“\"](?P<words>.{4,})[”\"][。.]?$", re.DOTALL
)  # fmt: skip
_PIECE: Final = 4
_LIMITS: Final = (Bound.AT_MOST, Bound.AT_LEAST, Bound.BELOW, Bound.ABOVE)
_CUT_BEFORE: Final = re.compile(
    rf"(?:{either(' '.join(BEFORE[bound] for bound in _LIMITS))}|近|约|将近)$"
)
_CUT_BEHIND: Final = re.compile(
    rf"^(?:{either(AFTER[Bound.AT_MOST])}|{either(AFTER[Bound.AT_LEAST])}|左右|[多余])"
)
_SCALED: Final = re.compile(
    rf"^(?:{'|'.join(s for s in SCALES if not s.isascii())}|个?百分点|{UNIT.pattern})"
)


def frame_of(text: str) -> tuple[str, str] | None:
    """The words before a quotation and the quotation: 通知指出：“…”; None where all is quoted."""
    match = _SPOKEN.match(text.strip())
    return (match["frame"], match["words"]) if match else None


def check_quote(case: Case, words: str, *, at: int, others: Sequence[Witness]) -> bool:
    """Check that `words`, which begin at `at` in the statement, are one run of one witness.

    `others` are sources that the statement does not cite. Returns whether the run was found.
    """
    bare = words.strip(_OUTER)
    start = at + words.find(bare)
    place = Place(bare, start, start + len(bare))
    wanted = read(bare).words
    if not wanted:
        return True
    for witness, text in enumerate(case.texts):
        if (found := _find(wanted, text)) is not None:
            _check_edges(case, place, (witness, found, found + len(wanted)))
            return True
    for index, other in enumerate(others):
        text = read(other.text)
        if (found := _find(wanted, text)) is not None:
            begin, end = text.span(found, found + len(wanted))
            elsewhere = Place(
                text.raw[begin:end], begin, end, len(case.witnesses) + index, other.source
            )
            case.faults.append(Fault(FaultType.MISATTRIBUTED, place, (elsewhere,)))
            return False
    pieces = _pieces(wanted, case.texts)
    if pieces:
        spots = tuple(case.found(piece) for piece in pieces)
        case.faults.append(Fault(FaultType.FRANKENQUOTE, place, spots))
    else:
        nearest = _longest(wanted, case.texts)
        spots = (case.found(nearest),) if nearest else ()
        case.faults.append(Fault(FaultType.QUOTE, place, spots))
    return False


def _find(wanted: str, text: Text) -> int | None:
    """The first run that cuts no number and no folded character."""
    at = text.words.find(wanted)
    while at >= 0:
        if not (_splits(text, at) or _splits(text, at + len(wanted))):
            return at
        at = text.words.find(wanted, at + 1)
    return None


def _splits(text: Text, at: int) -> bool:
    if not 0 < at < len(text.words):
        return False
    before, after = text.words[at - 1], text.words[at]
    if text.offsets[at - 1] == text.offsets[at]:
        return True
    if cuts_numeral(text.words, at):
        return True
    return before.isascii() and after.isascii() and before.isalpha() and after.isalpha()


def _check_edges(case: Case, place: Place, run: tuple[int, int, int]) -> None:
    """A run may be shortened, but not by the word that turns it or bounds its figure."""
    witness, start, end = run
    text = case.texts[witness]
    before, behind = text.words[max(0, start - 12) : start], text.words[end : end + 8]
    kinds: list[tuple[FaultType, Found]] = []
    turned = [match for match in NEGATION.finditer(before) if match.lastgroup != "none"]
    if turned and turned[-1].end() == len(before):
        first = start - len(before) + turned[-1].start()
        kinds.append((FaultType.NEGATION, Found(witness, first, start)))
    first_digit = text.words[start : start + 1].isdecimal()
    if first_digit and (match := _CUT_BEFORE.search(before)):
        kinds.append((FaultType.COMPARATOR, Found(witness, start - len(match.group()), end)))
    figure = any(q.core[1] == end or q.core[0] < end < q.end for q in text.quantities)
    if figure and (match := _CUT_BEHIND.match(behind)):
        kinds.append((FaultType.COMPARATOR, Found(witness, start, end + match.end())))
    if text.words[end - 1 : end].isdecimal() and (match := _SCALED.match(behind)):
        kinds.append((FaultType.UNIT, Found(witness, start, end + match.end())))
    for kind, found in kinds:
        case.faults.append(Fault(kind, place, (case.found(found),)))


def _pieces(wanted: str, texts: Sequence[Text]) -> list[Found]:
    """Two or more runs of the witnesses that together are the quote; empty if none are."""
    pieces: list[Found] = []
    at = 0
    while at < len(wanted):
        longest = _run_at(wanted, at, texts)
        if longest is None or not _is_piece(wanted[at : at + longest.end - longest.start]):
            # A mark between two pieces is the quoter's.
            if wanted[at] in "…,;:、。\"'. " and pieces:
                at += 1
                continue
            return []
        pieces.append(longest)
        at += longest.end - longest.start
    return pieces if len(pieces) > 1 else []


def _is_piece(run: str) -> bool:
    """Whether a run is long enough to be somebody's words, and no figure that stands anywhere."""
    return len(run) >= (_PIECE if re.search(r"[\d%]", run) else _PIECE - 1)


def _run_at(wanted: str, at: int, texts: Sequence[Text]) -> Found | None:
    best: Found | None = None
    length = 1
    for witness, text in enumerate(texts):
        found = text.words.find(wanted[at : at + length])
        while found >= 0 and at + length <= len(wanted):
            end = found + length
            while (
                at + (end - found) < len(wanted)
                and text.words[end : end + 1] == wanted[at + end - found]
            ):
                end += 1
            best, length = Found(witness, found, end), end - found + 1
            found = text.words.find(wanted[at : at + length], found + 1)
    return best


def _longest(wanted: str, texts: Sequence[Text]) -> Found | None:
    """The longest run of the quote that stands in a witness."""
    runs = [run for at in range(0, len(wanted), 2) if (run := _run_at(wanted, at, texts))]
    return max(runs, key=lambda run: (run.end - run.start, -run.witness, -run.start), default=None)
