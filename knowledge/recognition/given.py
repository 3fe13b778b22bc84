"""A recogniser that is told what the pages say: for tests, and wherever no models are wanted."""

from collections.abc import Mapping, Sequence
from typing import Final

from knowledge.places import Box
from knowledge.readers.pdf_lines import Line
from knowledge.recognition.optics import Stance
from knowledge.recognition.remote import UnreadPageError
from knowledge.recognition.sheet import Sheet

_A4: Final = (595.0, 842.0)
_MARGIN: Final = 72.0
_SIZE: Final = 12.0
_LEADING: Final = 20.0


class GivenRecogniser:
    """Gives the sheets it was made with; every other page fails with ``unreadable``.

    Args:
        sheets: by the SHA-256 of the file and the page, 1-based.
    """

    def __init__(self, sheets: Mapping[tuple[str, int], Sheet]) -> None:
        self.sheets = dict(sheets)
        self.asked: list[tuple[str, int]] = []
        """What it was asked for, in order."""

    def recognise(self, sha256: str, page: int) -> Sheet:
        """As `PageRecogniser.recognise`."""
        self.asked.append((sha256, page))
        if (sha256, page) not in self.sheets:
            raise UnreadPageError("unreadable")
        return self.sheets[sha256, page]

    def close(self) -> None:
        """Nothing to let go of."""


def typed(lines: Sequence[str], *, confidence: float = 0.98) -> Sheet:
    """A sheet on which these lines are set below each other, 12 points high, on A4."""
    return Sheet(Stance(*_A4), tuple(_line(text, n, confidence) for n, text in enumerate(lines)))


def _line(text: str, number: int, confidence: float) -> Line:
    top = _MARGIN + number * _LEADING
    boxes = tuple(
        Box(_MARGIN + n * _SIZE, top, _MARGIN + (n + 1) * _SIZE, top + _SIZE)
        for n in range(len(text))
    )
    right = _MARGIN + len(text) * _SIZE
    return Line(text, _MARGIN, top, right, top + _SIZE, _SIZE, boxes, confidence)
