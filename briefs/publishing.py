"""Brief → edition: checked, frozen, never changed again."""

from collections.abc import Callable
from datetime import datetime

from briefs.composing import Composing
from briefs.editing import Editing
from briefs.errors import EmptyBriefError, StaleRevisionError, UnknownEditionError
from briefs.model import Edition, Publication, StatementKind
from briefs.store import Briefs
from knowledge.model import Access, Actor, Stamp


class Publishing:
    """Previews and publishes briefs."""

    def __init__(
        self,
        briefs: Briefs,
        editing: Editing,
        *,
        composing: Composing,
        clock: Callable[[], datetime],
        notice: str | None = None,
    ) -> None:
        self._briefs = briefs
        self._editing = editing
        self._composing = composing
        self._clock = clock
        self._notice = notice

    def preview(self, brief_id: int) -> Publication:
        """The brief as readers would get it now, marked as a draft.

        Raises:
            UnknownBriefError: no such brief.
        """
        return self._composing.compose(self._briefs.get(brief_id), notice=self._notice)

    def publish(self, brief_id: int, *, actor: Actor, revision: int | None = None) -> Edition:
        """Freeze the brief's newest revision as its next edition.

        `revision` names the one that the person looked at; another one is not published.

        A revision that is published already is not published twice: its edition is returned.

        Raises:
            UnknownBriefError: no such brief.
            EmptyBriefError: it has nothing but headings.
            EvidenceError: a quote is no longer where its evidence says; nothing is published.
            StaleRevisionError: it was changed since `revision`, or in this very moment; nothing is
                published.
        """
        brief = self._briefs.get(brief_id)
        if revision not in {None, brief.revision}:
            raise StaleRevisionError(id=brief_id)
        if all(line.kind is StatementKind.HEADING for line in brief.statements):
            raise EmptyBriefError(id=brief_id)
        newest = self._newest(brief_id)
        if newest is not None and newest.revision == brief.revision:
            return newest
        self._editing.check(brief)
        now = self._clock()
        publication = self._composing.compose(
            brief, published_at=now.astimezone(), published_by=actor.name, notice=self._notice
        )
        stamp = Stamp(actor.branch_id, Access.PUBLIC, actor.person_id, now)
        return self._briefs.publish(brief, publication, stamp=stamp)

    def newest(self, brief_id: int) -> Publication:
        """The newest edition of a brief, or its preview if it was never published.

        Raises:
            UnknownBriefError: no such brief.
        """
        self._briefs.get(brief_id)
        newest = self._newest(brief_id)
        return self.preview(brief_id) if newest is None else newest.publication

    def _newest(self, brief_id: int) -> Edition | None:
        try:
            return self._briefs.edition(brief_id)
        except UnknownEditionError:
            return None
