"""Filters and access levels: one rule, the same in Python, in SQL and in every index."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from briefs.workbench.bootstrap import Workbench
from embeddings.hashing import HashingEncoder
from knowledge.access import (
    KEEPER,
    NOBODYS,
    PUBLIC,
    Facets,
    Held,
    Scope,
    Viewer,
    day_number,
    last_day_number,
    viewer_of,
)
from knowledge.errors import UnknownRecordError
from knowledge.filter import Filter
from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.model import (
    Access,
    DocumentType,
    Metadata,
    Mode,
    PageText,
    PassageDraft,
    Reading,
    Span,
    Stamp,
)
from knowledge.retrieval import Retriever
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages
from knowledge.store.schema import versions
from tests.homes import START, open_home

WORDS = "社区养老服务设施建设标准"
DATES = (None, "2021", "2021-05", "2021-05-30", "2022-01-01")
BOUNDS = (None, "2021", "2021-05", "2021-06", "2021-05-30", "2022")
TYPES = (DocumentType.PLAN, DocumentType.LAW)
ISSUERS = (None, "河湾县人民政府", "临水市民政局")
LANGUAGES = (None, "zh", "en")
VERSIONS = (
    None,
    Held(branch_id=1, access=Access.NAMED, made_by=1),
    None,
    Held(branch_id=2, access=Access.STAFF, made_by=1),
    Held(branch_id=1, access=Access.NAMED, made_by=2),
    Held(branch_id=2, access=Access.STAFF, made_by=1, shared=True),
    Held(branch_id=1, access=Access.NAMED, made_by=2, recipients=frozenset({1, 3})),
)
RECIPIENTS = (frozenset[int](), frozenset({3}), frozenset({1, 2}))
MADE = tuple(
    Facets(
        type=TYPES[i % 2],
        issuer=ISSUERS[i % 3],
        issued_on=date,
        language=LANGUAGES[(i // 2) % 3],
        branch_id=1 + i % 2,
        access=access,
        made_by=maker,
        shared=bool(i // 2 % 2),
        recipients=RECIPIENTS[i // 3 % 3],
        version=VERSIONS[(i // 2) % len(VERSIONS)],
    )
    for i, (access, date, maker) in enumerate(product(Access, DATES, (1, 2)))
)


def add(home: Workbench, facets: Facets) -> int:
    """Store one document with one passage; its id."""
    reading = Reading(
        "text/plain",
        paged=False,
        pages=(PageText(WORDS),),
        metadata=Metadata(
            title="标准",
            type=facets.type,
            issuer=facets.issuer,
            issued_on=facets.issued_on,
            language=facets.language,
        ),
    )
    stamp = Stamp(
        facets.branch_id,
        facets.access,
        facets.made_by,
        START,
        shared=facets.shared,
        recipients=facets.recipients,
    )
    version = Documents(home.engine, KEEPER).add_version(
        reading,
        [PassageDraft(WORDS, (Span(1, 0, len(WORDS)),))],
        document_id=None,
        source=f"test:{home.documents.count()}:{facets}",
        file=("a.txt", "0" * 64, 1),
        stamp=stamp,
    )
    held = facets.version or Held(branch_id=facets.branch_id, access=Access.PUBLIC, made_by=1)
    with home.engine.begin() as connection:
        connection.execute(
            update(versions)
            .where(versions.c.id == version.id)
            .values(
                **asdict(held)
                | {"access": held.access.value, "recipients": sorted(held.recipients)}
            )
        )
    return version.document_id


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A home with a document of each kind, two persons and two branches."""
    opened = open_home(tmp_path_factory.mktemp("filters"))
    opened.people.ensure("乙", branch="二馆", at=START)
    for facets in MADE:
        add(opened, facets)
    opened.index()
    yield opened
    opened.close()


def retriever(home: Workbench, viewer: Viewer) -> Retriever:
    """Search on behalf of somebody else than the desk."""
    dense = home.dense
    assert dense is not None
    return Retriever(
        Documents(home.engine, viewer),
        Passages(home.engine, viewer),
        lexical=home.lexical,
        dense=(HashingEncoder(), dense),
    )


