"""The errors of references, below those of `briefs.errors`.

::

    ReferencesFileError    a file of references cannot be taken over
    ├── UnknownReferencesError (no known format) · MalformedReferencesError
    ├── UnclosedReferenceError · UnknownWorkTypeError · UntitledReferenceError
    └── RepeatedKeyError · NoReferencesError
"""

from briefs.errors import BadInputError


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
