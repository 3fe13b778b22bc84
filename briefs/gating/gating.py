"""The gate before a brief: what holds it back, and what persons let stand."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from briefs.errors import UnknownStatementError
from briefs.evidence import widened
from briefs.gate import VERSION, Doubt, Fault, FaultType, Outcome, Reason, Verdict
from briefs.gating.decisions import Decisions
from briefs.gating.errors import (
    FaultyStatementError,
    NakedStatementError,
    NoPictureError,
    StatementError,
    UndecidableStatementError,
    UndecidedStatementError,
    UndecidedTitleError,
)
from briefs.gating.headed import TITLE, state_of, title_of, under, weigh_heading
from briefs.gating.pictured import pictured
from briefs.gating.reports import Checked, Decision, Finding, Reading, Report, State
from briefs.gating.weighing import (
    Setting,
    claim_of,
    digest_of,
    is_lost,
    joined,
    setting_of,
    spans_within,
)
from briefs.gating.wholes import weigh_whole
from briefs.model import Brief, Evidence, Passed, Statement, StatementKind
from briefs.rows import check_own
from knowledge.accounts.errors import NoReasonError
from knowledge.accounts.roles import Permission, require
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor, Metadata, Page
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages

_FREE: Final = frozenset({StatementKind.JUDGEMENT, StatementKind.BACKGROUND})
_OPEN: Final = frozenset({State.NEEDS_PERSON, State.DECIDED})
_REFUSED: Final[tuple[tuple[State, type[StatementError]], ...]] = (
    (State.FAULT, FaultyStatementError),
    (State.NAKED, NakedStatementError),
    (State.NEEDS_PERSON, UndecidedStatementError),
)
_REMEMBERED: Final = 4096
Kept = Callable[[Brief], Sequence[Evidence]]
"""What else of a brief's sources a quote may stand in."""


