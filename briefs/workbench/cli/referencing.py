"""The ``references`` commands: exchange with reference managers."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefs.citing import RulesEdition, Style, System, listed
from briefs.citing.exchange import ExchangeFormat, Item, read, write
from briefs.citing.importing import Fate, Taken
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.files import read_bytes

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench

_TEXT = "text"
_FORMATS = click.Choice([*(to.value for to in ExchangeFormat), _TEXT])
_LARGEST_ID = 2**63 - 1


class _Target(click.ParamType[tuple[str, int]]):
    """``7`` is a document, ``brief:3`` a brief."""

    name = "document|brief:id"

    def convert(
        self,
        value: str | tuple[str, int],
        _parameter: click.Parameter | None,
        _context: click.Context | None,
    ) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        kind, colon, number = value.partition(":")
        kind, number = (kind, number) if colon else ("document", kind)
        known = kind in {"document", "brief"} and number.isascii() and number.isdecimal()
        if not known or not 0 < int(number[:20]) <= _LARGEST_ID:
            raise click.UsageError(console.words()("references.target", value=value))
        return kind, int(number)


@click.group(help=help_words("references.help"))
def references() -> None:
    """Exchange references with other programs."""


@references.command("export", help=help_words("references.export.help"))
@click.argument("targets", nargs=-1, required=True, type=_Target())
@click.option(
    "--format", "to", type=_FORMATS, default=_TEXT, help=help_words("references.export.format")
)
@click.option(
    "--style", "edition", type=click.Choice([each.value for each in RulesEdition]),
    help=help_words("references.export.style"),
)  # fmt: skip
@click.option(
    "--system", type=click.Choice([each.value for each in System]),
    help=help_words("references.export.system"),
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help=help_words("references.out")
)
@pass_session
def export_references(
    session: Session,
    targets: tuple[tuple[str, int], ...],
    *,
    to: str,
    edition: str | None,
    system: str | None,
    out: Path | None,
) -> None:
    """Write the references of documents and briefs."""
    items = _gathered(session.workbench, targets)
    kept = session.workbench.settings.reference_style
    style = Style(
        RulesEdition(edition) if edition else kept.edition,
        System(system) if system else kept.system,
    )
    text = _printed(items, style) if to == _TEXT else write(items, ExchangeFormat(to))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_bytes(text.encode())
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error
    say("references.exported", count=len(items), path=out)


@references.command("import", help=help_words("references.import.help"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=help_words("references.import.dry"))
@pass_session
def import_references(session: Session, file: Path, dry_run: bool) -> None:
    """Take references over into the entries of documents that are held."""
    items = read(read_bytes(file), name=file.name)
    workbench = session.workbench
    plan = workbench.importing.plan(items)
    if not dry_run:
        workbench.importing.apply(plan, actor=workbench.actor)
    _report(plan)
    counts = {fate: sum(taken.fate is fate for taken in plan) for fate in Fate}
    key = "references.import.would" if dry_run else "references.import.done"
    say(
        key,
        changed=counts[Fate.CHANGED],
        same=counts[Fate.SAME],
        missing=counts[Fate.NOT_HELD],
        unclear=counts[Fate.AMBIGUOUS] + counts[Fate.REPEATED],
    )


def _gathered(workbench: "Workbench", targets: Iterable[tuple[str, int]]) -> list[Item]:
    """The references of all targets in their order, each once."""
    found: dict[str, Item] = {}
    for kind, number in targets:
        gather = workbench.collecting
        items = gather.of_brief(number) if kind == "brief" else [gather.of_document(number)]
        found |= {item.key: item for item in items if item.key not in found}
    return list(found.values())


def _report(plan: Sequence[Taken]) -> None:
    """One line for each reference that is not in the catalogue as it is."""
    words = console.words()
    for taken in plan:
        if taken.fate is Fate.SAME:
            continue
        fate = words(f"references.fate.{taken.fate}", line=taken.item.line)
        document = f" → {taken.document.id}" if taken.document else ""
        click.echo(f"{fate} {taken.item.work.title}{document}")
        if taken.fields:
            fields = _joined(words(f"catalogue.field.{field}") for field in taken.fields)
            say("references.import.fields", fields=fields)


def _joined(names: Iterable[str]) -> str:
    return console.words()("explain.separator").join(names)


def _printed(items: Sequence[Item], style: Style) -> str:
    made = sorted(listed([item.work for item in items], style), key=lambda each: each.number)
    lines = (each.entry if each.label else f"[{each.number}] {each.entry}" for each in made)
    return "".join(f"{line}\n" for line in lines)


COMMANDS = (references,)
