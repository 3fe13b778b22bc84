"""Revisions gathered by who made them within minutes, and what a sitting changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from briefs.errors import UnknownBriefError
from briefs.model import Brief, Statement, StatementKind
from briefs.revisions.comparing import Aspect
from briefs.revisions.recording import Tally
from briefs.revisions.revising import SITTING
from briefs.revisions.sittings import seated
from briefs.workbench.bootstrap import Workbench
from knowledge.store.engine import writing
from knowledge.store.schema import documents
from tests.homes import second_person
from tests.unit.briefs.people import LIBRARIAN

K = StatementKind
START = datetime(2026, 5, 30, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    number: int
    made_by: int
    made_at: datetime


def rows(*steps: tuple[int, float]) -> list[Row]:
    """Of persons, each so many minutes after the one before; newest first."""
    at, made = START, []
    for number, (person, minutes) in enumerate(steps, start=1):
        at += timedelta(minutes=minutes)
        made.append(Row(number, person, at))
    return made[::-1]


def numbers(found: Sequence[Sequence[Row]]) -> list[list[int]]:
    return [[each.number for each in sitting] for sitting in found]


def test_a_sitting_is_one_persons_and_ten_minutes_at_the_most() -> None:
    made = rows((1, 0), (1, 5), (1, 5), (1, 0.1), (2, 1), (1, 1))
    assert numbers(seated(made)) == [[6], [5], [4], [3, 2, 1]]
    assert seated(rows()) == []


@given(st.lists(st.tuples(st.integers(1, 2), st.floats(0, 30))))
def test_every_revision_is_in_one_sitting_in_its_order(steps: list[tuple[int, float]]) -> None:
    made = rows(*steps)
    found = seated(made)
    assert [each for sitting in found for each in sitting] == made
    for sitting in found:
        assert len({each.made_by for each in sitting}) == 1
        assert sitting[0].made_at - sitting[-1].made_at <= SITTING


def save(bench: Workbench, brief: Brief, *texts: str) -> Brief:
    pairs = zip(brief.statements, texts, strict=False)
    lines = [replace(line, text=text) for line, text in pairs]
    lines += [Statement(K.JUDGEMENT, text) for text in texts[len(lines) :]]
    return bench.editing.save(brief, title=brief.title, lines=lines, actor=bench.actor)


def test_a_sitting_says_what_it_changed_in_the_end(filled: Workbench) -> None:
    brief = filled.editing.create("简报", [Statement(K.JUDGEMENT, "甲。")], actor=filled.actor)
    person = second_person(filled)
    other = filled.of(person)
    for typed in ("甲", "甲乙", "甲乙丙。"):
        brief = save(filled, brief, typed, "另一句。")
    brief = save(other, brief, "甲乙丙。", "另一句。", "第三句。")
    brief = filled.editing.save(brief, title="新题", lines=brief.statements, actor=filled.actor)
    *_, third, second, first = filled.history.sittings(brief.id)
    spans = [(each.first, each.last, each.base) for each in (first, second, third)]
    assert spans[-2:] == [(5, 5, 4), (6, 6, 5)]
    assert (second.person, second.words) == (person.name, "第三句。")
    assert (third.tally, third.words) == (Tally(0, 0, 0, 0), "新题")
    mine = filled.history.sittings(brief.id, before=5)
    assert sum(each.last - each.first + 1 for each in mine) == 4
    assert mine[0].words == "甲乙丙。"
    assert mine[0].tally.changed == 1
    assert filled.history.sittings(brief.id, limit=1) == [third]
    difference = filled.history.difference(brief.id, mine[0].base, new=mine[0].last)
    changed = difference.changes[0]
    assert (changed.old_number, changed.number, changed.aspects) == (1, 1, (Aspect.TEXT,))


def close(bench: Workbench) -> None:
    with writing(bench.engine).begin() as connection:
        connection.execute(update(documents).where(documents.c.id == 1).values(access="named"))


def test_a_sitting_does_not_tell_what_is_withheld(filled: Workbench) -> None:
    reader = LIBRARIAN.bench(filled)
    brief = reader.editing.create("简报", [reader.editing.quote(1)], actor=reader.actor)
    lines = [replace(brief.statements[0], kind=K.PARAPHRASE, text="密语甲乙丙。")]
    brief = filled.editing.save(brief, title="简报", lines=lines, actor=filled.actor)
    assert "密语" in repr(reader.history.sittings(brief.id))
    close(filled)
    assert "密语" not in repr(LIBRARIAN.bench(filled).history.sittings(brief.id))
    assert "密语" in repr(filled.history.sittings(brief.id))


def test_an_unknown_brief_has_no_sittings(filled: Workbench) -> None:
    with pytest.raises(UnknownBriefError):
        filled.history.sittings(99)
