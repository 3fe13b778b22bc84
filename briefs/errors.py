"""The errors of this package.

::

    BriefsError                each carries one sentence that says what to do
    ├── BadInputError          the person can mend it
    │   ├── UnknownBriefError · UnknownStatementError · UnknownEditionError
    │   ├── UnknownItemError (of a folder) · UnknownSearchError (of a trail)
    │   ├── WithdrawnEditionError · DamagedEditionError (its words are given to nobody)
    │   ├── EmptyBriefError    nothing to publish
    │   ├── NoTitleError       a brief without a name
    │   ├── NothingFoundError  no sentence for any heading of an outline
    │   ├── EvidenceError      a quote is not where it is said to be
    │   │   └── DiscardedSourceError (its file was discarded)
    │   ├── ClosedSourceError  a statement rests on what readers may not see
    │   ├── NoRecipientError   an edition for named persons names none
    │   ├── StaleRevisionError somebody else has saved since
    │   │   └── ConflictingChangeError (in the same place) · ChangedSinceError (undoing)
    │   ├── UnknownRevisionError · FirstRevisionError
    │   ├── WithheldRevisionError · DiscardedRevisionError (undoing)
    │   ├── ArrangingError     a statement cannot be moved, divided or joined so
    │   │   ├── GoneStatementError · WithheldStatementError · IndivisibleError
    │   │   └── LastStatementError · UnlikeStatementsError
    │   ├── SettingError       a setting has a value that is not allowed
    │   ├── AddressTakenError  the server cannot listen where it is told to
    │   ├── OutlineError       an outline without a heading
    │   ├── PartedStatementsError a form has a claim without its limit
    │   ├── EmptyFormError     nothing stands in the form asked for
    │   ├── BadStatementLineError a line of a file of statements is none
    │   └── TableError         a text is no table: NoTableError · RaggedTableError
    └── DefectError            our own mistake
        └── SpanError

Below `BadInputError` stand also `briefs.gating.errors`, `briefs.citing.errors`,
`briefs.templates.errors` and `briefs.assistant.errors`.

`sentence` is English and the key of its translation in the workbench; `details` fill it.
"""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from briefs.model import Conflict


class BriefsError(Exception):
    """Root of this package's errors; `str()` gives the English sentence."""

    sentence: ClassVar[str] = "Something went wrong with the brief."

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence.format(**details))


class BadInputError(BriefsError):
    """The person can mend it."""


class UnknownBriefError(BadInputError):
    """An id that no brief has."""

    sentence = "There is no brief {id}: look for it in the list of briefs."


class UnknownStatementError(BadInputError):
    """A brief without that statement."""

    sentence = "Brief {id} has no statement {number}: its statements are numbered from 1."


class UnknownEditionError(BadInputError):
    """A brief without (that) edition."""

    sentence = "Brief {id} has no such edition: publish it first."


class UnknownItemError(BadInputError):
    """A passage that no folder has."""

    sentence = "No folder has the item {id}: look for it in the folder of its brief."


class UnknownSearchError(BadInputError):
    """A search that no trail has."""

    sentence = "No trail has the search {id}: look for it in the search trail of its brief."


class WithdrawnEditionError(BadInputError):
    """The words of an edition that counts no more."""

    sentence = (
        "Edition {number} of brief {id} was withdrawn, and its words are given to nobody: take "
        "another edition."
    )


class DamagedEditionError(BadInputError):
    """The stored words of an edition are not those that were published."""

    sentence = (
        "Edition {number} of brief {id} is not as it was published, and is given to nobody: have "
        "the home restored from a backup."
    )


class EmptyBriefError(BadInputError):
    """Nothing to publish."""

    sentence = "Brief {id} has no statement yet: add one before publishing."


class NoTitleError(BadInputError):
    """A brief without a name."""

    sentence = "A brief needs a title: write one."


class NothingFoundError(BadInputError):
    """The collection has nothing for any heading."""

    sentence = (
        "Nothing in the collection answers any heading of the outline: add sources or reword it."
    )


class EvidenceError(BadInputError):
    """A quote is not where its evidence says."""

    sentence = (
        "The quote “{quote}” is not in its source at the place named: quote the source's own words."
    )


class DiscardedSourceError(EvidenceError):
    """A statement rests on words that are no longer there."""

    sentence = (
        "Statement {number} rests on words of a file that was discarded: take it out, or rest it "
        "on another source."
    )


class ClosedSourceError(BadInputError):
    """A statement rests on a source that is kept from some of the edition's readers."""

    sentence = (
        "Statement {number} of brief {id} rests on a source that not all of its readers may see: "
        "take it out, rest it on an open source, or publish for fewer readers."
    )


class NoRecipientError(BadInputError):
    """An edition for named persons that names none."""

    sentence = "An edition for named persons needs at least one: name who is to read it."


