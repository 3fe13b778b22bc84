"""How long a search takes on a home, by what it does.

``python -m tests.benchmarks.latency HOME [--queries FILE] [--count N]``. The home is opened and
brought up to date: give a copy. Queries are the lines of a file; without one, the first words of
passages spread over the whole collection.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import load
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import Mode
from tests.benchmarks.timing import Remembering, Spread, load_now, spread

_WORDS: Final = 24
_WARM_UP: Final = "图书馆开放时间"


@dataclass(frozen=True, slots=True)
class Latencies:
    """Of ten results, as the command and the page ask for them.

    The look for new documents before each search is included, and the decision whether anything
    found is an answer.
    """

    with_encoding: Spread
    without_encoding: Spread
    words: Spread
    vectors: Spread
    one_branch: Spread
    """Only documents of the main branch, encoding left out."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--count", type=int, default=300)
    given = parser.parse_args()
    workbench = open_remembering(given.home)
    if given.queries:
        queries = given.queries.read_text(encoding="utf-8").splitlines()[: given.count]
    else:
        queries = own_words(workbench, given.count)
    print(load_now())
    print("passages            ", len(workbench.passages.ids()))
    print("queries             ", len(queries))
    show(latencies(workbench, queries))
    workbench.close()


def open_remembering(home: Path) -> Workbench:
    """A workbench whose encoder encodes each query once."""
    settings = load(home)
    first = Workbench(settings)
    encoder = Remembering(first.encoder)
    first.close()
    return Workbench(settings, encoder=encoder)


def own_words(workbench: Workbench, count: int) -> list[str]:
    """The first words of `count` passages, evenly spread by id."""
    ids = workbench.passages.ids()
    places = np.linspace(0, len(ids) - 1, num=min(count, len(ids)), dtype=np.int64)
    found = workbench.passages.many(ids[places].tolist())
    return [passage.text.strip()[:_WORDS] for passage in found.values()]


def latencies(workbench: Workbench, queries: Sequence[str]) -> Latencies:
    """Ask each query once with its encoding, then again in every other way."""
    asked = list(dict.fromkeys(queries))
    branch = Filter(branches=frozenset({workbench.actor.branch_id}))

    def way(mode: Mode = Mode.HYBRID, selection: Filter = NO_FILTER) -> Spread:
        # The retriever is asked for each time: then it looks whether anything is new.
        return spread(
            lambda query: workbench.retriever.ask(query, selection=selection, mode=mode), asked
        )

    # The encoder and the indexes are loaded by the first search.
    workbench.retriever.ask(_WARM_UP)
    return Latencies(
        with_encoding=way(),
        without_encoding=way(),
        words=way(Mode.LEXICAL),
        vectors=way(Mode.DENSE),
        one_branch=way(selection=branch),
    )


def show(measured: Latencies) -> None:
    """Print the figures."""
    print("search              ", measured.with_encoding)
    print("  without encoding  ", measured.without_encoding)
    print("  words alone       ", measured.words)
    print("  vectors alone     ", measured.vectors)
    print("  of one branch     ", measured.one_branch)


if __name__ == "__main__":
    main()
