"""The ``share`` command: who may see a document."""

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from briefs.workbench.sharing import Whose, in_words, told_of
from knowledge.clearing import Choice
from knowledge.model import Access
from knowledge.sharing import Audience


@click.command(help=help_words("share.help"))
@click.argument("document_id", type=ID)
@click.option("--public", is_flag=True, help=help_words("share.to_public"))
@click.option("--staff", is_flag=True, help=help_words("share.to_staff"))
@click.option("--shared", is_flag=True, help=help_words("share.to_shared"))
@click.option("--named", "names", multiple=True, help=help_words("share.to_named"))
@click.option("--keep", default="", help=help_words("share.keep"))
@pass_session
def share(
    session: Session,
    /,
    document_id: int,
    *,
    public: bool,
    staff: bool,
    shared: bool,
    names: tuple[str, ...],
    keep: str,
) -> None:
    """Say who may see a document; without an option, print it."""
    bench = session.workbench
    if sum((public, staff, shared, bool(names))) > 1:
        raise click.UsageError(console.words()("share.one_of"))
    before = bench.sharing.of(document_id, actor=bench.actor).audience
    if public or staff or shared or names:
        recipients = frozenset(bench.people.id_of(name) for name in names)
        access = Access.PUBLIC if public else Access.NAMED if names else Access.STAFF
        wanted = Audience(access=access, shared=shared, recipients=recipients)
        choice = Choice(reason=keep)
        bench.sharing.set(document_id, wanted, actor=bench.actor, choice=choice)
    standing = bench.sharing.of(document_id, actor=bench.actor)
    document = bench.documents.get(document_id)
    sentence = in_words(console.words(), standing, whose=Whose.of(bench, document.stamp))
    say("share.stands", id=document_id, title=document.title, sentence=sentence)
    if standing.audience.access is not Access.PUBLIC and standing.audience != before:
        for line in told_of(console.words(), bench.publishing.editions_citing(document_id)):
            click.echo(line)


COMMANDS = (share,)
