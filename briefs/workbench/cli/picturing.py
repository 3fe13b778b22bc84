"""The command that draws pages: page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from briefs.cutting import is_drawn
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.picturing import WIDTHS, place_of, regions
from embeddings.durable import write_durably
from knowledge.errors import UnknownRecordError
from knowledge.model import Span

_PASSAGE: Final = re.compile(r"[1-9][0-9]{0,17}")
_SPAN: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8}):([0-9]{1,9})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One picture: the page of a version, and what to box on it."""

    version_id: int
    page: int
    marks: tuple[Span, ...]


@click.command(help=help_words("page.help"))
@click.argument("places", metavar="PASSAGE|VERSION/PAGE:START-END…", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True,
    help=help_words("page.out"),
)  # fmt: skip
@click.option(
    "--width", default=WIDTHS[2], show_default=True, type=click.IntRange(1, WIDTHS[-1]),
    help=help_words("page.width"),
)  # fmt: skip
@pass_session
def page(session: Session, places: tuple[str, ...], out: Path, *, width: int) -> None:
    """Draw the pages of passages or spans, their words boxed."""
    workbench = session.workbench
    wanted = _pages([span for place in places for span in _spans(workbench, place)])
    made = [
        workbench.pictures.png(
            each.version_id, each.page, width=width, marks=each.marks, words=console.words()
        )
        for each in wanted
    ]
    for number, (each, data) in enumerate(zip(wanted, made, strict=True), start=1):
        path = out if len(wanted) == 1 else out.with_stem(f"{out.stem}-{number}")
        try:
            write_durably(path, data)
        except OSError as error:
            raise click.FileError(str(path), error.strerror) from error
        _report(workbench, each, path=path, size=len(data))


def _spans(workbench: Workbench, place: str) -> list[tuple[int, Span]]:
    """Version and span of each stretch that `place` names, checked to be there."""
    if _PASSAGE.fullmatch(place):
        passage = workbench.passages.many([int(place)]).get(int(place))
        if passage is None:
            raise UnknownRecordError(kind="passage", id=place)
        return [(passage.version_id, span) for span in passage.spans]
    match = _SPAN.fullmatch(place)
    if match is None:
        raise click.UsageError(console.words()("page.bad_place", value=place))
    version_id, index, start, end = map(int, match.groups())
    workbench.documents.version(version_id)
    found = workbench.documents.pages(version_id, [index])
    if not found:
        raise UnknownRecordError(kind="page", id=f"{version_id}/{index}")
    if not start < end <= len(found[0].text):
        raise click.UsageError(
            console.words()("page.no_words", version=version_id, page=index, start=start, end=end)
        )
    return [(version_id, Span(index, start, end))]


def _pages(found: Sequence[tuple[int, Span]]) -> list[_Wanted]:
    """One picture a page, in the order in which the pages are first named."""
    keys = dict.fromkeys((version_id, span.page) for version_id, span in found)
    return [
        _Wanted(*key, tuple(span for version_id, span in found if (version_id, span.page) == key))
        for key in keys
    ]


def _report(workbench: Workbench, drawn: _Wanted, *, path: Path, size: int) -> None:
    documents, words = workbench.documents, console.words()
    version = documents.version(drawn.version_id)
    shown = documents.pages(version.id, [drawn.page])[0]
    say(
        "page.done",
        path=path,
        title=documents.document_of_version(version.id).title,
        place=place_of(version, shown, words=words),
        size=f"{size / 1024:.0f}",
    )
    places = documents.places(version.id, [drawn.page]).get(drawn.page)
    if is_drawn(version) and not regions(places, drawn.marks):
        console.fail("page.unboxed", path=path)


COMMANDS = (page,)
