"""Decisions on statements in SQL: kept for good, found by what the statement said then."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, literal, select

from briefs.gating.reports import Decision
from briefs.gating.weighing import digest_of
from briefs.model import Brief, Statement
from briefs.revisions.revising import check_revision
from briefs.schema import gate_decisions
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import people


class Decisions:
    """What persons let stand; safe in several threads.

    A decision is never changed and never deleted but with its brief. It holds as long as kind,
    words, formula and quoted words of its statement are what they were: whoever words it as it was
    has the decision back.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def of(self, brief_id: int) -> dict[str, Decision]:
        """The newest decision on each wording of a brief's statements, by `digest_of`."""
        query = (
            select(gate_decisions, people.c.name)
            .join(people, people.c.id == gate_decisions.c.made_by)
            .where(gate_decisions.c.brief_id == brief_id)
            .order_by(gate_decisions.c.id)
        )
        with self._engine.connect() as connection:
            return {
                row.digest: Decision(row.reason, row.made_by, row.name, row.made_at)
                for row in connection.execute(query)
            }

    def enter(
        self, brief: Brief, line: Statement, *, reason: str, actor: Actor, at: datetime
    ) -> None:
        """Keep a decision and enter it in the log, in one transaction.

        Raises:
            StaleRevisionError, UnknownBriefError, OtherBranchError: as `check_revision`.
        """
        with self._writer.begin() as connection:
            check_revision(connection, brief, actor=actor)
            values = {"brief_id": brief.id, "digest": digest_of(line), "reason": reason}
            connection.execute(
                insert(gate_decisions).values(**values, made_by=actor.person_id, made_at=at)
            )
            deed = Deed.by(
                actor, Action.DECIDE_STATEMENT, kind="brief", record=brief.id, statement=line.id
            )
            enter(connection, deed, at=at)


def carry(
    connection: Connection, brief_id: int, changed: Iterable[tuple[Statement, Statement]]
) -> None:
    """Let decisions hold for statements in which something was blanked; before and after."""
    columns = gate_decisions.c
    for before, after in changed:
        kept = select(
            columns.brief_id,
            literal(digest_of(after)),
            columns.reason,
            columns.made_by,
            columns.made_at,
        ).where(columns.brief_id == brief_id, columns.digest == digest_of(before))
        names = ["brief_id", "digest", "reason", "made_by", "made_at"]
        connection.execute(insert(gate_decisions).from_select(names, kept.order_by(columns.id)))
