"""What one person alone may not do: take a document out, withdraw an edition.

One person asks, with a reason; another who may do it too, and whose branch keeps the record, agrees
or refuses. Agreeing does it. Both have signed in, and neither keeps the other's account
(`knowledge.accounts.second_person`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from briefs.model import EditionRecord, EditionState, Withdrawal
from briefs.store import Briefs
from knowledge.access import is_own, require_own
from knowledge.accounts.register import Register
from knowledge.accounts.roles import require
from knowledge.accounts.second_person import KIND, NEEDED, Carrying, Proposal, Proposals, Serious
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor, Document, Stamp
from knowledge.store.documents import Documents

_SETTLED: Final = 20
"""Decided matters that are looked at for one list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that takes two persons, as one of them sees it."""

    proposal: Proposal
    subject: Document | EditionRecord
    is_own: bool
    """They asked for it themselves: they may take it back."""
    may_decide: bool
    """They may agree to it or refuse it."""

    @property
    def title(self) -> str:
        """Of the document, or of the edition as it was published."""
        return self.subject.title


class Seconding:
    """Asks, agrees and refuses for whoever may see the record; safe in several threads.

    A matter whose record a person may not see does not exist for them. Agreeing and what follows
    from it are one transaction.
    """

    def __init__(
        self,
        proposals: Proposals,
        documents: Documents,
        briefs: Briefs,
        *,
        register: Register,
        removed: Callable[[], object],
        clock: Callable[[], datetime],
    ) -> None:
        """Make the service for a person.

        Args:
            proposals: what was asked for.
            documents: those that the person may see.
            briefs: those that the person may see.
            register: of accounts: who else might agree.
            removed: called when a document was taken out, to bring the index of words up to date.
            clock: gives the moment of every decision.
        """
        self._proposals = proposals
        self._documents = documents
        self._briefs = briefs
        self._register = register
        self._removed = removed
        self._clock = clock

    def ask_removal(self, document_id: int, *, reason: str, actor: Actor) -> Matter:
        """Ask for a document to be taken out of the collection.

        Whoever asks for what waits already is given that.

        Raises:
            NotPermittedError: the actor may not; `UnprovenError`: they have not signed in.
            UnknownRecordError: no such document; `OtherBranchError`: another branch's.
            NoReasonError: no reason.
        """
        require(actor, NEEDED[Serious.REMOVE_DOCUMENT])
        document = self._documents.get(document_id)
        return self._ask(Serious.REMOVE_DOCUMENT, document, reason=reason, actor=actor)

    def ask_withdrawal(self, edition_id: int, *, reason: str, actor: Actor) -> Matter:
        """Ask for an edition to be withdrawn; its readers are shown the reason afterwards.

        Raises:
            NotPermittedError: the actor may not; `UnprovenError`: they have not signed in.
            UnknownRecordError: no such edition, or it was withdrawn already; `OtherBranchError`:
                another branch's.
            NoReasonError: no reason.
        """
        require(actor, NEEDED[Serious.WITHDRAW_EDITION])
        edition = self._briefs.record(edition_id)
        if edition.state is EditionState.WITHDRAWN:
            raise UnknownRecordError(kind="edition", id=edition_id)
        return self._ask(Serious.WITHDRAW_EDITION, edition, reason=reason, actor=actor)

    def waiting(self, *, actor: Actor) -> list[Matter]:
        """What waits for a second person, of what the actor may see and decide on; oldest first.

        Raises:
            NotPermittedError: the actor may do nothing of the kind.
        """
        _require_any(actor)
        return self._matters(self._proposals.waiting(at=self._clock()), actor)

    def settled(self, *, actor: Actor) -> list[Matter]:
        """What was decided on last, newest first.

        Raises:
            NotPermittedError: the actor may do nothing of the kind.
        """
        _require_any(actor)
        return self._matters(self._proposals.settled(limit=_SETTLED), actor)

    def about_document(self, document_id: int, *, actor: Actor) -> Matter | None:
        """What waits about a document that the actor sees; None when nothing does.

        Raises:
            NotPermittedError: the actor may do nothing of the kind.
        """
        require(actor, NEEDED[Serious.REMOVE_DOCUMENT])
        return self._about(Serious.REMOVE_DOCUMENT, document_id, actor)

    def get(self, proposal_id: int, *, actor: Actor) -> Matter:
        """One matter.

        Raises:
            UnknownRecordError: no such proposal for the actor.
            NotPermittedError: they may neither agree to it nor refuse it.
        """
        proposal = self._proposals.get(proposal_id)
        matter = self._one(proposal, actor)
        if matter is None:
            raise UnknownRecordError(kind="proposal", id=proposal_id)
        require(actor, NEEDED[proposal.action])
        return matter

    def agree(self, proposal_id: int, *, actor: Actor) -> Matter:
        """Agree as the second person: it is done.

        Raises:
            UnknownRecordError: no such proposal for the actor.
            OtherBranchError: another branch keeps the record.
            NotPermittedError, UnprovenError, SecondPersonError, SettledError, LapsedError: see
                `Proposals.agree`.
        """
        matter = self._decidable(proposal_id, actor)
        at = self._clock()
        proposal = self._proposals.agree(
            proposal_id,
            actor=actor,
            at=at,
            carry_out=self._carrying(actor, at)[matter.proposal.action],
        )
        if proposal.action is Serious.REMOVE_DOCUMENT:
            # Whatever stops it here, the next search catches up.
            self._removed()
        return self.get(proposal_id, actor=actor)

    def refuse(self, proposal_id: int, *, actor: Actor) -> Matter:
        """Refuse as the second person, or take back what one asked for oneself.

        Raises:
            UnknownRecordError: no such proposal for the actor.
            OtherBranchError: another branch keeps the record.
            NotPermittedError, UnprovenError, SettledError: see `Proposals.refuse`.
        """
        self._decidable(proposal_id, actor)
        self._proposals.refuse(proposal_id, actor=actor, at=self._clock())
        return self.get(proposal_id, actor=actor)

    def has_second(self, matter: Matter) -> bool:
        """Whether any other person has an account with which to agree."""
        asker = matter.proposal.made_by
        out = {asker, *self._proposals.entangled(asker)}
        return any(
            account.is_open
            and account.person_id not in out
            and _may(account.actor, matter.proposal, matter.subject.stamp)
            for account in self._register.all()
        )

    def _ask(
        self, action: Serious, subject: Document | EditionRecord, *, reason: str, actor: Actor
    ) -> Matter:
        require_own(actor, subject.stamp, kind=KIND[action], id=subject.id)
        proposal = self._proposals.ask(
            action, subject.id, reason=reason, actor=actor, at=self._clock()
        )
        return self.get(proposal.id, actor=actor)

    def _about(self, action: Serious, record: int, actor: Actor) -> Matter | None:
        proposal = self._proposals.about(action, record, at=self._clock())
        return None if proposal is None else self._one(proposal, actor)

    def _decidable(self, proposal_id: int, actor: Actor) -> Matter:
        matter = self.get(proposal_id, actor=actor)
        kind, record = KIND[matter.proposal.action], matter.proposal.record
        require_own(actor, matter.subject.stamp, kind=kind, id=record)
        return matter

    def _carrying(self, actor: Actor, at: datetime) -> Mapping[Serious, Carrying]:
        def remove(connection: Connection, proposal: Proposal) -> bool:
            return self._documents.remove(connection, proposal.record, at=at)

        def withdraw(connection: Connection, proposal: Proposal) -> bool:
            withdrawal = Withdrawal(at, actor.person_id, proposal.reason)
            return self._briefs.withdraw(connection, proposal.record, withdrawal=withdrawal)

        return MappingProxyType(
            {Serious.REMOVE_DOCUMENT: remove, Serious.WITHDRAW_EDITION: withdraw}
        )

    def _matters(self, proposals: Iterable[Proposal], actor: Actor) -> list[Matter]:
        permitted = (each for each in proposals if NEEDED[each.action] in actor.permissions)
        entangled = self._proposals.entangled(actor.person_id)
        found = (self._matter(each, actor, entangled) for each in permitted)
        return [matter for matter in found if matter is not None]

    def _one(self, proposal: Proposal, actor: Actor) -> Matter | None:
        return self._matter(proposal, actor, self._proposals.entangled(actor.person_id))

    def _matter(
        self, proposal: Proposal, actor: Actor, entangled: Collection[int]
    ) -> Matter | None:
        try:
            subject = self._subject(proposal)
        except UnknownRecordError:
            return None
        return Matter(
            proposal=proposal,
            subject=subject,
            is_own=proposal.made_by == actor.person_id,
            may_decide=(
                proposal.decision is None
                and proposal.made_by != actor.person_id
                and proposal.made_by not in entangled
                and _may(actor, proposal, subject.stamp)
            ),
        )

    def _subject(self, proposal: Proposal) -> Document | EditionRecord:
        if proposal.action is Serious.REMOVE_DOCUMENT:
            return self._documents.ever(proposal.record)
        return self._briefs.record(proposal.record)


def _may(actor: Actor, proposal: Proposal, stamp: Stamp) -> bool:
    return NEEDED[proposal.action] in actor.permissions and is_own(actor, stamp)


def _require_any(actor: Actor) -> None:
    needed = sorted(NEEDED.values())
    if not actor.permissions.intersection(needed):
        require(actor, needed[0])
