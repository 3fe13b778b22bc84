"""The hard pairs of ``tests/data/gate``, written by hand: one file a sort, one pair a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from briefs.gate import Claim, Outcome, Verdict, Witness
from briefs.model import StatementKind

FOLDER = Path(__file__).parent / "data" / "gate"


@dataclass(frozen=True)
class HardPair:
    """A statement, its evidence, and what is wrong with it, if anything."""

    sort: str
    id: str
    claim: Claim
    witnesses: tuple[Witness, ...]
    others: tuple[Witness, ...]
    type: str | None
    """The fault that must be found; None for a faithful pair."""

    def is_right(self, verdict: Verdict) -> bool:
        """Whether the fault is found with its type, or nothing is faulted."""
        if self.type is None:
            return verdict.outcome is not Outcome.FAULT
        return any(fault.type.value == self.type for fault in verdict.faults)


def hard_pairs() -> Iterator[HardPair]:
    """All of them, file by file."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield HardPair(
                path.stem,
                record["id"],
                Claim(StatementKind(record["kind"]), record["statement"], record.get("formula")),
                tuple(
                    Witness(text, f"{record['id']}#{at}")
                    for at, text in enumerate(record["evidence"], 1)
                ),
                tuple(Witness(text) for text in record.get("others", [])),
                record.get("fault"),
            )
