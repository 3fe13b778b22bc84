"""What finds personal data: precision and recall by kind, and alarms in texts of one's own.

``python -m tests.benchmarks.privacy [FOLDER…]``: first on the sentences of `tests.privacy_texts`
– those that the rules were made with, and others that were written afterwards –, then, for each folder, alarms per thousand sentences in the files that can be read; ``--show N``
prints so many of them with the words around, which a person judges.

A place counts as found when everything of it lies in places found of its kind; as a false alarm
when it touches no place at all. A place found with another kind's name is blanked all the same and
counts in the column “any kind”.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.errors import UnreadableError
from knowledge.loading import load
from knowledge.privacy import Kind, Trace, traces
from knowledge.readers.sandbox import InProcess
from knowledge.text import sentences
from tests.privacy_texts import Marked, negatives, positives, unseen

_AROUND: Final = 14


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one kind."""

    wanted: int
    found: int
    covered: int
    """Blanked under whatever kind."""
    exact: int
    """Found with just these ends."""
    false: int
    """Alarms that touch no wanted place, over both sets."""

    @property
    def recall(self) -> float:
        """Found of those wanted; 1.0 where none is wanted."""
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        """Right ones of those found; 1.0 where none was found."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0


def measure(texts: Iterable[Marked]) -> dict[str, Score]:
    """Scores by kind, and of ``all``."""
    counts = {kind.value: Counter[str]() for kind in Kind}
    for marked in texts:
        found = traces(marked.text)
        for kind, start, end in marked.places:
            of_kind = [t for t in found if t.kind.value == kind]
            counts[kind]["wanted"] += 1
            counts[kind]["found"] += _covers(of_kind, start, end)
            counts[kind]["covered"] += _covers(found, start, end)
            counts[kind]["exact"] += any((t.start, t.end) == (start, end) for t in of_kind)
        for trace in found:
            if not any(trace.start < end and start < trace.end for _, start, end in marked.places):
                counts[trace.kind.value]["false"] += 1
    counts["all"] = sum(counts.values(), Counter[str]())
    names = ("wanted", "found", "covered", "exact", "false")
    return {kind: Score(**{name: each[name] for name in names}) for kind, each in counts.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--faults", action="store_true", help="print the sentences that went wrong")
    given = parser.parse_args()
    for title, texts in (
        ("the sentences that the rules were made with", [*positives(), *negatives()]),
        ("sentences written after the rules", unseen()),
    ):
        _print_table(title, texts)
        if given.faults:
            for marked in texts:
                _print_faults(marked)
    for folder in given.folders:
        _print_alarms(folder, given.show)


def _print_table(title: str, texts: Sequence[Marked]) -> None:
    marked = sum(bool(text.places) for text in texts)
    print(f"{title}: {marked} with personal data, {len(texts) - marked} without")
    print("kind       wanted  recall  precision  exact  any kind  false alarms")
    for kind, score in measure(texts).items():
        exact, covered = (n / max(1, score.wanted) for n in (score.exact, score.covered))
        print(
            f"{kind:10} {score.wanted:6d}  {score.recall:6.3f}  {score.precision:9.3f}"
            f"  {exact:5.3f}  {covered:8.3f}  {score.false:12d}"
        )


def _covers(found: Iterable[Trace], start: int, end: int) -> bool:
    hidden = {place for trace in found for place in range(trace.start, trace.end)}
    return all(place in hidden for place in range(start, end))


def _print_faults(marked: Marked) -> None:
    found = traces(marked.text)
    wrong = [
        f"{t.kind.value}:{marked.text[t.start : t.end]}"
        for t in found
        if not any(t.start < end and start < t.end for _, start, end in marked.places)
    ]
    missed = [
        f"{kind}:{marked.text[start:end]}"
        for kind, start, end in marked.places
        if not _covers([t for t in found if t.kind.value == kind], start, end)
    ]
    if wrong or missed:
        print(f"  {marked.text}\n      missed {missed}  wrong {wrong}")


def _print_alarms(folder: Path, show: int) -> None:
    count, alarms = 0, list[tuple[str, str]]()
    for text in _texts(folder):
        count += sum(bool(text[start:end].strip()) for start, end in sentences(text))
        for trace in traces(text):
            around = text[max(0, trace.start - _AROUND) : trace.end + _AROUND].replace("\n", "⏎")
            alarms.append((trace.kind.value, around))
    by_kind = Counter(kind for kind, _ in alarms)
    rate = 1000 * len(alarms) / max(1, count)
    print(
        f"{folder}: {count} sentences, {len(alarms)} alarms, {rate:.2f} per 1000; {dict(by_kind)}"
    )
    for kind, around in random.Random(7).sample(alarms, min(show, len(alarms))):
        print(f"  {kind:9} {around}")


def _texts(folder: Path) -> Iterator[str]:
    files = InProcess()
    paths = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file())
    for path in paths:
        try:
            reading = files.read(load(path), path.name)
        except UnreadableError:
            continue
        yield from (page.text for page in reading.pages)


if __name__ == "__main__":
    main()
