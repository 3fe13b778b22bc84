"""What a search found, printed or as JSON."""

import json

import click

from briefs.model import percent
from briefs.workbench.alike import facts, others
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.cli.console import say
from briefs.workbench.reasons import lacking, reasons, sureness
from knowledge.certainty import Findings
from knowledge.explaining import explain
from knowledge.model import Result
from knowledge.synonyms import Synonyms


def print_findings(
    workbench: Workbench, query: str, findings: Findings, *, lists_misses: bool, explains: bool
) -> None:
    """Print results with their pages; where nothing was found, say so before the nearest misses."""
    if not findings.every:
        say("search.empty")
        return
    words = console.words()
    if not findings.answered:
        say("search.not_found")
    if not findings.answered or explains or findings.not_held is not None:
        for line in filter(None, (sureness(words, findings), lacking(words, findings))):
            click.echo(line)
    if findings.misses:
        key = "search.not_found_misses" if lists_misses else "search.not_found_more"
        say(key, count=len(findings.misses))
    for result in findings.every if lists_misses else findings.results:
        _print(result)
        if explains:
            for line in reasons(words, explain(query, result, synonyms=workbench.synonyms)):
                click.secho(f"   - {line}", dim=True)
        _print_others(workbench, result)


def print_json(query: str, findings: Findings, *, explains: bool, synonyms: Synonyms) -> None:
    """Print one object: whether it is answered, and results and misses apart."""

    def rows(results: tuple[Result, ...]) -> list[dict[str, object]]:
        return [
            _row(result) | (_why(query, result, synonyms) if explains else {}) for result in results
        ]

    found = {
        "query": query,
        "answered": findings.answered,
        "certainty": round(findings.certainty, 4),
        "not_held": findings.not_held,
        "unknown": list(findings.unknown),
        "results": rows(findings.results),
        "misses": rows(findings.misses),
    }
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _row(result: Result) -> dict[str, object]:
    return {
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


def _why(query: str, result: Result, synonyms: Synonyms) -> dict[str, object]:
    why = explain(query, result, synonyms=synonyms)
    return {
        "why": {
            "exact": why.exact,
            "matched": list(why.matched),
            "missing": list(why.missing),
            "other_forms": list(why.others),
            "by_meaning": why.by_meaning,
            "score_parts": {name: round(value, 6) for name, value in why.parts.items()},
        }
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


def _print_others(workbench: Workbench, result: Result) -> None:
    words = console.words()
    if result.alike:
        click.echo(f"   {words('likeness.others', count=len(result.alike))}")
    for each in others(workbench.likeness, result):
        shown = (each.document.title, *facts(words, each))
        click.echo(f"   [{each.document.id}] {' · '.join(shown)}")


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.splitlines() if line.strip())
