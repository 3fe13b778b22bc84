"""What to know of a draft by outline, in words; the command and the page say the same."""

from collections.abc import Iterator

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
