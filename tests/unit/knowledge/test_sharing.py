"""Who may see a document: said by a person, true at once in every store, index and process."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.access import PUBLIC, Scope, viewer_of
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import GRANTS, Permission, Role
from knowledge.clearing import Choice
from knowledge.errors import (
    IndexBusyError,
    NamedOnlyError,
    OtherBranchError,
    PersonalDataError,
    UnknownRecordError,
)
from knowledge.ingest import Added
from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.model import Access, Actor, Layer, Metadata, Mode, PageText, Reading
from knowledge.readers.sandbox import InProcess
from knowledge.sharing import Audience
from knowledge.store.documents import Documents
from knowledge.store.recognitions import Recognitions, Settlement
from tests.homes import START, Clock, blanking_all, fill, open_home

WORDS = "养老服务站"
MEMO = "全县建成社区养老服务站三十五个，明年再建六个。\n"


def person(home: Workbench, name: str, *roles: Role, branch: str = "二馆") -> Actor:
    """A person of a branch, with what the roles permit; of the main library if it is that."""
    made = home.people.ensure(name, branch=branch, at=START)
    permissions = frozenset[Permission]().union(*(GRANTS[role] for role in roles))
    is_main = branch == home.settings.library
    return replace(made, permissions=permissions, sees_all_branches=is_main)


def add(home: Workbench, actor: Actor, *, access: Access | None = None, words: str = MEMO) -> Added:
    added = home.ingest.upload(words.encode(), "站点.txt", actor=actor, access=access)
    home.index()
    return added


class Cast:
    """Everybody who might see a document of the second branch, which its librarian adds."""

    def __init__(self, home: Workbench) -> None:
        self.home = home
        self.librarian = person(home, "编目员", Role.LIBRARIAN)
        self.director = person(home, "分馆馆长", Role.DIRECTOR)
        self.other = person(home, "三馆馆员", Role.LIBRARIAN, branch="三馆")
        self.other_director = person(home, "三馆馆长", Role.DIRECTOR, branch="三馆")
        self.main = person(home, "总馆馆长", Role.DIRECTOR, branch=home.settings.library)
        self.official = person(home, "科长", Role.OFFICIAL)
        self.volunteer = person(home, "志愿者", Role.VOLUNTEER)
        self.everybody = (
            self.librarian, self.director, self.other, self.other_director, self.main,
            self.official, self.volunteer,
        )  # fmt: skip
        self.document = add(home, self.librarian).document_id or 0

    def expected(self, audience: Audience) -> set[str]:
        """Who should see the document, in words of their own."""
        staff = {self.librarian, self.director, self.main}
        if audience.access is Access.PUBLIC:
            seen = set(self.everybody)
        elif audience.access is Access.STAFF:
            seen = staff | ({self.other, self.other_director} if audience.shared else set())
        else:
            named = audience.recipients | {self.librarian.person_id}
            seen = {each for each in self.everybody if each.person_id in named}
        return {each.name for each in seen}


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    home = open_home(tmp_path_factory.mktemp("sharing"))
    fill(home, tmp_path_factory.mktemp("files"))
    yield Cast(home)
    home.close()


def seeing(cast: Cast) -> list[set[str]]:
    """By each way to a document the names of those who get to it."""
    home, id_ = cast.home, cast.document
    memory = MemoryLexicalIndex()
    memory.update(
        remove=home.house.indexed.ids()[:0],
        add=home.house.indexed.entries(home.house.indexed.ids()),
    )
    ways: list[set[str]] = [set() for _ in range(8)]
    for actor in cast.everybody:
        bench, scope = home.of(actor), Scope(viewer_of(actor))
        held = home.house.kept.get(id_)
        passages = {each.id for each in home.house.indexed.of_version(held.current_version)}
        every = bench.documents.find()
        facts = [
            viewer_of(actor).may_see(held.stamp),
            id_ in bench.documents.many([id_]),
            id_ in {each.id for each in every} and bench.documents.count() == len(every),
            bool(bench.documents.pages(held.current_version)),
            passages <= set(bench.passages.ids().tolist()),
            passages <= {hit.passage_id for hit in home.lexical.search(WORDS, 99, scope=scope)},
            passages <= {hit.passage_id for hit in memory.search(WORDS, 99, scope=scope)},
            any(
                id_ in {hit.document.id, *(other.id for other in hit.alike)}
                for hit in bench.retriever.search(WORDS, 50, mode=Mode.DENSE)
            ),
        ]
        for way, is_seen in zip(ways, facts, strict=True):
            if is_seen:
                way.add(actor.name)
    return ways


audiences = st.builds(
    Audience,
    access=st.sampled_from(Access),
    shared=st.booleans(),
    recipients=st.frozensets(st.integers(2, 8), max_size=3),
)


@settings(deadline=None, max_examples=25)
@given(audience=audiences, by_main=st.booleans())
def test_whatever_is_said_is_true_everywhere_at_once(
    cast: Cast, audience: Audience, by_main: bool
) -> None:
    service = cast.home.sharing
    actor = cast.main if by_main else cast.director
    known = service.of(cast.document, actor=cast.librarian).audience
    if actor.name not in cast.expected(known):
        with pytest.raises(UnknownRecordError):
            service.set(cast.document, audience, actor=actor)
        # Whoever named persons stayed among them.
        actor = cast.main if actor is cast.director else cast.director
    now = service.set(cast.document, audience, actor=actor)
    assert now.access is audience.access
    assert now.shared is (audience.shared and audience.access is Access.STAFF)
    named = audience.recipients | {actor.person_id}
    expected = named if audience.access is Access.NAMED else frozenset()
    assert now.recipients == expected - {cast.librarian.person_id}
    assert service.of(cast.document, actor=cast.librarian).audience == now
    assert seeing(cast) == [cast.expected(now)] * 8


def test_it_is_true_in_another_process_too(workbench: Workbench, tmp_path: Path) -> None:
    cast = Cast(workbench)
    other = open_home(tmp_path)
    try:
        staff = Audience(access=Access.STAFF)
        for audience, sees in ((staff, False), (replace(staff, shared=True), True)):
            workbench.sharing.set(cast.document, audience, actor=cast.director)
            found = other.of(cast.other).retriever.search(WORDS)
            assert bool(found) is sees
            assert (other.of(cast.other).documents.count() == 1) is sees
    finally:
        other.close()


def test_only_who_may_says_so_and_only_of_their_branch(workbench: Workbench) -> None:
    cast = Cast(workbench)
    public, staff = Audience(access=Access.PUBLIC), Audience(access=Access.STAFF)
    share = workbench.sharing.set
    for actor in (cast.librarian, cast.other, cast.official, cast.volunteer):
        with pytest.raises(NotPermittedError):
            share(cast.document, staff, actor=actor)
    # They see it, for it is public; it is not theirs.
    with pytest.raises(OtherBranchError):
        share(cast.document, staff, actor=cast.other_director)
    share(cast.document, staff, actor=cast.director)
    with pytest.raises(UnknownRecordError) as refusal:
        share(cast.document, public, actor=cast.other_director)
    assert type(refusal.value) is UnknownRecordError
    with pytest.raises(UnknownRecordError):
        workbench.sharing.of(cast.document, actor=cast.other_director)
    with pytest.raises(UnknownRecordError, match="person 999"):
        share(
            cast.document,
            Audience(access=Access.NAMED, recipients=frozenset({999})),
            actor=cast.director,
        )
    offered = {
        each.name: workbench.sharing.of(cast.document, actor=each).offered
        for each in (cast.librarian, cast.director, cast.main)
    }
    assert offered == {"编目员": (), "分馆馆长": tuple(Access), "总馆馆长": tuple(Access)}
    assert share(cast.document, public, actor=cast.main) == public


def test_it_is_entered_in_the_log_once_and_without_names(workbench: Workbench) -> None:
    cast = Cast(workbench)
    named = Audience(access=Access.NAMED, recipients=frozenset({cast.official.person_id}))
    for _ in range(2):
        workbench.sharing.set(cast.document, named, actor=cast.director)
    (entry,) = workbench.audit.entries(Search(action="share-document"), limit=9)
    assert (entry.deed.kind, entry.deed.record) == ("document", cast.document)
    assert entry.deed.person_id == cast.director.person_id
    ids = sorted({cast.official.person_id, cast.director.person_id})
    assert entry.deed.details == {
        "access": "named",
        "shared": False,
        "recipients": " ".join(map(str, ids)),
    }
    assert workbench.audit.verify().broken_at is None


def test_new_documents_are_seen_by_whom_the_library_says(tmp_path: Path) -> None:
    settings_ = Settings(tmp_path / "home", access="staff")
    home = Workbench(settings_, clock=Clock(), encoder=HashingEncoder(), files=InProcess())
    try:
        librarian = person(home, "编目员", Role.LIBRARIAN)
        first = home.documents.get(add(home, librarian).document_id or 0)
        assert (first.stamp.access, first.stamp.branch_id) == (Access.STAFF, librarian.branch_id)
        version = home.documents.version(first.current_version)
        assert version.stamp.access is Access.PUBLIC
        other = add(home, librarian, access=Access.PUBLIC, words="每周开放六十小时。\n")
        assert home.documents.get(other.document_id or 0).stamp.access is Access.PUBLIC
        again = home.ingest.upload(
            "又建了两个。\n".encode(), "站点.txt", actor=librarian, document_id=first.id
        )
        assert home.documents.get(again.document_id or 0).stamp.access is Access.STAFF
    finally:
        home.close()


def unread(home: Workbench, actor: Actor, access: Access | None = None) -> int:
    """A scan of the actor's whose first page nobody has read."""
    pages = (PageText("", layer=Layer.WAITING), PageText(MEMO))
    reading = Reading("application/pdf", True, pages, Metadata(title="扫描件"))
    read, home.ingest._read = home.ingest._read, lambda _data, _name: reading
    try:
        return home.ingest.upload(b"s", "s.pdf", actor=actor, access=access).document_id or 0
    finally:
        home.ingest._read = read


