"""The files of the tantivy engine (0.27): which of them count, and whether they are whole."""

import json
import shutil
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import tantivy

_FOOTER_MAGIC: Final = 1337
_REMOVALS: Final = "del"


def needed(engine: Path, meta: dict[str, Any]) -> Iterator[Path]:
    """The files of the segments that `meta` (the content of ``meta.json``) names, by name.

    Of files of removals only the newest committed is one of them: an older one is in use no more,
    and a newer one was left by a commit that was killed.
    """
    segments = {
        segment["segment_id"].replace("-", ""): (segment["deletes"] or {}).get("opstamp")
        for segment in meta["segments"]
    }
    for path in sorted(engine.iterdir()):
        segment, *parts = path.name.split(".")
        if segment not in segments:
            continue
        if parts[-1:] != [_REMOVALS] or parts[0] == str(segments[segment]):
            yield path


def is_sound(path: Path) -> bool:
    """Compare the CRC-32 in the file's footer: JSON, its length, a magic number."""
    try:
        data = memoryview(path.read_bytes())
    except FileNotFoundError:
        return True  # merged away by another process meanwhile
    length = int.from_bytes(data[-8:-4], "little")
    end = len(data) - 8 - length
    if end < 0 or int.from_bytes(data[-4:], "little") != _FOOTER_MAGIC:
        return False
    try:
        footer = json.loads(bytes(data[end:-8]))
        return bool(zlib.crc32(data[:end]) == footer["crc"])
    except (ValueError, KeyError, TypeError):
        return False


def clear_unfinished(engine: Path) -> None:
    """Delete what a commit that was killed wrote of removals, for whoever writes next.

    Such a file is named after its segment and the number that the commit would have had. The next
    commit has the same number, and the engine refuses to write over the file, for ever.
    """
    committed = int(json.loads((engine / "meta.json").read_text("utf-8"))["opstamp"])
    for path in engine.glob(f"*.*.{_REMOVALS}"):
        number = path.name.split(".")[1]
        if number.isdigit() and int(number) > committed:
            path.unlink(missing_ok=True)


def start_empty(folder: Path, schema: tantivy.Schema, *, made_by: Mapping[str, int]) -> None:
    """Make an empty index in `folder`, whatever is there; `made_by` becomes its format file."""
    (folder / "format.json").unlink(missing_ok=True)
    engine = folder / "tantivy"
    if engine.exists():
        shutil.rmtree(engine)
    engine.mkdir()
    tantivy.Index(schema, str(engine))
    # Last, so that an interruption before leaves a folder that starts empty again.
    (folder / "format.json").write_text(json.dumps(made_by), "utf-8")
