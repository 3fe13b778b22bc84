"""Brief → edition: checked, frozen for its audience, never changed again."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from briefs.audience import EVERYBODY, check_audience
from briefs.clearing import blanked
from briefs.composing import Composing
from briefs.editing import Editing
from briefs.errors import (
    ClosedSourceError,
    DamagedEditionError,
    EmptyBriefError,
    PartedStatementsError,
    StaleRevisionError,
    UnknownEditionError,
)
from briefs.gating.gating import Gating
from briefs.issuing import stamp_for
from briefs.lengths.forms import length_faults
from briefs.model import (
    Brief,
    BriefSummary,
    Edition,
    EditionState,
    Publication,
    StatementKind,
)
from briefs.rows import check_own
from briefs.store import Briefs
from knowledge.accounts.roles import Permission, require
from knowledge.clearing import UNDECIDED, Choice
from knowledge.model import Actor
from knowledge.sharing import Audience


class Publishing:
    """Previews and publishes; `briefs.seconding` withdraws."""

    def __init__(
        self,
        briefs: Briefs,
        editing: Editing,
        *,
        composing: Composing,
        gating: Gating,
        clock: Callable[[], datetime],
        notice: str | None = None,
    ) -> None:
        self._briefs = briefs
        self._editing = editing
        self._composing = composing
        self._gating = gating
        self._clock = clock
        self._notice = notice

    def preview(self, brief_id: int) -> Publication:
        """The brief as readers would get it now, marked as a draft.

        Raises:
            UnknownBriefError: no such brief.
        """
        return self._composing.compose(self._briefs.get(brief_id), notice=self._notice)

    def publish(
        self,
        brief_id: int,
        *,
        actor: Actor,
        revision: int | None = None,
        audience: Audience = EVERYBODY,
        choice: Choice = UNDECIDED,
    ) -> Edition:
        """Freeze the brief's newest revision as its next edition, for an audience.

        `revision` names the one that the person looked at; another one is not published. `choice`
        says what is to become of what looks like personal data: what is blanked makes a new
        revision, which is published; a quotation is never changed.

        What counts already for the same audience is not published twice: its edition is returned.
        Everything is checked first; whatever is refused leaves brief, editions and log as they
        were.

        Raises:
            NotPermittedError: the actor may not, or something is to be blanked and they may not
                write briefs.
            PersonalDataError: something stays and there is no reason.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's.
            EmptyBriefError: it has nothing but headings.
            PartedStatementsError: a form has one of two statements that belong together.
            NoRecipientError: it is for named persons, and none is named.
            UnknownRecordError: a recipient has no account that is open.
            EvidenceError: a quote is no longer where its evidence says; nothing is published.
            ClosedSourceError: a statement rests on a document or version that not everybody in the
                audience may see, as far as can be proved; nothing is published.
            FaultyStatementError, NakedStatementError, UndecidedStatementError: the gate holds a
                statement, see `Gating.passed`; nothing is published.
            StaleRevisionError: it was changed since `revision`, or in this very moment; nothing is
                published.
        """
        require(actor, Permission.PUBLISH)
        check_audience(audience)
        brief = self._briefs.get(brief_id)
        check_own(brief, actor)
        _check_filled(brief, revision)
        now = self._clock()
        stamp = stamp_for(brief, audience, actor=actor, at=now)
        self._briefs.check_readers(stamp.recipients)
        stored, (brief, cleared) = brief, blanked(brief, choice)
        if cleared.blanked:
            require(actor, Permission.DRAFT)
        publication = self._composing.compose(
            brief, published_at=now.astimezone(), published_by=actor.name, notice=self._notice
        )
        self._briefs.check_open(publication, stamp)
        self._editing.check(brief)
        passed = self._gating.passed(stored, cleared=brief)
        publication = replace(publication, gate=passed)
        return self._briefs.publish(brief, publication, stamp=stamp, actor=actor, cleared=cleared)

    def shown(self, brief: Brief) -> Publication:
        """A brief as it is looked at: the edition that has its words and counts, else its preview.

        Raises:
            UnknownBriefError: no such brief.
        """
        with suppress(DamagedEditionError):
            newest = self._newest(brief.id)
            if newest is not None and newest.revision == brief.revision:
                return newest.publication
        return self.preview(brief.id)

    def newest(self, brief_id: int) -> Publication:
        """The newest edition of a brief, or its preview if none counts.

        Raises:
            UnknownBriefError: no such brief.
            DamagedEditionError: the edition is not as it was published.
        """
        self._briefs.get(brief_id)
        newest = self._newest(brief_id)
        return self.preview(brief_id) if newest is None else newest.publication

    def note_export(self, publication: Publication, to: str, *, actor: Actor) -> None:
        """Enter in the log that a person takes away a draft, or an edition that is not public.

        Args:
            publication: what they take.
            to: the format.
            actor: the person.

        Raises:
            UnknownEditionError: it is of an edition that they may not see.
            WithdrawnEditionError: it is of an edition that was withdrawn.
        """
        self._briefs.note_export(publication, to, actor=actor, at=self._clock())

    def note_opening(self, edition: Edition, *, actor: Actor) -> None:
        """Enter in the log that a person opens an edition that is not public."""
        self._briefs.note_opening(edition, actor=actor, at=self._clock())

    def citing(self) -> dict[int, list[BriefSummary]]:
        """The briefs that cite a version, as they are now or in an edition, by the version's id.

        An edition that was withdrawn cites nothing.
        """
        return self._briefs.citing()

    def editions_citing(self, document_id: int) -> list[Edition]:
        """The editions that cite a document and count, of those that the viewer may read."""
        return [
            edition
            for edition in self._briefs.editions(newest_only=False)
            if edition.state is not EditionState.WITHDRAWN
            and any(r.document_id == document_id for r in edition.publication.references)
        ]

    def _newest(self, brief_id: int) -> Edition | None:
        """The newest edition that the viewer may see, unless it was withdrawn."""
        try:
            newest = self._briefs.edition(brief_id)
        except UnknownEditionError:
            return None
        return None if newest.state is EditionState.WITHDRAWN else newest


def _check_filled(brief: Brief, revision: int | None) -> None:
    """Refuse another revision than was looked at, one of headings, one not seen in full.

    And one of which a form would have a claim without its limit.
    """
    if revision not in {None, brief.revision}:
        raise StaleRevisionError(id=brief.id)
    if all(line.kind is StatementKind.HEADING for line in brief.statements):
        raise EmptyBriefError(id=brief.id)
    for number, line in enumerate(brief.statements, start=1):
        if line.is_withheld:
            raise ClosedSourceError(id=brief.id, number=number)
    for fault in length_faults(brief.statements):
        raise PartedStatementsError(
            id=brief.id, first=fault.first, second=fault.second, word=fault.word
        )
