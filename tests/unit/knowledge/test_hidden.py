"""What a person may not see does not exist for them: not in a list, a number, a filter, a sign."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from briefs.workbench.alike import others
from briefs.workbench.bootstrap import Workbench
from knowledge.access import viewer_of
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import GRANTS, Permission, Role
from knowledge.certainty import Findings
from knowledge.errors import UnknownRecordError
from knowledge.ingest import AddOutcome
from knowledge.model import Access, Actor, Layer, Metadata, PageText, Reading, Stamp
from knowledge.store.documents import Documents
from tests.homes import START

OPEN = "河湾县公共图书馆每周开放六十小时，节假日照常开放，读者凭证入馆。"
SECRET = "螺旋菜谱甲号：河湾县自备水井的位置与水量，由专人保管，不对外提供。"


def person(bench: Workbench, name: str, *roles: Role, branch: str) -> Actor:
    made = bench.people.ensure(name, branch=branch, at=START)
    permissions = frozenset[Permission]().union(*(GRANTS[role] for role in roles))
    return replace(made, permissions=permissions)


@pytest.fixture
def pair(workbench: Workbench) -> tuple[Actor, Actor]:
    """Somebody of the second branch, and somebody of the third, with every right there is."""
    roles = tuple(Role)
    return (
        person(workbench, "甲", *roles, branch="二馆"),
        person(workbench, "乙", *roles, branch="三馆"),
    )


def add(
    bench: Workbench, actor: Actor, text: str, *, access: Access = Access.PUBLIC, **known: str
) -> int:
    about = Metadata(**known) if known else None  # type: ignore[arg-type]
    added = bench.ingest.add(
        text.encode(), "文.txt", source=f"/{text}", actor=actor, access=access, metadata=about
    )
    bench.index()
    return added.document_id or 0


def told(findings: Findings) -> tuple[object, ...]:
    """What a search says; the score itself apart: it owes to the average length of all passages."""
    every: Sequence[object] = [(hit.document.id, hit.rank) for hit in findings.every]
    return every, findings.answered, findings.certainty, findings.unknown, findings.not_held


def test_numbers_and_lists_are_as_if_it_were_not_there(
    workbench: Workbench, pair: tuple[Actor, Actor]
) -> None:
    mine, other = pair
    add(workbench, mine, OPEN, issuer="河湾县图书馆", title="开放时间")
    bench = workbench.of(other)
    queries = ("螺旋菜谱", "自备水井的位置", "每周开放几小时", "水井管理办法", "螺旋菜谱甲号第三条")
    before = (
        bench.documents.counts(),
        bench.documents.count(),
        bench.documents.issuers(),
        [told(bench.retriever.ask(query)) for query in queries],
        [told(bench.lexical_retriever.ask(query)) for query in queries],
    )
    secret = add(
        workbench, mine, SECRET, access=Access.STAFF, issuer="河湾县水务局", title="水井管理办法"
    )
    assert workbench.of(mine).retriever.search("螺旋菜谱")[0].document.id == secret
    after = (
        bench.documents.counts(),
        bench.documents.count(),
        bench.documents.issuers(),
        [told(bench.retriever.ask(query)) for query in queries],
        [told(bench.lexical_retriever.ask(query)) for query in queries],
    )
    assert after == before
    assert bench.documents.find(title="水井") == []


def test_equal_results_stay_equal_however_often_a_hidden_document_has_the_word(
    workbench: Workbench, pair: tuple[Actor, Actor]
) -> None:
    mine, other = pair
    ids = {add(workbench, mine, f"{words}已经完成测绘。") for words in ("河东地块", "选址工作")}
    for n in range(4):
        add(workbench, mine, f"其他材料第{n}份关于图书采购。")

    def shown() -> list[tuple[int, float]]:
        results = workbench.of(other).lexical_retriever.search("河东 选址")
        return [(hit.document.id, round(hit.score, 3)) for hit in results]

    before = shown()
    assert {document_id for document_id, _ in before} == ids
    for n in range(4):
        add(workbench, mine, f"内部：选址方案第{n}稿，选址会议。", access=Access.STAFF)
        assert shown() == before


def test_the_same_file_is_added_anew_where_the_other_is_not_seen(
    workbench: Workbench, pair: tuple[Actor, Actor]
) -> None:
    mine, other = pair
    first = add(workbench, mine, SECRET, access=Access.STAFF)
    again = workbench.ingest.add(SECRET.encode(), "文.txt", source=f"/{SECRET}", actor=other)
    assert again.outcome is AddOutcome.ADDED
    assert again.document_id != first
    assert workbench.house.kept.get(first).stamp.branch_id == mine.branch_id
    assert workbench.likeness.catch_up()
    assert workbench.of(other).likeness.of(again.document_id or 0) == ()
    assert workbench.of(other).likeness.groups() == []
    assert len(workbench.likeness.groups()) == 1


def test_what_only_the_hidden_joins_is_not_alike(
    workbench: Workbench, pair: tuple[Actor, Actor]
) -> None:
    mine, other = pair
    made = random.Random(1)
    letters = [chr(0x4E00 + made.randrange(3000)) for _ in range(1200)]

    def changed(count: int) -> str:
        places = set(range(10, 10 + 20 * count, 20))
        words = ("变" if n in places else each for n, each in enumerate(letters))
        return "".join(f"{each}。\n" if n % 40 == 39 else each for n, each in enumerate(words))

    # Each is like the next one; the first and the last are not, but for their endings.
    texts = [changed(0), changed(20), changed(40)]
    ids = [
        add(workbench, mine, text, access=Access.STAFF if n == 1 else Access.PUBLIC)
        for n, text in enumerate(texts)
    ]
    workbench.likeness.catch_up()
    assert [[each.id for each in group] for group in workbench.likeness.groups()] == [ids]
    bench = workbench.of(other)
    assert bench.likeness.of(ids[0]) == ()
    assert bench.likeness.groups() == []
    found = bench.retriever.search(texts[0][-60:-5])[0]
    assert [each.id for each in found.alike] == [ids[0] if found.document.id == ids[2] else ids[2]]
    # The passage stands for both; how their documents hang together is not told.
    assert [(each.document.id, each.kind) for each in others(bench.likeness, found)] == [
        (found.alike[0].id, None)
    ]


def test_files_that_failed_are_their_branchs(
    workbench: Workbench, pair: tuple[Actor, Actor]
) -> None:
    mine, other = pair
    for actor in pair:
        workbench.ingest.add(b"", "空.txt", source="upload:空.txt", actor=actor)
    (own,) = workbench.of(mine).failures.all()
    (others_,) = workbench.of(other).failures.all()
    assert own.stamp.branch_id == mine.branch_id
    assert own.stamp.access is Access.STAFF
    assert len(workbench.failures.all()) == 2
    with pytest.raises(UnknownRecordError):
        workbench.of(other).failures.get(own.id)
    workbench.of(other).library.forget(own.id, actor=other)
    assert workbench.of(mine).failures.all() == [own]
    # Another branch's success forgets nothing either.
    workbench.ingest.add(OPEN.encode(), "空.txt", source="upload:空.txt", actor=other)
    assert workbench.of(other).failures.all() == []
    assert workbench.of(mine).failures.all() == [own]
    assert others_.id != own.id


def test_quarantine_is_a_matter_of_the_branch_and_of_who_may_decide(
    workbench: Workbench, pair: tuple[Actor, Actor]
) -> None:
    mine, other = pair
    adder = replace(mine, permissions=GRANTS[Role.LIBRARIAN])
    data = f"秘密★1年\n\n{SECRET}".encode()
    workbench.ingest.upload(data, "密.txt", actor=adder)
    colleague = person(workbench, "丙", Role.LIBRARIAN, branch="二馆")
    director = person(workbench, "丁", Role.DIRECTOR, branch="二馆")
    (file,) = workbench.quarantine.waiting()
    sees = {
        actor.name: workbench.of(actor).quarantine.waiting() == [file]
        for actor in (adder, colleague, director, other)
    }
    assert sees == {"甲": True, "丙": False, "丁": True, "乙": False}
    assert not workbench.of(adder).quarantine.may_decide(file)
    for actor, refusal in ((adder, NotPermittedError), (other, UnknownRecordError)):
        service = workbench.of(actor).quarantine
        with pytest.raises(refusal):
            service.release(file.id, reason="查过", actor=actor)
        with pytest.raises(refusal):
            service.discard(file.id, reason="误传", actor=actor)
    added = workbench.quarantine.release(file.id, reason="查过", actor=workbench.actor)
    document = workbench.documents.get(added.document_id or 0)
    assert document.stamp.branch_id == mine.branch_id
    assert workbench.of(other).quarantine.all() == []


def test_pages_that_wait_are_counted_for_who_sees_them(
    workbench: Workbench, pair: tuple[Actor, Actor]
) -> None:
    mine, _ = pair
    pages = (PageText(OPEN), PageText("", layer=Layer.WAITING))
    reading = Reading("application/pdf", True, pages, Metadata(title="扫描件"))
    Documents(workbench.engine, viewer_of(mine)).add_version(
        reading,
        (),
        document_id=None,
        source="/s.pdf",
        file=("s.pdf", "a" * 64, 1),
        stamp=Stamp(mine.branch_id, Access.STAFF, mine.person_id, START),
    )
    waiting = {
        actor.name: workbench.recognising.tally_for(viewer_of(actor)).waiting for actor in pair
    }
    assert waiting == {"甲": 1, "乙": 0}
    assert workbench.recognising.tally().waiting == 1