def settle(home: Workbench, document_id: int) -> None:
    """Somebody reads the first page."""
    version = home.house.kept.version(home.house.kept.get(document_id).current_version)
    settlement = Settlement({1: PageText("封面")}, (), version.remarks)
    Recognitions(home.engine).settle(version.id, settlement)


def test_what_waits_to_be_read_gets_the_level_it_was_given_when_it_is(
    workbench: Workbench,
) -> None:
    cast = Cast(workbench)
    chief = person(workbench, "主任", Role.LIBRARIAN, Role.DIRECTOR)
    id_ = unread(workbench, chief, Access.STAFF)
    standing = workbench.sharing.of(id_, actor=chief)
    assert (standing.audience.access, standing.waits) == (Access.STAFF, True)
    workbench.sharing.set(id_, Audience(access=Access.STAFF, shared=True), actor=chief)
    document = workbench.house.kept.get(id_)
    assert document.stamp.access is Access.NAMED
    assert not viewer_of(cast.other).may_see(document.stamp)
    settle(workbench, id_)
    document = workbench.house.kept.get(id_)
    assert (document.stamp.access, document.opens_as) == (Access.STAFF, None)
    assert viewer_of(cast.other).may_see(document.stamp)
    assert not PUBLIC.may_see(document.stamp)


