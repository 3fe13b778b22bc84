"""The process in which pages are recognised: ``python -m knowledge.recognition.worker``.

It keeps the file of the last request open, so that its bytes cross the pipe once, however many
pages it has. `knowledge.recognition.remote` is its other side.
"""

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from knowledge.errors import UnknownRecordError
from knowledge.isolation import Values, serve
from knowledge.recognition.canvas import Canvas

if TYPE_CHECKING:
    from knowledge.recognition.recogniser import Recogniser

_MODEST: Final = 10
"""How far behind everything else on the machine it stands (``nice``)."""


class _Desk:
    """The file in hand and the models, each got ready when first needed."""

    def __init__(self) -> None:
        self._sha256 = ""
        self._canvas: Canvas | None = None
        self._recogniser: Recogniser | None = None

    def page(self, values: Values, data: bytes) -> tuple[Values, bytes]:
        """Recognise a page; asks for the file when it is not the one in hand."""
        try:
            if data:
                self._put_down()
                self._canvas, self._sha256 = Canvas(data), values["sha256"]
            if self._canvas is None or self._sha256 != values["sha256"]:
                return {"state": "file-needed"}, b""
            picture, points = self._canvas.page(values["page"])
        except UnknownRecordError:
            return {"state": "unreadable"}, b""
        sheet = self._models().recognise(picture, points=points)
        return {"state": "read"}, sheet.pack()

    def _put_down(self) -> None:
        if self._canvas is not None:
            self._canvas.close()
        self._canvas, self._sha256 = None, ""

    def _models(self) -> "Recogniser":
        if self._recogniser is None:
            # Only now: the process has no network any more, and may write nothing.
            from knowledge.recognition.recogniser import Recogniser

            self._recogniser = Recogniser()
        return self._recogniser


if __name__ == "__main__":
    with suppress(OSError, AttributeError):
        os.nice(_MODEST)
    serve({"page": _Desk().page})
