"""A brief over real documents: found at run time, put through the gate, one thing made wrong at a time.

What it quotes is looked for in the documents when the test runs, and its paraphrases are made by
the rules of `tests.gate_pairs`: no text of theirs is in the repository.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from briefs.errors import EvidenceError
from briefs.evidence import words_at
from briefs.gate import VERSION, FaultType
from briefs.gating.errors import FaultyStatementError
from briefs.gating.reports import State
from briefs.model import Brief, Passed, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.clearing import Choice
from tests.gate_mutants import Mutant, mutants
from tests.gate_pairs import Pair, pairs, sentences_of
from tests.homes import open_home

K = StatementKind
FILES = ("docs/txt-reports/20*.txt", "docs/gov-notices/*.txt", "docs/md-laws/*.md")
WRONG = ("number", "date", "unit", "negation", "trend", "comparator", "name")
EACH = 3
SEED = 11
OFFICIAL = Choice(reason="公开的文件")
"""Notices name who signed them."""
_GROWN = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)(?P<unit>万亿元|亿元|万公里|万人)[^。；，\d]{0,6}"
    r"(?:增加|提高|增长|上升)到(?P<high>\d+(?:\.\d+)?)(?P=unit)"
)


@dataclass(frozen=True)
class Found:
    """A pair and the document that it is of."""

    document: int
    pair: Pair


@pytest.fixture(scope="module")
def home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A home with reports, notices and laws read in."""
    bench = open_home(tmp_path_factory.mktemp("real"))
    for pattern in FILES:
        for path in islice(sorted((shared / "data").glob(pattern)), 10):
            bench.ingest.add_file(path, actor=bench.actor)
    yield bench
    bench.close()


def _found(bench: Workbench) -> Iterator[Found]:
    """Pairs whose sentence stands in a document, a few of each."""
    for document in bench.documents.find(limit=100):
        text = "\n".join(page.text for page in bench.documents.pages(document.current_version))
        for pair in pairs(sentences_of(text), seed=SEED, count=40):
            if pair.rule != "join":
                yield Found(document.id, pair)


def _chosen(found: Sequence[Found], wrong: Sequence[Mutant]) -> list[tuple[Found, Mutant | None]]:
    """Pairs that can be made wrong in each way, and quotes and others of every document."""
    by_pair = {id(each.pair): each for each in found}
    taken: dict[int, tuple[Found, Mutant | None]] = {}
    for kind in WRONG:
        some = [each for each in wrong if each.type == kind]
        # Of documents that have none yet, as far as may be.
        some.sort(
            key=lambda m: by_pair[id(m.pair)].document in {f.document for f, _ in taken.values()}
        )
        for mutant in some[:EACH]:
            taken[id(mutant.pair)] = by_pair[id(mutant.pair)], mutant
    for document in {each.document for each in found}:
        own = [each for each in found if each.document == document and id(each.pair) not in taken]
        quotes = [each for each in own if each.pair.kind == "quote"]
        others = [each for each in own if each.pair.kind != "quote"]
        for each in (*quotes[:1], *others[:1]):
            taken[id(each.pair)] = each, None
    return sorted(taken.values(), key=lambda item: item[0].document)


def _computed(bench: Workbench) -> Iterator[Statement]:
    """How far two figures of one unit are apart, by a formula, wherever one grew to the other."""
    for document in bench.documents.find(limit=100):
        text = "\n".join(page.text for page in bench.documents.pages(document.current_version))
        for match in _GROWN.finditer(text):
            low, unit, high = match["low"], match["unit"], match["high"]
            apart = f"前后相差{Decimal(high) - Decimal(low)}{unit}。"
            formula = f"{high}{unit} - {low}{unit}"
            evidence = (bench.editing.evidence_on(document.id, match.group()),)
            yield Statement(K.COMPUTED, apart, evidence, formula=formula)


@pytest.fixture(scope="module")
def written(home: Workbench) -> tuple[Brief, dict[int, Mutant]]:
    """The brief, and what can be made wrong in its statements, by their ids."""
    found = list(_found(home))
    chosen = _chosen(found, list(mutants([each.pair for each in found], seed=SEED)))
    lines: list[Statement] = []
    wrong: dict[int, Mutant] = {}
    last = None
    for each, mutant in chosen:
        try:
            evidence = home.editing.evidence_on(each.document, each.pair.source)
        except EvidenceError:
            continue
        if each.document != last:
            lines.append(Statement(K.HEADING, home.documents.get(each.document).title, level=1))
            last = each.document
        if mutant is not None:
            wrong[len(lines)] = mutant
        lines.append(Statement(K(each.pair.kind), each.pair.statement, (evidence,)))
    lines += islice(_computed(home), EACH)
    lines.append(Statement(K.JUDGEMENT, "以上各项宜逐年核对。"))
    lines.append(Statement(K.BACKGROUND, "法律由国家的立法机关制定。"))
    brief = home.editing.create("现实材料试稿", lines, actor=home.actor)
    ids = [line.id or 0 for line in brief.statements]
    return brief, {ids[at]: mutant for at, mutant in wrong.items()}


def test_a_brief_over_many_documents_is_through_the_gate(
    home: Workbench, written: tuple[Brief, dict[int, Mutant]]
) -> None:
    brief, _ = written
    report = home.gating.report(brief)
    cited = {item.document_id for line in brief.statements for item in line.evidence}
    assert len(cited) >= 8
    assert report.total >= 30
    assert {line.kind for line in brief.statements} >= {K.QUOTE, K.PARAPHRASE, K.COMPUTED}
    assert [(e.number, e.state, e.statement.text) for e in report.blocking] == []
    edition = home.publishing.publish(brief.id, actor=home.actor, choice=OFFICIAL)
    assert edition.publication.gate == Passed(VERSION, ())


def test_one_thing_made_wrong_is_caught_and_never_published(
    home: Workbench, written: tuple[Brief, dict[int, Mutant]]
) -> None:
    brief, wrong = written
    assert {mutant.type for mutant in wrong.values()} == set(WRONG)
    for id_, mutant in wrong.items():
        now = home.briefs.get(brief.id)
        lines = [
            replace(line, kind=K.PARAPHRASE, text=mutant.statement) if line.id == id_ else line
            for line in brief.statements
        ]
        planted = home.editing.save(now, title=brief.title, lines=lines, actor=home.actor)
        checked = home.gating.report(planted).of(id_)
        assert checked is not None
        assert checked.state is State.FAULT, (mutant.type, mutant.statement, mutant.pair.source)
        for finding in checked.findings:
            for reading in finding.readings:
                pages = home.documents.pages(reading.version_id)
                assert words_at(reading.spans, pages) == reading.words
        with pytest.raises(FaultyStatementError, match=f"Statement {checked.number} of"):
            home.publishing.publish(brief.id, actor=home.actor, choice=OFFICIAL)
    line = next(each for each in brief.statements if each.kind is K.COMPUTED)
    wrong_sum = replace(line, text=line.text.replace("相差", "相差1"))
    now = home.briefs.get(brief.id)
    lines = [wrong_sum if each.id == line.id else each for each in brief.statements]
    planted = home.editing.save(now, title=brief.title, lines=lines, actor=home.actor)
    (stopped,) = home.gating.report(planted).blocking
    assert [each.what for each in stopped.findings] == [FaultType.COMPUTED]
    assert len(home.briefs.editions(newest_only=False)) <= 1
