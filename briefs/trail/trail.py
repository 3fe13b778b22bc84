"""The search trail of a brief (检索留痕): what was searched, where, and what became of it.

Only what is searched for a brief is noted; whoever searches for themselves leaves no trace. A trail
is added to and never rewritten: it says itself who did what and when. A search may be left out of
the exported appendix for a reason; here it stays.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, insert, select, update

from briefs.drafting.comparing import Comparison
from briefs.drafting.supporting import Support
from briefs.errors import UnknownBriefError, UnknownSearchError
from briefs.model import Statement, StatementKind
from briefs.rows import own_row
from briefs.schema import search_acts, searches
from briefs.trail.holdings import Holdings
from briefs.trail.noted import ActKind, Asked, Found, Ground, Means
from briefs.trail.reading import TrailReading
from briefs.trail.rows import asked_values, collection_value, hits_value
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import NoReasonError
from knowledge.accounts.roles import Permission, require
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor, Mode, Passage
from knowledge.store import rows
from knowledge.store.engine import new_id, writing
from knowledge.store.passages import Passages

_SAME: Final = timedelta(hours=1)
"""So long the same search of the same person that finds the same is one: a page drawn anew."""


class Trail(TrailReading):
    """Notes searches for briefs and reads their trails; safe in several threads and processes.

    Whoever may write a brief adds to its trail; whoever may read it reads the trail. Of sources
    that the viewer may not see nothing is told, not even a number: a search of which something is
    kept from them says so (`NotedSearch.is_partial`). What was searched for are a statement's words
    when sources were looked for it: they are kept from whom the statement is, or was at any
    revision. Every method is one transaction.
    """

    def __init__(
        self,
        engine: Engine,
        passages: Passages,
        *,
        holdings: Holdings,
        clock: Callable[[], datetime],
    ) -> None:
        """Make it for the viewer of `passages`."""
        super().__init__(engine, passages)
        self._writer = writing(engine)
        self._holdings = holdings
        self._clock = clock

    def note_search(
        self,
        brief_id: int,
        asked: Asked,
        *,
        found: Sequence[Found],
        answered: bool,
        actor: Actor,
        statement_id: int | None = None,
    ) -> int:
        """Note a search for a brief, and return its number in the trail.

        With it goes what was searched: how much of the collection the person could see under the
        filter. The same search by the same person that finds the same within the hour is noted
        once.

        Args:
            brief_id: for which brief.
            asked: how it was asked, by whatever means.
            found: the results; near misses are none.
            answered: whether the collection holds an answer, as far as the search can tell.
            actor: who searched.
            statement_id: of the brief's statement whose words were searched for; whoever may not
                read it does not read them here either.

        Raises:
            NotPermittedError: the actor may not write briefs.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's, which shares it for reading.
        """
        require(actor, Permission.DRAFT)
        # Counted before anything is locked: the first time it may take a moment.
        where = collection_value(self._holdings.of(self.viewer, asked.selection))
        values = {
            **asked_values(asked),
            "hits": hits_value(each.version.id for each in found),
            "answered": answered,
            "collection": where,
            "statement_id": statement_id,
        }
        with self._writer.begin() as connection:
            own_row(connection, brief_id, actor)
            return _add(connection, brief_id, values, actor=actor, at=self._clock())

    def note_support(
        self, brief_id: int, support: Support, *, actor: Actor, statement_id: int | None = None
    ) -> int:
        """Note that sources were looked for that agree or disagree with a sentence.

        `statement_id` says of which statement of the brief. Its number serves `note_act` and
        `reject` as that of any search does; raises as `note_search`.
        """
        pieces = (*support.agreeing, *support.disagreeing, *support.near)
        if support.together is not None:
            pieces += support.together
        return self.note_search(
            brief_id,
            Asked(support.text, 0, means=Means.SUPPORT),
            found=list({each.passage.id: each for each in pieces}.values()),
            answered=not support.is_empty,
            actor=actor,
            statement_id=statement_id,
        )

    def note_conflicts(self, brief_id: int, compared: Comparison, *, actor: Actor) -> int | None:
        """Note that figures of a brief's sources were compared with those of others; its number.

        What was searched for are the indicators' own words: whoever may not see every source that
        gives one reads none of them. Where no indicator was recognised, nothing was searched for
        and nothing is noted.

        Raises:
            NotPermittedError, UnknownBriefError, OtherBranchError: see `note_search`.
        """
        require(actor, Permission.DRAFT)
        if not compared.searched:
            return None
        query = "、".join(dict.fromkeys(compared.indicators[: compared.searched]))
        values = {
            **asked_values(Asked(query, 0, mode=Mode.LEXICAL, means=Means.CONFLICTS)),
            "hits": hits_value(compared.versions),
            "answered": True,
            "collection": collection_value(self._holdings.of(self.viewer)),
        }
        with self._writer.begin() as connection:
            own_row(connection, brief_id, actor)
            return _add(connection, brief_id, values, actor=actor, at=self._clock())

    def note_draft(self, brief_id: int, lines: Iterable[Statement], *, actor: Actor) -> None:
        """Note what a draft by outline asked for: a search for each heading, with what it quotes.

        Args:
            brief_id: the brief that was made of the draft.
            lines: of the draft.
            actor: who had it made.

        Raises:
            NotPermittedError, UnknownBriefError, OtherBranchError: see `note_search`.
        """
        require(actor, Permission.DRAFT)
        asked: list[tuple[str, list[int]]] = []
        for line in lines:
            if line.kind is StatementKind.HEADING:
                asked.append((line.text, []))
            elif asked:
                asked[-1][1].extend(item.version_id for item in line.evidence)
        where = collection_value(self._holdings.of(self.viewer))
        with self._writer.begin() as connection:
            own_row(connection, brief_id, actor)
            for heading, hits in asked:
                values = {
                    **asked_values(Asked(heading, 0, means=Means.DRAFT)),
                    "hits": hits_value(hits),
                    "answered": bool(hits),
                    "collection": where,
                }
                _add(connection, brief_id, values, actor=actor, at=self._clock())

    def note_act(self, search_id: int, kind: ActKind, passage_id: int, *, actor: Actor) -> None:
        """Note that a person opened, kept or quoted what a search found; `reject` says why not.

        Doing the same again is noted once: opening for each person, a decision until another one
        was taken on the same passage.

        Raises:
            NotPermittedError: the actor may not write briefs.
            UnknownSearchError: no such search.
            OtherBranchError: the brief is another branch's.
            UnknownRecordError: no such passage.
            NoReasonError: it is a rejection.
        """
        if kind is ActKind.REJECTED:
            raise NoReasonError
        self._note(search_id, kind, passage_id, actor=actor)

    def reject(
        self,
        search_id: int,
        passage_id: int,
        *,
        ground: Ground,
        reason: str = "",
        actor: Actor,
    ) -> None:
        """Note that what a search found is not used, and why.

        Args:
            search_id: which search.
            passage_id: what it found.
            ground: one of the usual reasons; `Ground.OTHER` needs words.
            reason: in the person's words.
            actor: who decides.

        Raises:
            NotPermittedError, UnknownSearchError, OtherBranchError, UnknownRecordError: see
                `note_act`.
            NoReasonError: the ground is another one, and nothing says which.
        """
        if ground is Ground.OTHER and not reason.strip():
            raise NoReasonError
        why = {"ground": ground.value, "reason": reason.strip()}
        self._note(search_id, ActKind.REJECTED, passage_id, actor=actor, **why)

    def strike(self, search_id: int, *, reason: str, actor: Actor) -> None:
        """Leave a search out of the exported appendix, as one that was made by mistake.

        Raises:
            NotPermittedError: the actor may not write briefs.
            UnknownSearchError: no such search.
            OtherBranchError: the brief is another branch's.
            NoReasonError: the reason is blank.
        """
        require(actor, Permission.DRAFT)
        if not reason.strip():
            raise NoReasonError
        self._set_strike(search_id, Action.STRIKE_SEARCH, actor=actor, reason=reason.strip())

    def restore(self, search_id: int, *, actor: Actor) -> None:
        """Take a search that was struck into the appendix again; raises as `strike`."""
        require(actor, Permission.DRAFT)
        self._set_strike(search_id, Action.RESTORE_SEARCH, actor=actor)

    def _note(
        self,
        search_id: int,
        kind: ActKind,
        passage_id: int,
        *,
        actor: Actor,
        ground: str | None = None,
        reason: str = "",
    ) -> None:
        require(actor, Permission.DRAFT)
        passage = self._passages.many([passage_id]).get(passage_id)
        if passage is None:
            raise UnknownRecordError(kind="passage", id=passage_id)
        values = _place_values(passage) | {
            "search_id": search_id,
            "act": kind.value,
            "ground": ground,
            "reason": reason,
            "made_by": actor.person_id,
        }
        with self._writer.begin() as connection:
            _own(connection, search_id, actor)
            if not _is_said(connection, values):
                connection.execute(insert(search_acts).values(**values, made_at=self._clock()))

    def _set_strike(
        self, search_id: int, action: Action, *, actor: Actor, reason: str | None = None
    ) -> None:
        """Strike for a reason; without one, take that back."""
        now, is_struck = self._clock(), reason is not None
        values = {
            "struck_by": actor.person_id if is_struck else None,
            "struck_at": now if is_struck else None,
            "struck_reason": reason,
        }
        with self._writer.begin() as connection:
            row = _own(connection, search_id, actor)
            this = update(searches).where(searches.c.id == search_id)
            connection.execute(this.values(**values))
            deed = Deed.by(actor, action, kind="brief", record=row.brief_id, search=search_id)
            enter(connection, deed, at=now)


def _add(
    connection: Connection, brief_id: int, told: dict[str, Any], *, actor: Actor, at: datetime
) -> int:
    """Note a search, unless it is noted already; its number."""
    values = told | {"brief_id": brief_id, "made_by": actor.person_id}
    same = _same(connection, values, since=at - _SAME)
    if same is not None:
        return same
    return new_id(connection.execute(insert(searches).values(**values, made_at=at)))


def _place_values(passage: Passage) -> dict[str, Any]:
    """Where a passage stands, repeated column names apart."""
    return {
        "document_id": passage.document_id,
        "version_id": passage.version_id,
        "passage_id": passage.id,
        "spans": rows.spans_value(passage.spans[min(passage.repeats, len(passage.spans) - 1) :]),
    }


def _own(connection: Connection, search_id: int, actor: Actor) -> Row[Any]:
    """A search for a brief that is the actor's to change."""
    row = connection.execute(select(searches).where(searches.c.id == search_id)).first()
    if row is not None and row.brief_id is not None:
        # What hangs on a brief that they may not see does not exist for them either.
        with suppress(UnknownBriefError):
            own_row(connection, row.brief_id, actor)
            return row
    raise UnknownSearchError(id=search_id)


def _same(connection: Connection, values: dict[str, Any], *, since: datetime) -> int | None:
    """The number of a search that is noted already, and was not struck since."""
    query = select(searches).where(
        searches.c.brief_id == values["brief_id"],
        searches.c.made_by == values["made_by"],
        searches.c.query == values["query"],
        searches.c.made_at >= since,
        searches.c.struck_at.is_(None),
    )
    for row in connection.execute(query.order_by(searches.c.id.desc())):
        if all(row._mapping[name] == value for name, value in values.items()):
            return int(row.id)
    return None


def _is_said(connection: Connection, values: dict[str, Any]) -> bool:
    """Whether the act would say nothing new."""
    query = select(search_acts).where(
        search_acts.c.search_id == values["search_id"],
        search_acts.c.passage_id == values["passage_id"],
    )
    acts = connection.execute(query.order_by(search_acts.c.id)).all()
    if values["act"] == ActKind.OPENED.value:
        wanted = (values["act"], values["made_by"])
        return any((act.act, act.made_by) == wanted for act in acts)
    decided = [act for act in acts if ActKind(act.act).decides]
    said = ("act", "ground", "reason")
    return bool(decided) and all(decided[-1]._mapping[each] == values[each] for each in said)
