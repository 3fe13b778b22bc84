"""Commands that measure reading: the ``measure`` group."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.measured import (
    definitions,
    hostile_row,
    print_catalogue,
    print_hostile,
    print_speeds,
    print_texts,
    say_memory,
    speed_row,
    text_row,
)
from briefs.workbench.cli.trial import Trial, trial
from knowledge.errors import UnreadableError
from knowledge.listing import list_files
from knowledge.measuring.catalogue import measure_catalogue
from knowledge.measuring.folder import Paired, pair, shown, words_of
from knowledge.measuring.hostile import HostileMeasure, Verdict, measure_hostile
from knowledge.measuring.memory import PeakMemory
from knowledge.measuring.pictured import Cuttings
from knowledge.measuring.report import FileMeasure, measure_file
from knowledge.measuring.speed import SpeedMeasure, measure_speed, total_of
from knowledge.readers import read_file
from knowledge.readers.sandbox import Sandbox

_PATH = click.Path(path_type=Path)
_MEGABYTE = 2**20
_LOOK_SECONDS = 0.02


@click.group(help=help_words("measure.help"))
def measure() -> None:
    """Measure reading on files of one's own."""


@measure.command(help=help_words("measure.texts.help"))
@click.argument("folder", type=_PATH)
@click.option("--truth", type=_PATH, help=help_words("measure.truth"))
@click.option(
    "--sentences",
    default=200,
    show_default=True,
    type=click.IntRange(0),
    help=help_words("measure.sentences"),
)
@click.option("--seed", default=0, show_default=True, help=help_words("measure.seed"))
@click.option("--verbose", is_flag=True, help=help_words("measure.verbose"))
@click.option("--json", "as_json", is_flag=True, help=help_words("measure.json"))
@pass_session
def texts(
    session: Session,
    /,
    folder: Path,
    truth: Path | None,
    verbose: bool,
    as_json: bool,
    **chosen: int,
) -> int:
    """Compare what is read with known texts, and boxes with what they show."""
    truths = truth or folder / "truth"
    found = pair(folder, truths)
    if not found.pairs:
        return console.fail("measure.no_truth", folder=truths)
    with PeakMemory() as memory, trial(session.settings) as home:
        measures = _measured(home, found, folder, **chosen)
    without = shown(found.without_truth, folder)
    if as_json:
        row = {
            "definitions": list(definitions()),
            **chosen,
            "peak_memory_mb": round(memory.peak / _MEGABYTE),
            "files": [text_row(measured) for measured in measures],
            "without_truth": list(without),
        }
        click.echo(json.dumps(row, ensure_ascii=False, indent=1))
        return 0
    print_texts(measures, examples=verbose)
    say_memory(memory.peak)
    if verbose:
        for name in without:
            say("measure.without_truth", name=name)
    return 0


def _measured(
    home: Trial, found: Paired, folder: Path, *, sentences: int, seed: int
) -> list[FileMeasure]:
    names = shown([pair.file for pair in found.pairs], folder)
    measures: list[FileMeasure] = []
    with closing(Cuttings()) as cuttings, console.progress("measure.measuring", len(names)) as bar:
        for name, one in zip(names, found.pairs, strict=True):
            taken = home.take_in(one.file, name)
            with home.witnesses(taken.stored, cuttings) as seeing:
                measures.append(
                    measure_file(
                        taken,
                        words_of(one.truth),
                        sentences=sentences,
                        seed=seed,
                        witnesses=seeing,
                    )
                )
            # Else the next file's pages would be recognised beside a process that only waits.
            cuttings.close()
            bar.step()
    return measures


