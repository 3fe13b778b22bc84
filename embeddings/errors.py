"""The errors of this package.

::

    EmbeddingsError            each carries one sentence that says what to do
    ├── BadInputError          the person or the settings can mend it
    │   ├── EncoderUnavailableError
    │   ├── EncoderBrokenError
    │   └── RerankerBrokenError
    ├── SnapshotError          the file on disk cannot be trusted: rebuild it
    │   └── NoSnapshotError    nothing was saved yet
    └── DefectError            our own mistake
        ├── DuplicateIdError
        └── DimensionError

`sentence` is English and the key under which the workbench finds its translation.
"""

from typing import ClassVar


class EmbeddingsError(Exception):
    """Root of this package's errors; `str()` gives the English sentence."""

    sentence: ClassVar[str] = "Something went wrong while encoding."

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence.format(**details))


class BadInputError(EmbeddingsError):
    """The person or the settings can mend it."""


class EncoderUnavailableError(BadInputError):
    """The default model's wheel has no build for this machine, or it is not installed."""

    sentence = (
        "The built-in encoder is not available here ({reason}): set ZHIKU_ENCODER to a "
        "sentence-transformers model folder."
    )


class EncoderBrokenError(BadInputError):
    """A model was named that cannot be loaded."""

    sentence = (
        "The encoder “{name}” cannot be loaded ({reason}): check ZHIKU_ENCODER; it takes a "
        "sentence-transformers model name or folder."
    )


class RerankerBrokenError(BadInputError):
    """A reranker was named that cannot be loaded, or is none."""

    sentence = (
        "The reranker “{name}” cannot be used ({reason}): check ZHIKU_RERANKER; it takes a "
        "cross-encoder's name or folder, or nothing."
    )


class SnapshotError(EmbeddingsError):
    """An index file is absent, damaged, or made for something else; rebuild it."""

    sentence = "The saved vector index cannot be used ({reason}): it is rebuilt from the database."


class NoSnapshotError(SnapshotError):
    """Nothing was saved yet."""


class DefectError(EmbeddingsError):
    """Our own mistake."""


class DuplicateIdError(DefectError):
    """An id would stand in the index twice."""

    sentence = "These ids would be in the vector index twice: {ids}."


class DimensionError(DefectError):
    """Vectors do not fit the index."""

    sentence = "Vectors of shape {shape} do not fit an index of dimension {dimension}."
