"""The errors of this package.

::

    BriefsError                each carries one sentence that says what to do
    ├── BadInputError          the person can mend it
    │   ├── UnknownBriefError · UnknownStatementError · UnknownEditionError
    │   ├── WithdrawnEditionError · DamagedEditionError (its words are given to nobody)
    │   ├── EmptyBriefError    nothing to publish
    │   ├── NoTitleError       a brief without a name
    │   ├── NothingFoundError  no sentence for any heading of an outline
    │   ├── EvidenceError      a quote is not where it is said to be
    │   ├── ClosedSourceError  a statement rests on what readers may not see
    │   ├── NoRecipientError   an edition for named persons names none
    │   ├── StaleRevisionError somebody else has saved since
    │   ├── SettingError       a setting has a value that is not allowed
    │   ├── AddressTakenError  the server cannot listen where it is told to
    │   ├── OutlineError       an outline without a heading
    │   ├── BadStatementLineError a line of a file of statements is none
    │   └── ReferencesFileError a file of references cannot be taken over
    │       ├── UnknownReferencesError (no known format) · MalformedReferencesError
    │       ├── UnclosedReferenceError · UnknownWorkTypeError · UntitledReferenceError
    │       └── RepeatedKeyError · NoReferencesError
    └── DefectError            our own mistake
        └── SpanError

`sentence` is English and the key of its translation in the workbench; `details` fill it.
"""

from typing import ClassVar


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


class BadStatementLineError(BadInputError):
    """A line of a file of statements is no JSON object with a statement and its evidence."""

    sentence = (
        "Line {line} of {path} cannot be checked: it needs a JSON object with “statement”, “kind” "
        "({kinds}) and “evidence”, a list of texts."
    )


class ReferencesFileError(BadInputError):
    """A file of references cannot be taken over; nothing of it was."""

    sentence = "{path} cannot be read as a file of references: export it again."


class UnknownReferencesError(ReferencesFileError):
    """Neither CSL-JSON nor RIS nor BibTeX."""

    sentence = "{path} is neither CSL-JSON nor RIS nor BibTeX: export it in one of these formats."


class NoReferencesError(ReferencesFileError):
    """A file without an entry."""

    sentence = "{path} has no reference in it: nothing to take over."


class MalformedReferencesError(ReferencesFileError):
    """Something stands where the format has no place for it."""

    sentence = (
        "{path}, line {line}: “{words}” cannot stand here in {format}: mend the line; nothing was "
        "taken over."
    )


class UnclosedReferenceError(ReferencesFileError):
    """An entry or a value that does not end."""

    sentence = (
        "{path}, line {line}: what begins here does not end: close the brace, the quotation mark "
        "or the entry; nothing was taken over."
    )


class UnknownWorkTypeError(ReferencesFileError):
    """A type of work that the format does not have."""

    sentence = (
        "{path}, line {line}: “{type}” is no type of {format}: correct it; nothing was taken over."
    )


class UntitledReferenceError(ReferencesFileError):
    """An entry without a title."""

    sentence = (
        "{path}, line {line}: this reference has no title: give it one; nothing was taken over."
    )


class RepeatedKeyError(ReferencesFileError):
    """Two entries with one key."""

    sentence = (
        "{path}, line {line}: the key “{key}” was used in line {first} already: give one of the "
        "two another key; nothing was taken over."
    )


class DefectError(BriefsError):
    """Our own mistake."""


class SpanError(DefectError):
    """A span names a page or characters that are not there."""

    sentence = "There are no characters {start}–{end} on page {page} of this source."
