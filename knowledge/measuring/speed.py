"""How fast PDF files are read, beside PDFium alone in the same run."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.measuring.printed import text_of
from knowledge.model import Layer, Reading

Read = Callable[[bytes, str], Reading]


@dataclass(frozen=True, slots=True)
class SpeedMeasure:
    """Seconds for all pages of one file, each the median of the rounds."""

    name: str
    pages: int
    text_pages: int
    """Pages whose words the file holds; on others there is little to read."""
    ours: float
    """Our reading: words, boxes, structure, catalogue entry."""
    isolated: float
    """The same in a process of its own with limits, as files are added."""
    alone: float
    """PDFium giving the text of every page, nothing else."""

    @property
    def ratio(self) -> float:
        """Our speed as a share of PDFium's alone."""
        return self.alone / self.ours


def measure_speed(
    data: bytes, name: str, *, read: Read, isolated: Read, rounds: int
) -> SpeedMeasure:
    """Time the ways of reading one PDF in turn, so that each meets the same machine.

    One round goes before that is not counted: it loads libraries and starts the process.

    Args:
        data: the whole file.
        name: its name.
        read: our reading, in this process.
        isolated: our reading, in a process of its own.
        rounds: at least 1.

    Raises:
        UnreadableError: the file cannot be read.
    """
    reading = read(data, name)
    isolated(data, name)
    text_of(data)
    ways = (lambda: read(data, name), lambda: isolated(data, name), lambda: text_of(data))
    seconds: tuple[list[float], ...] = ([], [], [])
    for round_number in range(rounds):
        for step in range(len(ways)):
            # Another one begins each round: no way is always the one after the slowest.
            which = (step + round_number) % len(ways)
            start = time.perf_counter()
            ways[which]()
            seconds[which].append(time.perf_counter() - start)
    with_text = sum(page.layer is Layer.TEXT for page in reading.pages)
    ours, apart, alone = map(statistics.median, seconds)
    return SpeedMeasure(name, len(reading.pages), with_text, ours, apart, alone)


def total_of(measures: Sequence[SpeedMeasure]) -> SpeedMeasure | None:
    """All files that have words on every page as one; None when there is none."""
    whole = [measure for measure in measures if measure.text_pages == measure.pages]
    if not whole:
        return None
    pages = sum(measure.pages for measure in whole)
    return SpeedMeasure(
        "",
        pages,
        pages,
        sum(measure.ours for measure in whole),
        sum(measure.isolated for measure in whole),
        sum(measure.alone for measure in whole),
    )
