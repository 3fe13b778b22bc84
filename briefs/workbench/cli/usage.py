"""What is wrong with how a command is written, in the words of the interface.

The library that reads commands says it in English only; each of its errors is said here by class.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.files import reason_of

_EXTRA: Final = re.compile(r"Got unexpected extra arguments? \((?P<words>.*)\)", re.DOTALL)
_FAR: Final = 2**62


def told(error: click.ClickException) -> int:
    """Print one sentence on standard error and return exit code 1."""
    if isinstance(error, click.FileError):
        return console.fail("usage.file", path=error.ui_filename, reason=_why(error))
    return console.fail("cli.usage", reason=_reason(error))


def _why(error: click.FileError) -> str:
    cause = error.__cause__
    return reason_of(cause) if isinstance(cause, OSError) else error.message


def _reason(error: click.ClickException) -> str:
    words = console.words()
    match error:
        case click.MissingParameter():
            return words("usage.missing", name=_name(error))
        case click.BadParameter():
            return _value(error)
        case click.NoSuchOption():
            said = words("usage.no_option", name=error.option_name)
            return said + _like(error.possibilities)
        case click.exceptions.NoSuchCommand():
            said = words("usage.no_command", name=error.command_name)
            return said + _like(error.possibilities)
        case click.BadOptionUsage():
            key = "usage.needs_value" if "requires" in error.message else "usage.no_value"
            return words(key, name=error.option_name)
    extra = _EXTRA.fullmatch(error.message)
    # Other sentences are our own.
    return words("usage.extra", words=extra["words"]) if extra else error.format_message()


def _value(error: click.BadParameter) -> str:
    """What the value of a parameter must be."""
    words, name = console.words(), _name(error)
    key = "usage.value"
    match None if error.param is None else error.param.type:
        case click.Choice() as kind:
            return words("usage.choice", name=name, choices=_listed(map(str, kind.choices)))
        case click.types.IntParamType() as kind:
            return words("usage.whole", name=name) + _limits(kind)
        case click.types.FloatParamType() as kind:
            return words("usage.number", name=name) + _limits(kind)
        case click.DateTime():
            key = "usage.date"
        case click.Path() as kind:
            key = "usage.no_folder" if kind.file_okay else "usage.folder"
    return words(key, name=name)


def _limits(kind: click.types.IntParamType | click.types.FloatParamType) -> str:
    """Between what a number must be; a limit that nobody reaches is not named."""
    if not isinstance(kind, click.IntRange | click.FloatRange):
        return ""
    words = console.words()
    limits = (("usage.least", kind.min), ("usage.most", kind.max))
    return "".join(words(key, limit=at) for key, at in limits if at is not None and at < _FAR)


def _name(error: click.BadParameter) -> str:
    """What the person has to write, or wrote wrongly: ``--to``, ``BRIEF_ID``."""
    if error.param is None:
        return str(error.param_hint or "")
    if isinstance(error.param, click.Option):
        return " / ".join(error.param.opts)
    return error.param.make_metavar(error.ctx) if error.ctx else error.param.human_readable_name


def _like(names: Sequence[str] | None) -> str:
    return console.words()("usage.like", names=_listed(names)) if names else ""


def _listed(names: Iterable[str]) -> str:
    return console.words()("explain.separator").join(names)