class Gating:
    """Puts briefs through the gate for whoever sees them; safe in several threads.

    What is withheld from its viewer is neither checked nor looked into.
    """

    def __init__(
        self,
        documents: Documents,
        passages: Passages,
        *,
        decisions: Decisions,
        clock: Callable[[], datetime],
        kept: Kept = lambda _: (),
    ) -> None:
        """Make the service for a person.

        Args:
            documents: those that the person may see.
            passages: those that the person may see.
            decisions: what persons let stand.
            clock: gives the moment of every decision.
            kept: the folder of a brief, where a quote is looked for that its evidence has not.
        """
        self._documents = documents
        self._passages = passages
        self._decisions = decisions
        self._clock = clock
        self._kept = kept
        self._widened: dict[Evidence, Evidence] = {}

    def report(self, brief: Brief) -> Report:
        """What the gate says of a brief as it is given, one `Checked` a statement, in order.

        Statements are checked by content, and what was checked lately is kept: after a change only
        what was changed takes time.
        """
        decided = self._decisions.of(brief.id)
        items = [item for line in brief.statements for item in line.evidence]
        settings, wholes = self._settings(items), self._wholes(items)
        checked = []
        for number, line in enumerate(brief.statements, start=1):
            setting = joined(map(settings.__getitem__, line.evidence))
            own = tuple(map(wholes.__getitem__, line.evidence))
            others: tuple[Evidence, ...] = ()
            verdict = _verdict(line, own, setting, others)
            if is_lost(verdict):
                others = _others(brief, number - 1, self._kept(brief))
                verdict = _verdict(line, own, setting, others)
            verdict = self._pictured(line, verdict)
            found = _findings(verdict, (*line.evidence, *others, *own))
            made = Checked(number, line, _state(line, verdict), verdict, found)
            checked.append(_let_stand(made, decided))
        named = {item: settings[item].title for item in items}
        for at, each in enumerate(checked):
            if each.statement.kind is StatementKind.HEADING:
                checked[at] = _headed(each, tuple(under(checked, at)), named, decided)
        title = Checked(TITLE, title_of(brief.title), State.OWN, Verdict(Outcome.SUPPORTED))
        return Report(brief, tuple(checked), _headed(title, checked, named, decided))

    def marks(
        self,
        kind: StatementKind,
        text: str,
        *,
        formula: str | None = None,
        evidence: Sequence[Evidence] = (),
    ) -> Verdict:
        """What the gate says of a statement while it is typed; other sources are not looked into.

        Places count characters of `text` and of the quotes, in their order. A few milliseconds.
        """
        setting = joined(self._settings(evidence).values())
        wholes = self._wholes(evidence)
        whole = tuple(wholes[item] for item in evidence)
        verdict = weigh_whole(claim_of(kind, text, formula), evidence, whole, setting=setting)
        return pictured(verdict, kind, text, evidence=evidence, documents=self._documents)

    def decide(self, brief: Brief, statement_id: int, *, reason: str, actor: Actor) -> Checked:
        """Let a statement stand where the gate asks for a person, and return it as decided.

        The decision is entered in the log. It lapses when kind, words, formula or evidence of the
        statement change. Of several decisions the newest is shown; all are kept.

        Args:
            brief: as the person looked at it.
            statement_id: of one of its statements; 0 for its title.
            reason: why, in their words; every reader of the draft is shown it.
            actor: who decides.

        Raises:
            NotPermittedError: the actor may not write briefs.
            NoReasonError: no reason.
            UnknownStatementError: the brief has no such statement.
            UndecidableStatementError: the gate leaves nothing to a person: a fault is to be mended,
                a naked statement to be borne out.
            UnknownBriefError: no such brief; `OtherBranchError`: another branch's.
            StaleRevisionError: it was changed since it was read.
        """
        _check_decider(brief, actor=actor)
        if not reason.strip():
            raise NoReasonError
        found = self.report(brief).of(statement_id)
        if found is None:
            raise UnknownStatementError(id=brief.id, number=statement_id)
        if found.state not in _OPEN:
            raise UndecidableStatementError(id=brief.id, number=found.number)
        self._decisions.enter(
            brief, found.statement, reason=reason.strip(), actor=actor, at=self._clock()
        )
        return self.report(brief).of(statement_id) or found

    def passed(self, brief: Brief, *, cleared: Brief | None = None) -> Passed:
        """That a brief may be published as far as the gate is concerned.

        Args:
            brief: as it is stored.
            cleared: as it is published, where personal data are blanked in it: a statement passes
                in one of the two forms, as blanking adds nothing to what it says.

        Raises:
            FaultyStatementError: a statement says what its evidence does not.
            NoPictureError: a figure has no picture.
            NakedStatementError: one needs evidence and has none.
            UndecidedStatementError: one waits for a person's decision. Each names the first such
                statement, and says how many there are.
            UndecidedTitleError: the title does.
        """
        checked = self.report(brief).everything
        if cleared is not None:
            after = self.report(cleared).everything
            pairs = zip(checked, after, strict=True)
            checked = tuple(b if a.state.stops else a for a, b in pairs)
        for state, error in _REFUSED:
            stopped = [each for each in checked if each.state is state]
            if stopped and stopped[0].number == TITLE:
                raise UndecidedTitleError(id=brief.id, number=TITLE, count=len(stopped))
            if stopped:
                types = {fault.type for fault in stopped[0].verdict.faults}
                kind = NoPictureError if types == {FaultType.PICTURE} else error
                raise kind(id=brief.id, number=stopped[0].number, count=len(stopped))
        # The title is no line of the publication.
        decided = (e.number for e in checked if e.state is State.DECIDED and e.number != TITLE)
        return Passed(VERSION, tuple(decided))

    def _pictured(self, line: Statement, verdict: Verdict) -> Verdict:
        if line.is_withheld:
            return verdict
        return pictured(
            verdict, line.kind, line.text, evidence=line.evidence, documents=self._documents
        )

    def _settings(self, items: Sequence[Evidence]) -> dict[Evidence, Setting]:
        """How the sources of evidence are called."""
        named: dict[int, Metadata] = {}
        for version_id in {item.version_id for item in items}:
            # One that was closed meanwhile is called nothing; publishing asks once more.
            with suppress(UnknownRecordError):
                named[version_id] = self._documents.document_of_version(version_id).metadata
        ids = sorted({item.passage_id for item in items if item.passage_id is not None})
        passages = self._passages.many(ids) if ids else {}
        made = {}
        for item in items:
            passage = None if item.passage_id is None else passages.get(item.passage_id)
            heading = () if passage is None else passage.heading
            made[item] = setting_of(named.get(item.version_id, Metadata()), heading)
        return made

    def _wholes(self, items: Sequence[Evidence]) -> dict[Evidence, Evidence]:
        """Evidence widened to whole sentences; pages never change, so what was read is kept."""
        if len(self._widened) > _REMEMBERED:
            self._widened = {}
        known = self._widened
        found = {item: known[item] for item in items if item in known}
        wanted: defaultdict[int, set[int]] = defaultdict(set)
        for item in items:
            if item not in found and item.quote:
                wanted[item.version_id].update(span.page for span in item.spans)
        pages: dict[int, list[Page]] = {}
        for version_id, indexes in wanted.items():
            with suppress(UnknownRecordError):
                pages[version_id] = self._documents.pages(version_id, sorted(indexes))
        for item in items:
            if item not in found:
                found[item] = widened(item, pages.get(item.version_id, ()))
                if item.version_id in pages:
                    known[item] = found[item]
        return found


