"""A database with an operator, for the tests of accounts."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from knowledge.accounts.register import Account, Particulars, Register
from knowledge.accounts.roles import EVERYTHING, Role
from knowledge.accounts.signing_in import Place, SigningIn
from knowledge.model import Actor
from knowledge.store.engine import migrate, open_engine
from knowledge.store.people import People
from tests.homes import Clock

GOOD = "四月的河水流得很慢"
HERE = Place("10.0.0.7", "a browser")


class Desk:
    """Accounts over a database of their own; the clock stands still unless it is moved."""

    def __init__(self, folder: Path) -> None:
        self.engine: Engine = open_engine(folder / "zhiku.db")
        migrate(self.engine)
        self.clock = Clock()
        self.now = self.clock()
        self.signing_in = SigningIn(self.engine, clock=lambda: self.now)
        self.register: Register = self.signing_in.register
        made = People(self.engine).ensure("机房", branch="河湾县图书馆", at=self.now)
        self.operator: Actor = replace(
            made, permissions=EVERYTHING, sees_all_branches=True, is_operator=True
        )

    def open(
        self, name: str, *roles: Role, password: str | None = GOOD, branch: str = "河湾县图书馆"
    ) -> Account:
        """An account whose sign-in name is its name."""
        level = 3 if Role.VOLUNTEER in roles else None
        told = Particulars(
            name=name, login=name, roles=frozenset(roles), branch=branch, level=level
        )
        account = self.register.open(told, actor=self.operator, at=self.now)
        if password is not None:
            token = self.signing_in.link_for(account.person_id, actor=self.operator)
            self.signing_in.set_by_link(token, password, place=HERE)
        return self.register.get(account.person_id)
