"""Everything that is kept of a person, for themselves to read (个人信息保护法 §45)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    exists,
    func,
    select,
    true,
)

from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Audit, Deed, Entry, Search, enter
from knowledge.accounts.roles import Permission, require
from knowledge.accounts.tables import accounts, sessions
from knowledge.askers import kept, of_actor
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import answers, branches, inquiries, metadata, people

Value = str | int | bool | None
_SECRET: Final = frozenset({"password", "digest"})
"""Columns that open something, or are made of what does: nobody needs them to know what is kept."""

_LISTED: Final = "recipients"
"""The column of records that are for named persons."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one sort; moments are ISO 8601 in UTC."""

    name: str
    rows: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is kept of a person at one moment."""

    about: str
    """``person:ID`` or ``asker:ID``."""
    made_at: datetime
    sections: tuple[Section, ...]

    def as_json(self) -> str:
        """As text that a person can read and a program too."""
        told: dict[str, Any] = {"about": self.about, "made_at": self.made_at.isoformat()}
        told |= {section.name: [dict(row) for row in section.rows] for section in self.sections}
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


class PersonalData:
    """Collects what is kept of a person, and enters in the log that it was; safe in threads.

    Of persons of the actor's branch, and what that branch was asked; at the main library, of all.
    A digest by which attempts to sign in are counted is not looked for: it names nobody, and is
    gone after a quarter of an hour.
    """

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime]) -> None:
        self._writer = writing(engine)
        self._audit = Audit(engine)
        self._clock = clock

    def of_person(self, person_id: int, *, actor: Actor) -> Portrait:
        """What is kept of a person with an account.

        Their account, where they are signed in, every deed of theirs and done to their account,
        and every record that says that they made it, decided on it, or may see it – by number: its
        words are the library's.

        Raises:
            NotPermittedError: the actor may not export.
            UnknownRecordError: no such person, or one of a branch that is not the actor's matter.
        """
        require(actor, Permission.ERASE)
        at = self._clock()
        of_them = sessions.c.person_id == person_id
        with self._writer.begin() as connection:
            sections = (
                Section("account", tuple(_account(connection, person_id, actor))),
                Section("sessions", tuple(_rows(connection, sessions, of_them))),
                Section("records", tuple(_records(connection, person_id))),
            )
            deed = Deed.by(actor, Action.EXPORT_PERSON, kind="account", record=person_id)
            enter(connection, deed, at=at)
        done = self._audit.every(Search(person_id=person_id))
        to_them = self._audit.every(Search(kind="account", record=person_id))
        deeds = (
            Section("deeds", tuple(map(_deed, done))),
            Section("deeds_about_the_account", tuple(map(_deed, to_them))),
        )
        return Portrait(f"person:{person_id}", at, (*sections, *deeds))

    def of_asker(self, asker_id: int, *, actor: Actor) -> Portrait:
        """What is kept of an asker: who they are, what they asked, and what they were answered.

        Raises:
            NotPermittedError: the actor may not export.
            UnknownRecordError: no such asker, or one who has not asked the actor's branch.
        """
        require(actor, Permission.ERASE)
        at = self._clock()
        with self._writer.begin() as connection:
            asker = kept(connection, asker_id, of_actor(actor))
            told: dict[str, Value] = {
                "id": asker.id,
                "name": asker.name,
                "contact": asker.contact,
                "organisation": asker.organisation,
                "consented_at": asker.consented_at.isoformat(),
                "kept_until": asker.kept_until.isoformat(),
                "erased_at": asker.erased_at.isoformat() if asker.erased_at else None,
            }
            asked = inquiries.c.asker_id == asker_id, _is_theirs(inquiries, actor)
            theirs = select(inquiries.c.id).where(*asked)
            answered = answers.c.inquiry_id.in_(theirs)
            sections = (
                Section("asker", (told,)),
                Section("inquiries", tuple(_rows(connection, inquiries, *asked))),
                Section("answers", tuple(_rows(connection, answers, answered))),
            )
            deed = Deed.by(actor, Action.EXPORT_ASKER, kind="asker", record=asker_id)
            enter(connection, deed, at=at)
        to_them = Search(kind="asker", record=asker_id)
        deeds = Section("deeds", tuple(map(_deed, self._audit.every(to_them))))
        return Portrait(f"asker:{asker_id}", at, (*sections, deeds))


def _is_theirs(table: Table, actor: Actor) -> ColumnElement[bool]:
    """What must hold of a row of a branch for it to be the actor's matter."""
    return true() if actor.sees_all_branches else table.c.branch_id == actor.branch_id


def _account(connection: Connection, person_id: int, actor: Actor) -> Iterator[Mapping[str, Value]]:
    query = select(people, branches.c.name.label("branch")).join(branches)
    is_meant = people.c.id == person_id, _is_theirs(people, actor)
    row = connection.execute(query.where(*is_meant)).first()
    if row is None:
        raise UnknownRecordError(kind="person", id=person_id)
    yield {"name": row.name, "branch": row.branch, "made_at": row.made_at.isoformat()} | next(
        _rows(connection, accounts, accounts.c.person_id == person_id), {}
    )


def _rows(
    connection: Connection, table: Table, *where: ColumnElement[bool]
) -> Iterator[dict[str, Value]]:
    query = select(table).where(*where)
    for row in connection.execute(query.order_by(*table.primary_key)):
        yield {name: _plain(v) for name, v in row._mapping.items() if name not in _SECRET}


def _records(connection: Connection, person_id: int) -> Iterator[Mapping[str, Value]]:
    """Records of every table that refers to persons, so that no table is forgotten."""
    for table in sorted(metadata.tables.values(), key=lambda each: each.name):
        if table in {accounts, sessions}:
            continue
        keys = [each.name for each in table.primary_key if each.name not in _SECRET]
        for column in table.c:
            condition = _means(column, person_id)
            if condition is None:
                continue
            query = select(*table.primary_key).where(condition)
            for row in connection.execute(query.order_by(*table.primary_key)):
                id_ = "/".join(str(row._mapping[key]) for key in keys)
                yield {"kind": table.name, "id": id_, "as": column.name}


def _means(column: Column[Any], person_id: int) -> ColumnElement[bool] | None:
    """What must hold of a row whose column says this person; None: it says no persons."""
    if any(key.references(people) for key in column.foreign_keys):
        return column == person_id
    if column.name == _LISTED:
        each = func.json_each(column).table_valued("value")
        return exists(select(each.c.value).where(each.c.value == person_id))
    return None


def _deed(entry: Entry) -> Mapping[str, Value]:
    return {
        "at": entry.at.isoformat(),
        "action": entry.deed.action,
        "kind": entry.deed.kind,
        "record": entry.deed.record,
        "address": entry.deed.address,
    }


def _plain(value: object) -> Value:
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    return json.dumps(value, ensure_ascii=False)
