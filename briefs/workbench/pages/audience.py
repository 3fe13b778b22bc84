"""For whom a brief is: chosen for an edition, told of drafts and editions."""

from briefs.audience import EVERYBODY, audience_of
from briefs.model import Brief, Edition
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import words
from briefs.workbench.pages.whom import asked
from briefs.workbench.sharing import Whose, in_words
from knowledge.access import is_own
from knowledge.model import Access, Stamp
from knowledge.sharing import Audience, Standing


def of_draft(bench: Workbench, brief: Brief) -> str:
    """Whose a draft is and who else may read it, in a sentence."""
    said = _said(bench, brief.stamp)
    return said if is_own(bench.actor, brief.stamp) else said + words()("edition.read_only")


def of_edition(bench: Workbench, edition: Edition) -> str:
    """Who may read an edition, in a sentence; empty for a public one."""
    return "" if edition.audience == EVERYBODY else _said(bench, edition.stamp)


def chosen(bench: Workbench) -> Audience:
    """Ask for whom an edition is to be published."""
    return asked(bench, list(Access), now=EVERYBODY, anyway={bench.actor.person_id}, room="edition")


def _said(bench: Workbench, stamp: Stamp) -> str:
    standing = Standing(audience=audience_of(stamp), made_by=stamp.made_by, waits=False, offered=())
    return in_words(words(), standing, whose=Whose.of(bench, stamp))
