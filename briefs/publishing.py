"""Brief → edition: checked, frozen, never changed again."""

from collections.abc import Callable
from datetime import datetime

from briefs.composing import Composing
from briefs.editing import Editing
from briefs.errors import (
    ClosedSourceError,
    EmptyBriefError,
    StaleRevisionError,
    UnknownEditionError,
)
from briefs.model import BriefSummary, Edition, Publication, StatementKind
from briefs.store import Briefs
from knowledge.accounts.roles import Permission, require
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
            NotPermittedError: the actor may not.
            UnknownBriefError: no such brief.
            EmptyBriefError: it has nothing but headings.
            EvidenceError: a quote is no longer where its evidence says; nothing is published.
            ClosedSourceError: a statement rests on a document or version that is not public;
                nothing is published.
            StaleRevisionError: it was changed since `revision`, or in this very moment; nothing is
                published.
        """
        require(actor, Permission.PUBLISH)
        brief = self._briefs.get(brief_id)
        if revision not in {None, brief.revision}:
            raise StaleRevisionError(id=brief_id)
        if all(line.kind is StatementKind.HEADING for line in brief.statements):
            raise EmptyBriefError(id=brief_id)
        newest = self._newest(brief_id)
        if newest is not None and newest.revision == brief.revision:
            return newest
        now = self._clock()
        publication = self._composing.compose(
            brief, published_at=now.astimezone(), published_by=actor.name, notice=self._notice
        )
        _check_open(publication)
        self._editing.check(brief)
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

    def citing(self) -> dict[int, list[BriefSummary]]:
        """The briefs that cite a version, as they are now or in an edition, by the version's id."""
        found: dict[int, list[BriefSummary]] = {}
        editions = self._briefs.editions(newest_only=False)
        for brief in self._briefs.all():
            statements = self._briefs.get(brief.id).statements
            cited = {item.version_id for line in statements for item in line.evidence}
            for edition in editions:
                if edition.brief_id == brief.id:
                    cited.update(each.version_id for each in edition.publication.references)
            for version_id in cited:
                found.setdefault(version_id, []).append(brief)
        return found

    def _newest(self, brief_id: int) -> Edition | None:
        try:
            return self._briefs.edition(brief_id)
        except UnknownEditionError:
            return None


def _check_open(publication: Publication) -> None:
    closed = {each.number for each in publication.references if not each.access_is_open}
    for number, line in enumerate(publication.lines, start=1):
        if any(citation.reference in closed for citation in line.citations):
            raise ClosedSourceError(id=publication.brief_id, number=number)
