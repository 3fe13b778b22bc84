"""Who reads: the one place that decides it for the portal's routes."""

from dataclasses import replace
from typing import Final

from starlette.requests import Request

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal.door import may_enter, place_of
from knowledge.access import PUBLIC
from knowledge.accounts.roles import Permission
from knowledge.accounts.signing_in import SignedIn
from knowledge.model import Actor, Stamp

_NOBODY: Final = Actor(0, "", 0)
"""A reader without an account: ids begin at 1, so nothing is theirs."""


def signed_in(request: Request) -> SignedIn | None:
    """Who is signed in, as the door has found; None for a reader without an account."""
    found: SignedIn | None = getattr(request.state, "signed_in", None)
    return found


def for_reader(request: Request, bench: Workbench) -> Workbench:
    """The home as whoever asks sees it: what they may not read does not exist in it."""
    found = signed_in(request)
    if found is None:
        return bench.of(_NOBODY)
    return bench.of(replace(found.account.actor, address=place_of(request).address))


def is_public(*stamps: Stamp) -> bool:
    """Whether everybody may see a record; what belongs to another is given with that."""
    return all(PUBLIC.may_see(stamp) for stamp in stamps)


def may_read(bench: Workbench, *stamps: Stamp) -> bool:
    """Whether the person of a workbench may see a record: a version, too, with its document."""
    return all(bench.viewer.may_see(stamp) for stamp in stamps)


def first_page(found: SignedIn) -> str:
    """Where a person begins who has just signed in: whoever only reads, at the published briefs."""
    works = found.account.actor.permissions - {Permission.SEARCH}
    return "/" if may_enter(found) and works else "/published"