def _check_decider(brief: Brief, *, actor: Actor) -> None:
    """The rule of who may let a statement stand: whoever may write the brief, its author too.

    Their name stands beside the decision. A chain of reviewers tightens the rule here.
    """
    require(actor, Permission.DRAFT)
    check_own(brief, actor)


def _verdict(
    line: Statement, wholes: Sequence[Evidence], setting: Setting, others: Sequence[Evidence]
) -> Verdict:
    if line.is_withheld:
        return Verdict(Outcome.NEEDS_PERSON)
    claim = claim_of(line.kind, line.text, line.formula)
    return weigh_whole(claim, line.evidence, wholes, setting=setting, others=others)


def _headed(
    heading: Checked,
    below: Sequence[Checked],
    named: Mapping[Evidence, str],
    decided: Mapping[str, Decision],
) -> Checked:
    """A heading, or the title, before the statements that it stands over."""
    titles = [named[item] for each in below for item in each.statement.evidence]
    verdict = weigh_heading(heading.statement, below, titles)
    found = _findings(verdict, ())
    state = state_of(verdict)
    return _let_stand(replace(heading, state=state, verdict=verdict, findings=found), decided)


def _let_stand(each: Checked, decided: Mapping[str, Decision]) -> Checked:
    """The same with the decision of a person, where one is needed and was made."""
    if each.state is not State.NEEDS_PERSON:
        return each
    decision = decided.get(digest_of(each.statement))
    return each if decision is None else replace(each, state=State.DECIDED, decision=decision)


def _state(line: Statement, verdict: Verdict) -> State:
    if line.is_withheld:
        return State.WITHHELD
    unborne = any(doubt.reason is Reason.NO_EVIDENCE for doubt in verdict.doubts)
    # Evidence whose words were discarded bears out nothing.
    if line.is_naked or unborne:
        return State.NAKED
    if line.kind is StatementKind.HEADING:
        return State.OWN
    if verdict.outcome is Outcome.SUPPORTED and line.kind in _FREE:
        return State.OWN
    return State(verdict.outcome.value)


def _others(brief: Brief, index: int, folder: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """What the brief's other statements rest on, and what lies in its folder; each text once."""
    lines = (line for at, line in enumerate(brief.statements) if at != index)
    own = {item.quote for item in brief.statements[index].evidence}
    found = [*(item for line in lines for item in line.evidence), *folder]
    by_words = {item.quote: item for item in reversed(found) if item.quote not in own}
    return tuple(reversed(by_words.values()))


def _findings(verdict: Verdict, items: Sequence[Evidence]) -> tuple[Finding, ...]:
    def finding(found: Fault | Doubt) -> Finding:
        places = [place for place in found.evidence if place.witness is not None]
        readings = (
            _reading(items[place.witness], place.words, (place.start, place.end))
            for place in places
            if place.witness is not None
        )
        what = found.type if isinstance(found, Fault) else found.reason
        value = found.value if isinstance(found, Fault) else None
        return Finding(what, found.statement, tuple(readings), value)

    found: list[Fault | Doubt] = [*verdict.faults, *verdict.doubts]
    return tuple(map(finding, found))


def _reading(item: Evidence, words: str, place: tuple[int, int]) -> Reading:
    spans = spans_within(item, *place)
    return Reading(words, item.document_id, item.version_id, spans)
