"""The command that fits, and shows, when a search says that nothing was found."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say, table
from briefs.workbench.cli.context import Session, pass_session
from knowledge import calibrating, evaluation
from knowledge.calibrating import Case
from knowledge.certainty import Weights, read_weights, write_weights
from knowledge.judged import JudgedSet, load_judged
from knowledge.model import Access, Mode, Stamp

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
@click.option("--save", is_flag=True, help=help_words("calibrate.save"))
@pass_session
def calibrate(session: Session, folders: tuple[Path, ...], questions: int, save: bool) -> None:
    """Ask judged sets what they hold and what they do not; fit and show the certainty."""
    sets = [load_judged(folder) for folder in folders]
    problem = session.workbench.encoder_problem
    modes = [Mode.LEXICAL] if problem else [Mode.HYBRID, Mode.LEXICAL]
    asked: dict[Mode, list[Case]] = {mode: [] for mode in modes}
    for held in sets:
        others = [each for each in sets if each is not held]
        with tempfile.TemporaryDirectory(prefix="zhiku-calibrate-") as scratch:
            _ask(session, Path(scratch), held, others=others, questions=questions, asked=asked)
    fitted = []
    for mode, cases in asked.items():
        encoder = None if mode is Mode.LEXICAL else session.workbench.encoder.name
        for across in (False, True):
            if across and sum(each.signs.across for each in cases) < _ENOUGH:
                continue
            weights = calibrating.fit(cases, encoder=encoder, across=across)
            fitted.append(weights)
            _print(cases, weights)
    if save:
        path, made = session.workbench.weights_file, {(w.encoder, w.across) for w in fitted}
        kept = [w for w in read_weights(path) if (w.encoder, w.across) not in made]
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


def _print(cases: Sequence[Case], weights: Weights) -> None:
    words = console.words()
    name = weights.encoder or words("calibrate.words_alone")
    say(
        "calibrate.weights",
        encoder=f"{name} · {words('calibrate.across')}" if weights.across else name,
    )
    click.echo(f"  {weights}")
    say("calibrate.worth")
    columns = ("set", "questions#", "false#", "caught#", "removed#", "auc#", "auc_removed#")
    rows = [
        [
            each.dataset or words("calibrate.all"),
            each.questions,
            *(f"{value:.1%}" for value in (each.false_misses, each.caught, each.caught_removed)),
            *(f"{value:.3f}" for value in (each.auc, each.auc_removed)),
        ]
        for each in calibrating.worth(cases, weights)
    ]
    table([f"calibrate.{name}" for name in columns], rows)
    say("calibrate.curve")
    bins = [
        [each.questions, f"{each.predicted:.3f}", f"{each.observed:.3f}"]
        for each in calibrating.curve(cases, weights)
    ]
    table([f"calibrate.{name}" for name in ("questions#", "predicted#", "observed#")], bins)


COMMANDS = (calibrate,)
