"""One statement as the desk draws it: words, state, marks, and the places of its evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from briefs.gate import Doubt, Fault, FaultType, Place
from briefs.gating.reports import Checked, Decision, Finding, Reading, Report, State
from briefs.gating.weighing import spans_within
from briefs.model import Citation, Evidence, Line, Publication, Reference, percent
from briefs.workbench.pages.common import moment, place, words
from briefs.workbench.pages.seat import mark_of

Drawn = dict[str, Any]
"""What goes to the browser as JSON; nothing in it is markup."""
_NAMES = {State.NEEDS_PERSON: "doubt", State.OWN: "plain"}
_LONGEST_READING = 60


def rows(report: Report, publication: Publication) -> list[Drawn]:
    """Every statement of a brief, in order.

    Args:
        report: what the gate says of it.
        publication: the brief as readers would get it, which numbers its sources.
    """
    references = {each.number: each for each in publication.references}
    pairs = zip(report.checked, publication.lines, strict=True)
    return [_row(checked, line, references) for checked, line in pairs]


def titled(checked: Checked | None) -> Drawn:
    """What the gate says of the title of a brief."""
    if checked is None:
        return {"mark": "", "notes": [], "can_decide": False}
    _, notes = judged(checked.statement.text, checked.findings)
    return {
        "mark": mark_of(checked.statement),
        "notes": notes if checked.decision is None else [_decided(checked.decision)],
        "can_decide": checked.state is State.NEEDS_PERSON,
    }


def judged(text: str, findings: Sequence[Finding]) -> tuple[list[Drawn], list[Drawn]]:
    """What to underline in a text, and the notes to put below it."""
    units = _units(text)
    notes = [_note(each) for each in findings]
    marks = []
    for finding, note in zip(findings, notes, strict=True):
        start, end = finding.statement.start, finding.statement.end
        is_whole = end - start >= len(text.strip())
        if start < end and not is_whole:
            said = note["what"]
            if note["said"]:
                said = words()("desk.differs", what=said, reading=note["said"])
            marks.append(
                {"start": units[start], "end": units[end], "sort": note["sort"], "note": said}
            )
    return sorted(marks, key=lambda each: (each["start"], each["end"])), notes


def findings_of(found: Sequence[Fault | Doubt], *, evidence: Sequence[Evidence]) -> list[Finding]:
    """What was found while somebody types, with the readings in the statement's own evidence."""

    def reading(at: Place, item: Evidence) -> Reading:
        spans = spans_within(item, at.start, at.end)
        return Reading(at.words, item.document_id, item.version_id, spans)

    def finding(each: Fault | Doubt) -> Finding:
        readings = tuple(
            reading(at, evidence[at.witness])
            for at in each.evidence
            if at.witness is not None and at.witness < len(evidence)
        )
        if isinstance(each, Fault):
            return Finding(each.type, each.statement, readings, each.value)
        return Finding(each.reason, each.statement, readings)

    return [finding(each) for each in found]


def characters(text: str, units: int) -> int:
    """The place in a text that a browser counts as `units`; never behind its end."""
    counted = 0
    for at, letter in enumerate(text):
        if counted >= units:
            return at
        counted += 1 if ord(letter) < 0x10000 else 2
    return len(text)


def _units(text: str) -> list[int]:
    places = [0]
    for letter in text:
        places.append(places[-1] + (1 if ord(letter) < 0x10000 else 2))
    return places


def _row(checked: Checked, line: Line, references: Mapping[int, Reference]) -> Drawn:
    statement = checked.statement
    is_withheld = checked.state is State.WITHHELD
    marks, notes = judged(statement.text, () if is_withheld else checked.findings)
    if checked.state is State.NAKED:
        notes = [each for each in notes if each["sort"] == "fault"]
    if checked.decision is not None:
        notes = [_decided(checked.decision)]
        marks = []
    return {
        "id": statement.id,
        "mark": mark_of(statement),
        "kind": statement.kind.value,
        "text": "" if is_withheld else statement.text,
        "level": statement.level,
        "length": statement.length.value,
        "formula": statement.formula or "",
        "state": _NAMES.get(checked.state, checked.state.value),
        "withheld": is_withheld,
        "can_decide": checked.state is State.NEEDS_PERSON,
        "chips": [] if is_withheld else [_chip(x, references[x.reference]) for x in line.citations],
        "marks": marks,
        "notes": notes,
    }


def _chip(citation: Citation, reference: Reference) -> Drawn:
    where = "" if citation.words else place(citation.page, citation.page_label)
    called = citation.words or f"[{citation.reference}]"
    sure = "" if citation.confidence is None else f"{percent(citation.confidence)}%"
    title = [reference.title, _short(citation.quote, 200)]
    if citation.confidence is not None:
        title.append(words()("picture.sure_short", percent=percent(citation.confidence)))
    return {
        "label": " ".join(part for part in (called, where, sure) if part),
        "title": "\n".join(title),
        "href": citation.href,
    }


def _note(finding: Finding) -> Drawn:
    _ = words()
    is_fault = finding.is_fault
    what = _(f"check.{'fault' if is_fault else 'doubt'}.{finding.what}")
    here = _short(finding.statement.words, _LONGEST_READING)
    readings = [_short(each.words, _LONGEST_READING) for each in finding.readings]
    there = " / ".join(dict.fromkeys(readings))
    if finding.value is not None:
        there = finding.value
    # A quote that stands nowhere is the whole statement: to repeat it tells nothing.
    if finding.what in {FaultType.QUOTE, FaultType.FRANKENQUOTE} or (not is_fault and not there):
        here = "" if len(here) > 20 else here
    said = _("desk.reading", here=here, there=there) if here and there else ""
    return {
        "sort": "fault" if is_fault else "doubt",
        "what": what,
        "here": here,
        "there": there,
        "said": said,
        "href": finding.readings[0].href if finding.readings else "",
    }


def _decided(decision: Decision) -> Drawn:
    when = moment(decision.made_at)
    what = words()("desk.decided_by", name=decision.name, when=when, reason=decision.reason)
    return {"sort": "decided", "what": what, "here": "", "there": "", "said": "", "href": ""}


def _short(text: str, longest: int) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= longest else f"{bare[: longest - 1]}…"
