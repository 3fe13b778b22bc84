"""What a brief said before: looked at, compared, taken back."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update

from briefs.errors import (
    ChangedSinceError,
    DiscardedRevisionError,
    FirstRevisionError,
    UnknownBriefError,
    UnknownRevisionError,
    WithheldRevisionError,
)
from briefs.model import Brief, Length, Statement, StatementKind
from briefs.revisions.comparing import Change
from briefs.revisions.recording import Tally
from briefs.schema import briefs, editions, revisions
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Role
from knowledge.errors import OtherBranchError
from knowledge.store.engine import writing
from knowledge.store.schema import documents, metadata
from tests.homes import open_account, second_person
from tests.unit.briefs.people import LIBRARIAN, Person

K = StatementKind


def opinion(text: str) -> Statement:
    return Statement(K.JUDGEMENT, text)


def begun(bench: Workbench, by: Person | None = None) -> Brief:
    """A brief with a heading, a quote and two judgements, at revision 1."""
    if by is not None:
        bench = by.bench(bench)
    lines = [
        Statement(K.HEADING, "一、情况", level=1),
        bench.editing.quote(1),
        opinion("甲。"),
        opinion("乙。"),
    ]
    return bench.editing.create("简报", lines, actor=bench.actor)


def reworded(bench: Workbench, brief: Brief, place: int, text: str) -> Brief:
    lines = list(brief.statements)
    lines[place] = replace(lines[place], text=text)
    return bench.editing.save(brief, title=brief.title, lines=lines, actor=bench.actor)


def without(bench: Workbench, brief: Brief, place: int) -> Brief:
    lines = [*brief.statements[:place], *brief.statements[place + 1 :]]
    return bench.editing.save(brief, title=brief.title, lines=lines, actor=bench.actor)


def undone(bench: Workbench, brief: Brief, number: int) -> Brief:
    return bench.history.undo(brief, number, actor=bench.actor)


def texts(brief: Brief) -> list[str]:
    return [line.text for line in brief.statements]


def test_every_revision_says_what_the_brief_said(filled: Workbench) -> None:
    said = [begun(filled)]
    said.append(reworded(filled, said[-1], 2, "甲改。"))
    said.append(without(filled, said[-1], 1))
    lines = [*said[-1].statements[::-1], replace(opinion("丙。"), length=Length.DEEP)]
    computed = Statement(K.COMPUTED, "共2处。", formula="1 + 1")
    said.append(
        filled.editing.save(said[-1], title="新题名", lines=[*lines, computed], actor=filled.actor)
    )
    for brief in said:
        then = filled.history.at(brief.id, brief.revision)
        assert (then.title, then.statements) == (brief.title, brief.statements)
        assert then.updated_at == brief.updated_at
    with pytest.raises(UnknownRevisionError, match="no revision 5"):
        filled.history.at(said[0].id, 5)


def test_the_list_says_who_changed_how_much(filled: Workbench) -> None:
    brief = reworded(filled, begun(filled), 2, "甲改。")
    other = second_person(filled)
    lines = [*brief.statements[2:], opinion("丙。"), *brief.statements[:1]]
    filled.editing.save(brief, title="新题名", lines=lines, actor=other)
    third, second, first = filled.history.revisions(brief.id)
    assert [each.number for each in (third, second, first)] == [3, 2, 1]
    assert (third.person, third.made_by, third.title) == ("复核员", other.person_id, "新题名")
    assert (second.person, second.is_first, first.is_first) == (filled.actor.name, False, True)
    assert third.tally == Tally(added=1, changed=0, removed=1, moved=1)
    assert second.tally == Tally(added=0, changed=1, removed=0, moved=0)
    assert first.tally == Tally(added=4, changed=0, removed=0, moved=0)
    assert filled.history.revisions(brief.id, limit=1) == [third]
    assert filled.history.revisions(brief.id, limit=1, before=3) == [second]
    assert filled.history.revisions(brief.id, before=2) == [first]


def test_a_change_is_taken_back_and_done_again(filled: Workbench) -> None:
    brief = begun(filled)
    quote = brief.statements[1]
    brief = without(filled, brief, 1)
    brief = reworded(filled, brief, 2, "乙改。")
    back = undone(filled, brief, 2)
    # With its id, its evidence and its place; what was changed since stays.
    assert texts(back) == ["一、情况", quote.text, "甲。", "乙改。"]
    assert back.statements[1] == quote
    assert back == filled.briefs.get(brief.id)
    again = undone(filled, back, back.revision)
    assert again.statements == brief.statements
    assert undone(filled, again, again.revision).statements == back.statements


def test_title_order_and_kind_are_taken_back_too(filled: Workbench) -> None:
    first = begun(filled)
    lines = [*first.statements[::-1]]
    lines[0] = replace(lines[0], kind=K.BACKGROUND)
    filled.editing.save(first, title="新题名", lines=lines, actor=filled.actor)
    back = undone(filled, first, 2)
    assert (back.title, back.statements) == (first.title, first.statements)


def test_what_was_changed_again_is_not_taken_back(filled: Workbench) -> None:
    brief = reworded(filled, begun(filled), 2, "甲改。")
    brief = reworded(filled, brief, 2, "甲又改。")
    with pytest.raises(ChangedSinceError, match="Revision 2") as refused:
        undone(filled, brief, 2)
    (conflict,) = refused.value.conflicts
    assert conflict.statement_id == brief.statements[2].id
    assert (conflict.mine, conflict.theirs) == ("甲。", "甲又改。")
    assert filled.briefs.get(brief.id) == brief
    brief = undone(filled, brief, 3)
    assert texts(undone(filled, brief, 2))[2] == "甲。"


def test_what_is_taken_back_already_makes_no_revision(filled: Workbench) -> None:
    back = undone(filled, reworded(filled, begun(filled), 2, "甲改。"), 2)
    assert undone(filled, back, 2) == back


def test_the_first_revision_is_not_taken_back(filled: Workbench) -> None:
    brief = begun(filled)
    with pytest.raises(FirstRevisionError):
        undone(filled, brief, 1)
    with pytest.raises(UnknownRevisionError):
        undone(filled, brief, 2)


def test_what_is_different_is_told_statement_by_statement(filled: Workbench) -> None:
    first = begun(filled)
    second = reworded(filled, first, 2, "甲改。")
    lines = [second.statements[3], *second.statements[:1], second.statements[2], opinion("丙。")]
    filled.editing.save(second, title="新题名", lines=lines, actor=filled.actor)
    difference = filled.history.difference(first.id, 1, new=3)
    heading, quote, one, two = first.statements
    told = {each.statement_id: each for each in difference.changes}
    assert difference.titles == ("简报", "新题名")
    assert [each.change for each in difference.changes] == [
        Change.MOVED,
        Change.REMOVED,
        Change.CHANGED,
        Change.ADDED,
    ]
    changed = told[one.id or 0]
    assert changed.before == one
    assert changed.after is not None
    assert changed.after.text == "甲改。"
    removed = told[quote.id or 0]
    assert (removed.before, removed.after) == (quote, None)
    assert told[two.id or 0].change is Change.MOVED
    assert heading.id not in told
    assert filled.history.difference(first.id, 3, new=3).changes == ()


def test_a_brief_of_an_older_zhiku_has_nothing_to_go_back_to(filled: Workbench) -> None:
    brief = reworded(filled, begun(filled), 2, "甲改。")
    with writing(filled.engine).begin() as connection:
        connection.execute(delete(revisions))
    assert filled.history.revisions(brief.id) == []
    assert filled.history.at(brief.id, 2) == brief
    changed = reworded(filled, brief, 2, "甲又改。")
    with pytest.raises(FirstRevisionError):
        undone(filled, changed, 3)
    # From the first one that is kept all goes as ever; two who began before it are made one.
    last = reworded(filled, brief, 3, "乙改。")
    assert texts(last)[2:] == ["甲又改。", "乙改。"]
    assert texts(undone(filled, last, last.revision))[2:] == ["甲又改。", "乙。"]


def test_revisions_are_kept_whole_now_and_then(filled: Workbench) -> None:
    brief = begun(filled)
    said = {1: brief}
    for number in range(2, 104):
        brief = said[number] = reworded(filled, brief, 2 + number % 2, f"第{number}稿。")
    with filled.engine.connect() as connection:
        rows = connection.execute(select(revisions).order_by(revisions.c.number)).all()
    assert [row.number for row in rows if "whole" in json.loads(row.content)] == [1, 100]
    assert max(len(row.content) for row in rows if row.number not in {1, 100}) < 200
    for number in (1, 2, 99, 100, 101, 103):
        assert filled.history.at(brief.id, number).statements == said[number].statements


def test_what_is_published_and_changed_can_be_compared(filled: Workbench) -> None:
    brief = begun(filled)
    filled.publishing.publish(brief.id, actor=filled.actor)
    with filled.engine.connect() as connection:
        frozen = connection.execute(select(editions.c.revision)).scalar_one()
    reworded(filled, filled.briefs.get(brief.id), 2, "甲改。")
    assert len(filled.history.difference(brief.id, frozen, new=2).changes) == 1


# Who may see it


def _close(bench: Workbench) -> None:
    with writing(bench.engine).begin() as connection:
        connection.execute(update(documents).where(documents.c.id == 1).values(access="named"))


def _librarian(bench: Workbench) -> Workbench:
    return LIBRARIAN.bench(bench)


def test_old_revisions_withhold_what_the_brief_would(filled: Workbench) -> None:
    first = begun(filled, LIBRARIAN)
    words = "为了促进公共图书馆事业发展"
    assert words in first.statements[1].text
    bare = replace(first.statements[1], evidence=(), kind=K.PARAPHRASE)
    lines = [first.statements[0], bare, *first.statements[2:]]
    second = filled.editing.save(first, title="简报", lines=lines, actor=filled.actor)
    third = without(filled, second, 1)
    _close(filled)
    seen = _librarian(filled).history
    for number in (1, 2):
        hidden = seen.at(first.id, number).statements[1]
        assert (hidden.text, hidden.evidence, hidden.is_withheld) == ("", (), True)
        assert words not in repr(seen.at(first.id, number))
        assert words in repr(filled.history.at(first.id, number))
    for old, new in ((1, 2), (1, 3), (2, 3), (3, 1)):
        difference = seen.difference(first.id, old, new=new)
        assert len(difference.changes) == 1
        assert words not in repr(difference)
    assert words not in repr(seen.revisions(first.id))
    # Nor does taking back that it was taken out bring its words to light, or that it was unbound.
    actor = LIBRARIAN.actor(filled)
    for number in (2, 3):
        with pytest.raises((WithheldRevisionError, ChangedSinceError)) as refused:
            _librarian(filled).history.undo(third, number, actor=actor)
        assert words not in repr(getattr(refused.value, "conflicts", ""))
    assert filled.briefs.get(first.id) == third
    back = undone(filled, third, 3)
    assert words in back.statements[1].text
    assert undone(filled, back, 2).statements[1] == first.statements[1]


def test_a_withheld_statement_comes_back_whole_and_unseen(filled: Workbench) -> None:
    first = begun(filled, LIBRARIAN)
    _close(filled)
    bench, actor = _librarian(filled), LIBRARIAN.actor(filled)
    seen = bench.briefs.get(first.id)
    gone = bench.editing.save(
        seen, title="简报", lines=[seen.statements[0], *seen.statements[2:]], actor=actor
    )
    back = bench.history.undo(gone, gone.revision, actor=actor)
    assert back.statements[1].is_withheld
    assert "为了促进公共图书馆事业发展" not in repr(back)
    assert filled.briefs.get(first.id).statements == first.statements
    # Nor does a refusal name its words.
    whole = reworded(filled, filled.briefs.get(first.id), 1, "改写过的话。")
    with pytest.raises(ChangedSinceError) as refused:
        bench.history.undo(whole, gone.revision + 1, actor=actor)
    assert {(each.mine, each.theirs) for each in refused.value.conflicts} == {(None, "")}


def _bound_later(bench: Workbench) -> Brief:
    """A sentence at revision 1, bound at 2 to a source that is kept from the librarian by now."""
    _, quote, *others = begun(bench, LIBRARIAN).statements
    bare = replace(quote, kind=K.PARAPHRASE, evidence=())
    brief = bench.editing.create("简报", [bare, *others], actor=LIBRARIAN.actor(bench))
    bound = replace(brief.statements[0], evidence=quote.evidence)
    brief = bench.editing.save(
        brief, title="简报", lines=[bound, *brief.statements[1:]], actor=bench.actor
    )
    _close(bench)
    return brief


def test_undoing_gives_nobody_words_that_are_kept_from_them(filled: Workbench) -> None:
    brief = _bound_later(filled)
    words = brief.statements[0].text
    bench, actor = _librarian(filled), LIBRARIAN.actor(filled)
    seen = bench.briefs.get(brief.id)
    with pytest.raises(WithheldRevisionError):
        bench.history.undo(seen, 2, actor=actor)
    assert filled.briefs.get(brief.id) == brief
    # Whoever may see the source may do it; then it is no longer kept from anybody.
    assert texts(undone(filled, brief, 2))[0] == words


def test_a_refused_undoing_tells_neither_wording(filled: Workbench) -> None:
    brief = _bound_later(filled)
    words = brief.statements[0].text
    lines = [replace(brief.statements[0], text="略。", evidence=()), *brief.statements[1:]]
    brief = filled.editing.save(brief, title="简报", lines=lines, actor=filled.actor)
    bench, actor = _librarian(filled), LIBRARIAN.actor(filled)
    with pytest.raises(ChangedSinceError) as refused:
        bench.history.undo(bench.briefs.get(brief.id), 2, actor=actor)
    assert [(each.mine, each.theirs) for each in refused.value.conflicts] == [("", "")]
    with pytest.raises(ChangedSinceError) as told:
        undone(filled, brief, 2)
    assert [each.mine for each in told.value.conflicts] == [words]


def test_history_is_for_whoever_sees_the_brief_and_undoing_for_whoever_writes_it(
    filled: Workbench,
) -> None:
    brief = reworded(filled, begun(filled), 2, "甲改。")
    stranger = Person(Role.LIBRARIAN, "西馆")
    for act in (
        lambda: stranger.bench(filled).history.revisions(brief.id),
        lambda: stranger.bench(filled).history.at(brief.id, 1),
        lambda: stranger.bench(filled).history.at(brief.id, 2),
        lambda: stranger.bench(filled).history.difference(brief.id, 1, new=2),
        lambda: stranger.bench(filled).history.undo(brief, 2, actor=stranger.actor(filled)),
    ):
        with pytest.raises(UnknownBriefError):
            act()
    filled.editing.share(brief.id, shared=True, actor=filled.actor)
    assert len(stranger.bench(filled).history.revisions(brief.id)) == 2
    with pytest.raises(OtherBranchError):
        stranger.bench(filled).history.undo(brief, 2, actor=stranger.actor(filled))
    reader = replace(filled.actor, permissions=frozenset(), is_operator=False)
    with pytest.raises(NotPermittedError):
        filled.history.undo(brief, 2, actor=reader)


# What becomes of it


def test_a_deleted_draft_takes_all_that_belongs_to_it_along(filled: Workbench) -> None:
    brief = reworded(filled, begun(filled), 2, "甲改。")
    kept = begun(filled)
    filled.editing.discard(brief.id, actor=filled.actor)
    with filled.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if column.references(briefs.c.id):
                    of_it = select(func.count()).select_from(table).where(column == brief.id)
                    assert connection.execute(of_it).scalar() == 0, table.name
    assert len(filled.history.revisions(kept.id)) == 1


def test_an_erased_person_is_called_otherwise_in_history(filled: Workbench) -> None:
    brief = begun(filled)
    person = open_account(filled, "馆员丁", Role.LIBRARIAN)
    lines = [*brief.statements, opinion("丙。")]
    filled.editing.save(brief, title="简报", lines=lines, actor=person.actor)
    portrait = filled.personal_data.of_person(person.person_id, actor=filled.actor)
    (records,) = (each.rows for each in portrait.sections if each.name == "records")
    kept = {(row["kind"], row["id"]) for row in records}
    assert ("revisions", f"{brief.id}/2") in kept
    filled.erasing.erase_person(
        person.person_id, confirm="馆员丁", called="已删除的人员 7", actor=filled.actor
    )
    newest, _ = filled.history.revisions(brief.id)
    assert newest.person == "已删除的人员 7"


def test_words_of_a_discarded_file_are_in_no_revision(filled: Workbench) -> None:
    from knowledge.store.discarding import wipe

    brief = begun(filled)
    words = brief.statements[1].text
    without(filled, brief, 1)
    version = filled.documents.version(brief.statements[1].evidence[0].version_id)
    with writing(filled.engine).begin() as connection:
        wipe(connection, version.sha256, branch_id=filled.actor.branch_id)
        kept = connection.execute(select(revisions.c.content)).scalars().all()
    assert not any(words in text for text in kept)
    assert filled.history.at(brief.id, 1).statements[1].text == ""
    # Nor is anything taken back without them.
    now = filled.briefs.get(brief.id)
    with pytest.raises(DiscardedRevisionError):
        undone(filled, brief, 2)
    assert filled.briefs.get(brief.id) == now
