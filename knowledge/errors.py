"""The errors of this package.

::

    KnowledgeError             each carries one sentence that says what to do
    ├── BadInputError          the person can mend it
    │   ├── UnreadableError    a file cannot be read
    │   │   ├── UnsupportedFormatError (OldOfficeError · ArchiveError)
    │   │   ├── MislabelledError · EncryptedError · DamagedError
    │   │   ├── EmptyFileError · NoTextError (GarbledTextError)
    │   │   ├── TooLargeError · UnknownEncodingError
    │   │   └── MissingFileError · NotAllowedError
    │   ├── UnknownRecordError an id or a name that nothing has
    │   ├── BadDateError       a date that cannot be read
    │   ├── BadHomeError       the home folder cannot be used
    │   ├── BadDatasetError    a judged search set is not in BEIR layout
    │   ├── BadWeightError     a share that is not between 0 and 1
    │   ├── IndexBusyError     another process is writing the lexical index
    │   └── IndexWriteError    the lexical index cannot be written
    └── DefectError            our own mistake

`sentence` is English and the key of its translation in the workbench; `details` fill it.
"""

from typing import ClassVar


class KnowledgeError(Exception):
    """Root of this package's errors; `str()` gives the English sentence."""

    sentence: ClassVar[str] = "Something went wrong in the knowledge base."

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence.format(**details))


class BadInputError(KnowledgeError):
    """The person can mend it."""


class UnreadableError(BadInputError):
    """A file cannot be read; every subclass says why and what to do."""


class MissingFileError(UnreadableError):
    """Nothing is at that path."""

    sentence = "{path} does not exist: check the path."


class NotAllowedError(UnreadableError):
    """The system does not give the file."""

    sentence = "{path} cannot be opened ({reason}): check its permissions, or copy it elsewhere."


class UnsupportedFormatError(UnreadableError):
    """A format that Zhiku does not read."""

    sentence = (
        "{name} is of a format that is not read: save it as PDF, DOCX, HTML, TXT, MD, XLSX or CSV."
    )


class OldOfficeError(UnsupportedFormatError):
    """A binary format of Word, Excel or WPS."""

    sentence = (
        "{name} is in an old Office or WPS format: open it in Word, Excel or WPS and save it as "
        "DOCX or XLSX."
    )


class ArchiveError(UnsupportedFormatError):
    """Files packed into one."""

    sentence = "{name} is an archive: unpack it and add the files inside."


class MislabelledError(UnreadableError):
    """The bytes are not what the name says."""

    sentence = (
        "{name} is not a {expected} file but {actual}: give it its true ending or export it again."
    )


class EncryptedError(UnreadableError):
    """A password is needed."""

    sentence = "{name} is protected by a password: save a copy without it and add that."


class DamagedError(UnreadableError):
    """The format's own structure is broken."""

    sentence = "{name} is damaged ({reason}): export or download it again."


class EmptyFileError(UnreadableError):
    """No bytes, or nothing but blanks."""

    sentence = "{name} is empty: nothing to add."


class NoTextError(UnreadableError):
    """Pages without a text layer: a scan."""

    sentence = (
        "{name} has no text layer (a scan?): run text recognition on it first, then add the result."
    )


class GarbledTextError(NoTextError):
    """A text layer whose letters are mapped to wrong characters."""

    sentence = (
        "{name} shows other letters than its text layer holds (a faulty font): run text "
        "recognition on it first, then add the result."
    )


class TooLargeError(UnreadableError):
    """Over a stated limit of size, pages or expansion."""

    sentence = "{name} is too large ({size}; the limit is {limit}): split it."


class UnknownEncodingError(UnreadableError):
    """No known character encoding fits the bytes."""

    sentence = "{name} is in no known character encoding: save it as UTF-8."


class UnknownRecordError(BadInputError):
    """An id that nothing has."""

    sentence = "There is no {kind} {id}."


class BadDateError(BadInputError):
    """A date that cannot be read."""

    sentence = "“{value}” is no date: write 2021, 2021-05 or 2021-05-30."


class BadHomeError(BadInputError):
    """The home folder cannot be used."""

    sentence = (
        "The home folder {path} cannot be used ({reason}): "
        "choose another with --home or ZHIKU_HOME."
    )


class BadDatasetError(BadInputError):
    """A judged search set is not in BEIR layout."""

    sentence = (
        "{path} is not a judged search set ({reason}): "
        "it needs corpus.jsonl, queries.jsonl and qrels.tsv."
    )


class BadWeightError(BadInputError):
    """A share of a fused score outside 0 … 1."""

    sentence = "The weight of dense search must be between 0 and 1, not {weight}."


class IndexBusyError(BadInputError):
    """Another writer holds the lexical index."""

    sentence = (
        "Another Zhiku process is writing the lexical index {path}: wait until it has finished and "
        "try again."
    )


class IndexWriteError(BadInputError):
    """The disk refuses the lexical index."""

    sentence = (
        "The lexical index {path} cannot be written ({reason}): free some disk space and check "
        "that you may write there."
    )


class DefectError(KnowledgeError):
    """Our own mistake."""
