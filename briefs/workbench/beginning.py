"""A brief is begun: with an outline, a template, or empty; command and page do the same."""

from collections.abc import Sequence

from briefs.drafting.outline import Draft
from briefs.model import Brief
from briefs.templates import Template, in_sections
from briefs.workbench.bootstrap import Workbench


def begin(
    bench: Workbench, title: str, headings: Sequence[str] = (), *, template: Template | None = None
) -> tuple[Brief, Draft | None]:
    """Make a brief, drafted where there are headings; what the draft asked for is in its trail.

    Raises:
        NoTitleError: the title is blank.
        NothingFoundError: no sentence for any of the headings; nothing is made.
    """
    name = None if template is None else template.name
    if not headings:
        lines = [] if name is None else bench.templates.begin(name, title)
        return bench.editing.create(title, lines, actor=bench.actor, template=name), None
    draft = bench.drafting.draft(title, headings)
    lines = list(draft.lines)
    if template is not None:
        lines = in_sections(lines, template=template, title=title)
    brief = bench.editing.create(title, lines, actor=bench.actor, template=name)
    bench.trail.note_draft(brief.id, draft.lines, actor=bench.actor)
    return brief, draft
