"""Which inquiries and answers a person may see, as conditions in SQL."""

from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from knowledge.access import Viewer, viewer_of
from knowledge.accounts.roles import Permission
from knowledge.model import Actor
from knowledge.store.schema import answers, inquiries
from knowledge.store.scoping import visible

_WORK: Final = frozenset({Permission.ANSWER, Permission.CATALOGUE})
"""Of who answers inquiries and who accepts answers."""


def desk_viewer(actor: Actor) -> Viewer:
    """What a person may see at the desk: whoever works there sees its staff matter.

    So a volunteer sees the inquiries of their branch, and no other record that is for staff.
    """
    if not _WORK & actor.permissions:
        return viewer_of(actor)
    return viewer_of(replace(actor, permissions=actor.permissions | {Permission.READ_STAFF}))


def seen_inquiries(actor: Actor) -> list[ColumnElement[bool]]:
    """What must hold of an inquiry for a person to see it.

    Besides what holds of every record: who may take inquiries up to a level only sees none above
    it, and of those that nobody has judged their own alone – and whatever they handle themselves,
    even if it was found to be harder meanwhile.
    """
    found = list(visible(inquiries, desk_viewer(actor)))
    if actor.level is not None:
        unjudged = inquiries.c.read_level.is_(None)
        is_own = and_(unjudged, inquiries.c.made_by == actor.person_id)
        is_handled = inquiries.c.handled_by == actor.person_id
        found.append(or_(inquiries.c.read_level <= actor.level, is_own, is_handled))
    return found


def seen_answers(actor: Actor) -> list[ColumnElement[bool]]:
    """What must hold of an answer for a person who sees its inquiry to see it too."""
    return list(visible(answers, desk_viewer(actor)))
