"""Editions against their SHA-256 and the log of deeds: what the doctor looks at."""

import json
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select, text

from briefs.frozen import is_genuine
from briefs.schema import editions
from knowledge.accounts.actions import Action
from knowledge.accounts.tables import audit
from knowledge.health import Check, Within

_TRIGGERS: Final = ("keep_editions_from_delete", "keep_editions_from_update")


def edition_faults(connection: Connection) -> Iterator[str]:
    """Triggers that are gone, editions that are not as they were published, and lost ones.

    The log names the SHA-256 of each edition. Of those published before it did, and of all if
    nothing was entered, only their own is compared.
    """
    present = set(
        connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    )
    yield from (f"trigger:{name}" for name in _TRIGGERS if name not in present)
    published = dict(_published(connection))
    query = select(editions.c.id, editions.c.content, editions.c.sha256).order_by(editions.c.id)
    for row in connection.execute(query):
        named = published.pop(row.id, None) or row.sha256
        if named != row.sha256 or not is_genuine(row.content, row.sha256):
            yield f"edition:{row.id}"
    yield from (f"missing:edition:{id_}" for id_ in sorted(published))


def _published(connection: Connection) -> Iterator[tuple[int, str | None]]:
    """What the log says was published: ids of editions, each with its SHA-256 if it is named."""
    query = select(audit.c.record, audit.c.details).where(
        audit.c.action == Action.PUBLISH_EDITION.value, audit.c.record.is_not(None)
    )
    for row in connection.execute(query):
        yield row.record, json.loads(row.details).get("sha256")


EDITIONS: Final = Within(Check.EDITIONS, edition_faults, select(func.count()).select_from(editions))
