"""What is done at the desk, carried out one deed after another; each is saved at once.

A deed is applied to the brief as it is now, whoever changed it meanwhile, but only to a statement
that is as the person saw it: two people meet only at the same statement. Where both wrote it,
nothing is saved until the one who came second has decided; any other deed is refused, and the
statement shown as it is now.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from briefs import arranging
from briefs.errors import UnknownStatementError
from briefs.model import Brief, Evidence, Statement, StatementKind, page_href
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import rearranging
from briefs.workbench.pages.committing import (
    Change,
    Lines,
    as_seen,
    commit,
    edit,
    statement_of,
    unseen,
    with_edited,
)
from briefs.workbench.pages.common import MENDABLE, shared_workbench, words
from briefs.workbench.pages.events import LONGEST_PASTE, Do, Event, page_of, read_packet
from briefs.workbench.pages.refusals import TooLongError, UnseenChangeError
from briefs.workbench.pages.seat import Seat, mark_of, seat, seated
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
        if event.is_too_long:
            raise TooLongError(most=LONGEST_PASTE)
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
    title = event.text.strip()
    if not title:
        return
    known = {event.was, title, place.title}

    def changed(brief: Brief) -> tuple[str, Lines]:
        return (title if brief.title in known else brief.title), brief.statements

    _, saved = commit(bench, place, changed)
    if saved.title == title:
        place.title = title
        place.refused.pop(event.key, None)
    else:
        place.refused[event.key] = {"clash": "both"}


def _text(bench: Workbench, place: Seat, event: Event) -> None:
    text = event.text.strip()
    if not text:
        return
    knows_all = False

    def still(brief: Brief, place: Seat, event: Event) -> Statement:
        nonlocal knows_all
        line = statement_of(brief, place, event.key)
        if not place.told_last(line) and line.text not in {event.was, event.was.strip(), text}:
            raise unseen(brief, line)
        knows_all = place.has_seen(line, event.seen)
        return line

    try:
        _, new = edit(bench, place, event, lambda line: replace(line, text=text), still=still)
    except UnknownStatementError:
        # What was cut off and stayed where it was goes back there with all that was typed.
        place.refused.setdefault(event.key, {"clash": "gone"})
        return
    except UnseenChangeError:
        place.refused[event.key] = {"clash": "both"}
        return
    place.refused.pop(event.key, None)
    # What was said of the words while they were typed is said of them as they are stored.
    place.checked = None
    place.tell(new)
    if not knows_all and new.id is not None:
        # Somebody else changed what goes with the words: that the person has not seen yet.
        place.marks.pop(new.id, None)


def _check(bench: Workbench, place: Seat, event: Event) -> None:
    line = statement_of(bench.briefs.get(place.brief_id), place, event.key)
    if line.is_withheld:
        return
    verdict = bench.gating.marks(
        line.kind, event.text, formula=line.formula, evidence=line.evidence
    )
    found = findings_of([*verdict.faults, *verdict.doubts], evidence=line.evidence)
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
    _, new = edit(bench, place, event, lambda line: replace(line, kind=kind, level=level))
    if new.kind is not kind:
        place.say(words()("desk.stays_paraphrase"))


def _level(bench: Workbench, place: Seat, event: Event) -> None:
    level = event.level
    edit(
        bench,
        place,
        event,
        lambda line: (
            replace(line, level=level)
            if line.kind is StatementKind.HEADING and level is not None
            else line
        ),
    )


def _length(bench: Workbench, place: Seat, event: Event) -> None:
    edit(bench, place, event, lambda line: replace(line, length=event.length))


def _formula(bench: Workbench, place: Seat, event: Event) -> None:
    formula = event.text.strip() or None

    def still(brief: Brief, place: Seat, event: Event) -> Statement:
        line = statement_of(brief, place, event.key)
        return line if (line.formula or "") == event.was else as_seen(brief, place, event)

    edit(bench, place, event, lambda line: replace(line, formula=formula), still=still)


def _unbind(bench: Workbench, place: Seat, event: Event) -> None:
    """Take away a place in a source, named by its address."""

    def unbound(line: Statement) -> Statement:
        rest = [x for x in line.evidence if page_href(x.version_id, x.spans) != event.text]
        return replace(line, evidence=tuple(rest))

    edit(bench, place, event, unbound)


def _decide(bench: Workbench, place: Seat, event: Event) -> None:
    brief = bench.briefs.get(place.brief_id)
    if not event.key:
        _decide_title(bench, place, event, brief)
        return
    line = as_seen(brief, place, event)
    if line.id is not None:
        bench.gating.decide(brief, line.id, reason=event.text, actor=bench.actor)


def _decide_title(bench: Workbench, place: Seat, event: Event, brief: Brief) -> None:
    title = bench.gating.report(brief).title
    if title is None or title.statement.id is None:
        return
    if mark_of(title.statement) != event.seen and place.title != brief.title:
        place.say(words()("desk.title_changed"), sort="bad")
        return
    bench.gating.decide(brief, title.statement.id, reason=event.text, actor=bench.actor)


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
