"""What the gate catches in tables, and what it wrongly faults, on tables of real files.

``python -m tests.benchmarks.gate_tables DIR [--most N] [--show]``: the tables of the files in DIR
(CSV, XLSX, HTML, DOCX, PDF) are given back as table statements that rest on their own rows; then one
thing is made wrong in each: two figures of a column change places, a figure is another, a unit is
ten thousand times another, a row has another's name. Figures that stand twice in a column are left
alone where rows change places.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefs.gate import Claim, Outcome, Verdict, Witness, check
from briefs.model import StatementKind
from briefs.tables import Cell, Table, text_of
from knowledge.errors import KnowledgeError
from knowledge.model import BlockKind, PageText
from knowledge.readers.sandbox import InProcess

_ENDINGS = {".csv", ".xlsx", ".html", ".docx", ".pdf"}
_FEWEST, _MOST_ROWS, _MOST_COLUMNS = 2, 8, 5
_LONGEST = 30
"""Characters of a cell; longer ones are prose."""


@dataclass(frozen=True)
class Real:
    """A table of a file with the rows that it stands in."""

    table: Table
    evidence: tuple[str, ...]
    source: str


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    chosen = random.Random(7)
    tables = list(found_in(given.folder, most=given.most))
    outcomes: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    spent, rows = 0.0, 0
    for real in tables:
        started = time.process_time()
        verdict = _gated(real.table, real.evidence)
        spent += time.process_time() - started
        rows += len(real.table.rows)
        outcomes[verdict.outcome.value] += 1
        if given.show and verdict.outcome is not Outcome.SUPPORTED:
            told = [(f.type.value, f.statement.words) for f in verdict.faults]
            told += [(d.reason.value, d.statement.words) for d in verdict.doubts]
            print(real.source, told[:6], text_of(real.table)[:160].replace("\n", " / "))
        if verdict.outcome is Outcome.FAULT:
            continue
        for kind, wrong in mutants(real.table, chosen):
            tried[kind] += 1
            got = _gated(wrong, real.evidence).outcome is Outcome.FAULT
            caught[kind] += got
            if given.show and not got:
                print("MISSED", kind, real.source, text_of(wrong)[:200].replace("\n", " / "))
    print(
        f"{len(tables)} tables, {rows} rows: {dict(outcomes)}, {spent / max(rows, 1) * 1000:.1f} ms a row"
    )
    for kind, count in sorted(tried.items()):
        print(f"{kind:8} {caught[kind]:5} of {count:5}  {caught[kind] / count:.1%}")


def found_in(folder: Path, *, most: int) -> Iterator[Real]:
    """Tables of the files below a folder, in the order of their names."""
    files = InProcess()
    count = 0
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in _ENDINGS):
        try:
            pages = files.read(path.read_bytes(), path.name).pages
        except KnowledgeError:
            continue
        for page in pages:
            for table, evidence in _tables(page):
                yield Real(table, evidence, path.name)
                count += 1
                if count == most:
                    return


def _tables(page: PageText) -> Iterator[tuple[Table, tuple[str, ...]]]:
    run: list[tuple[list[str], list[str], str]] = []
    header: list[str] = []
    for block in page.blocks:
        text = page.text[block.start : block.end]
        if block.kind is BlockKind.HEADER:
            header = text.split("\t")
        if block.kind is not BlockKind.ROW:
            yield from _table(run)
            run = []
            continue
        names, cells = _row(text, header)
        if run and names != run[-1][0]:
            yield from _table(run)
            run = []
        run.append((names, cells, text))
        if len(run) == _MOST_ROWS:
            yield from _table(run)
            run = []
    yield from _table(run)


def _row(text: str, header: Sequence[str]) -> tuple[list[str], list[str]]:
    if "\t" in text:
        cells = text.split("\t")
        return (list(header) if len(header) == len(cells) else []), cells
    pairs = [part.partition("：") for part in text.split("；")]
    return [name for name, _, _ in pairs], [value for _, _, value in pairs]


def _table(
    run: Sequence[tuple[list[str], list[str], str]],
) -> Iterator[tuple[Table, tuple[str, ...]]]:
    if len(run) < _FEWEST or not run[0][0]:
        return
    names = run[0][0]
    rows = [cells for _, cells, _ in run]
    figures = [
        at
        for at in range(len(names))
        if all(len(row) > at and Cell(row[at], 0, 0).is_figure for row in rows)
        and not re.search("序号|编号|电话|邮编", names[at])
    ][:_MOST_COLUMNS]
    labels = [
        at
        for at in range(min(figures, default=0))
        if all(row[at] and len(row[at]) <= _LONGEST for row in rows)
        and len({row[at] for row in rows}) == len(rows)
        and not any(Cell(row[at], 0, 0).is_figure for row in rows)
    ][:1]
    if not figures or not labels or not all(names[at].strip() for at in (*labels, *figures)):
        return
    kept = [*labels, *figures]
    table = Table(
        "", tuple(names[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows)
    )
    evidence = tuple(text for _, _, text in run)
    if "\t" in evidence[0]:
        evidence = ("\n".join(["\t".join(names), *evidence]),)
    yield table, evidence


def mutants(table: Table, chosen: random.Random) -> Iterator[tuple[str, Table]]:
    """The table with one thing wrong, one of each sort where it can be made."""
    rows = [list(row) for row in table.rows]
    column = chosen.randrange(1, len(table.header))
    one, two = chosen.sample(range(len(rows)), 2)
    held = Counter(cell for row in rows for cell in row[1:])
    if held[rows[one][column]] == held[rows[two][column]] == 1:
        changed = [list(row) for row in rows]
        changed[one][column], changed[two][column] = rows[two][column], rows[one][column]
        yield "swapped", _with(table, changed)
    changed = [list(row) for row in rows]
    digits = re.search(r"\d+", rows[one][column])
    if digits:
        other = str(int(digits[0]) + 1 + chosen.randrange(7)).zfill(len(digits[0]))
        cell = rows[one][column]
        changed[one][column] = cell[: digits.start()] + other + cell[digits.end() :]
        if all(changed[one][column] not in row for row in rows):
            yield "number", _with(table, changed)
    name = table.header[column]
    unit = re.search(r"[（(]([亿万]?)([元人户个平]\w*)[）)]", name)
    if unit and not unit[1]:
        header = list(table.header)
        header[column] = f"{name[: unit.start()]}（万{unit[2]}）"
        yield "unit", replace(table, header=tuple(header))
    changed = [list(row) for row in rows]
    changed[one][0] = "鹭汀与桐坞"
    yield "label", _with(table, changed)


def _with(table: Table, rows: Sequence[Sequence[str]]) -> Table:
    return replace(table, rows=tuple(map(tuple, rows)))


def _gated(table: Table, evidence: Sequence[str]) -> Verdict:
    return check(Claim(StatementKind.TABLE, text_of(table)), [Witness(each) for each in evidence])


if __name__ == "__main__":
    main()
