"""Every service asks what the person may do, whatever page or command called it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import briefs.errors
import briefs.workbench
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Permission
from knowledge.errors import BadInputError
from tests.security.cast import CAST, Member
from tests.security.reading import MARK, READING, hide
from tests.security.services import EXPLAINED, INNER, SERVICES
from tests.security.walking import methods

WORKBENCH = Path(briefs.workbench.__file__).parent
OUTER = ("pages", "portal")


def test_every_method_is_listed_once(filled: Workbench) -> None:
    explained = {name: found for name, (_, found) in EXPLAINED.items()}
    by_service = [*explained.items(), *INNER.items()]
    named = [f"{name}.{each}".lstrip(".") for name, found in by_service for each in found]
    listed = [*SERVICES, *READING, *named]
    assert [name for name, times in Counter(listed).items() if times > 1] == []
    assert methods(filled) == set(listed)


@pytest.mark.parametrize("name", SERVICES)
def test_it_is_done_for_who_may_and_for_nobody_else(
    filled: Workbench, tmp_path: Path, name: str
) -> None:
    guarded = SERVICES[name]
    tried = [member.permissions for member in CAST]
    for permissions in (*tried, frozenset(Permission) - {guarded.permission}):
        if guarded.permission in permissions:
            continue
        actor = replace(filled.actor, permissions=permissions, is_operator=False)
        with pytest.raises(NotPermittedError):
            guarded.call(filled, actor, tmp_path)
    # What is for staff does not exist for others, whatever else they may do.
    enough = frozenset({guarded.permission, Permission.READ_STAFF})
    actor = replace(filled.actor, permissions=enough, is_operator=False)
    guarded.call(filled, actor, tmp_path)


@pytest.mark.parametrize("name", READING)
def test_what_is_for_staff_exists_for_staff_alone(
    filled: Workbench, tmp_path: Path, name: str
) -> None:
    hidden = hide(filled, tmp_path)
    for member in CAST:
        bench = filled.of(replace(member.acting_for(filled.actor), person_id=99))
        try:
            seen = repr(READING[name](bench, hidden))
        except (BadInputError, briefs.errors.BadInputError) as error:
            seen = repr(error)
        assert (MARK in seen) == member.may(Permission.READ_STAFF), (name, member.name, seen)


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.name)
def test_no_count_tells_of_it(filled: Workbench, tmp_path: Path, member: Member) -> None:
    before = _counts(filled, member)
    hide(filled, tmp_path)
    more = 1 if member.may(Permission.READ_STAFF) else 0
    assert _counts(filled, member) == [count + more for count in before]


def _counts(bench: Workbench, member: Member) -> list[int]:
    seen = bench.of(replace(member.acting_for(bench.actor), person_id=99))
    documents, passages = seen.documents.counts()
    return [seen.documents.count(), documents, len(seen.documents.hashes()), passages]


def test_no_page_or_route_calls_what_only_services_may() -> None:
    """The stores' own writing, and files by their hash, ask nobody: services come before them."""
    closed = {(name, each) for name, found in INNER.items() for each in found}
    trespassers = [
        f"{path.relative_to(WORKBENCH)}:{line} {'.'.join(called)}"
        for path, line, called in _calls()
        if called in closed and f"{path.parent.name}/{path.name} {'.'.join(called)}" not in _ALLOWED
    ]
    assert trespassers == []


_ALLOWED = {
    # Both look before whether this reader may have the version.
    "portal/sources.py originals.read",
    # Told to whoever may OPERATE, who keeps the machine.
    "pages/library.py dense.waiting",
}


def _calls() -> Iterator[tuple[Path, int, tuple[str, str]]]:
    """Every call ``….service.method(…)`` in the outer rooms of the workbench."""
    for room in OUTER:
        for path in sorted((WORKBENCH / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    holder = ast.unparse(node.func.value)
                    if found := re.search(r"(?:^|\.)(\w+)$", holder):
                        yield path, node.lineno, (found[1], node.func.attr)
