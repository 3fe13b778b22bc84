"""What is done at the desk, carried out one deed after another; each is saved at once.

A deed is applied to the brief as it is now, whoever changed it meanwhile: two people meet only
where both wrote the same statement, and then nothing is saved until the one who came second has
decided.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from briefs import arranging
from briefs.errors import UnknownStatementError
from briefs.model import Brief, Evidence, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import rearranging
from briefs.workbench.pages.committing import (
    Change,
    Lines,
    commit,
    edit,
    statement_of,
    with_edited,
)
from briefs.workbench.pages.common import MENDABLE, shared_workbench, words
from briefs.workbench.pages.events import Do, Event, page_of, read_packet
from briefs.workbench.pages.seat import Seat, seat, seated
from briefs.workbench.pages.statement import findings_of, judged
from briefs.workbench.wording import KnownError


def receive(result: object) -> None:
    """Carry out what the tab has sent and this session has not yet seen."""
    packet = read_packet(getattr(result, "events", None))
    if packet is None:
        return
    place = seated(packet.brief_id)
    if place is None:
        return
    if packet.client != place.client:
        place.forget()
        place.client = packet.client
    for event in packet.events:
        if event.seq > place.seen:
            place.seen = event.seq
            carry_out(shared_workbench(), place, event)


def carry_out(bench: Workbench, place: Seat, event: Event) -> None:
    """Do what an event says; what is refused is said, and changes nothing."""
    try:
        _DEEDS[event.do](bench, place, event)
    except MENDABLE as error:
        _refuse(place, event, error)


def support(brief_id: int, statement_id: int, *, evidence: Sequence[Evidence]) -> bool:
    """Bind a statement to more places in sources; those that it has are left out."""

    def bound(line: Statement) -> Statement:
        new = [each for each in evidence if each not in line.evidence]
        return replace(line, evidence=(*line.evidence, *new))

    return _from_the_side(brief_id, lambda brief: with_edited(brief, statement_id, bound))


def insert(brief_id: int, new: Sequence[Statement], *, after: int | None) -> bool:
    """Add statements behind another one; None for the end."""

    def inserted(brief: Brief) -> tuple[str, Lines]:
        last = brief.statements[-1].id if brief.statements else None
        at = after if after is not None else last
        return brief.title, arranging.inserted(brief.statements, new, after=at)

    return _from_the_side(brief_id, inserted)


def _from_the_side(brief_id: int, change: Change) -> bool:
    """Change the brief for something beside the desk; says what was refused."""
    place, bench = seat(brief_id), shared_workbench()
    try:
        commit(bench, place, change)
    except MENDABLE as error:
        place.say(words().error(error), sort="bad")
        return False
    return True


def _refuse(place: Seat, event: Event, error: KnownError) -> None:
    sentence = words().error(error)
    if event.do in {Do.TEXT, Do.INSERT}:
        place.refused[event.key] = {"words": sentence}
    else:
        place.say(sentence, sort="bad")


def _title(bench: Workbench, place: Seat, event: Event) -> None:
    if event.text.strip():
        commit(bench, place, lambda brief: (event.text.strip(), brief.statements))


def _text(bench: Workbench, place: Seat, event: Event) -> None:
    text = event.text.strip()
    brief = bench.briefs.get(place.brief_id)
    try:
        line = statement_of(brief, place, event.key)
    except UnknownStatementError:
        place.refused[event.key] = {"clash": "gone"}
        return
    if not place.told_last(line) and line.text not in {event.was, event.was.strip(), text}:
        place.refused[event.key] = {"clash": "both"}
        return
    place.refused.pop(event.key, None)
    if text:
        _, new = edit(bench, place, event.key, lambda each: replace(each, text=text))
        place.tell(new)


def _check(bench: Workbench, place: Seat, event: Event) -> None:
    line = statement_of(bench.briefs.get(place.brief_id), place, event.key)
    if line.is_withheld:
        return
    verdict = bench.gating.marks(
        line.kind, event.text, formula=line.formula, evidence=line.evidence
    )
    found = findings_of([*verdict.faults, *verdict.doubts])
    marks, notes = judged(event.text, found)
    place.checked = {
        "key": event.key,
        "version": event.version,
        "text": event.text,
        "marks": marks,
        "notes": [] if line.is_naked else notes,
    }


def _kind(bench: Workbench, place: Seat, event: Event) -> None:
    level = 1 if event.kind is StatementKind.HEADING else None
    kind = event.kind
    _, new = edit(bench, place, event.key, lambda line: replace(line, kind=kind, level=level))
    if new.kind is not kind:
        place.say(words()("desk.stays_paraphrase"))


def _level(bench: Workbench, place: Seat, event: Event) -> None:
    level = event.level
    edit(
        bench,
        place,
        event.key,
        lambda line: (
            replace(line, level=level)
            if line.kind is StatementKind.HEADING and level is not None
            else line
        ),
    )


def _length(bench: Workbench, place: Seat, event: Event) -> None:
    edit(bench, place, event.key, lambda line: replace(line, length=event.length))


def _formula(bench: Workbench, place: Seat, event: Event) -> None:
    formula = event.text.strip() or None
    edit(bench, place, event.key, lambda line: replace(line, formula=formula))


def _unbind(bench: Workbench, place: Seat, event: Event) -> None:
    at = event.number
    edit(
        bench,
        place,
        event.key,
        lambda line: replace(line, evidence=(*line.evidence[:at], *line.evidence[at + 1 :])),
    )


def _decide(bench: Workbench, place: Seat, event: Event) -> None:
    brief = bench.briefs.get(place.brief_id)
    line = statement_of(brief, place, event.key)
    if line.id is not None:
        bench.gating.decide(brief, line.id, reason=event.text, actor=bench.actor)


def _focus(_bench: Workbench, place: Seat, event: Event) -> None:
    place.current = event.key


def _support(_bench: Workbench, place: Seat, event: Event) -> None:
    place.current = event.key
    place.turn_to("support")


def _open(bench: Workbench, place: Seat, event: Event) -> None:
    place.current = event.key
    publication = bench.publishing.preview(place.brief_id)
    brief = bench.briefs.get(place.brief_id)
    line = statement_of(brief, place, event.key)
    citations = publication.lines[list(brief.statements).index(line)].citations
    if event.number < len(citations):
        place.open_page(citations[event.number].href)


def _page(_bench: Workbench, place: Seat, event: Event) -> None:
    if page_of(event.text) is not None:
        place.open_page(event.text)


def _resolve(_bench: Workbench, place: Seat, event: Event) -> None:
    place.refused.pop(event.key, None)


def _look(_bench: Workbench, _place: Seat, _event: Event) -> None:
    """Nothing is done: whoever looks is shown the brief as it is now."""


_DEEDS: Final[dict[Do, Callable[[Workbench, Seat, Event], None]]] = {
    Do.TITLE: _title,
    Do.TEXT: _text,
    Do.CHECK: _check,
    Do.KIND: _kind,
    Do.LEVEL: _level,
    Do.LENGTH: _length,
    Do.FORMULA: _formula,
    Do.INSERT: rearranging.insert,
    Do.SPLIT: rearranging.split,
    Do.MERGE: rearranging.merge,
    Do.MOVE: rearranging.move,
    Do.DELETE: rearranging.delete,
    Do.PASTE: rearranging.paste,
    Do.UNBIND: _unbind,
    Do.DECIDE: _decide,
    Do.UNDO: rearranging.undo,
    Do.REDO: rearranging.redo,
    Do.FOCUS: _focus,
    Do.SUPPORT: _support,
    Do.OPEN: _open,
    Do.PAGE: _page,
    Do.RESOLVE: _resolve,
    Do.LOOK: _look,
}
