"""The folder of a brief: words that stand in their sources, kept once, shown to who may see them."""

import threading
from dataclasses import replace

import pytest

from briefs.errors import EvidenceError, UnknownBriefError, UnknownItemError
from briefs.model import Evidence
from briefs.trail.sources import SourceState
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Permission
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.model import Access, Actor, Span
from knowledge.sharing import Audience
from knowledge.store.discarding import wipe
from knowledge.store.engine import writing
from tests.homes import remove

BOTH = frozenset({Permission.DRAFT, Permission.READ_STAFF})


def brief(bench: Workbench) -> int:
    return bench.editing.create("加装电梯", actor=bench.actor).id


def passage(bench: Workbench, document_id: int = 2) -> int:
    version = bench.documents.get(document_id).current_version
    return bench.passages.of_version(version)[-1].id


def somebody(bench: Workbench, branch: str = "分馆") -> Actor:
    """A librarian of a branch who sees their own branch's matter alone."""
    person = bench.people.ensure("馆员乙", branch=branch, at=bench.clock())
    return replace(person, permissions=BOTH)


def withhold(bench: Workbench, document_id: int) -> None:
    """Keep a document for staff of the main library."""
    bench.sharing.set(document_id, Audience(access=Access.STAFF), actor=bench.actor)


def shared_brief(bench: Workbench) -> int:
    id_ = brief(bench)
    bench.editing.share(id_, shared=True, actor=bench.actor)
    return id_


def test_what_is_kept_stands_where_it_says(filled: Workbench) -> None:
    id_ = brief(filled)
    item_id = filled.folder.keep(id_, passage(filled), note=" 补助上限 ", actor=filled.actor)
    (item,) = filled.folder.items(id_)
    assert item.id == item_id
    assert item.evidence is not None
    assert "20万元" in item.evidence.quote
    assert item.note == "补助上限"
    assert item.source is not None
    assert item.source.state is SourceState.CURRENT
    assert item.made_by == filled.actor.person_id
    assert item.cited_in == ()
    # Ready to be bound to a statement: the editor's own check passes.
    line = replace(filled.editing.quote(passage(filled)), evidence=(item.evidence,))
    filled.editing.append(filled.briefs.get(id_), [line], actor=filled.actor)
    (item,) = filled.folder.items(id_)
    assert item.cited_in == (1,)


def test_the_same_words_are_kept_once_with_both_notes(filled: Workbench) -> None:
    id_ = brief(filled)
    first = filled.folder.keep(id_, passage(filled), note="甲", actor=filled.actor)
    assert filled.folder.keep(id_, passage(filled), note="乙", actor=filled.actor) == first
    assert filled.folder.keep(id_, passage(filled), note="乙", actor=filled.actor) == first
    (item,) = filled.folder.items(id_)
    assert item.note == "甲\n乙"
    # In another brief's folder they are something else.
    other = brief(filled)
    assert filled.folder.keep(other, passage(filled), actor=filled.actor) != first


def test_words_that_do_not_stand_there_are_not_kept(filled: Workbench) -> None:
    id_ = brief(filled)
    words = filled.editing.quote(passage(filled)).evidence[0]
    for wrong in (
        replace(words, quote=words.quote.replace("62", "64")),
        replace(words, spans=(Span(9, 0, 5),)),
    ):
        with pytest.raises(EvidenceError):
            filled.folder.keep(id_, wrong, actor=filled.actor)
    with pytest.raises(UnknownRecordError):
        filled.folder.keep(id_, 999, actor=filled.actor)
    with pytest.raises(UnknownRecordError):
        filled.folder.keep(id_, replace(words, version_id=999), actor=filled.actor)
    assert filled.folder.items(id_) == ()


def test_a_forged_document_is_put_right(filled: Workbench) -> None:
    id_ = brief(filled)
    words = filled.editing.quote(passage(filled)).evidence[0]
    filled.folder.keep(id_, replace(words, document_id=1), actor=filled.actor)
    (item,) = filled.folder.items(id_)
    assert item.evidence == words


def test_the_order_is_by_document_and_place(filled: Workbench) -> None:
    id_ = brief(filled)
    law = filled.passages.of_version(1)
    for wanted in (passage(filled, 3), law[-1].id, passage(filled, 2), law[0].id):
        filled.folder.keep(id_, wanted, actor=filled.actor)
    kept = [item.evidence for item in filled.folder.items(id_) if item.evidence]
    assert kept == sorted(kept, key=lambda e: (e.document_id, e.spans[0].page, e.spans[0].start))
    assert len({each.document_id for each in kept}) == 3


