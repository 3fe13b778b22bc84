"""Options that say which documents a command may find."""

from collections.abc import Callable, Sequence
from typing import TypedDict, TypeVar

import click

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli.console import help_words
from briefs.workbench.cli.values import DATE, ID
from knowledge.filter import Filter
from knowledge.model import Access, DocumentType


class Limits(TypedDict):
    """The values of the options, as click gives them."""

    types: Sequence[str]
    issuers: Sequence[str]
    languages: Sequence[str]
    branches: Sequence[str]
    levels: Sequence[str]
    documents: Sequence[int]
    issued_from: str | None
    issued_to: str | None


F = TypeVar("F", bound=Callable[..., object])
_OPTIONS = (
    click.option(
        "--type", "types", multiple=True, type=click.Choice([t.value for t in DocumentType])
    ),
    click.option("--issuer", "issuers", multiple=True, help=help_words("search.only_issuer")),
    click.option("--from", "issued_from", type=DATE, help=help_words("search.from")),
    click.option("--to", "issued_to", type=DATE, help=help_words("search.to")),
    click.option("--language", "languages", multiple=True, help=help_words("filters.language")),
    click.option("--branch", "branches", multiple=True, help=help_words("filters.branch")),
    click.option(
        "--access",
        "levels",
        multiple=True,
        type=click.Choice([level.value for level in Access]),
        help=help_words("filters.access"),
    ),
    click.option(
        "--document", "documents", multiple=True, type=ID, help=help_words("filters.document")
    ),
)


def filtered(command: F) -> F:
    """Give a command the options; `selection_of` reads them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def selection_of(workbench: Workbench, limits: Limits) -> Filter:
    """The filter that the options make.

    Raises:
        UnknownRecordError: no branch of that name.
    """
    return Filter(
        types=frozenset(map(DocumentType, limits["types"])),
        issuers=frozenset(limits["issuers"]),
        documents=frozenset(limits["documents"]),
        languages=frozenset(limits["languages"]),
        issued_from=limits["issued_from"],
        issued_to=limits["issued_to"],
        branches=frozenset(workbench.people.branch_id(name) for name in limits["branches"]),
        access=frozenset(map(Access, limits["levels"])),
    )
