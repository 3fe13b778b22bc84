"""What the first search after another process's commit costs, by what was committed.

``python -m tests.benchmarks.freshness [--passages 120000] [--home COPY]``: on a home made up for it,
with the quick encoder of the tests, or on a copy of a real one (it is changed). The last line is
what every commit would cost if indexes compared all ids, as they do once when a process starts.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Final

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings, load
from embeddings.hashing import HashingEncoder
from knowledge.model import (
    Access,
    Confirmation,
    Metadata,
    PageText,
    PassageDraft,
    Reading,
    Span,
    Stamp,
)
from knowledge.readers.sandbox import InProcess
from tests.benchmarks.timing import Remembering, load_now, spread
from tests.homes import take_out

_A_DOCUMENT: Final = 100
_TIMES: Final = 15
_SHOWN: Final = ("median", "processor")
_WORDS: Final = "社区养老设施建设补贴标准"
_LETTERS: Final = [chr(code) for code in range(0x4E00, 0x4E00 + 800)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=120_000)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiku-fresh-") as scratch:
        reader, other = opened(given.home, Path(scratch)), opened(given.home, Path(scratch))
        if given.home is None:
            fill(reader, given.passages)
        reader.index()
        for home in (reader, other):
            home.retriever.search(_WORDS)
        print(load_now())
        print("passages                       ", len(reader.passages.ids()))
        show(reader, other)
        for home in (reader, other):
            home.close()


def opened(home: Path | None, scratch: Path) -> Workbench:
    """A workbench of its own, as another process would have."""
    if home is None:
        encoder = HashingEncoder()
        return Workbench(Settings(scratch / "home"), encoder=encoder, files=InProcess())
    first = Workbench(load(home))
    kept = Remembering(first.encoder)
    first.close()
    return Workbench(load(home), encoder=kept, files=InProcess())


def fill(home: Workbench, passages: int) -> None:
    """Store documents of made-up words."""
    stamp = Stamp(home.actor.branch_id, Access.PUBLIC, home.actor.person_id, home.clock())
    chance = random.Random(passages)
    for number in range(-(-passages // _A_DOCUMENT)):
        lines = ["".join(chance.choices(_LETTERS, k=60)) + "。" for _ in range(_A_DOCUMENT)]
        text = "\n".join(lines)
        starts = [n * (len(lines[0]) + 1) for n in range(_A_DOCUMENT)]
        home.documents.add_version(
            Reading(
                "text/plain",
                paged=False,
                pages=(PageText(text),),
                metadata=Metadata(title=f"第{number}号材料"),
            ),
            [
                PassageDraft(line, (Span(1, start, start + len(line)),))
                for line, start in zip(lines, starts, strict=True)
            ],
            document_id=None,
            source=f"made-up:{number}",
            file=("a.txt", f"{number:064}", len(text)),
            stamp=stamp,
        )


def show(reader: Workbench, other: Workbench) -> None:
    """Print a line for each kind of commit: the median of the searches that come after it."""

    def search(_: object = None) -> None:
        assert reader.retriever.search(_WORDS)

    for name, commit in commits_of(other).items():
        times = []
        for number in range(_TIMES):
            commit(number)
            times.append(spread(search, [None]))
        seconds, worked = (median(getattr(t, part) for t in times) for part in _SHOWN)
        print(f"search after {name:18} p50 {seconds:7.1f} ms   processor {worked:7.1f} ms")
    dense = reader.dense
    assert dense is not None

    def compare(_: object) -> None:
        reader.lexical_indexing.catch_up(in_full=True)
        dense.catch_up(in_full=True)

    print("comparing all ids, without search:", spread(compare, range(3)))


def commits_of(home: Workbench) -> dict[str, Callable[[int], object]]:
    """What another process may commit, told how often it did; indexes are left to the reader."""
    documents = home.documents.find(limit=2 * _TIMES)

    def ask(_: int) -> None:
        home.desk.ask("补贴标准是多少？", actor=home.actor)

    def entitle(number: int) -> None:
        about = replace(documents[number].metadata, title=f"第{number}号修订")
        by = Confirmation(home.actor.person_id, home.clock())
        home.documents.describe(documents[number].id, about, by=by)

    def add(number: int) -> None:
        data = f"{_WORDS}，第{number}次调整。".encode()
        home.ingest.add(data, "a.txt", source=f"upload:{number}", actor=home.actor)
        assert home.dense is not None
        home.dense.encode()

    def remove(number: int) -> None:
        take_out(home, documents[_TIMES + number].id)

    return {
        "nothing": lambda _: None,
        "an inquiry": ask,
        "a title corrected": entitle,
        "a document added": add,
        "one removed": remove,
    }


if __name__ == "__main__":
    main()