def test_a_note_is_replaced_and_an_item_dropped(filled: Workbench) -> None:
    id_ = brief(filled)
    item_id = filled.folder.keep(id_, passage(filled), actor=filled.actor)
    filled.folder.annotate(item_id, "看第二段", actor=filled.actor)
    assert filled.folder.items(id_)[0].note == "看第二段"
    filled.folder.drop(item_id, actor=filled.actor)
    assert filled.folder.items(id_) == ()
    with pytest.raises(UnknownItemError):
        filled.folder.drop(item_id, actor=filled.actor)
    with pytest.raises(UnknownItemError):
        filled.folder.annotate(item_id, "", actor=filled.actor)


def test_who_may_not_write_the_brief_keeps_nothing(filled: Workbench) -> None:
    mine, shared = brief(filled), shared_brief(filled)
    item_id = filled.folder.keep(mine, passage(filled), actor=filled.actor)
    other = somebody(filled)
    bench = filled.of(other)
    with pytest.raises(UnknownBriefError):
        bench.folder.keep(mine, passage(filled), actor=other)
    with pytest.raises(OtherBranchError):
        bench.folder.keep(shared, passage(filled), actor=other)
    with pytest.raises(UnknownItemError):
        bench.folder.drop(item_id, actor=other)
    with pytest.raises(UnknownBriefError):
        bench.folder.items(mine)
    reader = replace(filled.actor, permissions=frozenset({Permission.READ_STAFF}))
    with pytest.raises(NotPermittedError):
        filled.folder.keep(mine, passage(filled), actor=reader)


def test_a_source_that_the_viewer_may_not_see_shows_no_word(filled: Workbench) -> None:
    id_ = shared_brief(filled)
    item_id = filled.folder.keep(id_, passage(filled), note="不超过20万元", actor=filled.actor)
    filled.folder.keep(id_, passage(filled, 3), actor=filled.actor)
    withhold(filled, 2)
    seen, hidden = filled.of(somebody(filled)).folder.items(id_)
    assert seen.evidence is not None
    assert hidden.is_withheld
    assert (hidden.id, hidden.source, hidden.note, hidden.href) == (item_id, None, "", None)
    assert hidden.made_by is None
    assert len([item for item in filled.folder.items(id_) if item.evidence]) == 2


def test_what_became_of_the_source_shows(filled: Workbench) -> None:
    id_ = brief(filled)
    filled.folder.keep(id_, passage(filled, 2), actor=filled.actor)
    filled.folder.keep(id_, passage(filled, 3), actor=filled.actor)
    filled.ingest.upload("养老服务站40个。".encode(), "新.txt", actor=filled.actor, document_id=3)
    remove(filled, 2)
    states = [item.source.state for item in filled.folder.items(id_) if item.source]
    assert states == [SourceState.REMOVED, SourceState.SUPERSEDED]
    assert all(item.evidence and item.evidence.quote for item in filled.folder.items(id_))
    assert [item.is_usable for item in filled.folder.items(id_)] == [False, True]


def test_several_persons_keep_at_once(filled: Workbench) -> None:
    id_ = brief(filled)
    wanted = [each.id for version in (1, 2, 3) for each in filled.passages.of_version(version)]
    failures: list[Exception] = []

    def keep() -> None:
        try:
            for each in wanted:
                filled.folder.keep(id_, each, actor=filled.actor)
        except Exception as error:  # noqa: BLE001 – whatever it is, the test tells
            failures.append(error)

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    kept = [item.evidence for item in filled.folder.items(id_)]
    assert len(kept) == len(set(kept)) == len(wanted)


def test_a_draft_goes_with_its_folder(filled: Workbench) -> None:
    id_ = brief(filled)
    item_id = filled.folder.keep(id_, passage(filled), actor=filled.actor)
    filled.editing.discard(id_, actor=filled.actor)
    with pytest.raises(UnknownBriefError):
        filled.folder.items(id_)
    with pytest.raises(UnknownItemError):
        filled.folder.drop(item_id, actor=filled.actor)


def test_evidence_may_come_from_no_passage(filled: Workbench) -> None:
    id_ = brief(filled)
    words = filled.editing.evidence_on(2, "2023年全县计划加装电梯62台")
    assert words.passage_id is None
    filled.folder.keep(id_, words, actor=filled.actor)
    (item,) = filled.folder.items(id_)
    assert isinstance(item.evidence, Evidence)
    assert item.evidence.quote == "2023年全县计划加装电梯62台"


def test_of_a_file_that_was_discarded_no_word_is_left(filled: Workbench) -> None:
    id_ = brief(filled)
    filled.folder.keep(id_, passage(filled), actor=filled.actor)
    sha256 = filled.documents.version(filled.documents.get(2).current_version).sha256
    with writing(filled.engine).begin() as connection:
        wipe(connection, sha256, branch_id=filled.actor.branch_id)
    (item,) = filled.folder.items(id_)
    assert item.source is not None
    assert item.evidence is not None
    assert (item.source.state, item.evidence.quote) == (SourceState.DISCARDED, "")
    assert item.evidence.passage_id is None
    assert not item.is_usable