class StaleRevisionError(BadInputError):
    """Two people edited the same brief."""

    sentence = (
        "Brief {id} was changed by somebody else meanwhile: reload it and make the change again."
    )


class ConflictingChangeError(StaleRevisionError):
    """Two people changed the same statement, or the title, to different things."""

    sentence = (
        "Brief {id} was changed by somebody else meanwhile, in the same place: look at both "
        "wordings and save the one that is to stand."
    )

    def __init__(self, *, conflicts: "tuple[Conflict, ...]", **details: object) -> None:
        super().__init__(**details)
        self.conflicts = conflicts


class ChangedSinceError(ConflictingChangeError):
    """What is to be undone was changed again by a later revision."""

    sentence = (
        "Revision {number} of brief {id} cannot be taken back, as what it changed was changed "
        "again since: take the later change back first."
    )


class UnknownRevisionError(BadInputError):
    """A revision that is not kept."""

    sentence = "Brief {id} has no revision {number} in its history: choose one that it lists."


class FirstRevisionError(BadInputError):
    """A revision before which nothing is kept."""

    sentence = (
        "Revision {number} of brief {id} is the first that was kept: there is nothing to go back "
        "to."
    )


class WithheldRevisionError(BadInputError):
    """What is to be undone changed the words of a statement that is withheld."""

    sentence = (
        "Revision {number} of brief {id} cannot be taken back by you, as it changed a statement "
        "that rests on a source kept from you: ask somebody who may see the source."
    )


class DiscardedRevisionError(BadInputError):
    """What is to be undone took out words of a file that was discarded."""

    sentence = (
        "Revision {number} of brief {id} cannot be taken back, as words that it took out stood in "
        "a file that was discarded: write anew what is to be said."
    )


class ArrangingError(BadInputError):
    """A statement cannot be moved, divided or joined so; nothing is changed."""

    sentence = "The statement cannot be moved, divided or joined so."


class GoneStatementError(ArrangingError):
    """A statement that the brief no longer has."""

    sentence = "Statement {statement} is no longer in the brief: reload it."


class WithheldStatementError(ArrangingError):
    """The words of a statement that is withheld."""

    sentence = (
        "This statement rests on a source that is kept from you: you may move it and take it out, "
        "but neither divide nor join it."
    )


class IndivisibleError(ArrangingError):
    """Nothing stands on one side of the place, or the statement is a table or a figure."""

    sentence = (
        "The statement cannot be divided there: divide a sentence between two of its words; "
        "tables and figures stay whole."
    )


class LastStatementError(ArrangingError):
    """No statement follows that it could be joined with."""

    sentence = "No statement follows this one: choose the first of two to be joined."


class UnlikeStatementsError(ArrangingError):
    """Two statements that do not make one."""

    sentence = (
        "These two statements do not make one: a heading is joined with a heading, a sentence "
        "with a sentence, and two figures worked out by different formulas stay two."
    )


class SettingError(BadInputError):
    """A setting has a value that is not allowed."""

    sentence = "The setting {key} = {value} is not allowed: it takes {allowed}."


class AddressTakenError(BadInputError):
    """The server cannot listen where it is told to."""

    sentence = (
        "The server cannot listen at {host}:{port} ({reason}): stop what listens there or choose "
        "another with --port, --host or ZHIKU_PORT, ZHIKU_HOST."
    )


class OutlineError(BadInputError):
    """An outline without a heading."""

    sentence = "The outline {path} has no heading: write one heading a line."


class PartedStatementsError(BadInputError):
    """A form of a brief has one of two statements that belong together, and not the other."""

    sentence = (
        "Statements {first} and {second} of brief {id} belong together (“{word}”), and one of its "
        "lengths has only one of them: give both the same length, or reword the second."
    )


class EmptyFormError(BadInputError):
    """A form that no statement stands in."""

    sentence = (
        "Brief {id} has no form of the length “{length}”: give statements that length, or take "
        "another form."
    )


class BadStatementLineError(BadInputError):
    """A line of a file of statements is no JSON object with a statement and its evidence."""

    sentence = (
        "Line {line} of {path} cannot be checked: it needs a JSON object with “statement”, “kind” "
        "({kinds}) and “evidence”, a list of texts."
    )


class TableError(BadInputError):
    """A text that should be a table is none."""

    sentence = "Something that should be a table is none."


class NoTableError(TableError):
    """No header with a row below it."""

    sentence = (
        "This is no table: give a line of column names and at least one row below it, with two "
        "columns or more."
    )


class RaggedTableError(TableError):
    """A row with more or fewer cells than there are columns."""

    sentence = (
        "Row {row} of the table has {found} cells, but there are {wanted} columns: give every row "
        "one cell a column, empty where nothing is known."
    )


class DefectError(BriefsError):
    """Our own mistake."""


class SpanError(DefectError):
    """A span names a page or characters that are not there."""

    sentence = "There are no characters {start}–{end} on page {page} of this source."
