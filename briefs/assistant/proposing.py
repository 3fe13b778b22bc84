"""Offer passages, ask, bind what comes back to its words, and let the gate decide."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from briefs.assistant.answering import read_reply, short
from briefs.assistant.asking import messages
from briefs.assistant.errors import NothingToOfferError
from briefs.assistant.model import Dropped, Offered, Proposal, Proposals, Said, Speaker, Unfit
from briefs.drafting.supporting import AGREEING
from briefs.editing import Editing
from briefs.errors import EvidenceError
from briefs.gate import Claim, Outcome, Witness, check
from briefs.model import Statement, StatementKind
from briefs.trail.noted import Asked, Means
from briefs.trail.trail import Trail
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Audit, Deed
from knowledge.accounts.roles import Permission, require
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import (
    Access,
    Actor,
    Mode,
    Result,
)
from knowledge.retrieval import Retriever
from knowledge.text import fold

PASSAGES: Final = 12
"""Passages offered at the most."""
LOOKED_AT: Final = 36
"""Passages found, of which those that may leave the house are offered."""
_PUBLIC: Final = Filter(access=frozenset({Access.PUBLIC}))
_KINDS: Final = {kind.value: kind for kind in (StatementKind.QUOTE, StatementKind.PARAPHRASE)}


class Assistant:
    """Asks a model for statements; it writes into no brief. Safe in several threads.

    What leaves the house: title and heading as given, and passages that anybody may see – with
    `only_public` False also others that the person may see. Every asking is entered in the log
    before anything is sent.
    """

    def __init__(
        self,
        retriever: Retriever,
        editing: Editing,
        *,
        speaker: Speaker,
        only_public: bool,
        audit: Audit,
        trail: Trail,
        clock: Callable[[], datetime],
    ) -> None:
        self._retriever = retriever
        self._editing = editing
        self._speaker = speaker
        self._only_public = only_public
        self._audit = audit
        self._trail = trail
        self._clock = clock

    def propose(
        self, title: str, *, actor: Actor, heading: str = "", brief_id: int | None = None
    ) -> Proposals:
        """Ask for statements on a heading of a brief (or on its title), and keep what holds.

        A proposal is a quote or a paraphrase of one passage that was offered, bound to the whole
        sentences that the assistant quoted from and found borne out by the gate. All else is
        dropped.

        Args:
            title: of the brief.
            actor: who asks.
            heading: under which the statements shall stand.
            brief_id: named in the log; the search goes into its trail.

        Raises:
            NotPermittedError: the actor may not draft.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's, which shares it for reading.
            NothingToOfferError: nothing was found that may be shown to it.
            AssistantDownError: it does not answer.
            AssistantReplyError: its reply is no list of statements.
        """
        require(actor, Permission.DRAFT)
        query = f"{heading} {title}".strip()
        offered = self._offered(query, brief_id=brief_id, actor=actor)
        if not offered:
            raise NothingToOfferError
        self._note(actor, brief_id, len(offered))
        reply = self._speaker.reply(messages(title, heading, offered))
        return self._kept(read_reply(reply), offered)

    def _offered(self, query: str, *, brief_id: int | None, actor: Actor) -> tuple[Offered, ...]:
        selection = _PUBLIC if self._only_public else NO_FILTER
        found = self._retriever.search(query, LOOKED_AT, selection=selection, mode=Mode.HYBRID)
        fit = [result for result in found if not self._only_public or _is_public(result)][:PASSAGES]
        if brief_id is not None and query:
            asked = Asked(query, PASSAGES, selection=selection, means=Means.ASSISTANT)
            self._trail.note_search(brief_id, asked, found=fit, answered=bool(fit), actor=actor)
        return tuple(Offered(number, result) for number, result in enumerate(fit, 1))

    def _note(self, actor: Actor, brief_id: int | None, count: int) -> None:
        kind = "home" if brief_id is None else "brief"
        deed = Deed.by(actor, Action.ASK_ASSISTANT, kind=kind, record=brief_id, passages=count)
        self._audit.enter(deed, at=self._clock())

    def _kept(self, said: Iterable[Said | Dropped], offered: tuple[Offered, ...]) -> Proposals:
        by_number = {each.number: each for each in offered}
        kept: list[Proposal] = []
        dropped: list[Dropped] = []
        taken = set[str]()
        for each in said:
            if isinstance(each, Dropped):
                dropped.append(each)
                continue
            made = self._judged(each, by_number.get(each.passage))
            if isinstance(made, Proposal) and fold(made.statement.text) in taken:
                made = Dropped(short(each.text), Unfit.REPEATED)
            if isinstance(made, Dropped):
                dropped.append(made)
            else:
                taken.add(fold(made.statement.text))
                kept.append(made)
        return Proposals(tuple(kept), tuple(dropped), offered)

    def _judged(self, said: Said, offered: Offered | None) -> Proposal | Dropped:
        shown = short(said.text)
        kind = _KINDS.get(said.kind)
        if kind is None:
            return Dropped(shown, Unfit.KIND)
        if offered is None:
            return Dropped(shown, Unfit.UNKNOWN_PASSAGE)
        try:
            quoted = self._editing.evidence_in(offered.result.passage, said.quote)
        except EvidenceError:
            return Dropped(shown, Unfit.WORDS_NOT_THERE)
        # Nobody chose where the quote was cut: it is judged, and bound, as the whole sentence.
        evidence = self._editing.whole(quoted)
        verdict = check(Claim(kind, said.text), [Witness(evidence.quote)])
        if verdict.outcome is Outcome.FAULT:
            return Dropped(shown, Unfit.FAULT, verdict)
        # Of what nobody chose, more must be the source's own words than the gate asks for.
        if verdict.outcome is not Outcome.SUPPORTED or verdict.likeness < AGREEING:
            return Dropped(shown, Unfit.NEEDS_PERSON, verdict)
        return Proposal(Statement(kind, said.text, (evidence,)), offered, verdict)


def _is_public(result: Result) -> bool:
    document = result.document
    stamps = (document.stamp, result.version.stamp)
    return document.opens_as is None and all(s.access is Access.PUBLIC for s in stamps)
