"""The errors of the gate before a brief, below those of `briefs.errors`.

::

    StatementError         the gate holds a statement
    ├── FaultyStatementError
    │   └── NoPictureError (a figure without a picture)
    ├── NakedStatementError
    ├── UndecidedStatementError
    │   └── UndecidedTitleError
    └── UndecidableStatementError (nothing is left to a person's decision)
"""

from briefs.errors import BadInputError


class StatementError(BadInputError):
    """The gate holds a statement."""

    sentence = "The gate holds statement {number} of brief {id}: look at its marks."


class FaultyStatementError(StatementError):
    """A statement says what its evidence does not."""

    sentence = (
        "Statement {number} of brief {id} says what its evidence does not (such statements: "
        "{count}): mend it, or rest it on a source that bears it out."
    )


class NoPictureError(FaultyStatementError):
    """A figure whose source has no picture to cut."""

    sentence = (
        "Statement {number} of brief {id} is a figure, and its source has no picture to cut "
        "(statements that are held: {count}): rest it on a page of a PDF or of a scan, or make it "
        "a statement of another kind."
    )


class NakedStatementError(StatementError):
    """A statement needs evidence and has none."""

    sentence = (
        "Statement {number} of brief {id} has no evidence (such statements: {count}): give it a "
        "source, mark it as judgement or background, or take it out."
    )


class UndecidedStatementError(StatementError):
    """A statement on which the gate cannot decide, nor has anybody."""

    sentence = (
        "Statement {number} of brief {id} waits for a person's decision (such statements: "
        "{count}): mend what is marked, or let it stand for a reason."
    )


class UndecidedTitleError(UndecidedStatementError):
    """A title that says what no statement of its brief does, and that nobody let stand."""

    sentence = (
        "The title of brief {id} says a figure, a date, a limit or a trend that no statement of it "
        "does: word it otherwise, or let it stand for a reason."
    )


class UndecidableStatementError(StatementError):
    """A statement that nobody can let stand: it is through, faulty or naked."""

    sentence = (
        "Statement {number} of brief {id} cannot be let stand by a decision: a fault is to be "
        "mended, a statement without evidence to be given some, and what is through needs none."
    )
