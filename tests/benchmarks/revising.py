"""Saving a long brief again and again: milliseconds a save, bytes of its revisions, and looking back.

``python -m tests.benchmarks.revising [SAVES] [STATEMENTS]`` on a home of its own, thrown away. Two
statements in three rest on a source; each save rewords one.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from sqlalchemy import func, select

from briefs.model import Brief, Statement, StatementKind
from briefs.schema import revisions
from briefs.workbench.bootstrap import Workbench
from tests.homes import fill, open_home


def main(saves: int, statements: int) -> None:
    """Print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        bench = open_home(Path(folder))
        fill(bench, Path(folder))
        brief = _long(bench, statements)
        taken = []
        for number in range(saves):
            lines = list(brief.statements)
            place = number * 37 % statements
            place -= place % 3
            lines[place] = replace(lines[place], text=f"第{number}次改动，建议分三年逐步推开。")
            began = perf_counter()
            brief = bench.editing.save(brief, title=brief.title, lines=lines, actor=bench.actor)
            taken.append((perf_counter() - began) * 1000)
        cuts = quantiles(taken, n=20)
        print(f"{statements} statements, {saves} saves")
        print(f"save: p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms")
        _weigh(bench, brief)
        last = brief.revision
        _time("history, newest 50", lambda: bench.history.revisions(brief.id, limit=50))
        _time("at, middle", lambda: bench.history.at(brief.id, last // 2 + 49))
        _time("difference, first and last", lambda: bench.history.difference(brief.id, 1, new=last))
        _time("undo the last", lambda: bench.history.undo(brief, last, actor=bench.actor))
        bench.close()


def _long(bench: Workbench, statements: int) -> Brief:
    passages = [passage for id_ in (1, 2, 3) for passage in bench.passages.of_version(id_)]
    quotes = [bench.editing.quote(passage.id) for passage in passages]
    view = Statement(StatementKind.JUDGEMENT, "建议提高标准，并分三年逐步扩大到全县各乡镇。")
    lines = [quotes[n % len(quotes)] if n % 3 else view for n in range(statements)]
    return bench.editing.create("长篇", lines, actor=bench.actor)


def _weigh(bench: Workbench, brief: Brief) -> None:
    size = func.length(revisions.c.content)
    query = select(func.sum(size), func.max(size)).where(revisions.c.brief_id == brief.id)
    with bench.engine.connect() as connection:
        total, greatest = connection.execute(query).one()
    print(f"revisions: {total / 1000:.0f} thousand characters, the longest {greatest / 1000:.1f}")


def _time(what: str, act: Callable[[], object]) -> None:
    began = perf_counter()
    act()
    print(f"{what}: {(perf_counter() - began) * 1000:.1f} ms")


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    main(*given, *(500, 200)[len(given) :])
