"""Who tries: every role alone, everybody with an account that is closed, and who has none."""

from dataclasses import dataclass, replace
from typing import Final

from knowledge.accounts.roles import GRANTS, Permission, Role
from knowledge.model import Actor


@dataclass(frozen=True, slots=True)
class Member:
    """One person who tries to come in."""

    name: str
    roles: frozenset[Role]
    """None: a reader, who has no account."""
    is_closed: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do, from the table of grants alone."""
        if self.is_closed:
            return frozenset()
        return frozenset[Permission]().union(*(GRANTS[role] for role in self.roles))

    @property
    def has_account(self) -> bool:
        """Whether there is an account, open or closed."""
        return bool(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether they may do one thing."""
        return permission in self.permissions

    def acting_for(self, actor: Actor) -> Actor:
        """Somebody at the actor's place with this member's permissions."""
        return replace(
            actor, permissions=self.permissions, sees_all_branches=True, is_operator=False
        )


READER: Final = Member("reader", frozenset())
CLOSED: Final = Member("closed", frozenset(Role), is_closed=True)
BY_ROLE: Final = tuple(Member(role.value, frozenset({role})) for role in Role)
CAST: Final = (READER, *BY_ROLE, CLOSED)
