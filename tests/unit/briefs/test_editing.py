"""Changing a brief, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from briefs.errors import (
    ConflictingChangeError,
    EvidenceError,
    NoTableError,
    RaggedTableError,
    StaleRevisionError,
    UnknownBriefError,
)
from briefs.model import Brief, BriefState, Conflict, Length, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.audit import Search
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor, Span
from knowledge.store.engine import writing
from knowledge.store.schema import documents
from tests.homes import START, second_person
from tests.unit.briefs.people import LIBRARIAN, draft

LIMIT = "加装电梯每台财政补助不超过20万元。"


def _quote(workbench: Workbench) -> Statement:
    passage = workbench.retriever.search("加装电梯补助")[0].passage
    return workbench.editing.quote(passage.id, LIMIT)


def test_a_quote_is_bound_to_exactly_its_words(filled: Workbench) -> None:
    line = _quote(filled)
    evidence = line.evidence[0]
    page = filled.documents.pages(evidence.version_id)[0]
    span = evidence.spans[0]
    assert line.kind is StatementKind.QUOTE
    assert page.text[span.start : span.end] == LIMIT == evidence.quote == line.text


def test_words_that_are_not_in_the_passage_are_refused(filled: Workbench) -> None:
    passage = filled.retriever.search("加装电梯补助")[0].passage
    with pytest.raises(EvidenceError, match="不超过30万元"):
        filled.editing.quote(passage.id, "加装电梯每台财政补助不超过30万元。")
    with pytest.raises(UnknownRecordError):
        filled.editing.quote(999)


def test_a_brief_keeps_its_statements_in_order_through_every_change(filled: Workbench) -> None:
    heading = Statement(StatementKind.HEADING, "一、补助标准", level=1)
    view = Statement(StatementKind.JUDGEMENT, "建议提高标准。")
    brief = filled.editing.create("电梯", [heading, _quote(filled), view], actor=filled.actor)
    turned = filled.editing.save(
        brief, title="电梯补助", lines=brief.statements[::-1], actor=filled.actor
    )
    assert turned == filled.briefs.get(brief.id)
    assert [s.id for s in turned.statements] == [s.id for s in brief.statements[::-1]]
    assert turned.statements[1].evidence == brief.statements[1].evidence
    assert (turned.title, turned.revision) == ("电梯补助", 2)


def test_saving_the_same_makes_no_revision(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    assert (
        filled.editing.save(brief, title="电梯", lines=brief.statements, actor=filled.actor)
        == brief
    )


def test_two_people_never_overwrite_each_other_silently(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    mine = filled.editing.save(brief, title="甲的题名", lines=brief.statements, actor=filled.actor)
    with pytest.raises(StaleRevisionError) as refused:
        filled.editing.save(brief, title="乙的题名", lines=(), actor=filled.actor)
    assert isinstance(refused.value, ConflictingChangeError)
    assert refused.value.conflicts == (Conflict(None, "乙的题名", "甲的题名"),)
    assert filled.briefs.get(brief.id) == mine


def test_a_quote_in_other_words_becomes_a_paraphrase_and_keeps_its_evidence(
    filled: Workbench,
) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    line = replace(brief.statements[0], text="每台最多补助二十万元。")
    changed = filled.editing.save(brief, title="电梯", lines=[line], actor=filled.actor)
    assert changed.statements[0].kind is StatementKind.PARAPHRASE
    assert changed.statements[0].evidence == brief.statements[0].evidence


def test_a_quote_may_be_shortened_and_typed_in_other_widths(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    line = replace(brief.statements[0], text="每台财政补助不超过２０万元")
    changed = filled.editing.save(brief, title="电梯", lines=[line], actor=filled.actor)
    assert changed.statements[0].kind is StatementKind.QUOTE


def test_evidence_that_points_elsewhere_is_refused(filled: Workbench) -> None:
    line = _quote(filled)
    moved = replace(line.evidence[0], spans=(Span(1, 0, len(LIMIT)),))
    with pytest.raises(EvidenceError):
        filled.editing.create("电梯", [replace(line, evidence=(moved,))], actor=filled.actor)
    assert filled.briefs.all() == []


def test_a_published_brief_that_is_changed_is_a_draft_again(filled: Workbench) -> None:
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    filled.publishing.publish(brief.id, actor=filled.actor)
    published = filled.briefs.get(brief.id)
    assert published.state is BriefState.PUBLISHED
    changed = filled.editing.save(
        published, title="新题名", lines=published.statements, actor=filled.actor
    )
    assert changed.state is BriefState.DRAFT


def test_only_what_was_never_published_can_be_deleted(filled: Workbench) -> None:
    draft = filled.editing.create("草稿", [_quote(filled)], actor=filled.actor)
    filled.editing.discard(draft.id, actor=filled.actor)
    with pytest.raises(UnknownBriefError):
        filled.briefs.get(draft.id)
    brief = filled.editing.create("电梯", [_quote(filled)], actor=filled.actor)
    filled.publishing.publish(brief.id, actor=filled.actor)
    with pytest.raises(UnknownBriefError):
        filled.editing.discard(brief.id, actor=filled.actor)


def _opinions(bench: Workbench, count: int) -> Brief:
    lines = [Statement(StatementKind.JUDGEMENT, f"第{n}句。") for n in range(count)]
    return bench.editing.create("简报", lines, actor=bench.actor)


def _reworded(brief: Brief, place: int, text: str) -> list[Statement]:
    lines = list(brief.statements)
    lines[place] = replace(lines[place], text=text)
    return lines


def test_changes_of_two_persons_to_different_statements_are_both_kept(filled: Workbench) -> None:
    brief = _opinions(filled, 3)
    editing, actor = filled.editing, filled.actor
    editing.save(brief, title="新题名", lines=_reworded(brief, 0, "甲。"), actor=actor)
    mine = [*_reworded(brief, 2, "乙。"), Statement(StatementKind.JUDGEMENT, "新。")]
    saved = editing.save(brief, title="简报", lines=mine, actor=actor)
    assert [line.text for line in saved.statements] == ["甲。", "第1句。", "乙。", "新。"]
    assert (saved.title, saved.revision) == ("新题名", 3)
    assert saved == filled.briefs.get(brief.id)
    assert [line.id for line in saved.statements[:3]] == [line.id for line in brief.statements]


def test_a_conflict_names_both_wordings_and_saves_nothing(filled: Workbench) -> None:
    brief = _opinions(filled, 3)
    editing, actor = filled.editing, filled.actor
    theirs = editing.save(brief, title="简报", lines=_reworded(brief, 0, "甲。"), actor=actor)
    mine = _reworded(brief, 0, "乙。")
    mine[1] = replace(mine[1], text="也改了。")
    with pytest.raises(ConflictingChangeError) as refused:
        editing.save(brief, title="简报", lines=mine, actor=actor)
    assert refused.value.conflicts == (Conflict(brief.statements[0].id, "乙。", "甲。"),)
    assert filled.briefs.get(brief.id) == theirs


def test_a_conflict_does_not_give_away_what_is_withheld(filled: Workbench) -> None:
    brief = draft(filled)
    bench, actor = LIBRARIAN.bench(filled), LIBRARIAN.actor(filled)
    seen = bench.briefs.get(brief.id)
    filled.editing.save(
        filled.briefs.get(brief.id),
        title=brief.title,
        lines=_reworded(brief, 1, "不让看的话。"),
        actor=filled.actor,
    )
    with writing(filled.engine).begin() as connection:
        connection.execute(update(documents).where(documents.c.id == 1).values(access="named"))
    lines = [
        replace(seen.statements[1], text="我的话。", evidence=(), kind=StatementKind.JUDGEMENT)
    ]
    with pytest.raises(ConflictingChangeError) as refused:
        bench.editing.save(seen, title=brief.title, lines=[seen.statements[0], *lines], actor=actor)
    assert refused.value.conflicts == (Conflict(seen.statements[1].id, "我的话。", ""),)
    # Whoever changes something else is not asked, and changes nothing of it.
    saved = bench.editing.save(seen, title="新题名", lines=seen.statements, actor=actor)
    assert saved.statements[1].is_withheld
    assert filled.briefs.get(brief.id).statements[1].text == "不让看的话。"


def test_two_who_save_at_once_lose_nothing(filled: Workbench) -> None:
    brief = _opinions(filled, 2)

    def write(place: int) -> list[int]:
        made, now = [], brief
        for number in range(50):
            lines = _reworded(now, place, f"{place}-{number}")
            now = filled.editing.save(now, title="简报", lines=lines, actor=filled.actor)
            assert now.statements[place].text == f"{place}-{number}"
            made.append(now.revision)
        return made

    with ThreadPoolExecutor(2) as pool:
        revisions = [number for made in pool.map(write, (0, 1)) for number in made]
    assert sorted(revisions) == list(range(2, 102))
    assert [line.text for line in filled.briefs.get(brief.id).statements] == ["0-49", "1-49"]
    assert len(filled.history.revisions(brief.id)) == 101


def test_of_two_who_change_the_same_exactly_the_refused_are_lost(filled: Workbench) -> None:
    brief = _opinions(filled, 1)

    def write(side: str) -> tuple[list[str], list[str]]:
        saved, refused = [], []
        now = brief
        for number in range(50):
            text = f"{side}{number}"
            try:
                now = filled.editing.save(
                    now, title="简报", lines=_reworded(now, 0, text), actor=filled.actor
                )
                saved.append(text)
            except ConflictingChangeError as error:
                (conflict,) = error.conflicts
                assert conflict.mine == text
                refused.append(text)
                now = filled.briefs.get(brief.id)
        return saved, refused

    with ThreadPoolExecutor(2) as pool:
        sides = list(pool.map(write, "甲乙"))
    saved = {text for side, _ in sides for text in side}
    kept = {
        filled.history.at(brief.id, each.number).statements[0].text
        for each in filled.history.revisions(brief.id)
    }
    assert kept == {"第0句。", *saved}
    assert sum(len(saved) + len(refused) for saved, refused in sides) == 100


def test_a_sitting_is_one_deed(filled: Workbench) -> None:
    brief = _opinions(filled, 1)
    actor, other = filled.actor, second_person(filled)
    now = START

    def save(by: Actor, after: timedelta) -> None:
        nonlocal brief, now
        now += after
        lines = _reworded(brief, 0, f"建议{'再' * brief.revision}改进。")
        brief = filled.briefs.save(brief, title="简报", lines=lines, actor=by, at=now)

    def entered() -> list[int]:
        found = filled.audit.entries(Search(action="change-brief"), limit=99)
        return [int(each.deed.details["revision"] or 0) for each in found][::-1]

    minute = timedelta(minutes=1)
    for _ in range(10):
        save(actor, minute)
    assert entered() == [2]
    save(actor, 2 * minute)
    save(other, minute)
    save(actor, minute)
    save(actor, minute)
    save(replace(actor, address="10.0.0.7"), minute)
    assert entered() == [2, 12, 13, 14, 16]
    filled.publishing.publish(brief.id, actor=actor)
    brief = filled.briefs.get(brief.id)
    save(replace(actor, address="10.0.0.7"), minute)
    assert entered() == [2, 12, 13, 14, 16, 17]
    assert len(filled.history.revisions(brief.id)) == 17


def test_what_a_kind_has_not_is_not_kept(filled: Workbench) -> None:
    lines = [
        Statement(StatementKind.JUDGEMENT, "甲。", formula="1 + 1", level=2),
        Statement(StatementKind.COMPUTED, "乙。", formula=" 1 + 1 "),
        Statement(StatementKind.COMPUTED, "丙。", formula=" "),
        Statement(StatementKind.TABLE, "题\n|馆|人次|\n|--|--|\n|东|1|", length=Length.DEEP),
    ]
    made = filled.editing.create("简报", lines, actor=filled.actor).statements
    assert [line.formula for line in made] == [None, "1 + 1", None, None]
    assert made[0].level is None
    assert (made[3].text, made[3].length) == ("题\n馆\t人次\n东\t1", Length.DEEP)
    for text, wrong in (("不是表", NoTableError), ("题\n馆\t人次\n东", RaggedTableError)):
        with pytest.raises(wrong):
            filled.editing.create(
                "简报", [Statement(StatementKind.TABLE, text)], actor=filled.actor
            )
    assert len(filled.briefs.all()) == 1


def test_a_statement_given_twice_is_stored_twice_and_another_brief_keeps_its_own(
    filled: Workbench,
) -> None:
    one, two = _opinions(filled, 1), _opinions(filled, 1)
    lines = [*one.statements, *one.statements, *two.statements]
    saved = filled.editing.save(one, title="简报", lines=lines, actor=filled.actor)
    assert saved.statements[0].id == one.statements[0].id
    assert len({line.id for line in saved.statements}) == 3
    assert filled.briefs.get(two.id) == two


def test_quotes_joined_at_their_source_are_one_quote(filled: Workbench) -> None:
    texts = ["第四条 公共图书馆应当妥善保护读者的个人信息", "，不得出售或者非法向他人提供。"]
    pair = [
        Statement(StatementKind.QUOTE, text, (filled.editing.evidence_on(1, text),))
        for text in texts
    ]
    brief = filled.editing.create("简报", pair, actor=filled.actor)
    joined = filled.editing.merged(brief.statements, brief.statements[0].id or 0)
    saved = filled.editing.save(brief, title="简报", lines=joined, actor=filled.actor)
    (line,) = saved.statements
    assert (line.kind, line.text) == (StatementKind.QUOTE, "".join(texts))
    assert len(line.evidence) == 1
    filled.editing.check(saved)


def test_only_what_changed_is_written(filled: Workbench) -> None:
    brief = _opinions(filled, 30)
    written: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if " statements " in sql and not sql.startswith("SELECT"):
            written.append(sql.split(maxsplit=1)[0])

    event.listen(filled.engine, "before_cursor_execute", note)
    lines = _reworded(brief, 4, "改。")
    filled.editing.save(brief, title="简报", lines=lines, actor=filled.actor)
    event.remove(filled.engine, "before_cursor_execute", note)
    assert written == ["UPDATE"]
