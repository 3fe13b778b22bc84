"""The ``zhiku`` command: every page action has one, and calls the same service.

Rooms: ``console`` (how it speaks), ``usage`` (of faults in how a command is written), ``files``
(that it reads), ``context`` (the home it works on), ``collection`` (init, add, list …),
``proposals`` (remove, withdraw, proposals), ``recognising`` (scans), ``rereading`` (documents of an
older Zhiku), ``searching`` (search, evaluate), ``sharing`` (share), ``calibrating`` (calibrate),
``synonyms`` (synonyms), ``likeness`` (alike), ``briefing`` (the ``brief`` group) with ``revising``
(its history, and statements moved, divided, joined), ``trailing`` (its search trail and folder),
``gating`` (its gate) and ``lengthening`` (its forms, its template's sections), ``templating``
(templates), ``checking`` (check), ``supporting`` (support), ``referencing`` (the ``references``
group), ``accounts`` (the ``account`` group), ``auditing`` (the ``audit`` group), ``privacy`` (the
``privacy`` group), ``keeping`` (backup, restore, drill), ``measuring`` (the ``measure`` group),
``picturing`` (page), ``running`` (serve, demo, doctor).
"""

import gc
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import click

from briefs.workbench.cli import usage
from briefs.workbench.cli.console import fail, help_words
from briefs.workbench.cli.context import Session
from briefs.workbench.wording import KnownError

_INTERRUPTED = 130
_ROOMS = {
    "collection": ("init", "add", "index", "list", "failures", "retry"),
    "proposals": ("remove", "withdraw", "proposals"),
    "recognising": ("recognise",),
    "rereading": ("reread",),
    "cataloguing": ("show", "describe", "confirm"),
    "sharing": ("share",),
    "searching": ("search", "evaluate"),
    "calibrating": ("calibrate",),
    "synonyms": ("synonyms",),
    "likeness": ("alike",),
    "briefing": ("brief",),
    "templating": ("templates",),
    "accounts": ("account",),
    "auditing": ("audit",),
    "privacy": ("privacy",),
    "keeping": ("backup", "restore", "drill"),
    "checking": ("check",),
    "supporting": ("support",),
    "referencing": ("references",),
    "picturing": ("page",),
    "measuring": ("measure",),
    "quarantine": ("quarantine",),
    "running": ("serve", "demo", "doctor"),
}
_FURTHER: Mapping[str, tuple[str, ...]] = {
    "brief": ("revising", "lengthening", "gating", "drafting", "trailing"),
}
"""Rooms that add commands to a group of another one."""


class _Rooms(click.Group):
    """Imports a command's room when it is called, so that help comes at once."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return [name for names in _ROOMS.values() for name in names]

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        for room, names in _ROOMS.items():
            if name in names:
                commands: Sequence[click.Command] = import_module(f"{__name__}.{room}").COMMANDS
                for further in _FURTHER.get(name, ()):
                    import_module(f"{__name__}.{further}")
                return next(command for command in commands if command.name == name)
        return None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, help_words(f"{name}.help")) for name in self.list_commands(context)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=_Rooms, help=help_words("cli.help"), context_settings={"max_content_width": 100})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help=help_words("cli.home"),
)
@click.option("--debug", is_flag=True, help=help_words("cli.debug"))
@click.version_option(package_name="zhiku")
@click.pass_context
def zhiku(context: click.Context, home: Path | None, debug: bool) -> None:
    """Keep the home for the subcommand."""
    context.obj = context.with_resource(Session(home, debug=debug))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code.

    Bad input and our own defects give one sentence on standard error and exit code 1; ``--debug``
    shows where a defect happened.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = _run(given)
    # The encoder leaves millions of objects that the interpreter would look through once more.
    gc.freeze()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    try:
        code = zhiku.main(arguments, prog_name="zhiku", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except (click.Abort, KeyboardInterrupt):
        fail("cli.interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:  # noqa: BLE001 – the outermost frame: nobody else can report it
        if "--debug" in arguments:
            traceback.print_exc()
        return _reported(error)
    return code if isinstance(code, int) else 0


def _reported(error: Exception) -> int:
    if isinstance(error, KnownError):
        return fail(error)
    if isinstance(error, click.ClickException):
        return usage.told(error)
    return fail("cli.defect", reason=f"{type(error).__name__}: {error}")
