"""The command that puts statements through the gate: a file of them, or standard input."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from briefs.errors import BadStatementLineError
from briefs.gate import (
    Claim,
    Doubt,
    Fault,
    Outcome,
    Place,
    Verdict,
    Witness,
    check,
)
from briefs.model import StatementKind
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.files import read_bytes
from briefs.workbench.verdicts import both, named

_KINDS: Final = ", ".join(kind.value for kind in StatementKind)


@dataclass(frozen=True, slots=True)
class _Line:
    id: str | int
    claim: Claim
    witnesses: tuple[Witness, ...]
    others: tuple[Witness, ...]


@click.command("check", help=help_words("check.help"))
@click.argument("file", metavar="FILE.jsonl|-")
@click.option("--json", "as_json", is_flag=True, help=help_words("check.json"))
def check_file(file: str, as_json: bool) -> None:
    """Check the statements of a file against their evidence."""
    lines = list(_lines(file))
    verdicts = [(line, _verdict(line, lines)) for line in lines]
    if as_json:
        for line, verdict in verdicts:
            click.echo(json.dumps(_record(line, verdict), ensure_ascii=False))
        return
    _print(verdicts)


def _lines(file: str) -> Iterator[_Line]:
    for number, text in enumerate(_read(file).splitlines(), start=1):
        if not text.strip():
            continue
        line = _parsed(text, number)
        if line is None:
            raise BadStatementLineError(line=number, path=file, kinds=_KINDS)
        yield line


def _read(file: str) -> str:
    data = sys.stdin.buffer.read() if file == "-" else read_bytes(Path(file))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise BadStatementLineError(line=number, path=file, kinds=_KINDS) from error


def _parsed(text: str, number: int) -> _Line | None:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    id_, statement = record.get("id", number), record.get("statement")
    formula = record.get("formula")
    evidence, others = record.get("evidence", []), record.get("others", [])
    known = {kind.value: kind for kind in StatementKind}
    kind = known.get(str(record.get("kind", StatementKind.PARAPHRASE.value)))
    fits = (
        isinstance(id_, str | int)
        and isinstance(statement, str)
        and (formula is None or isinstance(formula, str))
        and all(isinstance(texts, list) for texts in (evidence, others))
    )
    if not (fits and isinstance(statement, str)) or kind is None:
        return None
    if not all(isinstance(each, str) for each in [*evidence, *others]):
        return None
    witnesses = tuple(Witness(each, f"{id_}#{at}") for at, each in enumerate(evidence, start=1))
    return _Line(id_, Claim(kind, statement, formula), witnesses, tuple(map(Witness, others)))


def _verdict(line: _Line, lines: Sequence[_Line]) -> Verdict:
    """Quotes are also looked for in what the other lines cite."""
    others = list(line.others)
    if line.claim.kind is StatementKind.QUOTE:
        cited = {witness.text for witness in line.witnesses}
        every = [w for each in lines if each is not line for w in each.witnesses]
        others += [witness for witness in every if witness.text not in cited]
    return check(line.claim, line.witnesses, others=others)


def _record(line: _Line, verdict: Verdict) -> dict[str, object]:
    return {
        "id": line.id,
        "verdict": verdict.outcome.value,
        "faults": [
            {
                "type": fault.type.value,
                "statement": fault.statement.words,
                "evidence": _shown(fault),
                "span": [fault.statement.start, fault.statement.end],
                "evidence_spans": [_spot(place) for place in fault.evidence],
            }
            for fault in verdict.faults
        ],
        "doubts": [
            {"reason": doubt.reason.value, "statement": doubt.statement.words}
            for doubt in verdict.doubts
        ],
    }


def _spot(place: Place) -> dict[str, object]:
    return {"source": place.source, "start": place.start, "end": place.end, "words": place.words}


def _shown(fault: Fault) -> str:
    return both(fault.evidence, fault.value)


def _print(verdicts: Sequence[tuple[_Line, Verdict]]) -> None:
    words = console.words()
    rows: list[tuple[object, ...]] = []
    for line, verdict in verdicts:
        outcome = words(f"check.outcome.{verdict.outcome.value}")
        found: Sequence[Fault | Doubt] = verdict.faults or verdict.doubts
        for at, each in enumerate(found):
            what = named(words, each.type if isinstance(each, Fault) else each.reason)
            shown = _shown(each) if isinstance(each, Fault) else ""
            head = ("", "") if at else (line.id, outcome)
            rows.append((*head, what, each.statement.words, shown))
        if not found:
            rows.append((line.id, outcome, "", "", ""))
    columns = ("check.column.id", "check.column.outcome", "check.column.what")
    console.table((*columns, "check.column.statement", "check.column.evidence"), rows)
    counts = {each: sum(v.outcome is each for _, v in verdicts) for each in Outcome}
    say(
        "check.counts", n=len(verdicts), supported=counts[Outcome.SUPPORTED],
        fault=counts[Outcome.FAULT], person=counts[Outcome.NEEDS_PERSON],
    )  # fmt: skip


COMMANDS = (check_file,)
