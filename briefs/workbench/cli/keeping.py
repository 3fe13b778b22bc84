"""Commands that keep a home safe: backup, restore, drill."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import fail, help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.settings import FILE_NAME
from knowledge.accounts.actions import Action
from knowledge.backup import Backup
from knowledge.synonyms_file import FILE_NAME as SYNONYMS
from knowledge.weighing import FILE_NAME as WEIGHTS

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench

SMALL_FILES = (FILE_NAME, SYNONYMS, WEIGHTS)
"""What a home holds besides its database, its originals and its templates."""
_FOLDER = click.Path(file_okay=False, path_type=Path)


def small_files(bench: "Workbench") -> tuple[str, ...]:
    """What a home holds besides its database and its originals, by paths within it."""
    own = (path.relative_to(bench.home).as_posix() for path in bench.templates.own_files())
    return (*SMALL_FILES, *own)


@click.command(help=help_words("backup.help"))
@click.argument("folder", type=_FOLDER)
@click.option("--verify", is_flag=True, help=help_words("backup.verify"))
@click.option("--list", "as_list", is_flag=True, help=help_words("backup.list"))
@click.option("--keep", type=click.IntRange(min=1), help=help_words("backup.keep"))
@pass_session
def backup(
    session: Session, /, *, folder: Path, verify: bool, as_list: bool, keep: int | None
) -> int:
    """Add the present state of the home to a backup, or check a backup."""
    kept = Backup(folder)
    if as_list:
        rows = [
            (state.name, state.made_at, state.counts.get("documents"), len(state.originals))
            for state in kept.states()
        ]
        columns = ("backup.state", "backup.made_at", "backup.documents#", "backup.originals#")
        console.table(columns, rows)
        return 0
    if verify:
        return _verify(kept)
    bench = session.workbench
    with console.progress("backup.copying", 0) as bar:
        made = kept.make(bench.home, small=small_files(bench), at=bench.clock(), progress=bar.to)
    severed = made.severed is not None
    bench.note(
        Action.BACK_UP, originals=len(made.state.originals), copied=made.copied, severed=severed
    )
    say(
        "backup.done",
        state=made.state.name,
        originals=len(made.state.originals),
        copied=made.copied,
        size=f"{made.copied_bytes / 1e6:.1f} MB",
    )
    if made.severed is not None:
        # The older states are the proof of what the log has lost: none is deleted.
        return fail("backup.severed", state=made.severed)
    if keep is not None and (gone := kept.prune(keep)):
        say("backup.pruned", count=len(gone), state=gone[-1])
    if made.state.absent:
        return fail("backup.absent", count=len(made.state.absent))
    return 0


@click.command(help=help_words("restore.help"))
@click.argument("folder", type=_FOLDER)
@click.option("--state", help=help_words("restore.state"))
@pass_session
def restore(session: Session, folder: Path, state: str | None) -> None:
    """Make a home of a state of a backup."""
    home = session.settings.home
    kept = Backup(folder)
    chosen = kept.get(state)
    with console.progress("backup.copying", 0) as bar:
        kept.restore(home, state=chosen, progress=bar.to)
    # The home that was restored is another one from now on, and says so itself.
    session.workbench.note(Action.RESTORE, originals=len(chosen.originals))
    say("restore.done", home=home, state=chosen.name, originals=len(chosen.originals))


@click.command(help=help_words("drill.help"))
@click.argument("folder", type=_FOLDER)
@click.option("--scratch", type=_FOLDER, help=help_words("drill.scratch"))
@pass_session
def drill(session: Session, folder: Path, scratch: Path | None) -> int:
    """Restore the newest state into scratch, examine it, file a report."""
    # Imported late: it opens a workbench, which brings every library.
    from briefs.workbench.drill import FOLDER, hold

    bench = session.workbench
    with console.progress("backup.copying", 0) as bar:
        report = hold(
            Backup(folder),
            settings=bench.settings,
            scratch=scratch,
            clock=bench.clock,
            progress=bar.to,
        )
    bench.note(Action.DRILL, passed=report.is_passed)
    words = console.words()
    for step in report.steps:
        state = words("doctor.fault", n=len(step.faults)) if step.faults else words("doctor.ok")
        say("drill.step", step=words(f"drill.{step.name}"), state=state, seconds=step.seconds)
        for fault in step.faults:
            click.echo(f"    {fault}")
    if not report.is_passed:
        return fail("drill.failed", folder=bench.home / FOLDER)
    say("drill.passed", state=report.state, folder=bench.home / FOLDER)
    return 0


def _verify(kept: Backup) -> int:
    state = kept.get()
    with console.progress("backup.reading", 0) as bar:
        faults = list(kept.faults(state, progress=bar.to))
    for fault in faults:
        click.echo(f"    {fault}")
    if faults:
        return fail("backup.faulty", count=len(faults), state=state.name)
    say("backup.sound", state=state.name, originals=len(state.originals))
    return 0


COMMANDS = (backup, restore, drill)
