"""What a brief says at a revision as canonical JSON: whole, or as the change to the one before.

A revision that says no ``order`` has that of the one before, and ``lines`` are the statements that
are new or changed; a ``whole`` one needs none before it. ``tally`` counts what it added, changed,
removed and moved. Quoted words are not kept: they are read from the page where they stand.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from briefs.model import Evidence, Length, Statement, StatementKind
from briefs.revisions.merging import moved, same
from knowledge.store.rows import spans_of, spans_value

_DEFAULTS: Final[dict[str, Any]] = {
    "level": None,
    "formula": None,
    "length": Length.STANDARD.value,
    "rests": [],
}
"""What is left out where it is so."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements a revision added, changed, removed and moved."""

    added: int
    changed: int
    removed: int
    moved: int


def recorded(before: Sequence[Statement], after: Sequence[Statement], *, is_whole: bool) -> str:
    """What is kept of a revision; every statement of `after` has its id.

    Args:
        before: the statements of the revision before it.
        after: its own.
        is_whole: keep all of them, so that no revision before it is needed.
    """
    was = {line.id: line for line in before}
    order = [line.id for line in after]
    changed = [line for line in after if not same(was.get(line.id), line)]
    added = sum(line.id not in was for line in changed)
    common = [id_ for id_ in was if id_ is not None]
    carried = moved(common, [id_ for id_ in order if id_ is not None])
    values: dict[str, Any] = {
        "lines": [_values(line) for line in (after if is_whole else changed)],
        "tally": [added, len(changed) - added, len(was.keys() - set(order)), len(carried)],
    }
    if is_whole:
        values["whole"] = True
    if is_whole or order != list(was):
        values["order"] = order
    return _dumped(values)


def tally_of(text: str) -> Tally:
    """How many statements a revision changed."""
    return Tally(*json.loads(text)["tally"])


def played(texts: Iterable[str]) -> tuple[Statement, ...]:
    """The statements of the last of these revisions, which follow each other from a whole one.

    Their evidence has no words yet.
    """
    lines: dict[int, Statement] = {}
    order: list[int] = []
    for text in texts:
        values = json.loads(text)
        lines |= {line["id"]: _statement(line) for line in values["lines"]}
        order = values.get("order", order)
    return tuple(lines[id_] for id_ in order)


def said(texts: Iterable[str]) -> list[Statement]:
    """Every statement as any of these revisions has it: what a brief has ever said."""
    return [_statement(line) for text in texts for line in json.loads(text)["lines"]]


def unquoted(text: str, version_ids: Collection[int]) -> str:
    """What is kept of a revision, without the words of statements that rest on these versions."""
    values = json.loads(text)
    for line in values["lines"]:
        if any(item[1] in version_ids for item in line.get("rests", ())):
            line["text"] = ""
    return _dumped(values)


def blanked(
    text: str, change: Callable[[str], str], *, standing: Collection[tuple[int, str]]
) -> str:
    """What is kept of a revision, its words changed but for quotations.

    Args:
        text: what is kept.
        change: gives other words for those of a statement.
        standing: ids and words of statements that keep theirs.
    """
    values = json.loads(text)
    for line in values["lines"]:
        is_own = line["kind"] != StatementKind.QUOTE.value
        if is_own and (line["id"], line["text"]) not in standing:
            line["text"] = change(line["text"])
    return _dumped(values)


def _dumped(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _values(line: Statement) -> dict[str, Any]:
    rests = [
        [item.document_id, item.version_id, spans_value(item.spans), item.passage_id]
        for item in line.evidence
    ]
    values = {
        "id": line.id,
        "kind": line.kind.value,
        "text": line.text,
        "level": line.level,
        "formula": line.formula,
        "length": line.length.value,
        "rests": rests,
    }
    return {key: each for key, each in values.items() if _DEFAULTS.get(key, ...) != each}


def _statement(values: dict[str, Any]) -> Statement:
    found = _DEFAULTS | values
    evidence = (
        Evidence(document_id, version_id, spans_of(spans), "", passage_id)
        for document_id, version_id, spans, passage_id in found["rests"]
    )
    return Statement(
        StatementKind(found["kind"]),
        found["text"],
        tuple(evidence),
        level=found["level"],
        id=found["id"],
        formula=found["formula"],
        length=Length(found["length"]),
    )


def requoted(line: Statement, quotes: Sequence[str]) -> Statement:
    """The statement with the words of its evidence, in order."""
    pairs = zip(line.evidence, quotes, strict=True)
    return replace(line, evidence=tuple(replace(item, quote=words) for item, words in pairs))
