"""The command that looks for support for a sentence."""

import json
from collections.abc import Sequence

import click

from briefs.drafting.supporting import Piece, Support
from briefs.model import StatementKind, page_href
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session

_KINDS = (StatementKind.QUOTE, StatementKind.PARAPHRASE, StatementKind.COMPUTED)


@click.command("support", help=help_words("support.help"))
@click.argument("sentence", nargs=-1, required=True)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in _KINDS]),
    default=StatementKind.PARAPHRASE.value,
    show_default=True,
)
@click.option("-k", "count", default=8, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help=help_words("support.json"))
@pass_session
def support(
    session: Session, sentence: tuple[str, ...], *, kind: str, count: int, as_json: bool
) -> int:
    """Find passages that bear a sentence out, and those that contradict it."""
    text = " ".join(sentence).strip()
    if not text:
        return console.fail("support.no_sentence")
    workbench = session.workbench
    if problem := workbench.encoder_problem:
        console.fail(problem)
    found = workbench.supporting.find(text, kind=StatementKind(kind), count=count)
    if as_json:
        click.echo(json.dumps(_record(found), ensure_ascii=False, indent=1))
        return 0
    if found.is_empty:
        say("support.none", count=found.looked_at)
        return 0
    _print("support.disagreeing", found.disagreeing)
    _print("support.agreeing", found.agreeing)
    _print("support.together", found.together or ())
    _print("support.near", found.near)
    return 0


def _print(key: str, pieces: Sequence[Piece]) -> None:
    if not pieces:
        return
    words = console.words()
    click.secho(words(key, count=len(pieces)), bold=True)
    for piece in pieces:
        where = "" if piece.page is None else words("pages.common.page", page=piece.page)
        named = words("pages.common.work", title=piece.document.title)
        click.echo(f"· {named} {where} [{piece.passage.id}]")
        click.echo(f"  {piece.words}")
        for fault in piece.verdict.faults:
            there = " / ".join(place.words for place in fault.evidence)
            told = words(f"check.fault.{fault.type.value}")
            reading = words("support.reading", here=fault.statement.words, there=there or "—")
            click.secho(f"  - {told}: {reading}", dim=True)
        if piece.outdated:
            click.secho(f"  - {words('support.outdated', why=piece.outdated)}", dim=True)


def _record(found: Support) -> dict[str, object]:
    return {
        "statement": found.text,
        "found": not found.is_empty,
        "looked_at": found.looked_at,
        "agreeing": [_piece(each) for each in found.agreeing],
        "disagreeing": [_piece(each) for each in found.disagreeing],
        "near": [_piece(each) for each in found.near],
        "together": [_piece(each) for each in found.together or ()],
    }


def _piece(piece: Piece) -> dict[str, object]:
    own = piece.evidence[-1]
    return {
        "document": piece.document.id,
        "title": piece.document.title,
        "version": piece.version.id,
        "passage": piece.passage.id,
        "page": piece.page,
        "words": piece.words,
        "href": page_href(own.version_id, own.spans),
        "verdict": piece.verdict.outcome.value,
        "likeness": round(piece.likeness, 4),
        "outdated": piece.outdated,
        "faults": [
            {
                "type": fault.type.value,
                "statement": fault.statement.words,
                "evidence": [place.words for place in fault.evidence],
            }
            for fault in piece.verdict.faults
        ],
    }


COMMANDS = (support,)
