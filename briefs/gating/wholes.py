"""A statement before its evidence, and before the sentences that the evidence was cut out of.

Evidence may be part of a sentence. It bears out a statement only where the sentence does not say
otherwise: 出售读者信息 out of 不得出售读者信息 bears out nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from briefs.gate import Claim, Doubt, Fault, FaultType, Outcome, Place, Reason, Verdict
from briefs.gate.cuts import turned_at
from briefs.gating.weighing import Setting, weigh
from briefs.model import Evidence, StatementKind

_TURNING: Final = (
    *(FaultType.NUMBER, FaultType.DATE, FaultType.UNIT),
    *(FaultType.COMPARATOR, FaultType.NEGATION, FaultType.TREND),
)
_ORDER: Final = {kind: at for at, kind in enumerate(FaultType)}
_UNSTATED: Final = {StatementKind.JUDGEMENT, StatementKind.BACKGROUND, StatementKind.FIGURE}
_LIMITED: Final = {Reason.STRICTNESS, Reason.WORDING, Reason.ROUNDED}


def weigh_whole(
    claim: Claim,
    items: Sequence[Evidence],
    wholes: Sequence[Evidence],
    *,
    setting: Setting,
    others: Sequence[Evidence] = (),
) -> Verdict:
    """What the gate says of a claim before its evidence; what the whole sentences add counts, too.

    Args:
        claim: the statement.
        items: its evidence.
        wholes: the same, widened to whole sentences (`briefs.evidence.widened`).
        setting: what the sources are called.
        others: evidence of other statements.

    Returns:
        The verdict. Places count on: after `items` come `others`, after these `wholes`.
    """
    verdict = weigh(claim, _quotes(items), setting, _quotes(others))
    cut = [at for at, item in enumerate(items) if wholes[at] != item]
    if not cut:
        return verdict
    count = len(items) + len(others)
    wide = weigh(claim, _quotes(wholes), setting)
    held = {(fault.type, fault.statement) for fault in verdict.faults}
    faults = [
        replace(fault, evidence=_shifted(fault.evidence, count))
        for fault in wide.faults
        if fault.type in _TURNING and (fault.type, fault.statement) not in held
    ]
    asked = {doubt.reason for doubt in verdict.doubts}
    doubts = [
        replace(doubt, evidence=_shifted(doubt.evidence, count))
        for doubt in wide.doubts
        if doubt.reason in _LIMITED and doubt.reason not in asked
    ]
    told = {fault.type for fault in (*verdict.faults, *faults)}
    if claim.kind not in _UNSTATED and FaultType.NEGATION not in told:
        faults += _turned(claim, items, wholes, count=count)
    return _joined(verdict, faults, doubts)


def _turned(
    claim: Claim, items: Sequence[Evidence], wholes: Sequence[Evidence], *, count: int
) -> list[Fault]:
    """The faults of evidence that was cut off just behind its negation."""
    stated = Place(claim.text, 0, len(claim.text))
    found = []
    for at, (item, whole) in enumerate(zip(items, wholes, strict=True)):
        start = item.spans[0].start - whole.spans[0].start if item.spans else 0
        place = turned_at(whole.quote, start) if start > 0 else None
        if place is not None:
            words = Place(whole.quote[slice(*place)], *place, count + at)
            found.append(Fault(FaultType.NEGATION, stated, (words,)))
    return found


def _joined(verdict: Verdict, faults: Sequence[Fault], doubts: Sequence[Doubt]) -> Verdict:
    if not (faults or doubts):
        return verdict
    all_faults = sorted(
        (*verdict.faults, *faults),
        key=lambda f: (f.statement.start, _ORDER[f.type], f.statement.end),
    )
    all_doubts = sorted(
        (*verdict.doubts, *doubts), key=lambda d: (d.statement.start, d.reason, d.statement.end)
    )
    outcome = Outcome.FAULT if all_faults else Outcome.NEEDS_PERSON
    return replace(verdict, outcome=outcome, faults=tuple(all_faults), doubts=tuple(all_doubts))


def _shifted(places: Sequence[Place], count: int) -> tuple[Place, ...]:
    return tuple(
        place if place.witness is None else replace(place, witness=place.witness + count)
        for place in places
    )


def _quotes(items: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(item.quote for item in items)
