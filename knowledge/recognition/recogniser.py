"""rapidocr: the lines on a picture of a page, with a box for each character.

Its wheel carries the models; nothing is ever downloaded. Only the worker imports this file: the
library and its models take some 300 MB.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_rec import TextRecInput

from knowledge.places import Box
from knowledge.readers.pdf_lines import Line
from knowledge.recognition.glyphs import Picture, cells, ink_of, rows
from knowledge.recognition.optics import Stance
from knowledge.recognition.sheet import Sheet
from knowledge.recognition.width import widened
from knowledge.text import clean

_MODELS: Final = Path(rapidocr.__file__).parent / "models"
_LONGEST: Final = 1300
"""Pixels of the longer side on which lines are looked for: A4 at 110 dpi."""
_SQUEEZED: Final = 0.75
"""Long lines are read narrower: as well, and in three quarters of the time (measured)."""
_LONG: Final = 4.0
_LONGEST_STRIP: Final = 60
"""A line is read at most this many times as long as it is high: memory grows with it."""
_TALL: Final = 1.5
_FAINTEST: Final = 0.5
"""Lines that recognition is less sure of are no words, but lines of a drawing, or dirt."""
_DOUBTFUL: Final = 0.8
_BETTER: Final = 0.1
_SAMPLE: Final = 5

Corners = NDArray[np.float32]
"""Four points: upper left, upper right, lower right, lower left, as the line runs."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """A line cut out of the page."""

    picture: Picture
    back: NDArray[np.float64]
    """Takes a point of `picture` to the page."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What was read on a strip, and where: columns as shares of its width."""

    text: str
    confidence: float
    columns: tuple[float, ...]
    """One for each character of `text` that is no blank."""


class Recogniser:
    """Reads pictures of pages; not safe in several threads.

    Args:
        threads: that the models may use.
    """

    def __init__(self, *, threads: int = 2) -> None:
        engine: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(_MODELS / "PP-OCRv6_rec_small.onnx"),
                # Only ever made smaller: a cutting blown up to 736 pixels would take a gigabyte.
                "Det.limit_type": "max",
                "Det.limit_side_len": _LONGEST,
                # One line at a time: as quick, in half the memory.
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        # Its parts: the whole cuts, turns and boxes in its own way.
        self._find = engine._load_det_model()
        self._read = engine._load_rec_model()

    def recognise(self, picture: Picture, *, points: float) -> Sheet:
        """Read a page.

        Args:
            picture: rows × columns × 3 colours.
            points: size of a pixel in points (1/72 inch).
        """
        high, wide = picture.shape[:2]
        turns, corners, words = self._upright(picture)
        stance = Stance(wide * points, high * points, turns, _skew(corners))
        turned = np.rot90(picture, turns)
        lines = (
            _line(_strip(turned, corner), found, (stance, points))
            for corner, found in zip(corners, words, strict=True)
        )
        return Sheet(stance, tuple(line for line in lines if line is not None))

    def _upright(self, picture: Picture) -> tuple[int, list[Corners], list[_Words]]:
        """The page as it is read best; turning is tried only where it reads badly as it lies."""
        corners = self._corners(picture)
        sideways = _is_sideways(corners)
        words = [] if sideways else self._words(picture, corners)
        sure = _sureness(words)
        if not corners or (words and sure >= _DOUBTFUL):
            return 0, corners, words
        best, turns = sure + _BETTER, 0
        for tried in (1, 3) if sideways else (2, 1, 3):
            turned = np.rot90(picture, tried)
            sample = sorted(self._corners(turned), key=_length)[-_SAMPLE:]
            found = _sureness(self._words(turned, sample))
            if found > best:
                best, turns = found, tried
        if turns:
            turned = np.rot90(picture, turns)
            corners = self._corners(turned)
            return turns, corners, self._words(turned, corners)
        return 0, corners, words or self._words(picture, corners)

    def _corners(self, picture: Picture) -> list[Corners]:
        """Where there are lines."""
        scale = min(_LONGEST / max(picture.shape[:2]), 1.0)
        whole = np.ascontiguousarray(picture)
        found = self._find(
            cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        )
        if found.boxes is None:
            return []
        return [np.asarray(corners, dtype=np.float32) / scale for corners in found.boxes]

    def _words(self, picture: Picture, corners: Sequence[Corners]) -> list[_Words]:
        """What the lines say."""
        strips = [_narrowed(_strip(picture, corner).picture) for corner in corners]
        if not strips:
            return []
        found = self._read(TextRecInput(img=strips, return_word_box=True))
        results = zip(found.txts, found.scores, found.word_results, strict=True)
        return [_words_of(text, score, info) for text, score, info in results]


