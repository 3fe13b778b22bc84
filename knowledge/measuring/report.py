"""All that is measured of one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.measuring.boxes import BoxMeasure, Witness, prove, samples
from knowledge.measuring.printed import text_of
from knowledge.measuring.texts import Stored, TextMeasure, compare
from knowledge.model import Layer


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file that was added."""

    name: str
    stored: Stored | None
    """None when it was refused."""
    seconds: float
    """Reading it and storing pages, boxes and passages; nothing encoded."""
    recognition_seconds: float = 0.0
    problem: str | None = None
    """Why it was refused."""

    @property
    def recognised_pages(self) -> int:
        """Pages whose words recognition read."""
        pages = self.stored.pages if self.stored is not None else ()
        return sum(page.layer is Layer.RECOGNISED for page in pages)


@dataclass(frozen=True, slots=True)
class FileMeasure:
    """The measures of one file; `text` is None when it was refused."""

    name: str
    pages: int
    recognised_pages: int
    seconds: float
    recognition_seconds: float
    text: TextMeasure | None = None
    boxes: Mapping[Layer, BoxMeasure] = field(default_factory=dict)
    """By where the words come from; empty for formats without places."""
    problem: str | None = None

    @property
    def page_seconds(self) -> float | None:
        """Seconds of recognition a page recognised; None when none was."""
        return self.recognition_seconds / self.recognised_pages if self.recognised_pages else None


def measure_file(
    taken: TakenIn,
    truth: str,
    *,
    sentences: int,
    seed: int,
    witnesses: Mapping[Layer, Witness],
) -> FileMeasure:
    """Measure one file that was taken in.

    Args:
        taken: the file.
        truth: its words.
        sentences: how many are chosen for their boxes, at the most; 0 leaves boxes out.
        seed: same seed, same sentences.
        witnesses: who looks at the boxes.
    """
    stored = taken.stored
    if stored is None:
        return FileMeasure(taken.name, 0, 0, taken.seconds, 0.0, problem=taken.problem)
    chosen = samples(stored.passages, sentences, seed=seed)
    return FileMeasure(
        taken.name,
        len(stored.pages),
        taken.recognised_pages,
        taken.seconds,
        taken.recognition_seconds,
        compare(stored.pages, truth, held=_held(stored)),
        prove(stored, chosen, witnesses=witnesses),
    )


def _held(stored: Stored) -> str | None:
    """Every character of a PDF whose words are all in its text layer."""
    is_text = all(page.layer is Layer.TEXT for page in stored.pages)
    return text_of(stored.data) if is_text and stored.data.startswith(b"%PDF") else None
