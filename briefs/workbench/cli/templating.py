"""The ``templates`` commands: list, show, check, keep and restore templates of briefs."""

from pathlib import Path

import click

from briefs.templates import Template, read_template
from briefs.templates.errors import TemplateError
from briefs.workbench.cli import console
from briefs.workbench.cli.console import fail, help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.files import read_bytes
from briefs.workbench.outlining import facts_of

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(help=help_words("templates.help"), invoke_without_command=True)
@click.pass_context
def templates(context: click.Context) -> None:
    """List the templates unless something else is asked for."""
    if context.invoked_subcommand is None:
        context.exit(context.invoke(list_templates))


@templates.command("list", help=help_words("templating.list_help"))
@pass_session
def list_templates(session: Session) -> int:
    """List the templates; exit code 1 when a file of the library's cannot be used."""
    shelf, words = session.workbench.templates, console.words()
    rows = [
        (
            each.name,
            each.title.of(words.language),
            len(each.sections),
            words("templating.own_mark" if shelf.is_own(each.name) else "templating.shipped_mark"),
            each.readers.of(words.language),
        )
        for each in shelf.all()
    ]
    columns = ("templating.name", "column.title", "templating.sections#", "templating.from")
    console.table((*columns, "templating.readers"), rows)
    say("templating.places", path=shelf.folder)
    problems = shelf.problems
    for problem in problems:
        fail(problem)
    return 1 if problems else 0


@templates.command(help=help_words("templating.show_help"))
@click.argument("name")
@click.option("--toml", is_flag=True, help=help_words("templating.show_toml"))
@pass_session
def show(session: Session, name: str, toml: bool) -> None:
    """Show a template as an outline, or the file itself."""
    shelf = session.workbench.templates
    found = shelf.get(name)
    if toml:
        click.echo(shelf.text(found.name), nl=False)
        return
    _print(found)


@templates.command(help=help_words("templating.check_help"))
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Check a file of a template, wherever it lies."""
    _print(read_template(_text(file), name=file.stem, path=file))
    say("templating.fine", path=file)


@templates.command(help=help_words("templating.save_help"))
@click.argument("file", type=_FILE)
@click.option("--name", help=help_words("templating.save_name"))
@pass_session
def save(session: Session, file: Path, name: str | None) -> None:
    """Make a file the library's own template."""
    shelf, called = session.workbench.templates, name or file.stem
    is_known = shelf.is_own(called) or shelf.is_shipped(called)
    before = shelf.text(called) if is_known else ""
    shelf.write(called, _text(file), before=before, actor=session.workbench.actor)
    say("templating.saved", name=called)


@templates.command(help=help_words("templating.reset_help"))
@click.argument("name")
@pass_session
def reset(session: Session, name: str) -> None:
    """Delete the library's own template; the one that comes with Zhiku counts again."""
    shelf = session.workbench.templates
    shelf.reset(name, actor=session.workbench.actor)
    say("templating.restored" if shelf.is_shipped(name) else "templating.deleted", name=name)


def _print(template: Template) -> None:
    words = console.words()
    language = words.language
    click.secho(f"{template.title.of(language)} ({template.name})", bold=True)
    click.echo(template.readers.of(language))
    if template.is_submitted:
        say("templating.submitted")
    for budget in template.budgets:
        say(
            "templating.budget",
            form=words(f"length.{budget.length}"),
            least=budget.least,
            most=budget.most,
        )
    for section in template.sections:
        facts = " · ".join(facts_of(section, words))
        click.secho(f"{'  ' * (section.level - 1)}{section.heading}  {facts}", bold=True)
        click.echo(f"{'  ' * section.level}{section.guidance.of(language)}")


def _text(file: Path) -> str:
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(path=file, reason="invalid UTF-8") from error


COMMANDS = (templates,)
