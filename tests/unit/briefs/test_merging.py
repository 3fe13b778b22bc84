"""Two changes to one brief, made one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.model import Conflict, Contents, Evidence, Statement, StatementKind
from briefs.revisions.merging import merge, moved, same
from knowledge.model import Span

K = StatementKind


def line(id_: int | None, text: str = "", kind: StatementKind = K.JUDGEMENT) -> Statement:
    return Statement(kind, text or f"第{id_}句。", id=id_)


def contents(*ids: int, title: str = "题") -> Contents:
    return Contents(title, tuple(line(id_) for id_ in ids))


def says(made: Contents) -> list[str]:
    return [each.text for each in made.statements]


def ids(made: Contents) -> list[int | None]:
    return [each.id for each in made.statements]


def reworded(made: Contents, id_: int, text: str) -> Contents:
    lines = (replace(x, text=text) if x.id == id_ else x for x in made.statements)
    return replace(made, statements=tuple(lines))


def without(made: Contents, *gone: int) -> Contents:
    return replace(made, statements=tuple(x for x in made.statements if x.id not in gone))


BASE = contents(1, 2, 3, 4)


@st.composite
def changed(draw: st.DrawFn, *, side: str = "甲") -> Contents:
    """`BASE` as somebody may have left it: reworded, shortened, put in another order, added to."""
    lines = []
    for each in BASE.statements:
        fate = draw(st.sampled_from(("keep", "keep", "reword", "drop")))
        if fate != "drop":
            text = f"{side}改{each.id}。" if fate == "reword" else each.text
            lines.append(replace(each, text=text))
    lines = list(draw(st.permutations(lines)))
    for number in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(lines)))
        lines.insert(at, line(None, f"{side}新{number}。"))
    return Contents(draw(st.sampled_from(("题", f"{side}题"))), tuple(lines))


@given(changed())
def test_a_change_to_what_nobody_else_changed_is_that_change(mine: Contents) -> None:
    for merged in (merge(BASE, mine, theirs=BASE), merge(BASE, BASE, theirs=mine)):
        assert merged.contents == mine
        assert merged.conflicts == ()


@given(changed(side="甲"), changed(side="乙"))
def test_it_matters_to_the_order_alone_who_saved_first(one: Contents, two: Contents) -> None:
    first, second = merge(BASE, one, theirs=two), merge(BASE, two, theirs=one)
    mirrored = [Conflict(c.statement_id, c.theirs, c.mine) for c in second.conflicts]
    assert list(first.conflicts) == mirrored
    disputed = {c.statement_id for c in first.conflicts}
    settled = [
        sorted(x.text for x in made.contents.statements if x.id is None or x.id not in disputed)
        for made in (first, second)
    ]
    assert settled[0] == settled[1]


@given(changed(side="甲"), changed(side="乙"))
def test_nothing_is_lost(one: Contents, two: Contents) -> None:
    merged = merge(BASE, one, theirs=two)
    told = {text for c in merged.conflicts for text in (c.mine, c.theirs) if text is not None}
    found = {*says(merged.contents), merged.contents.title, *told}
    original = set(says(BASE))
    for side in (one, two):
        assert {text for text in says(side) if text not in original} <= found
        assert side.title in {*found, BASE.title}
    kept = set(ids(one)) & set(ids(two)) - {None}
    assert kept <= set(ids(merged.contents))
    assert len(ids(merged.contents)) - ids(merged.contents).count(None) == len(
        set(ids(merged.contents)) - {None}
    )


def test_changes_to_different_statements_are_both_made() -> None:
    mine = reworded(without(BASE, 4), 1, "甲。")
    theirs = replace(reworded(BASE, 3, "乙。"), title="新题")
    merged = merge(BASE, mine, theirs=theirs)
    assert says(merged.contents) == ["甲。", "第2句。", "乙。"]
    assert merged.contents.title == "新题"
    assert merged.conflicts == ()


def test_a_statement_moved_by_one_and_changed_by_the_other_is_both() -> None:
    mine = Contents("题", tuple(BASE.statements[i] for i in (3, 0, 1, 2)))
    merged = merge(BASE, mine, theirs=reworded(BASE, 4, "乙。"))
    assert says(merged.contents) == ["乙。", "第1句。", "第2句。", "第3句。"]


def test_of_two_insertions_at_one_place_the_one_saved_first_stands_first() -> None:
    def added(side: str) -> Contents:
        new = (line(None, f"{side}1。"), line(None, f"{side}2。"))
        return replace(BASE, statements=(*BASE.statements[:2], *new, *BASE.statements[2:]))

    merged = merge(BASE, added("甲"), theirs=added("乙"))
    assert says(merged.contents)[2:6] == ["乙1。", "乙2。", "甲1。", "甲2。"]


def test_what_follows_a_statement_that_the_other_deleted_keeps_its_place() -> None:
    new = line(None, "接着说。")
    mine = replace(BASE, statements=(*BASE.statements[:2], new, *BASE.statements[2:]))
    merged = merge(BASE, mine, theirs=without(BASE, 2))
    assert says(merged.contents) == ["第1句。", "接着说。", "第3句。", "第4句。"]


@pytest.mark.parametrize(
    ("mine", "theirs", "conflict"),
    [
        (reworded(BASE, 2, "甲。"), reworded(BASE, 2, "乙。"), Conflict(2, "甲。", "乙。")),
        (reworded(BASE, 2, "甲。"), without(BASE, 2), Conflict(2, "甲。", None)),
        (without(BASE, 2), reworded(BASE, 2, "乙。"), Conflict(2, None, "乙。")),
        (replace(BASE, title="甲"), replace(BASE, title="乙"), Conflict(None, "甲", "乙")),
    ],
)
def test_what_both_changed_to_different_things_is_a_conflict(
    mine: Contents, theirs: Contents, conflict: Conflict
) -> None:
    merged = merge(BASE, mine, theirs=theirs)
    assert merged.conflicts == (conflict,)
    assert merged.contents == theirs


def test_what_both_did_alike_is_done_once() -> None:
    changed = reworded(without(BASE, 4), 1, "同。")
    merged = merge(BASE, changed, theirs=changed)
    assert merged.contents == changed
    assert merged.conflicts == ()


def _with(made: Contents, *new: Statement, after: int) -> Contents:
    at = 1 + ids(made).index(after)
    return replace(made, statements=(*made.statements[:at], *new, *made.statements[at:]))


def test_what_both_inserted_alike_stands_once() -> None:
    """Two divide a sentence at the same place, or a save is sent again."""
    shorter = reworded(BASE, 2, "前半，")
    mine = _with(shorter, line(None, "后半。"), after=2)
    theirs = _with(shorter, line(7, "后半。"), after=2)
    merged = merge(BASE, mine, theirs=theirs)
    assert merged.contents == theirs
    assert merged.conflicts == ()
    # With something else before it, too.
    theirs = _with(theirs, line(8, "另一句。"), after=2)
    merged = merge(BASE, _with(mine, line(None, "我的。"), after=4), theirs=theirs)
    assert says(merged.contents)[1:4] == ["前半，", "另一句。", "后半。"]
    assert says(merged.contents)[-2:] == ["第4句。", "我的。"]


def test_what_stands_elsewhere_or_otherwise_is_another_statement() -> None:
    mine = _with(BASE, line(None, "重申。"), after=2)
    for theirs in (
        _with(BASE, line(7, "重申。"), after=3),
        _with(BASE, line(7, "重申。", K.BACKGROUND), after=2),
    ):
        assert len(merge(BASE, mine, theirs=theirs).contents.statements) == 6
    # Whoever says it twice says it twice.
    twice = _with(BASE, line(None, "重申。"), line(None, "重申。"), after=2)
    once = _with(BASE, line(7, "重申。"), after=2)
    assert says(merge(BASE, twice, theirs=once).contents).count("重申。") == 2


@given(changed())
def test_a_save_that_is_sent_again_changes_nothing(mine: Contents) -> None:
    numbered = (
        each if each.id is not None else replace(each, id=90 + place)
        for place, each in enumerate(mine.statements)
    )
    stored = replace(mine, statements=tuple(numbered))
    merged = merge(BASE, mine, theirs=stored)
    assert (merged.contents, merged.conflicts) == (stored, ())


def test_the_same_words_of_another_kind_are_a_change() -> None:
    mine = replace(BASE, statements=(line(1, kind=K.BACKGROUND), *BASE.statements[1:]))
    theirs = replace(BASE, statements=(line(1, kind=K.PARAPHRASE), *BASE.statements[1:]))
    assert merge(BASE, mine, theirs=theirs).conflicts == (Conflict(1, "第1句。", "第1句。"),)


def test_evidence_is_the_same_by_where_it_stands() -> None:
    bound = Evidence(1, 1, (Span(1, 0, 4),), "全县计划", passage_id=7)
    one = replace(line(1), evidence=(bound,))
    assert same(one, replace(one, evidence=(replace(bound, quote="", passage_id=None),)))
    assert not same(one, replace(one, evidence=(replace(bound, spans=(Span(1, 0, 5),)),)))
    assert not same(one, None)


@given(st.permutations(range(6)))
def test_what_was_not_moved_kept_its_order(order: list[int]) -> None:
    carried = moved(range(6), order)
    stays = [each for each in order if each not in carried]
    assert stays == sorted(stays)
    assert (carried == set()) == (order == sorted(order))
