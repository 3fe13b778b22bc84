"""An index on disk, proved before it is trusted.

A snapshot is a folder with ``manifest.json`` and the files that it names: the tail, and the
segments, which are written when they are made and never again. Each carries its SHA-256 in its
name, so a new one never overwrites one that the manifest speaks of; the manifest is replaced last.
Whatever moment a crash picks, the manifest names whole files or the check fails, and the index is
rebuilt. All bytes are checked when a snapshot is loaded; what changes on disk while a segment is
mapped is not noticed before the next start.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.durable import TEMPORARY_SUFFIX, publish, sha256_of, sync_file, write_durably
from embeddings.errors import DefectError, NoSnapshotError, SnapshotError
from embeddings.faiss_index import FaissIndex
from embeddings.growing import USUAL, GrowingIndex, Part, Sizes
from embeddings.protocols import Ids
from embeddings.segment import Segment

FORMAT = 2
"""Rises when the files of an older release can no longer be used."""
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, and what must hold of it before it is used."""

    file: str
    sha256: str
    count: int
    removed: tuple[int, ...] = ()
    """Ids that are in the file and no longer in the index, ascending."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What must hold of a snapshot before it is used."""

    format: int
    fingerprint: str
    dimension: int
    tail: Piece
    segments: tuple[Piece, ...]
    state: str = ""
    """What the collection was like when it held this, in the caller's words; blank: unknown."""


def save_snapshot(index: GrowingIndex, folder: Path, *, fingerprint: str, state: str = "") -> None:
    """Save an index so that a crash at any moment leaves the old snapshot, the new one, or none.

    One writer at a time: the caller holds the lock of the index.

    Args:
        index: what to save; nobody may write to it meanwhile. Its segments lie in `folder`.
        folder: made if absent; index files in it that the new manifest does not name are deleted.
        fingerprint: of the encoder whose vectors these are.
        state: of the collection, for whoever reads the manifest.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"index.{os.getpid()}{TEMPORARY_SUFFIX}"
    index.tail.save(temporary)
    sync_file(temporary)
    digest = sha256_of(temporary)
    tail = Piece(f"index-{digest[:16]}.faiss", digest, len(index.tail))
    manifest = Manifest(
        format=FORMAT,
        fingerprint=fingerprint,
        dimension=index.dimension,
        tail=tail,
        # Where somebody deleted a segment, the next start reads what was in it from SQL.
        segments=tuple(_piece(part) for part in index.parts if part.segment.path.exists()),
        state=state,
    )
    publish(temporary, folder / tail.file)
    content = json.loads(json.dumps(asdict(manifest)))
    text = json.dumps({**content, "seal": _seal(content)}, ensure_ascii=False, sort_keys=True)
    write_durably(folder / MANIFEST, text.encode())
    named = {tail.file, *(piece.file for piece in manifest.segments)}
    for path in folder.iterdir():
        if path.suffix in {".faiss", TEMPORARY_SUFFIX} and path.name not in named:
            # Windows keeps what another process has open: a later save deletes it.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)


def load_snapshot(
    folder: Path, *, fingerprint: str, dimension: int, sizes: Sizes = USUAL
) -> GrowingIndex:
    """Load the index that `save_snapshot` left, once everything known of it has been checked.

    Args:
        folder: the folder given to `save_snapshot`.
        fingerprint: of the encoder in use.
        dimension: of the encoder in use.
        sizes: of the index.

    Raises:
        SnapshotError: it is absent, damaged, or made by another encoder or release; the reason
            says which.
    """
    manifest = read_manifest(folder, fingerprint=fingerprint, dimension=dimension)
    while True:
        try:
            return _load(folder, manifest, sizes=sizes)
        except SnapshotError:
            # Another process may have saved a newer one between our looks.
            newer = read_manifest(folder, fingerprint=fingerprint, dimension=dimension)
            if newer == manifest:
                raise
            manifest = newer


def read_manifest(folder: Path, *, fingerprint: str, dimension: int) -> Manifest:
    """Read what a snapshot is made of; its files are not looked at.

    Raises:
        SnapshotError: as `load_snapshot`.
    """
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        written = content["format"]
        if isinstance(written, int) and 0 < written < FORMAT:
            raise NoSnapshotError(reason="an older release made it")
        if written != FORMAT:
            raise SnapshotError(reason=f"its format is {written}, not {FORMAT}")
        if content.pop("seal") != _seal(content):
            raise SnapshotError(reason="the manifest is damaged")
        manifest = _manifest_of(content)
    except FileNotFoundError as error:
        raise NoSnapshotError(reason="there is none yet") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SnapshotError(reason="the manifest is damaged") from error
    if manifest.fingerprint != fingerprint:
        raise SnapshotError(reason="another encoder made it")
    if manifest.dimension != dimension:
        raise SnapshotError(reason=f"its dimension is {manifest.dimension}, not {dimension}")
    return manifest


def open_segments(
    folder: Path, manifest: Manifest, *, known: Sequence[Segment] = ()
) -> list[tuple[Segment, Ids]]:
    """Open the segments of a snapshot, each with what was removed of it.

    Args:
        folder: of the snapshot.
        manifest: of the snapshot.
        known: open ones, not looked at again: the file of a segment never changes.

    Raises:
        SnapshotError: one is missing or damaged.
    """
    opened = {segment.path.name: segment for segment in known}
    segments: list[tuple[Segment, Ids]] = []
    for piece in manifest.segments:
        segment = opened.get(piece.file)
        if segment is None:
            segment = Segment(_checked(folder, piece), sha256=piece.sha256)
        segments.append((segment, np.array(piece.removed, dtype=np.int64)))
    return segments


def _piece(part: Part) -> Piece:
    removed = np.setdiff1d(part.segment.ids, part.live.ids, assume_unique=True)
    path, sha256 = part.segment.path, part.segment.sha256
    return Piece(path.name, sha256, len(part.segment), tuple(removed.tolist()))


def _load(folder: Path, manifest: Manifest, *, sizes: Sizes) -> GrowingIndex:
    tail = FaissIndex.load(_checked(folder, manifest.tail))
    segments = open_segments(folder, manifest)
    counts = [len(tail), *(len(segment) for segment, _ in segments)]
    if counts != [manifest.tail.count, *(piece.count for piece in manifest.segments)]:
        raise SnapshotError(reason="an index file is not what its manifest says")
    try:
        index = GrowingIndex.of_parts(tail, segments, sizes=sizes)
    except DefectError as error:
        raise SnapshotError(reason="its index files do not belong together") from error
    if index.dimension != manifest.dimension:
        raise SnapshotError(reason="an index file is not what its manifest says")
    return index


def _checked(folder: Path, piece: Piece) -> Path:
    path = folder / piece.file
    try:
        digest = sha256_of(path)
    except FileNotFoundError as error:
        # Perhaps just now: another process deletes what its newer snapshot does not name.
        raise SnapshotError(reason="an index file is missing") from error
    except OSError as error:
        raise SnapshotError(reason="an index file cannot be read") from error
    if digest != piece.sha256:
        raise SnapshotError(reason="an index file is damaged")
    return path


def _manifest_of(content: dict[str, Any]) -> Manifest:
    tail, *segments = (
        Piece(**{**piece, "removed": tuple(piece["removed"])})
        for piece in (content["tail"], *content["segments"])
    )
    for piece in (tail, *segments):
        if Path(piece.file).name != piece.file:
            raise ValueError("a file elsewhere")
    return Manifest(**{**content, "tail": tail, "segments": tuple(segments)})


def _seal(content: dict[str, Any]) -> str:
    """SHA-256 of all that the manifest says."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
