"""The errors of this package.

::

    KnowledgeError             each carries one sentence that says what to do
    ├── BadInputError          the person can mend it
    │   ├── UnreadableError    a file cannot be read
    │   │   ├── UnsupportedFormatError (OldOfficeError · ArchiveError (EncryptedArchiveError))
    │   │   ├── MislabelledError · EncryptedError · DamagedError (CrashingError)
    │   │   ├── EmptyFileError
    │   │   ├── TooLargeError · SmallPictureError · UnknownEncodingError
    │   │   ├── InQuarantineError (a mark of secrecy)
    │   │   ├── TookTooLongError · TooDemandingError (limits of the process that reads)
    │   │   └── MissingFileError · NotAllowedError
    │   ├── UnknownRecordError an id or a name that nothing has
    │   │   └── OtherBranchError (seen, but another branch's to change)
    │   ├── DecidedAlreadyError · ReasonNeededError · NamedOnlyError (quarantine)
    │   ├── ClaimedError · NotThereError (the desk: somebody else's, misquoted)
    │   ├── ConsentNeededError · PersonalDataError · NotConfirmedError (privacy)
    │   ├── BadDateError       a date that cannot be read
    │   ├── MissingTitleError  a document is left without a title
    │   ├── StaleEntryError    a catalogue entry was changed since it was looked at
    │   ├── BadHomeError       the home folder cannot be used
    │   ├── BackupError        a backup cannot be made or restored there
    │   ├── BadBackupError     a backup that is damaged, or is none
    │   ├── BadDatasetError    a judged search set is not in BEIR layout
    │   ├── BadManifestError   a list of files with what is known of them cannot be read
    │   ├── BadSynonymsError   a table of synonyms cannot be used
    │   │   ├── UnseparatedFormsError · UnfitFormError · RepeatedFormError (one of its lines)
    │   │   └── StaleSynonymsError (changed by somebody else meanwhile)
    │   ├── BadWeightError     a share that is not between 0 and 1
    │   ├── BadWeightsError    what “zhiku calibrate” kept is damaged
    │   ├── RecognitionUnavailableError the library that reads scans is not installed
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
        "{name} is of a format that is not read: save it as PDF, DOCX, PPTX, XLSX, HTML, TXT, MD, "
        "CSV or EML, or as a picture (PNG, JPEG, TIFF)."
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


class EncryptedArchiveError(ArchiveError):
    """Files packed into one, with a password."""

    sentence = (
        "{name} is an archive protected by a password: unpack it with the password and add the "
        "files inside."
    )


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


class CrashingError(DamagedError):
    """It brought down the process that was reading it."""

    sentence = (
        "{name} made the program that reads it fail, as only a damaged file does: export or "
        "download it again."
    )


class TookTooLongError(UnreadableError):
    """It was not read within the time allowed."""

    sentence = (
        "{name} could not be read within {seconds} seconds: split it, or print it to a new PDF "
        "and add that."
    )


class TooDemandingError(UnreadableError):
    """Reading it needs more memory than is allowed."""

    sentence = (
        "{name} needs more than {limit} of memory to be read: split it, or print it to a new PDF "
        "and add that."
    )


class EmptyFileError(UnreadableError):
    """No bytes, or nothing but blanks."""

    sentence = "{name} is empty: nothing to add."


class TooLargeError(UnreadableError):
    """Over a stated limit of size, pages or expansion."""

    sentence = "{name} is too large ({size}; the limit is {limit}): split it."


class UnknownEncodingError(UnreadableError):
    """No known character encoding fits the bytes."""

    sentence = "{name} is in no known character encoding: save it as UTF-8."


class SmallPictureError(UnreadableError):
    """A picture too small to show a page."""

    sentence = (
        "{name} is too small a picture ({size}) to read a page from: scan the page at 150 dots an "
        "inch or more."
    )


class UnknownRecordError(BadInputError):
    """An id that nothing has."""

    sentence = "There is no {kind} {id}."


class OtherBranchError(UnknownRecordError):
    """A record that the person may see and that another branch keeps."""

    sentence = (
        "The {kind} {id} belongs to another branch: ask somebody there, or at the main library, to "
        "change it."
    )


class InQuarantineError(UnreadableError):
    """It bears a mark of secrecy; reported of a file, never raised."""

    sentence = (
        "{name} bears the mark of secrecy “{mark}” on its first page: it is kept in quarantine "
        "(no. {id}) and cannot be found; an authorised person releases or discards it."
    )


class DecidedAlreadyError(BadInputError):
    """A file in quarantine that somebody has released or discarded."""

    sentence = "{name} (no. {id} in quarantine) was decided on already: nothing was changed."


class ReasonNeededError(BadInputError):
    """A decision on a file in quarantine without its reason."""

    sentence = "A file in quarantine is released or discarded for a reason only: say why."


class ClaimedError(BadInputError):
    """An inquiry that somebody else took."""

    sentence = "Somebody else handles inquiry {id}: take another one."


class NotThereError(BadInputError):
    """Words that do not stand where an answer's evidence says."""

    sentence = "“{quote}” does not stand where the answer says: quote the page anew."