def test_persons_named_while_it_waits_are_all_that_it_gets(workbench: Workbench) -> None:
    cast = Cast(workbench)
    chief = person(workbench, "主任", Role.LIBRARIAN, Role.DIRECTOR)
    id_ = unread(workbench, chief)
    named = Audience(access=Access.NAMED, recipients=frozenset({cast.official.person_id}))
    workbench.sharing.set(id_, named, actor=chief)
    document = workbench.house.kept.get(id_)
    assert (document.stamp.access, document.opens_as) == (Access.NAMED, Access.NAMED)
    bench = workbench.of(cast.official)
    assert bench.documents.get(id_).title
    # Its pages are its maker's until they have been looked at for a mark of secrecy.
    assert bench.documents.pages(document.current_version) == []
    assert workbench.of(chief).documents.pages(document.current_version)
    settle(workbench, id_)
    document = workbench.house.kept.get(id_)
    assert (document.stamp.access, document.opens_as) == (Access.NAMED, None)
    assert bench.documents.pages(document.current_version)


def test_naming_persons_does_not_open_what_nobody_has_read(workbench: Workbench) -> None:
    chief = person(workbench, "主任", Role.LIBRARIAN, Role.DIRECTOR)
    id_ = unread(workbench, chief, Access.STAFF)
    for access in (Access.NAMED, Access.PUBLIC):
        workbench.sharing.set(id_, Audience(access=access), actor=chief)
        standing = workbench.sharing.of(id_, actor=chief)
        assert (standing.audience.access, standing.waits) == (access, True)
    assert Documents(workbench.engine, PUBLIC).find() == []
    settle(workbench, id_)
    assert [each.id for each in Documents(workbench.engine, PUBLIC).find()] == [id_]


LIST = "联系人：王小明，电话13812345678。\n"


