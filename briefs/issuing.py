"""The steps of publishing an edition, each within the transaction of whoever calls."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from briefs.audience import reaches
from briefs.errors import ClosedSourceError
from briefs.gating.decisions import carry
from briefs.model import Brief, Edition, EditionState, Publication
from briefs.revisions.blanking import blank
from briefs.revisions.revising import write_revision
from briefs.rows import row_of, statements_of
from briefs.schema import editions
from knowledge.access import KEEPER
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.clearing import Cleared
from knowledge.model import Access, Actor, Stamp
from knowledge.privacy import traces
from knowledge.sharing import Audience
from knowledge.sought import Sought
from knowledge.store import rows
from knowledge.store.schema import documents, versions


def stamp_for(brief: Brief, audience: Audience, *, actor: Actor, at: datetime) -> Stamp:
    """Whose an edition of the brief is, and who may see it."""
    is_named = audience.access is Access.NAMED
    return Stamp(
        brief.stamp.branch_id,
        audience.access,
        actor.person_id,
        at,
        shared=audience.shared and audience.access is Access.STAFF,
        recipients=audience.recipients if is_named else frozenset(),
    )


def check_open(connection: Connection, publication: Publication, stamp: Stamp) -> None:
    """Go on only if everybody who may see what is so stamped may see each source.

    That is proved by the stamps of the document and of the version; what they do not prove is
    refused.

    Raises:
        ClosedSourceError: a statement rests on another source; names the first.
    """
    cited = [each.version_id for each in publication.references]
    found = connection.execute(select(versions).where(versions.c.id.in_(cited))).all()
    ids = {row.document_id for row in found}
    of_them = connection.execute(select(documents).where(documents.c.id.in_(ids)))
    reached = {row.id for row in of_them if reaches(rows.stamp_of(row), stamp)}
    is_open = {
        row.id for row in found if row.document_id in reached and reaches(rows.stamp_of(row), stamp)
    }
    for number, line in enumerate(publication.lines, start=1):
        if not is_open.issuperset(citation.version_id for citation in line.citations):
            raise ClosedSourceError(id=publication.brief_id, number=number)


def revised(
    connection: Connection, brief: Brief, cleared: Cleared, *, actor: Actor, at: datetime
) -> int:
    """The revision that is published: the next one where something was blanked.

    Decisions on statements hold on for what was blanked in them. What was blanked is blanked in the
    revisions before it too, or it would come back with one of these.
    """
    if not cleared.blanked:
        return brief.revision
    title = row_of(connection, brief.id).title
    before = {line.id: line for line in statements_of(connection, brief.id, viewer=KEEPER)}
    pairs = ((before[line.id], line) for line in brief.statements if line.id in before)
    changed = [(old, new) for old, new in pairs if old.text != new.text]
    carry(connection, brief.id, changed)
    revision = write_revision(
        connection, brief, title=brief.title, lines=brief.statements, actor=actor, at=at
    )
    texts = ((title, brief.title), *((old.text, new.text) for old, new in changed))
    words = [word for was, becomes in texts for word in _blanked(was, becomes)]
    blank(connection, Sought(words), brief_id=brief.id)
    return revision


def _blanked(was: str, becomes: str) -> Iterator[str]:
    """The words of a text that were blanked in it; the same may stay elsewhere in it."""
    for trace in traces(was):
        word = was[trace.start : trace.end]
        if becomes.count(word) < was.count(word):
            yield word


def supersede(connection: Connection, brief_id: int, stamp: Stamp) -> None:
    """Let what counts of a brief count less where all its readers may read what is so stamped."""
    current = select(editions).where(
        editions.c.brief_id == brief_id, editions.c.state == EditionState.CURRENT.value
    )
    older = [
        row.id for row in connection.execute(current).all() if reaches(stamp, rows.stamp_of(row))
    ]
    connection.execute(
        update(editions).where(editions.c.id.in_(older)).values(state=EditionState.SUPERSEDED.value)
    )


def enter_publication(connection: Connection, edition: Edition, *, actor: Actor) -> None:
    """Enter in the log what was published, for whom, and its SHA-256."""
    stamp = edition.stamp
    deed = Deed.by(
        actor,
        Action.PUBLISH_EDITION,
        kind="edition",
        record=edition.id,
        brief=edition.brief_id,
        access=stamp.access.value,
        shared=stamp.shared,
        recipients=" ".join(map(str, sorted(stamp.recipients))),
        sha256=edition.sha256,
    )
    enter(connection, deed, at=stamp.made_at)


def newest_number(connection: Connection, brief_id: int) -> int | None:
    """The number last given to an edition of a brief, whoever may see it; None: none was."""
    return connection.execute(
        select(func.max(editions.c.number)).where(editions.c.brief_id == brief_id)
    ).scalar()
