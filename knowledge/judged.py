"""Judged search sets in BEIR layout, and the measures of a ranking."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from knowledge.errors import BadDatasetError

_QRELS: Final = ("qrels.tsv", "qrels/test.tsv", "qrels/dev.tsv")

Gains: TypeAlias = Mapping[str, int]
"""Grade of each relevant passage, by its id: 1 or more."""


@dataclass(frozen=True, slots=True)
class CorpusPassage:
    """One passage of a judged set."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A corpus, queries, and which passages answer them."""

    name: str
    corpus: tuple[CorpusPassage, ...]
    queries: Mapping[str, str]
    """Those with a relevant passage, in the file's order."""
    qrels: Mapping[str, Gains]
    """For exactly these queries."""


class Half(StrEnum):
    """Which half of the queries one belongs to, by its id and for all times."""

    TUNING = "tuning"
    """What anything is chosen on."""
    HELD_BACK = "held_back"
    """What tells whether the choice holds."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Averages over all judged queries, those that found nothing included."""

    queries: int
    ndcg: float
    recall: float
    reciprocal_rank: float


def load_judged(folder: Path) -> JudgedSet:
    """Read ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv`` (or ``qrels/test.tsv``).

    The qrels' first line may be a header. A grade of 0 or less says “not relevant”; queries
    without a relevant passage are left out, as nothing can be measured on them.

    Raises:
        BadDatasetError: a file is missing, a line is malformed (it is named), an id stands twice,
            or a judgement names a query or a passage that the set does not have.
    """
    corpus = {
        row["_id"]: CorpusPassage(row["_id"], row.get("title") or "", row["text"])
        for row in _rows(folder, "corpus.jsonl")
    }
    queries = {row["_id"]: row["text"] for row in _rows(folder, "queries.jsonl")}
    qrels = _qrels(folder, corpus, queries)
    if not qrels:
        raise BadDatasetError(path=folder, reason="no query has a relevant passage")
    return JudgedSet(
        name=folder.resolve().name,
        corpus=tuple(corpus.values()),
        queries=MappingProxyType({id_: text for id_, text in queries.items() if id_ in qrels}),
        qrels=MappingProxyType(
            {id_: MappingProxyType(qrels[id_]) for id_ in queries if id_ in qrels}
        ),
    )


def half_of(query_id: str) -> Half:
    """The half that a query belongs to: by a hash, so that a file's order says nothing of it."""
    is_even = hashlib.sha256(query_id.encode()).digest()[0] & 1 == 0
    return Half.TUNING if is_even else Half.HELD_BACK


def measure(
    rankings: Mapping[str, Sequence[str]], qrels: Mapping[str, Gains], *, k: int
) -> Measures:
    """Average nDCG, recall and reciprocal rank at `k` over all queries of `qrels`.

    Args:
        rankings: passage ids, best first, by query id; a query without a ranking found nothing.
        qrels: as `JudgedSet.qrels`; at least one query.
        k: at least 1.
    """
    pairs = [(rankings.get(query, ()), gains) for query, gains in qrels.items()]
    return Measures(
        queries=len(pairs),
        ndcg=math.fsum(ndcg_at(ids, gains, k) for ids, gains in pairs) / len(pairs),
        recall=math.fsum(recall_at(ids, gains, k) for ids, gains in pairs) / len(pairs),
        reciprocal_rank=math.fsum(reciprocal_rank_at(ids, gains, k) for ids, gains in pairs)
        / len(pairs),
    )


def ndcg_at(ranked_ids: Sequence[str], gains: Gains, k: int) -> float:
    """Normalised discounted cumulative gain of the first `k`: 0 … 1.

    A passage of grade g gains 2^g - 1, as in the baselines that come with judged sets; trec_eval
    takes g itself. The two differ only where grades above 1 occur. An id that stands twice counts
    at its first place.
    """
    found = [gains.get(id_, 0) for id_ in dict.fromkeys(ranked_ids)]
    ideal = _discounted(sorted(gains.values(), reverse=True)[:k])
    return _discounted(found[:k]) / ideal if ideal else 0.0


def recall_at(ranked_ids: Sequence[str], gains: Gains, k: int) -> float:
    """Share of the relevant passages among the first `k`: 0 … 1."""
    relevant = {id_ for id_, gain in gains.items() if gain > 0}
    found = relevant.intersection(list(dict.fromkeys(ranked_ids))[:k])
    return len(found) / len(relevant) if relevant else 0.0


def reciprocal_rank_at(ranked_ids: Sequence[str], gains: Gains, k: int) -> float:
    """One over the place of the first relevant passage; 0 when none is among the first `k`."""
    first = list(dict.fromkeys(ranked_ids))[:k]
    return next((1 / rank for rank, id_ in enumerate(first, 1) if gains.get(id_, 0) > 0), 0.0)


def _discounted(grades: Sequence[int]) -> float:
    return math.fsum(
        (2.0 ** max(grade, 0) - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1)
    )


def _qrels(
    folder: Path, corpus: Mapping[str, CorpusPassage], queries: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    name = next((name for name in _QRELS if (folder / name).is_file()), _QRELS[0])
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(folder, name):
        fields = line.rstrip("\r").split("\t")
        if number == 1 and len(fields) == 3 and not _is_whole(fields[2]):
            continue
        where = f"{name}, line {number}"
        if len(fields) != 3 or not _is_whole(fields[2]):
            raise _bad(folder, f"{where}: not three columns query, passage, whole number")
        query, passage, grade = fields[0], fields[1], int(fields[2])
        if query not in queries:
            raise _bad(folder, f"{where}: queries.jsonl has no {query}")
        if passage not in corpus:
            raise _bad(folder, f"{where}: corpus.jsonl has no {passage}")
        if grade > 0:
            qrels.setdefault(query, {})[passage] = grade
    return qrels


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the objects of a JSONL file, sure to have ``_id`` (unique) and ``text``."""
    seen: set[str] = set()
    for number, line in _lines(folder, name):
        where = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _bad(folder, f"{where}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise _bad(folder, f"{where}: not a JSON object")
        for key in ("_id", "text"):
            if not isinstance(row.get(key), str):
                raise _bad(folder, f"{where}: {key} is missing or no string")
        if not isinstance(row.get("title") or "", str):
            raise _bad(folder, f"{where}: title is no string")
        if row["_id"] in seen:
            raise _bad(folder, f"{where}: the id {row['_id']} stands twice")
        seen.add(row["_id"])
        yield row


def _lines(folder: Path, name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their 1-based numbers."""
    try:
        text = (folder / name).read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise _bad(folder, f"{name} is missing") from error
    except UnicodeDecodeError as error:
        raise _bad(folder, f"{name} is not UTF-8") from error
    except OSError as error:
        raise _bad(folder, f"{name} cannot be read: {error.strerror}") from error
    # Not splitlines: JSON strings may hold U+2028 and its like unescaped.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _bad(folder: Path, reason: str) -> BadDatasetError:
    return BadDatasetError(path=folder, reason=reason)
