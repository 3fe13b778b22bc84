"""What the README says of commands and settings is so."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from briefs.workbench.cli import zhiku
from briefs.workbench.settings import Settings, load
from knowledge.accounts.roles import GRANTS, Permission, Role

README = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")
_ROW = re.compile(
    r"^\| `(\w+)`(?:, `(\w+)`)? \| `(ZHIKU_\w+)`(?:, `(ZHIKU_\w+)`)? \|", re.MULTILINE
)


def _commands(group: click.Group, above: str = "") -> set[str]:
    context = click.Context(group)
    found: set[str] = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= _commands(command, f"{name} ")
        else:
            found.add(above + name)
    return found


def test_every_command_is_in_the_table() -> None:
    table = README.split("## Commands")[1].split("## Settings")[0]
    for command in _commands(zhiku):
        words = command.split()
        assert all(re.search(rf"\b{word}\b", table) for word in words), command


def test_every_command_of_the_tour_exists() -> None:
    known = _commands(zhiku)
    tour = re.findall(r"^\$ zhiku (?:--home \w+ )?(.+)$", README, re.MULTILINE)
    assert len(tour) == 5
    for line in tour:
        assert any(line == c or line.startswith(f"{c} ") for c in known), line


def test_every_setting_is_in_the_table_with_its_variable() -> None:
    documented: dict[str, str] = {}
    for one, two, variable, other in _ROW.findall(README):
        documented[one] = variable
        if two:
            documented[two] = other
    keys = {field.name for field in fields(Settings)} - {"home"}
    assert documented == {key: f"ZHIKU_{key.upper()}" for key in keys}


@pytest.mark.parametrize("key", ["encoder", "language", "library", "person", "host"])
def test_the_defaults_are_those_in_the_table(tmp_path: Path, key: str) -> None:
    assert f"`{getattr(load(tmp_path, {}), key)}`" in README


def test_the_table_of_roles_is_the_one_that_holds() -> None:
    table = README.split("## Who may do what")[1].split("## Commands")[0]
    head, _, *rows = [line for line in table.splitlines() if line.startswith("|")]
    roles = [Role(cell.strip()) for cell in head.strip("|").split("|")[1:]]
    granted: dict[Role, set[Permission]] = {role: set() for role in roles}
    for row in rows:
        name, *marks = (cell.strip() for cell in row[1:-1].split("|"))
        for role, mark in zip(roles, marks, strict=True):
            if mark:
                granted[role].add(Permission(name.strip("`")))
    assert len(rows) == len(Permission)
    assert granted == GRANTS