class ConsentNeededError(BadInputError):
    """An asker who did not agree to be kept, or whose name is missing."""

    sentence = (
        "An asker is kept by name and with their consent only: ask for both, or record the inquiry "
        "without its asker."
    )


class PersonalDataError(BadInputError):
    """Something that is to become public tells who somebody is, and nothing was decided on it."""

    sentence = (
        "{count} places look like personal data: blank them, or say why they stay. Nothing was "
        "made public."
    )


class NotConfirmedError(BadInputError):
    """An erasure that was not confirmed with the words that it asks for."""

    sentence = "Nothing was erased: to confirm, type {words} as it stands there."


class NamedOnlyError(BadInputError):
    """What bears a mark of secrecy was to be seen by more than named persons."""

    sentence = (
        "“{title}” bears a mark of secrecy and was released for named persons only: name the "
        "persons who may see it."
    )


class BadDateError(BadInputError):
    """A date that cannot be read."""

    sentence = "“{value}” is no date: write 2021, 2021-05 or 2021-05-30."


class MissingTitleError(BadInputError):
    """A document is left without a title."""

    sentence = "A document needs a title: give it one."


class StaleEntryError(BadInputError):
    """Somebody changed the catalogue entry since the person looked at it."""

    sentence = "The entry of document {id} was changed meanwhile: look at it again."


class BadHomeError(BadInputError):
    """The home folder cannot be used."""

    sentence = (
        "The home folder {path} cannot be used ({reason}): "
        "choose another with --home or ZHIKU_HOME."
    )


class BackupError(BadInputError):
    """A backup cannot be made or restored there."""

    sentence = "{path} cannot be used ({reason}): choose another folder, or free some space."


class BadBackupError(BadInputError):
    """A backup that is damaged, or is none."""

    sentence = "The backup {path} cannot be used ({reason}): choose another state or backup."


class BadDatasetError(BadInputError):
    """A judged search set is not in BEIR layout."""

    sentence = (
        "{path} is not a judged search set ({reason}): "
        "it needs corpus.jsonl, queries.jsonl and qrels.tsv."
    )


class BadManifestError(BadInputError):
    """A line of a list of files is no JSON object with a path."""

    sentence = (
        "Line {line} of {path} cannot be read: it needs a JSON object with “path” and what is "
        "known of the file."
    )


class BadSynonymsError(BadInputError):
    """A table of synonyms cannot be used."""

    sentence = "The table of synonyms {path} cannot be read ({reason}): save it as UTF-8 text."


class UnseparatedFormsError(BadSynonymsError):
    """A line of a table of synonyms has something else between its forms."""

    sentence = "{path}, line {number}: put “=” or a tab between the forms of a word."


class UnfitFormError(BadSynonymsError):
    """A form in a table of synonyms is too short, too long, or no word."""

    sentence = (
        "{path}, line {number}: “{form}” is no form of a word; a form has 2 to {longest} "
        "characters, and “=” or a tab stands between two."
    )


class RepeatedFormError(BadSynonymsError):
    """A form stands in two lines of a table of synonyms."""

    sentence = (
        "{path}, line {number}: “{form}” stands in line {first} already; put all forms of a word "
        "on one line."
    )


class StaleSynonymsError(BadSynonymsError):
    """A table of synonyms was changed by somebody else since it was read."""

    sentence = (
        "Somebody else has changed the table of synonyms meanwhile: load it again, then put in "
        "your change once more."
    )


class BadWeightError(BadInputError):
    """A share of a fused score outside 0 … 1."""

    sentence = "The weight of dense search must be between 0 and 1, not {weight}."


class BadWeightsError(BadInputError):
    """The file that says how to tell an answer from a near miss is damaged."""

    sentence = "{path} is damaged ({reason}): remove it, or run “zhiku calibrate” again."


class RecognitionUnavailableError(BadInputError):
    """The library that reads scans is not installed."""

    sentence = (
        "Scanned pages cannot be read here: install text recognition with "
        "“pip install rapidocr onnxruntime” and run “zhiku recognise”."
    )


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
