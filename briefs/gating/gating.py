"""The gate before a brief: what holds it back, and what persons let stand."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from briefs.errors import (
    FaultyStatementError,
    NakedStatementError,
    StatementError,
    UndecidableStatementError,
    UndecidedStatementError,
    UnknownStatementError,
)
from briefs.gate import VERSION, Doubt, Fault, Outcome, Reason, Verdict
from briefs.gating.decisions import Decisions
from briefs.gating.reports import Checked, Finding, Reading, Report, State
from briefs.gating.weighing import (
    Setting,
    claim_of,
    digest_of,
    is_lost,
    joined,
    setting_of,
    spans_within,
    weigh,
)
from briefs.model import Brief, Evidence, Passed, Statement, StatementKind
from briefs.rows import check_own
from knowledge.accounts.errors import NoReasonError
from knowledge.accounts.roles import Permission, require
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor, Metadata
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages

_FREE: Final = frozenset({StatementKind.JUDGEMENT, StatementKind.BACKGROUND})
_OPEN: Final = frozenset({State.NEEDS_PERSON, State.DECIDED})
_REFUSED: Final[tuple[tuple[State, type[StatementError]], ...]] = (
    (State.FAULT, FaultyStatementError),
    (State.NAKED, NakedStatementError),
    (State.NEEDS_PERSON, UndecidedStatementError),
)
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

    def report(self, brief: Brief) -> Report:
        """What the gate says of a brief as it is given, one `Checked` a statement, in order.

        Statements are checked by content, and what was checked lately is kept: after a change only
        what was changed takes time.
        """
        decided = self._decisions.of(brief.id)
        settings = self._settings([item for line in brief.statements for item in line.evidence])
        checked = []
        for number, line in enumerate(brief.statements, start=1):
            setting = joined(map(settings.__getitem__, line.evidence))
            others: tuple[Evidence, ...] = ()
            verdict = _verdict(line, setting, others)
            if is_lost(verdict):
                others = _others(brief, number - 1, self._kept(brief))
                verdict = _verdict(line, setting, others)
            state = _state(line, verdict)
            decision = decided.get(digest_of(line)) if state is State.NEEDS_PERSON else None
            found = _findings(verdict, (*line.evidence, *others))
            if decision is not None:
                state = State.DECIDED
            checked.append(Checked(number, line, state, verdict, found, decision))
        return Report(brief, tuple(checked))

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
        return weigh(claim_of(kind, text, formula), _quotes(evidence), setting)

    def decide(self, brief: Brief, statement_id: int, *, reason: str, actor: Actor) -> Checked:
        """Let a statement stand where the gate asks for a person, and return it as decided.

        The decision is entered in the log. It lapses when kind, words, formula or evidence of the
        statement change. Of several decisions the newest is shown; all are kept.

        Args:
            brief: as the person looked at it.
            statement_id: of one of its statements.
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
        return self.report(brief).checked[found.number - 1]

    def passed(self, brief: Brief, *, cleared: Brief | None = None) -> Passed:
        """That a brief may be published as far as the gate is concerned.

        Args:
            brief: as it is stored.
            cleared: as it is published, where personal data are blanked in it: a statement passes
                in one of the two forms, as blanking adds nothing to what it says.

        Raises:
            FaultyStatementError: a statement says what its evidence does not.
            NakedStatementError: one needs evidence and has none.
            UndecidedStatementError: one waits for a person's decision. Each names the first such
                statement, and says how many there are.
        """
        checked = self.report(brief).checked
        if cleared is not None and cleared.statements != brief.statements:
            after = self.report(cleared).checked
            pairs = zip(checked, after, strict=True)
            checked = tuple(b if a.state.stops else a for a, b in pairs)
        for state, error in _REFUSED:
            stopped = [each for each in checked if each.state is state]
            if stopped:
                raise error(id=brief.id, number=stopped[0].number, count=len(stopped))
        decided = (each.number for each in checked if each.state is State.DECIDED)
        return Passed(VERSION, tuple(decided))

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


def _check_decider(brief: Brief, *, actor: Actor) -> None:
    """The rule of who may let a statement stand: whoever may write the brief, its author too.

    Their name stands beside the decision. A chain of reviewers tightens the rule here.
    """
    require(actor, Permission.DRAFT)
    check_own(brief, actor)


def _verdict(line: Statement, setting: Setting, others: Sequence[Evidence]) -> Verdict:
    if line.is_withheld:
        return Verdict(Outcome.NEEDS_PERSON)
    claim = claim_of(line.kind, line.text, line.formula)
    return weigh(claim, _quotes(line.evidence), setting, _quotes(others))


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


def _quotes(items: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(item.quote for item in items)


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