def sets(values: Sequence[object]) -> st.SearchStrategy[frozenset[object]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


viewers = st.one_of(
    st.just(KEEPER),
    st.just(PUBLIC),
    st.builds(Viewer, person_id=st.integers(1, 3), branches=st.none()),
    st.builds(
        Viewer,
        person_id=st.one_of(st.none(), st.integers(1, 3)),
        branches=st.frozensets(st.integers(1, 3), max_size=2),
    ),
)
selections = st.builds(
    Filter,
    types=sets(list(DocumentType)[:3]),
    issuers=sets([*ISSUERS[1:], "没有的机关"]),
    documents=sets(range(1, 40)),
    languages=sets(LANGUAGES[1:]),
    issued_from=st.sampled_from(BOUNDS),
    issued_to=st.sampled_from(BOUNDS),
    branches=sets((1, 2, 3)),
    access=sets(list(Access)),
)


@given(viewers, selections)
@settings(deadline=None, max_examples=150)
def test_every_place_admits_the_same(home: Workbench, viewer: Viewer, selection: Filter) -> None:
    scope = Scope(viewer, selection)
    documents = Documents(home.engine, viewer)
    listed = [n for n, f in enumerate(MADE, start=1) if scope.admits(n, replace(f, version=None))]
    assert [each.id for each in documents.find(selection)] == listed[::-1]
    assert documents.count(selection) == len(listed)
    wanted = [n for n, facets in enumerate(MADE, start=1) if scope.admits(n, facets)]
    assert [n for n in listed if documents.pages(n)] == wanted
    if selection.is_open:
        assert documents.counts() == (len(listed), len(wanted))
    passages = Passages(home.engine, viewer)
    assert passages.ids(selection).tolist() == wanted
    allowed = passages.allowed(selection)
    assert (len(MADE) if allowed is None else len(allowed)) == len(wanted)
    seen = [n for n, facets in enumerate(MADE, start=1) if Scope(viewer).admits(n, facets)]
    ids = range(1, len(MADE) + 1)
    with passages.finding() as finding:
        assert sorted(finding.many(ids)) == sorted(finding.titles(ids)) == seen
    memory = MemoryLexicalIndex()
    everything = Passages(home.engine, KEEPER)
    memory.update(remove=everything.ids()[:0], add=everything.entries(everything.ids()))
    for index in (home.lexical, memory):
        found = index.search("养老服务", 99, scope=scope)
        assert sorted(hit.passage_id for hit in found) == wanted
        assert len(index.search("养老服务", 3, scope=scope)) == min(3, len(wanted))


@settings(deadline=None)
@given(viewers, st.sampled_from(MADE))
def test_nobody_sees_less_with_more_rights(viewer: Viewer, facets: Facets) -> None:
    assert KEEPER.may_see(facets)
    if PUBLIC.may_see(facets):
        assert viewer.may_see(facets)
    assert not viewer.may_see(NOBODYS) or viewer == KEEPER


@settings(deadline=None)
@given(st.sampled_from(DATES[1:]), st.sampled_from(BOUNDS[1:]))
def test_dates_as_numbers_order_as_they_do_in_sql(date: str | None, bound: str | None) -> None:
    assert date is not None
    assert bound is not None
    assert (day_number(date) >= day_number(bound)) == (date >= bound)
    assert (day_number(date) <= last_day_number(bound)) == (date <= bound + "~")


def is_public(facets: Facets) -> bool:
    return facets.access is Access.PUBLIC and facets.version is None


@pytest.mark.parametrize("mode", list(Mode))
def test_what_is_hidden_takes_no_place_of_what_is_not(home: Workbench, mode: Mode) -> None:
    public = [n for n, each in enumerate(MADE, start=1) if is_public(each)]
    assert 1 < len(public) < sum(each.access is Access.PUBLIC for each in MADE)
    search = retriever(home, PUBLIC).search
    found = search(WORDS, len(public), mode=mode, collapse=False)
    assert sorted(each.document.id for each in found) == public
    narrow = Filter(types=frozenset({DocumentType.LAW}), access=frozenset({Access.NAMED}))
    assert search(WORDS, mode=mode, selection=narrow) == []


def test_what_may_not_be_seen_does_not_exist(home: Workbench) -> None:
    hidden = next(n for n, f in enumerate(MADE, start=1) if f.access is Access.NAMED)
    known = home.documents.get(hidden)
    assert not PUBLIC.may_see(known.stamp)
    stores = Documents(home.engine, PUBLIC), Passages(home.engine, PUBLIC)
    documents, passages = stores
    for lookup in (documents.get, documents.document_of_version, documents.version):
        with pytest.raises(UnknownRecordError):
            lookup(hidden)
    assert documents.many([hidden]) == {}
    assert documents.by_source(known.source) is None
    assert documents.versions(hidden) == []
    assert documents.versions_by_id([hidden]) == {}
    assert documents.pages(hidden) == []
    assert documents.page_labels([(hidden, 1)]) == {}
    assert passages.many([hidden]) == {}
    assert passages.of_version(hidden) == []
    with home.engine.begin() as connection:
        assert not documents.remove(connection, hidden, at=START)
    listed = sum(each.access is Access.PUBLIC for each in MADE)
    assert documents.counts() == (listed, sum(map(is_public, MADE)))


def test_a_released_file_is_found_by_who_released_it_alone(workbench: Workbench) -> None:
    data = "秘密★1年\n\n关于应急物资储备地点的说明\n储备地点共三处，由专人看管。".encode()
    workbench.ingest.add(data, "储备.txt", source="upload:储备.txt", actor=workbench.actor)
    (file,) = workbench.quarantine.waiting()
    workbench.quarantine.release(file.id, reason="已解密", actor=workbench.actor)
    workbench.index()
    other = workbench.people.ensure("乙", branch="二馆", at=START)
    for viewer, sees in (
        (workbench.viewer, True),
        (viewer_of(other), False),
        (PUBLIC, False),
    ):
        for mode in Mode:
            hits = retriever(workbench, viewer).search("应急物资储备地点", mode=mode)
            assert bool(hits) is sees


@pytest.mark.parametrize("level", [Access.STAFF, Access.NAMED])
def test_a_version_closer_than_its_document_has_no_words_for_others(
    filled: Workbench, level: Access
) -> None:
    words, of_elders = "养老服务站", 3
    visitor = retriever(filled, PUBLIC)
    assert visitor.search(words)[0].document.id == of_elders
    with filled.engine.begin() as connection:
        connection.execute(
            update(versions).where(versions.c.id == of_elders).values(access=level.value)
        )
    filled.refresh()
    for mode in Mode:
        assert all(each.document.id != of_elders for each in visitor.search(words, mode=mode))
        assert retriever(filled, filled.viewer).search(words, mode=mode)[0].document.id == of_elders
    hits = filled.lexical.search(words, 9, scope=Scope(PUBLIC))
    hidden = {each.id for each in filled.passages.of_version(of_elders)}
    assert hidden
    assert not hidden & {hit.passage_id for hit in hits}
    documents, passages = Documents(filled.engine, PUBLIC), Passages(filled.engine, PUBLIC)
    assert documents.get(of_elders)
    assert documents.pages(of_elders) == []
    assert documents.places(of_elders, [1]) == {}
    assert documents.page_labels([(of_elders, 1)]) == {}
    assert passages.of_version(of_elders) == []
    assert passages.many(sorted(hidden)) == {}


def test_a_filter_remembered_is_forgotten_with_the_next_change(
    workbench: Workbench, tmp_path: Path
) -> None:
    plans = Filter(types=frozenset({DocumentType.PLAN}))
    first = add(workbench, replace(MADE[0], access=Access.PUBLIC))
    allowed = workbench.passages.allowed(plans)
    assert allowed is not None
    assert allowed.tolist() == [1]
    assert workbench.passages.allowed(plans) is allowed
    other = open_home(tmp_path)
    about = other.documents.get(first).metadata
    other.library.describe(first, replace(about, type=DocumentType.LAW), actor=other.actor)
    other.close()
    assert workbench.passages.allowed(plans).tolist() == []  # type: ignore[union-attr]
    search = workbench.retriever.search
    assert search("养老服务", selection=plans) == []
    assert len(search("养老服务", selection=Filter(types=frozenset({DocumentType.LAW})))) == 1
