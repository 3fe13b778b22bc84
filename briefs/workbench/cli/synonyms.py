"""The command that shows what search takes for the same word, and checks the library's table."""

import click

from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from knowledge.synonyms import SHIPPED


@click.command(help=help_words("synonyms.help"))
@click.argument("asked", nargs=-1, metavar="[WORD]…")
@click.option("--all", "every", is_flag=True, help=help_words("synonyms.all_help"))
@pass_session
def synonyms(session: Session, asked: tuple[str, ...], every: bool) -> None:
    """Check the library's table; say which forms a word has, or list the whole table."""
    file = session.workbench.synonyms_file
    own = file.own()
    table = file.current()
    groups = [group for group in table.groups if len(group) > 1]
    for word in asked:
        if others := table.of(word):
            click.echo(" = ".join((word, *others)))
        else:
            say("synonyms.no_other", word=word)
    if every:
        for group in groups:
            click.echo(" = ".join(group))
    if not asked:
        say("synonyms.count", count=len(groups), own=len(own))
        say("synonyms.places", path=file.path, shipped=SHIPPED)


COMMANDS = (synonyms,)
