"""What is done at the desk: each deed is carried out on the brief as it is at that moment."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from briefs.model import Brief, Length, Statement, StatementKind
from briefs.trail.noted import ActKind
from briefs.workbench import pages, serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from briefs.workbench.pages.changes import carry_out
from briefs.workbench.pages.events import Do, Event
from briefs.workbench.pages.seat import Seat, mark_of
from briefs.workbench.pages.statement import characters, rows
from knowledge.model import Actor
from tests.unit.workbench.test_pages import _open, _shown

NUMBERS = itertools.count(1)


@pytest.fixture
def home(filled: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    serving.share(filled)
    _as(filled.actor, monkeypatch)
    yield filled
    serving.share(None)


@pytest.fixture
def brief(home: Workbench) -> Brief:
    passage = next(r.passage for r in home.retriever.search("加装电梯 补助", 1))
    lines = [
        Statement(StatementKind.HEADING, "补助标准", level=1),
        home.editing.quote(passage.id, "加装电梯每台财政补助不超过20万元。"),
        Statement(StatementKind.PARAPHRASE, "各地做法不一。"),
    ]
    return home.editing.create("加装电梯简报", lines, actor=home.actor)


@pytest.fixture
def seat(brief: Brief) -> Seat:
    return Seat(brief.id, brief.revision)


def _as(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "signed_in", lambda: actor)
    monkeypatch.setattr(pages, "signed_in", lambda: actor)


def _do(home: Workbench, seat: Seat, do: Do, **given: Any) -> tuple[Statement, ...]:
    """Do it in a tab that shows what is stored, but for what is given."""
    for key, seen in (("key", "seen"), ("other", "seen_other")):
        given.setdefault(seen, _seen(home, seat, given.get(key, "")))
    carry_out(home, seat, Event(do, next(NUMBERS), **given))
    return home.briefs.get(seat.brief_id).statements


def _seen(home: Workbench, seat: Seat, key: str) -> str:
    lines = home.briefs.get(seat.brief_id).statements
    wanted = seat.id_of(key) if key else None
    return next((mark_of(line) for line in lines if line.id == wanted), "")


def _key(line: Statement) -> str:
    return f"s{line.id}"


def _texts(lines: tuple[Statement, ...]) -> list[str]:
    return [line.text for line in lines]


def desk_of(test: AppTest) -> dict[str, Any]:
    """What the desk was given."""

    def every(node: Element | Block) -> Iterator[Element | Block]:
        yield node
        if isinstance(node, Block):
            for child in node.children.values():
                yield from every(child)

    nodes = (node for root in test._tree.children.values() for node in every(root))
    (found,) = [node for node in nodes if node.type == "bidi_component"]
    assert found.proto is not None
    given: dict[str, Any] = json.loads(found.proto.json)
    return given


def test_the_desk_shows_words_sources_and_states(home: Workbench, brief: Brief) -> None:
    given = desk_of(_open("briefs", brief=str(brief.id)))
    assert given["title"] == "加装电梯简报"
    assert [row["state"] for row in given["rows"]] == ["plain", "supported", "naked"]
    (chip,) = given["rows"][1]["chips"]
    assert chip["label"].startswith("[1]")
    assert chip["href"].startswith("/pages/")
    assert given["progress"]["through"] == 1
    assert given["progress"]["naked"] == 1


def test_what_holds_a_brief_back_is_led_to(home: Workbench, brief: Brief) -> None:
    test = _open("briefs", brief=str(brief.id))
    assert desk_of(test)["go"] is None
    test.session_state["at_statement"] = brief.statements[2].id
    test.run()
    assert desk_of(test)["go"]["id"] == brief.statements[2].id


def test_a_wrong_number_is_marked_where_it_stands(home: Workbench, brief: Brief) -> None:
    naked = brief.statements[2]
    bound = [
        *brief.statements[:2],
        Statement(
            StatementKind.PARAPHRASE,
            "𬭩矿每台补助25万元。",
            brief.statements[1].evidence,
            id=naked.id,
        ),
    ]
    changed = home.editing.save(brief, title="题", lines=bound, actor=home.actor)
    row = rows(home.gating.report(changed), home.publishing.preview(brief.id))[2]
    (mark,) = [each for each in row["marks"] if each["sort"] == "fault" and "25" in each["note"]]
    # A browser counts the first letter as two.
    assert (
        "𬭩矿每台补助25万元。".encode("utf-16-le")[2 * mark["start"] : 2 * mark["end"]]
        .decode("utf-16-le")
        .startswith("25")
    )
    assert "来源：" in mark["note"]
    assert any(note["href"].startswith("/pages/") for note in row["notes"])
    assert characters("𬭩矿", 2) == 1


def test_what_is_typed_is_saved_and_a_quote_becomes_a_paraphrase(
    home: Workbench, brief: Brief, seat: Seat
) -> None:
    quote = brief.statements[1]
    lines = _do(home, seat, Do.TEXT, key=_key(quote), was=quote.text, text="每台最多补助20万元。")
    assert lines[1].kind is StatementKind.PARAPHRASE
    assert lines[1].evidence == quote.evidence
    assert seat.said is not None
    assert "转述" in seat.said["words"]
    # The next words begin from what was saved here last, whatever the tab has heard of it.
    lines = _do(home, seat, Do.TEXT, key=_key(quote), was=quote.text, text="每台补助20万元以内。")
    assert lines[1].text == "每台补助20万元以内。"
    lines = _do(home, seat, Do.TEXT, key=_key(quote), was="", text="  ")
    assert lines[1].text == "每台补助20万元以内。"


def test_two_people_meet_only_at_the_same_statement(
    home: Workbench, brief: Brief, seat: Seat
) -> None:
    heading, quote, naked = brief.statements
    theirs = [heading, quote, Statement(naked.kind, "别人改的话。", id=naked.id)]
    home.editing.save(brief, title="别人改的标题", lines=theirs, actor=home.actor)
    _do(home, seat, Do.TEXT, key=_key(heading), was=heading.text, text="补助的标准")
    assert seat.said is not None
    assert "并入" in seat.said["words"]
    lines = _do(home, seat, Do.TEXT, key=_key(naked), was=naked.text, text="我的话。")
    assert _texts(lines) == ["补助的标准", quote.text, "别人改的话。"]
    assert seat.refused == {_key(naked): {"clash": "both"}}
    lines = _do(home, seat, Do.TEXT, key=_key(naked), was="别人改的话。", text="我的话。")
    assert lines[2].text == "我的话。"
    assert not seat.refused
    now = home.briefs.get(brief.id)
    assert now.title == "别人改的标题"
    home.editing.save(now, title=now.title, lines=now.statements[:2], actor=home.actor)
    _do(home, seat, Do.TEXT, key=_key(naked), was="我的话。", text="又改。")
    assert seat.refused == {_key(naked): {"clash": "gone"}}
    _do(home, seat, Do.RESOLVE, key=_key(naked))
    assert not seat.refused


def test_statements_are_inserted_split_merged_moved_and_deleted(
    home: Workbench, brief: Brief, seat: Seat
) -> None:
    heading, quote, naked = brief.statements
    lines = _do(home, seat, Do.INSERT, key="nab-1", after=_key(heading), text="甲，乙。")
    assert _texts(lines) == ["补助标准", "甲，乙。", quote.text, naked.text]
    assert seat.keys == {"nab-1": lines[1].id}
    # Heard twice, as a tab repeats what it got no answer to: done once.
    assert _do(home, seat, Do.INSERT, key="nab-1", after=_key(heading), text="甲，乙。") == lines
    lines = _do(home, seat, Do.SPLIT, key="nab-1", made="nab-2", text=" 甲，乙。", at=3)
    assert _texts(lines)[1:3] == ["甲，", "乙。"]
    assert seat.keys["nab-2"] == lines[2].id
    lines = _do(home, seat, Do.TEXT, key="nab-2", was="乙。", text="丙。")
    lines = _do(home, seat, Do.MERGE, key="nab-1", other="nab-2")
    assert _texts(lines)[1:3] == ["甲，丙。", quote.text]
    lines = _do(home, seat, Do.MERGE, key=_key(heading), other=_key(naked))
    assert seat.said is not None
    assert seat.said["sort"] == "bad"
    lines = _do(home, seat, Do.MOVE, key="nab-1", after=_key(naked))
    assert _texts(lines) == ["补助标准", quote.text, naked.text, "甲，丙。"]
    lines = _do(home, seat, Do.MOVE, key=_key(naked), after=None)
    assert lines[0].text == naked.text
    lines = _do(home, seat, Do.DELETE, key=_key(naked))
    assert _do(home, seat, Do.DELETE, key=_key(naked)) == lines
    assert _texts(lines) == ["补助标准", quote.text, "甲，丙。"]
    assert lines[1].evidence == quote.evidence


def test_a_heading_moves_with_its_section(home: Workbench, brief: Brief, seat: Seat) -> None:
    _do(
        home,
        seat,
        Do.INSERT,
        key="nab-1",
        after=_key(brief.statements[2]),
        kind=StatementKind.HEADING,
        text="建议",
    )
    lines = _do(home, seat, Do.MOVE, key=_key(brief.statements[0]), after="nab-1", section=True)
    assert _texts(lines) == ["建议", *_texts(brief.statements)]


def test_a_pasted_text_becomes_statements(home: Workbench, brief: Brief, seat: Seat) -> None:
    naked = brief.statements[2]
    _do(home, seat, Do.SPLIT, key=_key(naked), at=2, text=naked.text, made="nab-1")
    lines = _do(home, seat, Do.PASTE, key=_key(naked), text="第一句话。第二句话。\n第三句。")
    assert _texts(lines)[2:] == ["各地", "第一句话。", "第二句话。", "第三句。", "做法不一。"]
    assert seat.go is not None
    assert seat.go["id"] == lines[5].id


def test_kind_length_level_and_formula_are_saved(home: Workbench, brief: Brief, seat: Seat) -> None:
    heading, _, naked = brief.statements
    lines = _do(home, seat, Do.KIND, key=_key(naked), kind=StatementKind.COMPUTED)
    lines = _do(home, seat, Do.FORMULA, key=_key(naked), was="", text="(64 - 62) / 62")
    lines = _do(home, seat, Do.LENGTH, key=_key(naked), length=Length.DEEP)
    assert (lines[2].kind, lines[2].formula, lines[2].length) == (
        StatementKind.COMPUTED,
        "(64 - 62) / 62",
        Length.DEEP,
    )
    lines = _do(home, seat, Do.LEVEL, key=_key(heading), level=2)
    assert lines[0].level == 2
    _do(home, seat, Do.KIND, key=_key(naked), kind=StatementKind.QUOTE)
    assert seat.said is not None
    assert "不能标为引文" in seat.said["words"]


def test_own_deeds_are_taken_back_and_done_again(home: Workbench, brief: Brief, seat: Seat) -> None:
    naked = brief.statements[2]
    assert _do(home, seat, Do.UNDO) == brief.statements
    _do(home, seat, Do.TEXT, key=_key(naked), was=naked.text, text="我的话。")
    now = home.briefs.get(brief.id)
    home.editing.save(now, title="别人的标题", lines=now.statements, actor=home.actor)
    lines = _do(home, seat, Do.UNDO)
    assert lines[2].text == naked.text
    assert home.briefs.get(brief.id).title == "别人的标题"
    assert _do(home, seat, Do.REDO)[2].text == "我的话。"
    assert _do(home, seat, Do.UNDO)[2].text == naked.text


def test_a_check_while_typing_saves_nothing(home: Workbench, brief: Brief, seat: Seat) -> None:
    quote = brief.statements[1]
    lines = _do(home, seat, Do.CHECK, key=_key(quote), text="每台补助不超过30万元。", version=4)
    assert lines == brief.statements
    assert seat.checked is not None
    assert (seat.checked["key"], seat.checked["version"]) == (_key(quote), 4)
    (note,) = [each for each in seat.checked["notes"] if "20万元" in each["there"]]
    assert note["href"].startswith("/pages/")


def test_a_decision_is_kept_with_its_reason(home: Workbench, brief: Brief, seat: Seat) -> None:
    quote, naked = brief.statements[1], brief.statements[2]
    bound = Statement(naked.kind, "各地群众反映普遍良好。", quote.evidence, id=naked.id)
    lines = [*brief.statements[:2], bound]
    now = home.editing.save(brief, title="题", lines=lines, actor=home.actor)
    assert rows(home.gating.report(now), home.publishing.preview(now.id))[2]["can_decide"]
    _do(home, seat, Do.DECIDE, key=_key(naked), text="座谈会上听到的")
    row = rows(home.gating.report(now), home.publishing.preview(now.id))[2]
    assert row["state"] == "decided"
    assert "座谈会上听到的" in row["notes"][0]["what"]


def test_what_is_not_there_or_not_ours_changes_nothing(
    home: Workbench, brief: Brief, seat: Seat
) -> None:
    other = home.editing.create(
        "另一份", [Statement(StatementKind.JUDGEMENT, "别处的一句。")], actor=home.actor
    )
    foreign = _key(other.statements[0])
    for do in (Do.KIND, Do.LENGTH, Do.SPLIT, Do.UNBIND, Do.DECIDE, Do.OPEN, Do.MOVE):
        assert _do(home, seat, do, key=foreign, text="x", at=1) == brief.statements
    assert _do(home, seat, Do.DELETE, key=foreign) == brief.statements
    assert home.briefs.get(other.id).statements == other.statements
    _do(home, seat, Do.PAGE, text="//evil.example/pages/1/1?mark=1:1-2")
    assert seat.page is None


def test_an_opened_source_is_shown_on_the_left(home: Workbench, brief: Brief, seat: Seat) -> None:
    _do(home, seat, Do.OPEN, key=_key(brief.statements[1]), number=0)
    assert seat.page is not None
    assert seat.page[1].startswith("/pages/")
    assert seat.wanted == "page"
    assert seat.take_turn()
    assert not seat.take_turn()


def test_the_left_side_searches_quotes_and_keeps(home: Workbench, brief: Brief) -> None:
    test = _open("briefs", brief=str(brief.id))
    test.text_input(key="desk-query").set_value("养老服务站")
    test.run()
    assert not test.exception
    assert "社区养老服务站35个" in _shown(test)
    (keep,) = [each for each in test.button if (each.key or "").startswith("keep-")][:1]
    keep.click()
    test.run()
    assert not test.exception
    (item,) = home.folder.items(brief.id)
    assert item.evidence is not None
    (quote,) = [each for each in test.button if (each.key or "").startswith("quote-")][:1]
    quote.click()
    test.run()
    assert not test.exception
    added = home.briefs.get(brief.id).statements[-1]
    assert added.kind is StatementKind.QUOTE
    assert added.evidence
    (noted,) = home.trail.of(brief.id)
    assert noted.asked.query == "养老服务站"


def test_what_is_done_with_a_place_is_in_the_trail(home: Workbench, brief: Brief) -> None:
    test = _open("briefs", brief=str(brief.id))
    test.text_input(key="desk-query").set_value("养老服务站")
    test.run()
    for name in ("keep", "quote", "look"):
        (button,) = [x for x in test.button if (x.key or "").startswith(f"{name}-p")][:1]
        button.click()
        test.run()
        assert not test.exception
    (noted,) = home.trail.of(brief.id)
    wanted = [ActKind.KEPT, ActKind.QUOTED, ActKind.OPENED]
    assert [act.kind for act in noted.acts if act.kind in wanted] == wanted
