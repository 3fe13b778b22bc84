"""Nobody who searches or reads can forget on whose behalf: the types ask, and this watches."""

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import briefs
import knowledge
from briefs.workbench.bootstrap import Workbench
from knowledge.access import KEEPER, PUBLIC, Facets, Held, Scope, Viewer
from knowledge.certainty import Searched
from knowledge.indexing import DenseIndexing
from knowledge.lexical import TantivyIndex
from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.model import Access
from knowledge.protocols import LexicalIndex
from knowledge.retrieval import DenseSearch, Retriever
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages

EVERYTHING = {"KEEPER", "WHOLE", "sees_everything"}
MAY_SEE_EVERYTHING = {
    "knowledge/access.py",
    "knowledge/lexical_scope.py",
    "knowledge/store/scoping.py",
    "knowledge/store/documents.py",
    "knowledge/store/passages.py",
    "knowledge/measuring/hostile.py",  # a home of its own, thrown away
    "briefs/workbench/bootstrap.py",
}
STORES = {"Documents", "Passages", "Retriever", "TantivyIndex", "MemoryLexicalIndex"}
MAKE_STORES = {"knowledge/measuring/hostile.py", "briefs/workbench/bootstrap.py"}
KEPT_FOR = {
    "_kept": {"Ingest", "Records", "Recognising", "Doctor"},
    "_indexed": {"LexicalIndexing", "DenseIndexing", "Doctor"},
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
        (Passages, "viewer"),
        (Retriever, "documents"),
        (Retriever, "passages"),
        (Scope, "viewer"),
        (LexicalIndex.search, "scope"),
        (TantivyIndex.search, "scope"),
        (MemoryLexicalIndex.search, "scope"),
        (LexicalIndex.frequencies, "scope"),
        (TantivyIndex.frequencies, "scope"),
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
    (tree,) = (tree for name, tree in sources() if name == "briefs/workbench/bootstrap.py")
    given: dict[str, set[str]] = {name: set() for name in KEPT_FOR}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for value in (*call.args, *(each.value for each in call.keywords)):
            if isinstance(value, ast.Attribute) and value.attr in KEPT_FOR:
                assert isinstance(call.func, ast.Name)
                given[value.attr].add(call.func.id)
    assert all(given[name] and given[name] <= known for name, known in KEPT_FOR.items())


def test_stores_of_two_viewers_make_no_search(workbench: Workbench) -> None:
    engine = workbench.engine
    lexical = MemoryLexicalIndex()
    with pytest.raises(ValueError, match="two viewers"):
        Retriever(Documents(engine, PUBLIC), Passages(engine, KEEPER), lexical=lexical, dense=None)


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
