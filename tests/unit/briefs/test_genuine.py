"""An edition is as it was published, or it is given to nobody."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from briefs.errors import DamagedEditionError
from briefs.model import Edition
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.audit import Search
from knowledge.health import Check
from tests.unit.briefs.people import draft

FORGED = "UPDATE editions SET content = replace(content, '应当', '不应')"


@pytest.fixture
def edition(filled: Workbench) -> Edition:
    return filled.publishing.publish(draft(filled).id, actor=filled.actor)


def _faults(bench: Workbench) -> tuple[str, ...]:
    (found,) = (each for each in bench.doctor.examine() if each.check is Check.EDITIONS)
    assert not found.can_repair
    return found.faults


def _forge(bench: Workbench, *statements: str) -> None:
    """What somebody does who has the file of the database."""
    with bench.engine.begin() as connection:
        for event in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER keep_editions_from_{event}"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        FORGED,
        "UPDATE editions SET sha256 = 'x'",
        "UPDATE editions SET number = 7",
        "UPDATE editions SET brief_id = 7",
        "UPDATE editions SET revision = 7",
        "DELETE FROM editions",
    ],
)
def test_the_database_refuses_to_change_one(
    filled: Workbench, edition: Edition, statement: str
) -> None:
    with (
        pytest.raises(IntegrityError, match="never changed"),
        filled.engine.begin() as connection,
    ):
        connection.execute(text(statement))
    assert filled.briefs.edition(edition.brief_id) == edition
    assert _faults(filled) == ()


def test_one_that_was_changed_is_given_to_nobody(filled: Workbench, edition: Edition) -> None:
    _forge(filled, FORGED)
    for number in (None, 1):
        with pytest.raises(DamagedEditionError, match="Edition 1 of brief"):
            filled.briefs.edition(edition.brief_id, number)
    with pytest.raises(DamagedEditionError):
        filled.briefs.edition_by_id(edition.id)
    assert filled.briefs.editions() == []
    with pytest.raises(DamagedEditionError):
        filled.publishing.newest(edition.brief_id)
    # The brief can still be worked on.
    assert filled.publishing.shown(filled.briefs.get(edition.brief_id)).edition is None
    assert _faults(filled) == (
        "trigger:keep_editions_from_delete",
        "trigger:keep_editions_from_update",
        f"edition:{edition.id}",
    )


def test_the_log_tells_of_one_that_was_forged_or_is_lost(
    filled: Workbench, edition: Edition
) -> None:
    (deed,) = filled.audit.entries(Search(action="publish-edition"), limit=9)
    assert deed.deed.details["sha256"] == edition.sha256
    other = filled.publishing.publish(draft(filled, title="另一份").id, actor=filled.actor)
    # Its content with its SHA-256, as if it had been published there.
    copied = f"(SELECT {{}} FROM editions WHERE id = {other.id})"
    assigned = ", ".join(f"{name} = {copied.format(name)}" for name in ("content", "sha256"))
    _forge(filled, f"UPDATE editions SET {assigned} WHERE id = {edition.id}")
    assert f"edition:{edition.id}" in _faults(filled)
    with filled.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM editions WHERE id = {other.id}"))
    assert f"missing:edition:{other.id}" in _faults(filled)
