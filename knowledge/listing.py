"""The files found under paths that a person names."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import MissingFileError
from knowledge.readers import suffixes


@dataclass(frozen=True, slots=True)
class Listing:
    """The files found under some paths, and how many were passed over."""

    files: tuple[Path, ...]
    passed_over: tuple[Path, ...]
    """Files inside folders whose ending is of no format that is read."""


def list_files(paths: Iterable[Path]) -> Listing:
    """Find the files to add: those named, and in folders, at any depth, those that can be read.

    A file named outright is always listed, so that its failure is reported; hidden files and
    folders inside folders are passed over silently. Each file once, folders in name order.

    Raises:
        MissingFileError: a path does not exist.
    """
    files: dict[Path, None] = {}
    passed_over: list[Path] = []
    for path in paths:
        if not path.exists():
            raise MissingFileError(path=path)
        if not path.is_dir():
            files[path.resolve()] = None
            continue
        root = path.resolve()
        for file in sorted(root.rglob("*")):
            inside = file.relative_to(root).parts
            if not file.is_file() or any(part.startswith((".", "~$")) for part in inside):
                continue
            if file.suffix.lower() in suffixes():
                files[file] = None
            else:
                passed_over.append(file)
    return Listing(tuple(files), tuple(passed_over))
