"""An index on disk, proved before it is trusted.

A snapshot is a folder with ``manifest.json`` and the index file that it names. The index file
carries its SHA-256 in its name, so a new one never overwrites the one the manifest speaks of; the
manifest is replaced last. Whatever moment a crash picks, the manifest names a whole file or the
check fails, and the index is rebuilt.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.durable import TEMPORARY_SUFFIX, publish, sha256_of, sync_file, write_durably
from embeddings.errors import NoSnapshotError, SnapshotError
from embeddings.faiss_index import FaissIndex

FORMAT = 1
"""Rises when the index file of an older release can no longer be used."""
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What must hold of the index file before it is used."""

    format: int
    file: str
    sha256: str
    fingerprint: str
    dimension: int
    count: int


def save_snapshot(index: FaissIndex, folder: Path, *, fingerprint: str) -> None:
    """Save an index so that a crash at any moment leaves the old snapshot, the new one, or none.

    One writer at a time: the caller holds the lock of the index.

    Args:
        index: what to save; nobody may write to it meanwhile.
        folder: made if absent; index files in it that the new manifest does not name are deleted.
        fingerprint: of the encoder whose vectors these are.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"index.{os.getpid()}{TEMPORARY_SUFFIX}"
    index.save(temporary)
    sync_file(temporary)
    digest = sha256_of(temporary)
    manifest = Manifest(
        format=FORMAT,
        file=f"index-{digest[:16]}.faiss",
        sha256=digest,
        fingerprint=fingerprint,
        dimension=index.dimension,
        count=len(index),
    )
    publish(temporary, folder / manifest.file)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    write_durably(folder / MANIFEST, text.encode())
    for path in folder.iterdir():
        obsolete = path.suffix in {".faiss", TEMPORARY_SUFFIX} and path.name != manifest.file
        if obsolete:
            path.unlink(missing_ok=True)


def load_snapshot(folder: Path, *, fingerprint: str, dimension: int) -> FaissIndex:
    """Load the index that `save_snapshot` left, once everything known of it has been checked.

    Args:
        folder: the folder given to `save_snapshot`.
        fingerprint: of the encoder in use.
        dimension: of the encoder in use.

    Raises:
        SnapshotError: it is absent, damaged, or made by another encoder or release; the reason
            says which.
    """
    manifest = _read_manifest(folder)
    if manifest.format != FORMAT:
        raise SnapshotError(reason=f"its format is {manifest.format}, not {FORMAT}")
    if manifest.fingerprint != fingerprint:
        raise SnapshotError(reason="another encoder made it")
    if manifest.dimension != dimension:
        raise SnapshotError(reason=f"its dimension is {manifest.dimension}, not {dimension}")
    path = folder / manifest.file
    if not path.is_file() and (newer := _read_manifest(folder)) != manifest:
        # Another process has saved a newer one between our two looks.
        manifest, path = newer, folder / newer.file
    if not path.is_file():
        raise SnapshotError(reason="the index file is missing")
    if sha256_of(path) != manifest.sha256:
        raise SnapshotError(reason="the index file is damaged")
    index = FaissIndex.load(path)
    if index.dimension != dimension or len(index) != manifest.count:
        raise SnapshotError(reason="the index file is not what its manifest says")
    return index


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    except FileNotFoundError as error:
        raise NoSnapshotError(reason="there is none yet") from error
    except (OSError, ValueError, TypeError) as error:
        raise SnapshotError(reason="the manifest is damaged") from error
    name = manifest.file
    if not isinstance(name, str) or Path(name).name != name:
        raise SnapshotError(reason="the manifest is damaged")
    return manifest
