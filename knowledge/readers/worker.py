"""The process in which files are read and drawn: ``python -m knowledge.readers.worker``.

`knowledge.readers.sandbox` is its other side.
"""

from knowledge.errors import UnknownRecordError, UnreadableError
from knowledge.isolation import Values, serve
from knowledge.readers import read_file, readers
from knowledge.readers.drawing import draw
from knowledge.readers.wire import pack_error, pack_reading


def _read(values: Values, data: bytes) -> tuple[Values, bytes]:
    try:
        return pack_reading(read_file(data, values["name"]))
    except UnreadableError as error:
        return pack_error(error), b""


def _draw(values: Values, data: bytes) -> tuple[Values, bytes]:
    try:
        return {}, draw(data, values["page"], width=values["width"])
    except UnknownRecordError as error:
        return pack_error(error), b""


if __name__ == "__main__":
    readers()  # Imported before a file is here, as its time and memory are limited.
    serve({"read": _read, "draw": _draw})
