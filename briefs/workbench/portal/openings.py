"""Who opened what is not public: entered in the log before it is given."""

from starlette.requests import Request

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal.access import is_public
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed
from knowledge.model import Document, Version


def is_opening(request: Request) -> bool:
    """Whether a request is given more than the head of an answer."""
    return request.method != "HEAD"


def note_opened(
    bench: Workbench,
    action: Action,
    document: Document,
    *,
    version: Version,
    page: int | None = None,
) -> None:
    """Enter that the workbench's person opens a version; of a public one nothing is kept."""
    if is_public(document.stamp, version.stamp):
        return
    deed = Deed.by(
        bench.actor,
        action,
        kind="document",
        record=document.id,
        version=version.id,
        page=page,
    )
    bench.audit.enter(deed, at=bench.clock())
