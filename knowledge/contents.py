"""What a file holds, before it is kept: read, with what a person knows, cut into passages."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from knowledge import chunking
from knowledge.errors import EmptyFileError, UnsupportedFormatError
from knowledge.loading import check_size
from knowledge.model import Layer, Metadata, PassageDraft, Reading


def contents_of(data: bytes, name: str, read: Callable[[bytes, str], Reading]) -> Reading:
    """What `read` finds in a file.

    Raises:
        UnreadableError: the file is too large, empty, of no known format, or `read` says why.
    """
    check_size(name, len(data))
    if not data:
        raise EmptyFileError(name=name)
    if "." not in name:
        raise UnsupportedFormatError(name=name)
    return read(data, name)


def passages_of(reading: Reading, name: str) -> Sequence[PassageDraft]:
    """The passages of a file's pages; none while all its words wait for recognition.

    Raises:
        EmptyFileError: it has no words, and none wait.
    """
    drafts = chunking.passages(reading.pages)
    if not drafts and all(page.layer is not Layer.WAITING for page in reading.pages):
        raise EmptyFileError(name=name)
    return drafts


def described(reading: Reading, known: Metadata | None) -> Reading:
    """The reading with what a person knows of the work in place of what was guessed."""
    if known is None:
        return reading
    given = {field.name: value for field in fields(known) if (value := getattr(known, field.name))}
    return replace(
        reading,
        metadata=replace(reading.metadata, **given),
        grounds=tuple(ground for ground in reading.grounds if ground.field not in given),
    )