def test_personal_data_become_public_only_for_a_reason(workbench: Workbench) -> None:
    cast, share = Cast(workbench), workbench.sharing
    made = add(workbench, cast.librarian, access=Access.STAFF, words=LIST).document_id or 0
    texts = share.becoming_public(made, actor=cast.director)
    assert LIST.strip() in "\n".join(texts)
    with pytest.raises(NotPermittedError):
        share.becoming_public(made, actor=cast.librarian)
    with pytest.raises(UnknownRecordError):
        share.becoming_public(made, actor=cast.other_director)
    public = Audience(access=Access.PUBLIC)
    for choice in (Choice(), blanking_all(texts)):
        with pytest.raises(PersonalDataError):
            share.set(made, public, actor=cast.director, choice=choice)
    assert workbench.documents.get(made).stamp.access is Access.STAFF
    shared = Audience(access=Access.STAFF, shared=True)
    share.set(made, shared, actor=cast.director)
    share.set(made, public, actor=cast.director, choice=Choice(reason="公开名录"))
    (noted,) = workbench.clearings.of("document", made, actor=workbench.actor)
    assert (noted.found > 0, noted.blanked, noted.reason) == (True, 0, "公开名录")
    assert share.becoming_public(made, actor=cast.director) == ()
    version = workbench.documents.get(made).current_version
    assert LIST.strip() in workbench.documents.pages(version)[0].text


def test_it_stands_while_another_process_writes_the_index(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast(workbench)

    def busy(**_: object) -> None:
        raise IndexBusyError(path="index")

    monkeypatch.setattr(workbench.lexical_indexing, "catch_up", busy)
    staff = Audience(access=Access.STAFF)
    assert workbench.sharing.set(cast.document, staff, actor=cast.director) == staff
    assert workbench.documents.get(cast.document).stamp.access is Access.STAFF


def released(home: Workbench, cast: Cast) -> int:
    data = f"秘密★1年\n\n{MEMO}".encode()
    home.ingest.upload(data, "密.txt", actor=cast.librarian)
    (file,) = home.of(cast.director).quarantine.waiting()
    added = home.quarantine.release(file.id, reason="查过", actor=cast.director)
    home.index()
    return added.document_id or 0


def test_a_released_file_is_opened_for_named_persons_alone(workbench: Workbench) -> None:
    cast = Cast(workbench)
    id_ = released(workbench, cast)
    service = workbench.sharing
    assert service.of(id_, actor=cast.director).offered == (Access.NAMED,)
    for access in (Access.PUBLIC, Access.STAFF):
        with pytest.raises(NamedOnlyError):
            service.set(id_, Audience(access=access), actor=cast.director)
    with pytest.raises(UnknownRecordError):
        service.of(id_, actor=cast.main)
    without = replace(
        cast.director, permissions=cast.director.permissions - {Permission.QUARANTINE}
    )
    persons = frozenset({cast.official.person_id})
    with pytest.raises(NotPermittedError):
        service.set(id_, Audience(access=Access.NAMED, recipients=persons), actor=without)
    service.set(id_, Audience(access=Access.NAMED, recipients=persons), actor=cast.director)
    found = workbench.of(cast.official).retriever.search("养老服务站", mode=Mode.LEXICAL)
    assert {hit.document.id for hit in found} == {id_, cast.document}
    service.set(id_, Audience(access=Access.NAMED), actor=cast.director)
    found = workbench.of(cast.official).retriever.search("养老服务站")
    assert {hit.document.id for hit in found} == {cast.document}
    assert Documents(workbench.engine, viewer_of(cast.official)).versions(id_) == []


def test_published_briefs_that_cite_it_are_named_and_stay(filled: Workbench) -> None:
    passage = filled.retriever.search("加装电梯")[0].passage
    quote = filled.editing.quote(passage.id, "2023年全县计划加装电梯62台，比上年增长8%。")
    brief = filled.editing.create("电梯", [quote], actor=filled.actor)
    assert filled.publishing.editions_citing(passage.document_id) == []
    edition = filled.publishing.publish(brief.id, actor=filled.actor)
    staff = Audience(access=Access.STAFF)
    filled.sharing.set(passage.document_id, staff, actor=filled.actor)
    assert [each.id for each in filled.publishing.editions_citing(passage.document_id)] == [
        edition.id
    ]
    assert filled.briefs.edition(brief.id).sha256 == edition.sha256
    others = next(each.id for each in filled.documents.find() if each.id != passage.document_id)
    assert filled.publishing.editions_citing(others) == []
