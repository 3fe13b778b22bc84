"""Commands that search: search, evaluate."""

import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import click

from briefs.trail.noted import Asked
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.filtering import Limits, filtered, selection_of
from briefs.workbench.cli.finding import print_findings, print_json
from briefs.workbench.cli.values import ID
from knowledge import evaluation
from knowledge.judged import JudgedSet, load_judged
from knowledge.model import Access, Mode, Stamp

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
@click.option("--brief", "brief_id", type=ID, help=help_words("search.for_brief"))
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
    brief_id: int | None,
    **limits: Unpack[Limits],
) -> None:
    """Find passages with their pages."""
    workbench = session.workbench
    selection = selection_of(workbench, limits)
    retriever = workbench.lexical_retriever if mode == Mode.LEXICAL.value else workbench.retriever
    if mode != Mode.LEXICAL.value and (problem := workbench.encoder_problem):
        console.fail(problem)
    if mode != Mode.DENSE.value and (broken := workbench.synonyms_file.problem):
        console.fail("synonyms.broken", reason=console.words().error(broken))
    if mode == Mode.HYBRID.value and (problem := workbench.reranker_problem):
        console.fail(problem)
    typed = " ".join(query)
    findings = retriever.ask(typed, count, selection=selection, mode=Mode(mode), collapse=not every)
    noted = None
    if brief_id is not None:
        noted = workbench.trail.note_search(
            brief_id,
            Asked(typed, count, Mode(mode), selection),
            found=findings.results,
            answered=findings.answered,
            actor=workbench.actor,
        )
    if as_json:
        print_json(typed, findings, explains=explains, synonyms=workbench.synonyms)
        return
    print_findings(workbench, typed, findings, lists_misses=shows_misses, explains=explains)
    if noted is not None:
        console.say("search.noted", brief=brief_id, search=noted)


@click.command(help=help_words("evaluate.help"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--mode", type=_MODES, default=Mode.HYBRID.value, show_default=True)
@click.option("--limit-queries", type=click.IntRange(1), help=help_words("evaluate.limit"))
@click.option("--reranker", help=help_words("evaluate.reranker"))
@click.option("--json", "as_json", is_flag=True, help=help_words("evaluate.json"))
@pass_session
def evaluate(
    session: Session,
    /,
    *,
    folder: Path,
    mode: str,
    limit_queries: int | None,
    reranker: str | None,
    as_json: bool,
) -> None:
    """Run a judged search set through the real pipeline, in a throw-away home."""
    judged = load_judged(folder)
    with tempfile.TemporaryDirectory(prefix="zhiku-evaluate-") as scratch:
        encoder = None if mode == Mode.LEXICAL.value else session.workbench.encoder
        settings = replace(session.settings, home=Path(scratch))
        if reranker is not None:
            settings = replace(settings, reranker=reranker)
        workbench = Workbench(settings, encoder=encoder)
        try:
            if problem := workbench.reranker_problem:
                raise problem
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
    halves: dict[str, dict[str, float]] = {
        half.value: {
            "queries": measures.queries,
            "ndcg@10": round(measures.ndcg, 4),
            "recall@10": round(measures.recall, 4),
            "mrr@10": round(measures.reciprocal_rank, 4),
        }
        for half, measures in result.halves.items()
    }
    if as_json:
        click.echo(json.dumps({**row, "halves": halves}, ensure_ascii=False))
        return
    for key, value in row.items():
        shown = f"p50 {median} · p95 {slow}" if key == "latency_ms" else value
        click.echo(f"{key:14} {shown}")
    for name, figures in halves.items():
        shown = " · ".join(f"{key} {value}" for key, value in figures.items())
        click.echo(f"{name:14} {shown}")


COMMANDS = (search, evaluate)