@measure.command(help=help_words("measure.speed.help"))
@click.argument("files", nargs=-1, required=True, type=_PATH)
@click.option(
    "--repeat",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    help=help_words("measure.repeat"),
)
@click.option("--recognise", is_flag=True, help=help_words("measure.recognise"))
@click.option("--json", "as_json", is_flag=True, help=help_words("measure.json"))
@pass_session
def speed(
    session: Session, files: tuple[Path, ...], repeat: int, recognise: bool, as_json: bool
) -> int:
    """Time reading beside PDFium alone."""
    paths = [path for path in list_files(files).files if path.suffix.lower() == ".pdf"]
    if not paths:
        return console.fail("measure.no_pdf")
    timed, peak = _timed(paths, repeat)
    rows = [speed_row(one) for one in timed.values()]
    if len(timed) > 1 and (total := total_of(list(timed.values()))) is not None:
        rows.append(speed_row(replace(total, name=console.words()("measure.all"))))
    scans = [path for path, one in timed.items() if recognise and one.text_pages < one.pages]
    recognition = _recognised(session, scans) if scans else None
    if as_json:
        row = {
            "repeat": repeat,
            "peak_memory_mb": round(peak / _MEGABYTE),
            "files": rows,
            "recognition": recognition,
        }
        click.echo(json.dumps(row, ensure_ascii=False, indent=1))
        return 0
    print_speeds(rows)
    say_memory(peak)
    if recognition is not None:
        say("measure.recognition", **recognition)
    return 0


def _timed(paths: Sequence[Path], repeat: int) -> tuple[dict[Path, SpeedMeasure], int]:
    """Time files, then watch the memory that reading them takes.

    Files that cannot be read are named and left out.
    """
    timed: dict[Path, SpeedMeasure] = {}
    with closing(Sandbox()) as sandbox, console.progress("measure.measuring", len(paths)) as bar:
        for path in paths:
            data, name = path.read_bytes(), path.name
            try:
                timed[path] = measure_speed(
                    data, name, read=read_file, isolated=sandbox.read, rounds=repeat
                )
            except UnreadableError as error:
                console.fail(error)
            bar.step()
        # Apart from the timing, which looking so often would disturb.
        with PeakMemory(every=_LOOK_SECONDS) as memory:
            for path in timed:
                sandbox.read(path.read_bytes(), path.name)
    return timed, memory.peak


def _recognised(session: Session, paths: Sequence[Path]) -> dict[str, object]:
    """Recognise what waits in files; pages, seconds a page, peak memory."""
    with PeakMemory() as memory, trial(session.settings) as home:
        taken = [home.take_in(path, path.name) for path in paths]
    pages = sum(one.recognised_pages for one in taken)
    seconds = sum(one.recognition_seconds for one in taken)
    return {
        "pages": pages,
        "seconds": round(seconds / pages, 2) if pages else None,
        "megabytes": round(memory.peak / _MEGABYTE),
    }


@measure.command(help=help_words("measure.catalogue.help"))
@click.argument("folder", type=_PATH)
@click.option("--truth", type=_PATH, help=help_words("measure.catalogue_truth"))
@click.option("--json", "as_json", is_flag=True, help=help_words("measure.json"))
@pass_session
def catalogue(session: Session, folder: Path, truth: Path | None, as_json: bool) -> None:
    """Compare guessed catalogue entries with what is known."""
    with trial(session.settings) as home:
        measured = measure_catalogue(folder, truth=truth, read=home.read)
    if as_json:
        click.echo(json.dumps(asdict(measured), ensure_ascii=False, indent=1))
    else:
        print_catalogue(measured)


@measure.command(help=help_words("measure.hostile.help"))
@click.argument("folder", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help=help_words("measure.json"))
@pass_session
def hostile(_session: Session, folder: Path, as_json: bool) -> int:
    """Take in hostile files and compare what becomes of them; exit code 1 when one is not met."""
    measures: list[HostileMeasure] = []
    with console.progress("measure.measuring", 0) as bar:
        for one in measure_hostile(folder):
            measures.append(one)
            bar.step()
    if as_json:
        click.echo(json.dumps([hostile_row(one) for one in measures], ensure_ascii=False, indent=1))
    else:
        print_hostile(measures)
    return int(any(one.verdict is Verdict.NOT_MET for one in measures))


COMMANDS = (measure,)
