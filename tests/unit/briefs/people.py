"""Persons of three branches, and a brief at each, for the tests of who sees and changes what."""

from dataclasses import dataclass, replace

from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.roles import GRANTS, Role
from knowledge.model import Actor
from tests.homes import open_account

BRANCHES = ("本馆", "东馆", "西馆")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a role at a branch."""

    role: Role
    branch: str

    def actor(self, bench: Workbench) -> Actor:
        """The person as services know them; made at the first call."""
        made = bench.people.ensure(
            f"{self.branch}{self.role}", branch=self.branch, at=bench.clock()
        )
        return replace(made, permissions=GRANTS[self.role], sees_all_branches=self.branch == "本馆")

    def with_account(self, bench: Workbench) -> Actor:
        """The person, who can sign in: nobody else asks for a withdrawal or agrees to one."""
        actor = self.actor(bench)
        if bench.signing_in.register.by_login(actor.name) is None:
            open_account(bench, actor.name, self.role, branch=self.branch)
        return actor

    def bench(self, bench: Workbench) -> Workbench:
        """Their workbench."""
        return bench.of(self.actor(bench))


EVERYBODY = tuple(Person(role, branch) for branch in BRANCHES for role in Role)
LIBRARIAN = Person(Role.LIBRARIAN, "东馆")
PUBLISHER = Person(Role.PUBLISHER, "东馆")
DIRECTOR = Person(Role.DIRECTOR, "东馆")
OFFICIAL = Person(Role.OFFICIAL, "东馆")


def draft(bench: Workbench, by: Person = LIBRARIAN, *, title: str = "东馆的草稿") -> Brief:
    """A draft of that person's branch with one opinion and one quote of the first document."""
    passage = bench.passages.of_version(1)[0]
    lines = [Statement(StatementKind.JUDGEMENT, "应当做好。"), bench.editing.quote(passage.id)]
    return by.bench(bench).editing.create(title, lines, actor=by.actor(bench))
