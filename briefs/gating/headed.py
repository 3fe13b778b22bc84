"""The headings of a brief and its title, before the statements that they stand over."""

from collections.abc import Iterator, Sequence

from briefs.gate import Verdict, check_heading
from briefs.gating.reports import Checked, State
from briefs.gating.weighing import claim_of
from briefs.model import Statement, StatementKind

TITLE = 0
"""Number, and id, by which the title is named among the statements."""


def title_of(title: str) -> Statement:
    """The title as a statement."""
    return Statement(StatementKind.HEADING, title, id=TITLE)


def under(lines: Sequence[Checked], at: int) -> Iterator[Checked]:
    """The statements of the section that the heading at `at` opens, its subsections included."""
    depth = lines[at].statement.level or 1
    for each in lines[at + 1 :]:
        if each.statement.kind is StatementKind.HEADING:
            if (each.statement.level or 1) <= depth:
                return
        else:
            yield each


def weigh_heading(line: Statement, below: Sequence[Checked], named: Sequence[str]) -> Verdict:
    """What the gate says of a heading.

    Args:
        line: the heading.
        below: the statements that it stands over; those that are not through bear out nothing.
        named: what the sources of these are called.
    """
    through = (
        each.statement.text
        for each in below
        if not each.state.stops and each.statement.kind is not StatementKind.HEADING
    )
    claim = claim_of(line.kind, line.text, None)
    return check_heading(claim.text, tuple(dict.fromkeys((*through, *filter(None, named)))))


def state_of(verdict: Verdict) -> State:
    """Where a heading stands."""
    return State.NEEDS_PERSON if verdict.doubts else State.OWN