def _words_of(text: str, score: float, info: Any) -> _Words:
    columns = [column for word in info.word_cols for column in word]
    length = max(float(info.line_txt_len), 1.0)
    return _Words(text, float(score), tuple((column + 0.5) / length for column in columns))


def _is_sideways(corners: Sequence[Corners]) -> bool:
    """Whether most of what was found stands rather than lies."""
    standing = sum(_length(corner) for corner in corners if _is_tall(corner))
    return standing > 0.6 * sum(_length(corner) for corner in corners)


def _is_tall(corners: Corners) -> bool:
    wide, high = _size(corners)
    return high > 2 * wide


def _size(corners: Corners) -> tuple[float, float]:
    wide = max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2]))
    high = max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]))
    return wide, high


def _length(corners: Corners) -> float:
    return max(_size(corners))


def _skew(corners: Sequence[Corners]) -> float:
    """The angle that half the length of all long lines lies above, and half below."""
    long = [each for each in corners if _size(each)[0] > _LONG * _size(each)[1]]
    angles = sorted(
        (math.atan2(each[1][1] - each[0][1], each[1][0] - each[0][0]), _length(each))
        for each in long
    )
    half = sum(length for _, length in angles) / 2
    for angle, length in angles:
        half -= length
        if half <= 0:
            return float(angle)
    return 0.0


def _sureness(words: Sequence[_Words]) -> float:
    """Mean confidence of the letters, 0 … 1."""
    letters = sum(len(each.text) for each in words)
    return sum(each.confidence * len(each.text) for each in words) / letters if letters else 0.0


def _strip(picture: Picture, corners: Corners) -> _Strip:
    """Cut a line out, set straight; a tall one lies on its left side afterwards."""
    wide, high = (max(round(side), 1) for side in _size(corners))
    if high > _TALL * wide and high > 2 * wide:
        corners = np.roll(corners, -1, axis=0)
        wide, high = high, wide
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    forth = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, dtype=np.float32), target)
    cut = cv2.warpPerspective(
        picture, forth, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return _Strip(np.asarray(cut, np.uint8), np.asarray(np.linalg.inv(forth), np.float64))


def _narrowed(strip: Picture) -> Picture:
    high, wide = strip.shape[:2]
    if wide < _LONG * high:
        return strip
    narrower = min(round(wide * _SQUEEZED), _LONGEST_STRIP * high)
    narrow = cv2.resize(strip, (narrower, high), interpolation=cv2.INTER_AREA)
    return np.asarray(narrow, np.uint8)


def _line(strip: _Strip, words: _Words, frame: tuple[Stance, float]) -> Line | None:
    text = clean(words.text)
    letters = [letter for letter in text if not letter.isspace()]
    if words.confidence < _FAINTEST or not letters or len(letters) != len(words.columns):
        return None
    wide = strip.picture.shape[1]
    ink = ink_of(strip.picture)
    top, bottom = rows(ink)
    edges = cells(ink[top:bottom], [column * wide for column in words.columns])
    placed = iter([_placed(strip, (left, top, right, bottom), frame) for left, right in edges])
    boxes = tuple(None if letter.isspace() else next(placed) for letter in text)
    known = [box for box in boxes if box is not None]
    return Line(
        widened(text),
        min(box.left for box in known),
        min(box.top for box in known),
        max(box.right for box in known),
        max(box.bottom for box in known),
        (bottom - top) * frame[1],
        boxes=boxes,
        confidence=round(words.confidence, 4),
    )


def _placed(
    strip: _Strip, cell: tuple[float, float, float, float], frame: tuple[Stance, float]
) -> Box:
    """A cell of a strip as a box of the straight page, in points."""
    stance, points = frame
    left, top, right, bottom = cell
    corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]])
    moved = corners @ strip.back.T
    found = [stance.straight(x / z * points, y / z * points) for x, y, z in moved.tolist()]
    across, down = [x for x, _ in found], [y for _, y in found]
    return Box(min(across), min(down), max(across), max(down))
