"""The command that fits, and shows, when a search says that nothing was found."""

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say, table
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.curve_drawing import drawing
from knowledge import calibrating, evaluation, reliability
from knowledge.accounts.actions import Action
from knowledge.calibrating import Case
from knowledge.judged import JudgedSet, load_judged
from knowledge.model import Access, Mode, Stamp
from knowledge.reliability import Bin
from knowledge.weighing import Weights, read_weights, write_weights

_ENOUGH = 100
"""Questions in another script than their results below which nothing can be fitted."""


@click.command(help=help_words("calibrate.help"))
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--questions",
    default=300,
    show_default=True,
    type=click.IntRange(10),
    help=help_words("calibrate.questions_help"),
)
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), help=help_words("calibrate.svg")
)
@click.option("--save", is_flag=True, help=help_words("calibrate.save"))
@pass_session
def calibrate(
    session: Session, folders: tuple[Path, ...], questions: int, svg: Path | None, save: bool
) -> None:
    """Ask judged sets what they hold and what they do not; fit and show the certainty."""
    if svg is not None:
        _try(svg)
    sets = [load_judged(folder) for folder in folders]
    problem = session.workbench.encoder_problem
    modes = [Mode.LEXICAL] if problem else [Mode.HYBRID, Mode.LEXICAL]
    asked: dict[Mode, list[Case]] = {mode: [] for mode in modes}
    for held in sets:
        others = [each for each in sets if each is not held]
        with tempfile.TemporaryDirectory(prefix="zhiku-calibrate-") as scratch:
            _ask(session, Path(scratch), held, others=others, questions=questions, asked=asked)
    fitted = list(_fitted(session, asked))
    drawn = [_print(cases, weights) for cases, weights in fitted]
    if save:
        session.workbench.note(Action.CALIBRATE, questions=questions)
        _keep(session.workbench.weights_file, [weights for _, weights in fitted])
    if svg is not None:
        _draw(svg, drawing(drawn, console.words()))
        say("calibrate.drawn", path=svg)


def _try(path: Path) -> None:
    """Fail before the long work if a file cannot be written; leaves what is there as it is."""
    was_there = path.exists()
    try:
        path.open("ab").close()
        if not was_there:
            path.unlink()
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error


def _draw(path: Path, svg: str) -> None:
    try:
        path.write_text(svg, "utf-8")
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error


def _fitted(
    session: Session, asked: Mapping[Mode, Sequence[Case]]
) -> Iterator[tuple[Sequence[Case], Weights]]:
    for mode, cases in asked.items():
        encoder = None if mode is Mode.LEXICAL else session.workbench.encoder.name
        for across in (False, True):
            if not across or sum(each.signs.across for each in cases) >= _ENOUGH:
                yield cases, calibrating.fit(cases, encoder=encoder, across=across)


def _keep(path: Path, fitted: Sequence[Weights]) -> None:
    made = {(each.encoder, each.across) for each in fitted}
    kept = [each for each in read_weights(path) if (each.encoder, each.across) not in made]
    write_weights(path, [*kept, *fitted])
    say("calibrate.saved", path=path)


def _ask(
    session: Session,
    home: Path,
    held: JudgedSet,
    *,
    others: Sequence[JudgedSet],
    questions: int,
    asked: dict[Mode, list[Case]],
) -> None:
    encoder = None if Mode.HYBRID not in asked else session.workbench.encoder
    bench = Workbench(replace(session.settings, home=home), encoder=encoder)
    try:
        stamp = Stamp(bench.actor.branch_id, Access.PUBLIC, bench.actor.person_id, bench.clock())
        with console.progress("evaluate.loading", len(held.corpus)) as bar:
            for _ in evaluation.load(held, bench.documents, stamp=stamp):
                bar.step()
        if encoder is None:
            bench.lexical_indexing.catch_up()
        else:
            with console.progress("add.encoding", 0) as bar:
                bench.index(bar.to)
        for mode, cases in asked.items():
            retriever = bench.lexical_retriever if mode is Mode.LEXICAL else bench.retriever
            made = calibrating.ask_all(
                held,
                others,
                retriever=retriever,
                documents=bench.documents,
                mode=mode,
                limit=questions,
            )
            with console.progress("evaluate.asking", 3 * questions) as bar:
                for case in made:
                    cases.append(case)
                    bar.step()
    finally:
        bench.close()


def _print(cases: Sequence[Case], weights: Weights) -> tuple[str, Sequence[Bin]]:
    """Print what weights are worth; returns their curve with its name."""
    words = console.words()
    name = weights.encoder or words("calibrate.words_alone")
    if weights.across:
        name = f"{name} · {words('calibrate.across')}"
    say("calibrate.weights", encoder=name)
    click.echo(f"  {weights}")
    say("calibrate.worth")
    columns = ("set", "questions#", "accuracy#", "false#", "caught#", "removed#")
    figures = ("auc#", "auc_removed#", "brier#")
    rows = [
        [
            each.dataset or words("calibrate.all"),
            each.questions,
            *map(_percent, (each.accuracy, each.false_misses, each.caught, each.caught_removed)),
            *map(_three, (each.auc, each.auc_removed, each.brier)),
        ]
        for each in reliability.worth(cases, weights)
    ]
    table([f"calibrate.{name}" for name in (*columns, *figures)], rows)
    bins = reliability.curve(cases, weights)
    say("calibrate.curve", off=_percent(reliability.off(bins)))
    shown = [
        [
            each.questions,
            _three(each.predicted),
            _three(each.observed),
            "▇" * round(each.observed * 30),
        ]
        for each in bins
    ]
    table([f"calibrate.{name}" for name in ("questions#", "predicted#", "observed#", "bar")], shown)
    return name, bins


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{share:.1%}"


def _three(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


COMMANDS = (calibrate,)
