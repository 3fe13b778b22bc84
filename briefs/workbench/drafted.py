"""What to know of a draft, and of figures compared, in words; command and page say the same."""

from collections.abc import Iterator

from briefs.drafting.comparing import Comparison
from briefs.drafting.outline import Draft
from briefs.workbench.wording import Wording


def drafting_notes(_: Wording, draft: Draft | None) -> Iterator[str]:
    """Headings left empty, sources that no longer count, figures that disagree: a sentence each."""
    if draft is None:
        return
    between = _("explain.separator")
    if empty := draft.empty:
        yield _("brief.headings_empty", headings=between.join(empty))
    for each in draft.outdated:
        yield _("drafting.outdated", title=each.document.title, why=each.why)
    if draft.conflicts:
        indicators = between.join(dict.fromkeys(each.indicator for each in draft.conflicts))
        yield _("drafting.conflicts", indicators=indicators)


def compared_notes(_: Wording, compared: Comparison) -> Iterator[str]:
    """How much was compared, and what was not searched for."""
    count = len(compared.indicators)
    yield _("drafting.compared", statements=compared.statements, count=count)
    if compared.searched < count:
        yield _("drafting.compared_part", searched=compared.searched, count=count)
