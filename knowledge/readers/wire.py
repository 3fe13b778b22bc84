"""A reading, or why there is none, as JSON values and bytes: what a reading process sends home.

Exact both ways. Nothing is unpickled: what comes from the process is data, whatever it says.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from knowledge import errors
from knowledge.model import (
    Block,
    BlockKind,
    DocumentType,
    Ground,
    Layer,
    Metadata,
    Origin,
    PageText,
    Reading,
    Recognised,
)
from knowledge.places import Places

Values = Mapping[str, Any]


def pack_reading(reading: Reading) -> tuple[Values, bytes]:
    """As JSON values, and the places of all characters as bytes, page after page."""
    values = {
        "media_type": reading.media_type,
        "paged": reading.paged,
        "pages": [_pack_page(page) for page in reading.pages],
        "metadata": asdict(reading.metadata),
        "encoding": reading.encoding,
        "remarks": reading.remarks,
        "grounds": [[g.field, g.origin, g.words, g.page] for g in reading.grounds],
        "encoding_confidence": reading.encoding_confidence,
    }
    steps = (page.places.steps for page in reading.pages if page.places is not None)
    return values, b"".join(steps)


def unpack_reading(values: Values, payload: bytes) -> Reading:
    """Read what `pack_reading` gave.

    Raises:
        LookupError, TypeError, ValueError: these values never came from there.
    """
    pages: list[PageText] = []
    start = 0
    for item in values["pages"]:
        page, start = _unpack_page(item, payload, start)
        pages.append(page)
    metadata: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values["metadata"].items()
    }
    if metadata["type"] is not None:
        metadata["type"] = DocumentType(metadata["type"])
    return Reading(
        media_type=_text(values["media_type"]),
        paged=bool(values["paged"]),
        pages=tuple(pages),
        metadata=Metadata(**metadata),
        encoding=values["encoding"],
        remarks=tuple(map(_text, values["remarks"])),
        grounds=tuple(Ground(f, Origin(o), w, p) for f, o, w, p in values["grounds"]),
        encoding_confidence=values["encoding_confidence"],
    )


def pack_error(error: errors.KnowledgeError) -> Values:
    """As JSON values: the error's name and its details."""
    details = {
        key: value if isinstance(value, int | float) else str(value)
        for key, value in error.details.items()
    }
    return {"error": type(error).__name__, "details": details}


def unpack_error(values: Values) -> errors.BadInputError | None:
    """The error that `pack_error` gave; None when these values are none.

    Raises:
        LookupError, TypeError, ValueError: they never came from there.
    """
    if "error" not in values:
        return None
    kind = getattr(errors, _text(values["error"]), None)
    if not (isinstance(kind, type) and issubclass(kind, errors.BadInputError)):
        raise ValueError(f"{values['error']} is no error of a file")
    return kind(**values["details"])


def _pack_page(page: PageText) -> list[Any]:
    places = page.places
    return [
        page.text,
        page.label,
        [[block.kind, block.start, block.end, block.level] for block in page.blocks],
        page.layer,
        None if places is None else [places.width, places.height, len(places.steps)],
        [[item.start, item.end, item.confidence] for item in page.recognised],
    ]


def _unpack_page(item: list[Any], payload: bytes, start: int) -> tuple[PageText, int]:
    text, label, blocks, layer, size, recognised = item
    places, end = None, start
    if size is not None:
        width, height, length = size
        end = start + length
        if end > len(payload) or length < 0:
            raise ValueError("places are missing")
        places = Places(width, height, payload[start:end])
    page = PageText(
        text=_text(text),
        label=label,
        blocks=tuple(Block(BlockKind(kind), *rest) for kind, *rest in blocks),
        layer=Layer(layer),
        places=places,
        recognised=tuple(Recognised(*each) for each in recognised),
    )
    return page, end


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
