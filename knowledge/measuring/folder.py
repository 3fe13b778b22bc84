"""Files of a folder and the texts known to be true of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import MissingFileError
from knowledge.listing import list_files
from knowledge.readers.encoding import decode


@dataclass(frozen=True, slots=True)
class Pair:
    """A file and the text file that says what it holds."""

    file: Path
    truth: Path


@dataclass(frozen=True, slots=True)
class Paired:
    """The files of a folder, with and without a truth; in the order of their names."""

    pairs: tuple[Pair, ...]
    without_truth: tuple[Path, ...]


def pair(folder: Path, truths: Path) -> Paired:
    """Find for each file below `folder` that can be read the truth ``<stem>.txt`` in `truths`.

    Truths themselves are not taken for files, wherever they lie.

    Raises:
        MissingFileError: one of the folders does not exist.
    """
    if not truths.is_dir():
        raise MissingFileError(path=truths)
    known = {path.stem: path for path in sorted(truths.glob("*.txt"))}
    truths = truths.resolve()
    files = [file for file in list_files([folder]).files if truths not in file.parents]
    pairs = tuple(Pair(file, known[file.stem]) for file in files if file.stem in known)
    return Paired(pairs, tuple(file for file in files if file.stem not in known))


def words_of(truth: Path) -> str:
    """The words of a truth, of any usual encoding."""
    return decode(truth.read_bytes(), truth.name).text


def shown(files: Sequence[Path], folder: Path) -> tuple[str, ...]:
    """Files by their path below a folder."""
    root = folder.resolve()
    return tuple(str(file.relative_to(root)) for file in files)
