"""Commands that search: search, evaluate."""

import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import click

from briefs.model import percent
from briefs.workbench.alike import facts, others
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.filtering import Limits, filtered, selection_of
from briefs.workbench.reasons import reasons
from knowledge import evaluation
from knowledge.certainty import Findings
from knowledge.explaining import explain
from knowledge.judged import JudgedSet, load_judged
from knowledge.model import Access, Mode, Result, Stamp

_MODES = click.Choice([mode.value for mode in Mode])


@click.command(help=help_words("search.help"))
@click.argument("query", nargs=-1, required=True)
@click.option("-k", "count", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--mode", type=_MODES, default=Mode.HYBRID.value, show_default=True)
@filtered
@click.option("--all", "every", is_flag=True, help=help_words("search.all_help"))
@click.option("--explain", "explains", is_flag=True, help=help_words("search.explain_help"))
@click.option("--misses", "shows_misses", is_flag=True, help=help_words("search.misses_help"))
@click.option("--json", "as_json", is_flag=True, help=help_words("search.json"))
@pass_session
def search(
    session: Session,
    /,
    *,
    query: tuple[str, ...],
    count: int,
    mode: str,
    as_json: bool,
    explains: bool,
    shows_misses: bool,
    every: bool,
    **limits: Unpack[Limits],
) -> None:
    """Find passages with their pages."""
    workbench = session.workbench
    selection = selection_of(workbench, limits)
    retriever = workbench.lexical_retriever if mode == Mode.LEXICAL.value else workbench.retriever
    if mode != Mode.LEXICAL.value and (problem := workbench.encoder_problem):
        console.fail(problem)
    typed = " ".join(query)
    findings = retriever.ask(typed, count, selection=selection, mode=Mode(mode), collapse=not every)
    shown = findings.every if shows_misses else findings.results
    if as_json:
        rows = [_row(result, findings.answered) for result in shown]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not findings.every:
        say("search.empty")
    elif not findings.answered:
        _print_missed(findings, listed=shows_misses)
    if explains and findings.answered:
        say("search.certainty", percent=percent(findings.certainty))
    for result in shown:
        _print(result)
        if explains:
            for line in reasons(console.words(), explain(typed, result)):
                click.secho(f"   - {line}", dim=True)
        _print_others(workbench, result)


@click.command(help=help_words("evaluate.help"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--mode", type=_MODES, default=Mode.HYBRID.value, show_default=True)
@click.option("--limit-queries", type=click.IntRange(1), help=help_words("evaluate.limit"))
@click.option("--json", "as_json", is_flag=True, help=help_words("evaluate.json"))
@pass_session
def evaluate(
    session: Session, folder: Path, mode: str, limit_queries: int | None, as_json: bool
) -> None:
    """Run a judged search set through the real pipeline, in a throw-away home."""
    judged = load_judged(folder)
    with tempfile.TemporaryDirectory(prefix="zhiku-evaluate-") as scratch:
        encoder = None if mode == Mode.LEXICAL.value else session.workbench.encoder
        workbench = Workbench(replace(session.settings, home=Path(scratch)), encoder=encoder)
        try:
            result = _evaluated(workbench, judged, Mode(mode), limit_queries)
        finally:
            workbench.close()
    _print_scores(result, as_json=as_json)


def _evaluated(
    workbench: Workbench, judged: JudgedSet, mode: Mode, limit: int | None
) -> evaluation.Scores:
    actor = workbench.actor
    stamp = Stamp(actor.branch_id, Access.PUBLIC, actor.person_id, workbench.clock())
    start = time.perf_counter()
    with console.progress("evaluate.loading", len(judged.corpus)) as bar:
        for _ in evaluation.load(judged, workbench.documents, stamp=stamp):
            bar.step()
    if mode is Mode.LEXICAL:
        retriever = workbench.lexical_retriever
    else:
        with console.progress("add.encoding", 0) as bar:
            workbench.index(bar.to)
        retriever = workbench.retriever
    seconds = time.perf_counter() - start
    with console.progress(
        "evaluate.asking", min(len(judged.queries), limit or len(judged.queries))
    ) as bar:
        rankings, milliseconds = evaluation.ask(
            judged, retriever, mode=mode, limit=limit, progress=lambda _n: bar.step()
        )
    return evaluation.scores(
        judged,
        rankings,
        milliseconds=milliseconds,
        passages=len(workbench.passages.ids()),
        index_seconds=seconds,
    )


def _row(result: Result, answered: bool) -> dict[str, object]:
    return {
        "miss": not answered,
        "rank": result.rank,
        "score": round(result.score, 6),
        "passage_id": result.passage.id,
        "document_id": result.document.id,
        "version": result.version.number,
        "title": result.document.title,
        "page": result.page,
        "page_label": result.page_label,
        "heading": list(result.passage.heading),
        "text": result.passage.text,
        "lexical_rank": result.lexical_rank,
        "dense_rank": result.dense_rank,
        "alike": [document.id for document in result.alike],
        "confidence": result.confidence,
    }


def _print(result: Result) -> None:
    words = console.words()
    place = [words("search.passage", id=result.passage.id)]
    if result.page is not None:
        place.append(words("search.page", page=result.page_label or result.page))
    elif result.page_label:
        place.append(result.page_label)
    place += [*result.passage.heading]
    click.secho(f"{result.rank}. {result.document.title}", bold=True, nl=False)
    click.echo(f"  {' · '.join(place)}")
    click.echo(_indented(result.passage.text))
    ranks = words(
        "search.ranks",
        score=f"{result.score:.3f}",
        lexical=result.lexical_rank or "–",
        dense=result.dense_rank or "–",
    )
    click.secho(f"   {ranks}", dim=True)
    if result.confidence is not None:
        click.secho(f"   {words('picture.sure', percent=percent(result.confidence))}", dim=True)


def _print_missed(findings: Findings, *, listed: bool) -> None:
    words, count = console.words(), len(findings.misses)
    say("search.not_found")
    if findings.unknown:
        say("search.unknown_words", words=words("explain.separator").join(findings.unknown))
    say("search.certainty", percent=percent(findings.certainty))
    say("search.not_found_misses" if listed else "search.not_found_more", count=count)


def _print_others(workbench: Workbench, result: Result) -> None:
    words = console.words()
    if result.alike:
        click.echo(f"   {words('likeness.others', count=len(result.alike))}")
    for each in others(workbench.likeness, result):
        shown = (each.document.title, *facts(words, each))
        click.echo(f"   [{each.document.id}] {' · '.join(shown)}")


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.splitlines() if line.strip())


def _print_scores(result: evaluation.Scores, *, as_json: bool) -> None:
    median, slow = (round(value, 1) for value in result.latency_ms)
    row = {
        "dataset": result.dataset,
        "queries": result.queries,
        "passages": result.passages,
        "ndcg@10": round(result.ndcg_at_10, 4),
        "recall@10": round(result.recall_at_10, 4),
        "recall@100": round(result.recall_at_100, 4),
        "mrr@10": round(result.mrr_at_10, 4),
        "latency_ms": {"p50": median, "p95": slow},
        "index_seconds": round(result.index_seconds, 1),
    }
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    for key, value in row.items():
        shown = f"p50 {median} · p95 {slow}" if key == "latency_ms" else value
        click.echo(f"{key:14} {shown}")


COMMANDS = (search, evaluate)
