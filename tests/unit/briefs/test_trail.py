"""The search trail: what was searched, where and with what success, told to who may know."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from briefs.drafting.supporting import Support
from briefs.errors import UnknownBriefError, UnknownSearchError
from briefs.model import Statement, StatementKind
from briefs.schema import briefs
from briefs.trail.noted import ActKind, Asked, Ground, Means, NotedSearch, last_decisions
from briefs.trail.rows import Seen, asked_values, search_of
from briefs.workbench.appending import exported
from briefs.workbench.beginning import begin
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.wording import wording
from knowledge.access import PUBLIC
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import NoReasonError, NotPermittedError
from knowledge.accounts.roles import Permission, Role
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.filter import Filter
from knowledge.model import (
    Access,
    Actor,
    DocumentType,
    Mode,
)
from knowledge.sharing import Audience
from knowledge.store.engine import writing
from tests.homes import open_account, remove
from tests.unit.briefs.test_folder import brief, passage, shared_brief, somebody, withhold

QUERY = "加装电梯财政补助"
LOST = "红烧排骨放多少冰糖"


def note(
    bench: Workbench,
    brief_id: int,
    query: str = QUERY,
    *,
    actor: Actor | None = None,
    selection: Filter | None = None,
) -> int:
    """Search, and note it as the page does."""
    asked = Asked(query, 10, selection=selection or Filter())
    findings = bench.retriever.ask(query, asked.depth, selection=asked.selection)
    return bench.trail.note_search(
        brief_id,
        asked,
        found=findings.results,
        answered=findings.answered,
        actor=actor or bench.actor,
    )


def only(bench: Workbench, brief_id: int) -> NotedSearch:
    (search,) = bench.trail.of(brief_id)
    return search


def test_a_search_says_what_was_asked_where_and_with_what_success(filled: Workbench) -> None:
    id_ = brief(filled)
    type_ = filled.documents.get(2).metadata.type or DocumentType.OTHER
    described = replace(filled.documents.get(2).metadata, issued_on="2023-05")
    filled.library.describe(2, described, actor=filled.actor)
    selection = Filter(types=frozenset({type_}), issued_from="2020")
    asked = Asked(QUERY, 20, Mode.LEXICAL, selection, "电梯")
    found = filled.lexical_retriever.search(QUERY, 20)
    noted = filled.trail.note_search(id_, asked, found=found, answered=True, actor=filled.actor)
    search = only(filled, id_)
    assert search.id == noted
    assert search.asked == asked
    assert search.found == len(found) > 0
    assert search.answered is True
    assert search.made_by == filled.actor.person_id
    assert search.acts == ()
    assert not search.is_partial
    assert not search.is_capped
    # The filter counts: of three documents one is of that type and age.
    assert (search.collection.documents, search.collection.passages) == (1, 1)
    assert search.collection.earliest == search.collection.latest == "2023-05"
    assert search.collection.by_type() == ((type_, 1),)


def test_what_was_not_found_is_noted_with_the_collection(filled: Workbench) -> None:
    id_ = brief(filled)
    note(filled, id_, LOST)
    search = only(filled, id_)
    assert search.answered is False
    assert search.found == 0
    held, findable = filled.documents.counts()
    assert (search.collection.documents, search.collection.passages) == (held, findable)
    assert sum(count for _, count in search.collection.by_branch()) == held


def test_the_collection_is_as_it_was_at_that_moment(filled: Workbench) -> None:
    id_ = brief(filled)
    note(filled, id_)
    filled.ingest.add("新文件一份。".encode(), "新.txt", source="upload:新.txt", actor=filled.actor)
    note(filled, id_, LOST)
    remove(filled, 1)
    note(filled, id_, "养老服务")
    counts = [search.collection.documents for search in filled.trail.of(id_)]
    assert counts == [3, 4, 3]


def test_the_same_search_is_noted_once_within_the_hour(filled: Workbench) -> None:
    id_ = brief(filled)
    first = note(filled, id_)
    assert note(filled, id_) == first
    assert note(filled, id_, selection=Filter(issued_to="2020")) != first
    again = filled.house.clock() + timedelta(hours=2)
    filled.trail._clock = lambda: again
    assert note(filled, id_) != first
    assert len(filled.trail.of(id_)) == 3


def test_acts_follow_a_search_and_the_last_decision_counts(filled: Workbench) -> None:
    id_, lift = brief(filled), passage(filled)
    first, second = note(filled, id_), note(filled, id_, "电梯 补助")
    trail, actor = filled.trail, filled.actor
    trail.note_act(first, ActKind.OPENED, lift, actor=actor)
    trail.note_act(first, ActKind.OPENED, lift, actor=actor)
    trail.reject(first, lift, ground=Ground.DEFINITION, reason="只算财政", actor=actor)
    trail.reject(first, lift, ground=Ground.DEFINITION, reason="只算财政", actor=actor)
    trail.note_act(second, ActKind.KEPT, lift, actor=actor)
    acts = [(act.kind, act.ground, act.reason) for act in trail.of(id_)[0].acts]
    assert acts == [
        (ActKind.OPENED, None, ""),
        (ActKind.REJECTED, Ground.DEFINITION, "只算财政"),
    ]
    (decided,) = last_decisions(trail.of(id_))
    assert decided.kind is ActKind.KEPT
    assert decided.source.title == filled.documents.get(2).title
    assert decided.href.startswith(f"/pages/{decided.source.version_id}/")
    trail.reject(first, lift, ground=Ground.OUTDATED, actor=actor)
    (decided,) = last_decisions(trail.of(id_))
    assert decided.ground is Ground.OUTDATED


def test_a_rejection_needs_a_reason(filled: Workbench) -> None:
    id_, lift = brief(filled), passage(filled)
    search = note(filled, id_)
    with pytest.raises(NoReasonError):
        filled.trail.reject(search, lift, ground=Ground.OTHER, reason=" ", actor=filled.actor)
    with pytest.raises(NoReasonError):
        filled.trail.note_act(search, ActKind.REJECTED, lift, actor=filled.actor)
    with pytest.raises(UnknownRecordError):
        filled.trail.note_act(search, ActKind.OPENED, 999, actor=filled.actor)
    with pytest.raises(UnknownSearchError):
        filled.trail.note_act(999, ActKind.OPENED, lift, actor=filled.actor)
    assert only(filled, id_).acts == ()


def test_a_struck_search_stays_in_the_trail(filled: Workbench) -> None:
    id_ = brief(filled)
    search, actor = note(filled, id_), filled.actor
    with pytest.raises(NoReasonError):
        filled.trail.strike(search, reason="", actor=actor)
    filled.trail.strike(search, reason="误输", actor=actor)
    struck = only(filled, id_)
    assert struck.strike is not None
    assert (struck.strike.reason, struck.strike.by) == ("误输", actor.person_id)
    # Searched again it is a search of its own.
    assert note(filled, id_) != search
    filled.trail.restore(search, actor=actor)
    assert filled.trail.of(id_)[0].strike is None
    done = [each.deed.action for each in filled.audit.every(Search(kind="brief", record=id_))]
    assert {"strike-search", "restore-search"} <= set(done)


def test_who_may_not_write_the_brief_notes_nothing(filled: Workbench) -> None:
    mine, shared = brief(filled), shared_brief(filled)
    search = note(filled, mine)
    other = somebody(filled)
    bench = filled.of(other)
    with pytest.raises(UnknownBriefError):
        note(bench, mine, actor=other)
    with pytest.raises(OtherBranchError):
        note(bench, shared, actor=other)
    with pytest.raises(UnknownSearchError):
        bench.trail.strike(search, reason="误输", actor=other)
    with pytest.raises(UnknownSearchError):
        bench.trail.note_act(search, ActKind.OPENED, passage(filled), actor=other)
    with pytest.raises(UnknownBriefError):
        bench.trail.of(mine)
    reader = replace(filled.actor, permissions=frozenset({Permission.READ_STAFF}))
    with pytest.raises(NotPermittedError):
        note(filled, mine, actor=reader)
    assert len(filled.trail.of(mine)) == 1


def test_what_the_viewer_may_not_see_is_not_even_counted(filled: Workbench) -> None:
    id_ = shared_brief(filled)
    withhold(filled, 2)
    selection = Filter(documents=frozenset({2, 3}))
    search = note(filled, id_, "加装电梯 养老服务站", selection=selection)
    filled.trail.reject(search, passage(filled), ground=Ground.OUTDATED, actor=filled.actor)
    filled.trail.note_act(search, ActKind.KEPT, passage(filled, 3), actor=filled.actor)
    whole, seen = only(filled, id_), only(filled.of(somebody(filled)), id_)
    assert not whole.is_partial
    assert (whole.collection.documents, len(whole.acts), whole.found) == (2, 2, 2)
    assert seen.is_partial
    assert (seen.collection.documents, len(seen.acts), seen.found) == (1, 1, 1)
    assert seen.asked.selection.documents == {3}
    assert filled.documents.get(2).title not in repr(seen)
    assert seen.asked.query == whole.asked.query


def test_of_a_search_that_found_only_hidden_things_the_outcome_is_not_told(
    filled: Workbench,
) -> None:
    id_ = shared_brief(filled)
    withhold(filled, 2)
    note(filled, id_, selection=Filter(documents=frozenset({2})))
    seen = only(filled.of(somebody(filled)), id_)
    assert (seen.found, seen.answered, seen.is_partial) == (0, None, True)
    assert (seen.collection.documents, seen.is_capped) == (0, False)


def test_what_is_for_named_persons_is_counted_for_the_searcher_alone(filled: Workbench) -> None:
    id_ = brief(filled)
    filled.sharing.set(
        2,
        Audience(access=Access.NAMED, recipients=frozenset({filled.actor.person_id})),
        actor=filled.actor,
    )
    note(filled, id_, "养老服务站")
    assert only(filled, id_).collection.documents == 3
    person = filled.people.ensure("主任", branch=filled.settings.library, at=filled.clock())
    colleague = replace(person, permissions=filled.actor.permissions, sees_all_branches=True)
    seen = only(filled.of(colleague), id_)
    assert (seen.collection.documents, seen.is_partial) == (2, True)


def test_searches_by_other_means_are_told_apart(filled: Workbench) -> None:
    id_ = brief(filled)
    asked = Asked("养老服务站", 5, means=Means.SUPPORT)
    found = filled.retriever.search("养老服务站", 5)
    filled.trail.note_search(id_, asked, found=found, answered=bool(found), actor=filled.actor)
    note(filled, id_, "养老服务站")
    means = [search.asked.means for search in filled.trail.of(id_)]
    assert means == [Means.SUPPORT, Means.SEARCH]


def test_support_and_drafts_are_noted_with_one_call(filled: Workbench) -> None:
    support = filled.supporting.find(
        "加装电梯每台财政补助不超过20万元。", kind=StatementKind.PARAPHRASE
    )
    lines = filled.drafting.draft(
        "河湾县", ["加装电梯财政补助", "养老服务站", "红烧排骨冰糖"]
    ).lines
    id_ = filled.editing.create("河湾县", lines, actor=filled.actor).id
    first = filled.trail.note_support(id_, support, actor=filled.actor)
    filled.trail.note_draft(id_, lines, actor=filled.actor)
    noted, *drafted = filled.trail.of(id_)
    assert (noted.id, noted.asked.means) == (first, Means.SUPPORT)
    assert noted.answered is not support.is_empty
    assert noted.found > 0
    assert [each.asked.query for each in drafted] == [
        "加装电梯财政补助",
        "养老服务站",
        "红烧排骨冰糖",
    ]
    assert {each.asked.means for each in drafted} == {Means.DRAFT}
    assert [each.answered for each in drafted] == [True, True, False]
    assert not any(each.is_capped for each in (noted, *drafted))


def test_a_draft_goes_with_its_trail_and_a_removed_source_stays_in_it(filled: Workbench) -> None:
    id_ = brief(filled)
    search = note(filled, id_)
    filled.trail.note_act(search, ActKind.KEPT, passage(filled), actor=filled.actor)
    remove(filled, 2)
    (act,) = only(filled, id_).acts
    assert act.source.state == "removed"
    filled.editing.discard(id_, actor=filled.actor)
    with pytest.raises(UnknownBriefError):
        filled.trail.of(id_)
    with pytest.raises(UnknownSearchError):
        filled.trail.strike(search, reason="误输", actor=filled.actor)


def test_an_erased_persons_name_is_gone_from_queries_reasons_and_notes(filled: Workbench) -> None:
    id_, lift = brief(filled), passage(filled)
    account = open_account(filled, "上官玉兰", Role.LIBRARIAN)
    search = note(filled, id_, "上官玉兰 加装电梯")
    filled.trail.reject(
        search, lift, ground=Ground.OTHER, reason="上官玉兰说不用", actor=filled.actor
    )
    filled.trail.strike(search, reason="问过上官玉兰", actor=filled.actor)
    filled.folder.keep(id_, lift, note="上官玉兰给的", actor=filled.actor)
    erased = filled.erasing.erase_person(
        account.person_id, confirm="上官玉兰", called="某人", actor=filled.actor
    )
    assert erased.is_wiped
    left = only(filled, id_)
    assert left.asked.query == "□□ 加装电梯"
    assert left.acts[0].reason == "□□说不用"
    assert left.strike is not None
    assert left.strike.reason == "问过□□"
    assert filled.folder.items(id_)[0].note == "□□给的"


def test_what_a_person_searched_is_in_what_is_kept_of_them(filled: Workbench) -> None:
    id_ = brief(filled)
    search = note(filled, id_)
    filled.trail.strike(search, reason="误输", actor=filled.actor)
    filled.folder.keep(id_, passage(filled), actor=filled.actor)
    told = filled.personal_data.of_person(filled.actor.person_id, actor=filled.actor).as_json()
    for kind, column in (
        ("searches", "made_by"),
        ("searches", "struck_by"),
        ("kept_passages", "made_by"),
    ):
        assert f'"kind": "{kind}"' in told
        assert f'"as": "{column}"' in told


def test_several_persons_note_at_once(filled: Workbench) -> None:
    id_ = brief(filled)
    found = filled.retriever.search(QUERY, 5)
    library = filled.settings.library
    persons = [
        filled.people.ensure(f"馆员{n}", branch=library, at=filled.clock()) for n in range(4)
    ]
    failures: list[Exception] = []

    def work(actor: Actor) -> None:
        bench = filled.of(actor)
        try:
            for n in range(5):
                search = bench.trail.note_search(
                    id_, Asked(f"问{n}", 5), found=found, answered=True, actor=actor
                )
                bench.trail.note_act(search, ActKind.OPENED, found[0].passage.id, actor=actor)
        except Exception as error:  # noqa: BLE001 – whatever it is, the test tells
            failures.append(error)

    actors = [replace(filled.actor, person_id=person.person_id) for person in persons]
    threads = [threading.Thread(target=work, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    noted = filled.trail.of(id_)
    assert len(noted) == 20
    assert all(len(search.acts) == 1 for search in noted)


_DATES = st.none() | st.integers(1900, 2030).map(str)


@given(
    st.builds(
        Asked,
        st.text(min_size=1, max_size=20),
        st.integers(0, 100),
        st.sampled_from(Mode),
        st.builds(
            Filter,
            types=st.frozensets(st.sampled_from(DocumentType)),
            issuers=st.frozensets(st.text(max_size=5)),
            documents=st.frozensets(st.integers(1, 9)),
            languages=st.frozensets(st.sampled_from(["zh", "en"])),
            issued_from=_DATES,
            issued_to=_DATES,
            branches=st.frozensets(st.integers(1, 9)),
            access=st.frozensets(st.sampled_from(Access)),
        ),
        means=st.sampled_from(Means),
    ),
    st.frozensets(st.integers(1, 9)),
)
def test_how_it_was_asked_is_read_as_it_was_written(asked: Asked, seen: frozenset[int]) -> None:
    values = json.loads(json.dumps(asked_values(asked)))
    row: Any = SimpleNamespace(
        **values,
        **dict.fromkeys(("id", "brief_id", "made_by", "made_at", "struck_at", "statement_id")),
        answered=False,
        hits=[],
        collection=[],
    )
    read = search_of(row, [], seen=Seen(PUBLIC, {}, seen))
    shown = asked.selection.documents & seen
    assert read.asked == replace(asked, selection=replace(asked.selection, documents=shown))
    assert read.is_partial == (shown != asked.selection.documents)


def test_a_brief_begun_with_an_outline_has_its_searches_in_its_trail(filled: Workbench) -> None:
    brief, draft = begin(filled, "河湾县", ["加装电梯财政补助", "红烧排骨冰糖"])
    assert draft is not None
    noted = filled.trail.of(brief.id)
    assert [(each.asked.query, each.answered) for each in noted] == [
        ("加装电梯财政补助", True),
        ("红烧排骨冰糖", False),
    ]
    empty, none = begin(filled, "空白")
    assert (none, tuple(filled.trail.of(empty.id))) == (None, ())


# Words of statements


def _withheld(bench: Workbench) -> tuple[int, Statement]:
    """A shared brief with a statement that rests on a document which its reader may not see."""
    id_ = shared_brief(bench)
    stored = bench.briefs.get(id_)
    lines = [*stored.statements, bench.editing.quote(passage(bench))]
    saved = bench.editing.save(stored, title=stored.title, lines=lines, actor=bench.actor)
    withhold(bench, 2)
    return id_, saved.statements[-1]


def test_words_of_a_withheld_statement_are_not_in_the_trail(filled: Workbench) -> None:
    id_, line = _withheld(filled)
    support = filled.supporting.find(line.text)
    filled.trail.note_support(id_, support, actor=filled.actor, statement_id=line.id)
    # A command has the words alone.
    bare = Support(f" {line.text.rstrip('。')} ", (), (), (), None, 0)
    filled.trail.note_support(id_, bare, actor=filled.actor)
    note(filled, id_, "养老服务站")
    reader = filled.of(somebody(filled))
    assert [each.asked.query for each in reader.trail.of(id_)] == ["", "", "养老服务站"]
    assert [each.is_partial for each in reader.trail.of(id_)][:2] == [True, True]
    assert all(each.asked.query for each in filled.trail.of(id_))
    words = line.text[:12]
    for to in ("csv", "md"):
        taken = exported(reader, id_, to, wording("zh")).decode()
        assert words not in taken
        assert "不向您显示" in taken
    assert words in exported(filled, id_, "csv", wording("zh")).decode()


def test_former_words_of_a_statement_are_kept_as_its_words_today(filled: Workbench) -> None:
    id_, line = _withheld(filled)
    was = Support("从前的说法。", (), (), (), None, 0)
    filled.trail.note_support(id_, was, actor=filled.actor, statement_id=line.id)
    stored = filled.briefs.get(id_)
    filled.editing.save(
        stored, title=stored.title, lines=stored.statements[:-1], actor=filled.actor
    )
    # The statement is gone; what it rested on is still kept from them.
    assert only(filled.of(somebody(filled)), id_).asked.query == ""


def test_nobody_finds_out_by_guessing_what_a_withheld_statement_says(filled: Workbench) -> None:
    id_, line = _withheld(filled)
    other = somebody(filled)
    filled.editing.share(id_, shared=True, actor=filled.actor)
    with writing(filled.engine).begin() as connection:
        connection.execute(update(briefs).values(branch_id=other.branch_id))
    bench = filled.of(other)
    noted = bench.trail.note_search(id_, Asked(line.text, 5), found=[], answered=False, actor=other)
    (search,) = bench.trail.of(id_)
    assert (search.id, search.asked.query, search.is_partial) == (noted, line.text, False)
