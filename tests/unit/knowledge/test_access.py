"""Nobody who searches or reads can forget on whose behalf: the types ask, and this watches."""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import briefs
import knowledge
from briefs.workbench.bootstrap import Workbench
from knowledge.access import (
    KEEPER,
    PUBLIC,
    Facets,
    Held,
    Scope,
    Viewer,
    is_own,
    require_own,
    viewer_of,
)
from knowledge.accounts.roles import Permission
from knowledge.certainty import Searched
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.indexing import DenseIndexing
from knowledge.lexical import TantivyIndex
from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.model import Access, Actor, Stamp
from knowledge.protocols import LexicalIndex
from knowledge.retrieval import DenseSearch, Retriever
from knowledge.store.documents import Documents
from knowledge.store.failures import Failures
from knowledge.store.passages import Passages
from tests.homes import START

EVERYTHING = {"KEEPER", "WHOLE", "sees_everything"}
MAY_SEE_EVERYTHING = {
    "knowledge/access.py",
    "knowledge/lexical_scope.py",
    "knowledge/store/scoping.py",
    "knowledge/store/versions.py",
    "knowledge/store/passages.py",
    "knowledge/measuring/hostile.py",  # a home of its own, thrown away
    "briefs/workbench/house.py",
    "knowledge/sharing.py",  # looks through what it makes public
    "briefs/store.py",  # a draft just made, given back to whoever made it
    "briefs/revisions/revising.py",  # saves a withheld statement as it is stored
    "briefs/revisions/unseen.py",  # finds what to withhold
    "briefs/issuing.py",  # decisions hold on for statements in which something is blanked
}
STORES = {"Documents", "Failures", "Passages", "Retriever", "TantivyIndex", "MemoryLexicalIndex"}
MAKE_STORES = {
    "knowledge/measuring/hostile.py",
    "briefs/workbench/house.py",
    "briefs/workbench/bootstrap.py",
    "knowledge/store/documents.py",  # for another viewer, whom the caller names
}
KEPT_FOR = {
    "kept": {"Records", "Recognising", "Doctor", "pictures", "likeness"},
    "indexed": {"LexicalIndexing", "DenseIndexing", "Doctor", "pictures"},
}
"""What the software does at its own work; nothing that these read is shown."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in (knowledge, briefs):
        folder = Path(next(iter(package.__path__)))
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(folder.parent).as_posix()
            yield name, ast.parse(path.read_text("utf-8"))


def names_in(tree: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def made_in(tree: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {func.id for func in calls if isinstance(func, ast.Name)}


@pytest.mark.parametrize(
    ("called", "argument"),
    [
        (Documents, "viewer"),
        (Failures, "viewer"),
        (Passages, "viewer"),
        (Retriever, "documents"),
        (Retriever, "passages"),
        (Scope, "viewer"),
        (LexicalIndex.search, "scope"),
        (TantivyIndex.search, "scope"),
        (MemoryLexicalIndex.search, "scope"),
        (LexicalIndex.frequencies, "scope"),
        (TantivyIndex.frequencies, "scope"),
        (LexicalIndex.count, "scope"),
        (TantivyIndex.count, "scope"),
        (MemoryLexicalIndex.count, "scope"),
        (MemoryLexicalIndex.frequencies, "scope"),
        (Searched, "scope"),
        (DenseSearch.search, "allowed"),
        (DenseIndexing.search, "allowed"),
    ],
)
def test_whoever_searches_says_for_whom(called: Callable[..., object], argument: str) -> None:
    assert inspect.signature(called).parameters[argument].default is inspect.Parameter.empty


def test_everything_is_seen_by_the_software_at_its_own_work_alone() -> None:
    assert {n for n, tree in sources() if EVERYTHING & names_in(tree)} <= MAY_SEE_EVERYTHING
    assert {n for n, tree in sources() if STORES & made_in(tree)} <= MAKE_STORES


def test_what_is_kept_for_the_software_goes_to_nothing_that_shows() -> None:
    made = {"briefs/workbench/house.py", "briefs/workbench/bootstrap.py"}
    trees = [tree for name, tree in sources() if name in made]
    given: dict[str, set[str]] = {name: set() for name in KEPT_FOR}
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in calls:
        for value in (*call.args, *(each.value for each in call.keywords)):
            if isinstance(value, ast.Attribute) and value.attr in KEPT_FOR:
                assert isinstance(call.func, ast.Name | ast.Attribute)
                taker = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
                given[value.attr].add(taker)
    assert all(given[name] and given[name] <= known for name, known in KEPT_FOR.items())


def test_stores_of_two_viewers_make_no_search(workbench: Workbench) -> None:
    engine = workbench.engine
    lexical = MemoryLexicalIndex()
    with pytest.raises(ValueError, match="two viewers"):
        Retriever(Documents(engine, PUBLIC), Passages(engine, KEEPER), lexical=lexical, dense=None)


def test_what_is_changed_is_of_ones_own_branch() -> None:
    granted = frozenset({Permission.READ_STAFF, Permission.CATALOGUE})
    own = Actor(1, "甲", 1, permissions=granted)
    main = replace(own, branch_id=9, sees_all_branches=True)
    stamps = {
        access: Stamp(2, access, 5, START, shared=True, recipients=frozenset({1}))
        for access in Access
    }
    for access, theirs in stamps.items():
        assert viewer_of(own).may_see(theirs)
        assert is_own(main, theirs)
        assert not is_own(own, theirs)
        with pytest.raises(OtherBranchError):
            require_own(own, theirs, kind="document", id=1)
        require_own(own, replace(theirs, branch_id=1), kind="document", id=1)
        hidden = replace(theirs, shared=False, recipients=frozenset())
        if access is not Access.PUBLIC:
            with pytest.raises(UnknownRecordError) as refusal:
                require_own(own, hidden, kind="document", id=1)
            assert type(refusal.value) is UnknownRecordError
    closed = replace(stamps[Access.NAMED], branch_id=1, recipients=frozenset())
    assert not is_own(own, closed)
    assert not is_own(main, closed)


def test_who_may_see_a_passage_may_see_its_document_and_its_version() -> None:
    public = Facets(branch_id=1, access=Access.PUBLIC, made_by=1)
    held = Held(branch_id=2, access=Access.NAMED, made_by=2)
    kept = Facets(branch_id=1, access=Access.PUBLIC, made_by=1, version=held)
    both = Facets(branch_id=1, access=Access.STAFF, made_by=1, version=held)
    insider = Viewer(person_id=2, branches=frozenset({1}))
    outsider = Viewer(person_id=2, branches=frozenset({2}))
    assert [Scope(each).admits(1, public) for each in (PUBLIC, insider)] == [True, True]
    assert [Scope(each).admits(1, kept) for each in (PUBLIC, insider)] == [False, True]
    assert [Scope(each).admits(1, both) for each in (outsider, insider)] == [False, True]
