"""What a search reads of SQL: the same as the stores give, in few statements."""

from pathlib import Path

import pytest
from sqlalchemy import Select, event, select

from briefs.workbench.bootstrap import Workbench
from knowledge.access import KEEPER, PUBLIC
from knowledge.model import Access
from knowledge.store.engine import writing
from knowledge.store.passages import Passages
from knowledge.store.prepared import Prepared, given, ids_of, reading
from knowledge.store.schema import documents, pages, passages, versions
from tests.homes import fill

_MOST_TRANSACTIONS = 4
"""Of one search: whether anything is new (two), whether anything is hidden, and what is shown."""
_MOST_STATEMENTS = 8


def test_what_is_found_is_what_the_stores_give(filled: Workbench) -> None:
    ids = filled.passages.ids().tolist()
    with filled.passages.finding() as finding:
        found = finding.many(ids)
        labels = finding.labels([each.passage for each in found.values()])
        titles = finding.titles(ids)
    assert {id_: each.passage for id_, each in found.items()} == filled.passages.many(ids)
    for each in found.values():
        assert each.document == filled.documents.get(each.passage.document_id)
        assert each.version == filled.documents.version(each.passage.version_id)
        assert titles[each.passage.id] == each.document.title
        (page,) = filled.documents.pages(each.version.id, [each.passage.begins.page])
        assert labels[each.passage.id] == page.label


def test_what_is_closed_is_gone_from_the_next_moment_on(filled: Workbench) -> None:
    public = Passages(filled.engine, PUBLIC)
    ids = public.ids().tolist()
    with public.finding() as finding:
        first = finding.many(ids)[ids[0]]
        with writing(filled.engine).begin() as connection:
            closed = documents.update().where(documents.c.id == first.document.id)
            connection.execute(closed.values(access=Access.STAFF.value, group_id=7))
        assert ids[0] in finding.titles(ids), "all is of one moment"
        finding.renew()
        assert ids[0] not in finding.many(ids)
        assert ids[0] not in finding.titles(ids)
        assert not finding.of_groups(ids, [7])
        assert not finding.labels([first.passage])
    with Passages(filled.engine, KEEPER).finding() as finding:
        assert ids[0] in finding.of_groups(ids, [7])
        assert finding.of_groups(ids, [8]) == set()


def test_nothing_asked_for_is_nothing_read(filled: Workbench) -> None:
    with filled.passages.finding() as finding:
        assert (finding.many([]), finding.titles([]), finding.labels([])) == ({}, {}, {})
        assert finding.many([10**9]) == {}


@pytest.mark.parametrize("query", [select(documents), select(versions), select(passages)])
def test_values_are_read_as_sqlalchemy_reads_them(
    filled: Workbench, query: Select[tuple[object, ...]]
) -> None:
    with filled.engine.connect() as connection:
        expected = [tuple(row) for row in connection.execute(query)]
    with reading(filled.engine) as cursor:
        assert Prepared(query).rows(cursor) == expected
        assert Prepared(query).first(cursor) == expected[0]


def test_keys_are_values_and_never_words_of_the_statement(filled: Workbench) -> None:
    by_title = Prepared(select(documents.c.id).where(documents.c.title.in_(given())))
    (first, *_) = filled.documents.find()
    with reading(filled.engine) as cursor:
        assert by_title.rows(cursor, given=[first.title, "') OR 1=1 --"]) == [(first.id,)]
        assert by_title.ids(cursor, given=["\"]') OR 1=1 --"]).tolist() == []


def test_ids_come_in_the_order_of_the_query(filled: Workbench) -> None:
    falling = ids_of(filled.engine, select(passages.c.id).order_by(passages.c.id.desc()))
    assert falling.tolist() == sorted(filled.passages.ids().tolist(), reverse=True)
    assert not len(ids_of(filled.engine, select(pages.c.position).where(pages.c.position < 0)))


def test_a_search_takes_few_statements(workbench: Workbench, tmp_path: Path) -> None:
    fill(
        workbench,
        tmp_path,
        {f"{n}.txt": f"第{n}号湿地公园全年开放，{n}时闭园。" for n in range(30)},
    )
    workbench.retriever.ask("湿地公园")
    counted: list[str] = []

    def checked_out(connection: object, _record: object, _proxy: object) -> None:
        counted.append("transaction")
        connection.set_trace_callback(counted.append)  # type: ignore[attr-defined]

    event.listen(workbench.engine, "checkout", checked_out)
    try:
        assert workbench.retriever.ask("湿地公园").results
    finally:
        event.remove(workbench.engine, "checkout", checked_out)
    statements = [each for each in counted if each.startswith("SELECT")]
    assert counted.count("transaction") <= _MOST_TRANSACTIONS
    assert 0 < len(statements) <= _MOST_STATEMENTS
