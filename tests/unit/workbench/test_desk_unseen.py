"""A deed is done only to a statement that is as the person saw it."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest

from briefs.gating.reports import State
from briefs.model import Brief, Length, Statement, StatementKind, page_href
from briefs.workbench import pages, serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from briefs.workbench.pages.changes import carry_out
from briefs.workbench.pages.committing import commit
from briefs.workbench.pages.events import LONGEST, Do, Event
from briefs.workbench.pages.seat import Seat, mark_of
from briefs.workbench.pages.statement import titled

OPINION, CITED, LAST = range(3)


class Tab:
    """A tab that shows a brief as it was when it was opened."""

    def __init__(self, home: Workbench, brief: Brief) -> None:
        self.home, self.brief = home, brief
        self.seat = Seat(brief.id, brief.revision)
        self.count = 0

    def do(self, do: Do, place: int | None = None, **given: Any) -> list[str]:
        """Do something to the statement shown at a place; the words stored afterwards."""
        self.count += 1
        if place is not None:
            line = self.brief.statements[place]
            given = {"key": f"s{line.id}", "seen": mark_of(line), **given}
        carry_out(self.home, self.seat, Event(do, self.count, **given))
        return [line.text for line in self.stored.statements]

    @property
    def stored(self) -> Brief:
        return self.home.briefs.get(self.brief.id)

    @property
    def said(self) -> str:
        return str((self.seat.said or {}).get("words", ""))


@pytest.fixture
def home(filled: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    serving.share(filled)
    for module in (common, pages):
        monkeypatch.setattr(module, "signed_in", lambda: filled.actor)
    yield filled
    serving.share(None)


@pytest.fixture
def tab(home: Workbench) -> Tab:
    passage = next(r.passage for r in home.retriever.search("加装电梯 补助", 1))
    places = [
        home.editing.evidence_in(passage, words)
        for words in ("加装电梯每台财政补助不超过20万元。", "加装电梯每台")
    ]
    cited = Statement(StatementKind.PARAPHRASE, "每台补助不超过20万元。", tuple(places))
    lines = [
        Statement(StatementKind.JUDGEMENT, "可以再装一批。"),
        cited,
        Statement(StatementKind.JUDGEMENT, "末句在此。"),
    ]
    return Tab(home, home.editing.create("原题", lines, actor=home.actor))


def _other(tab: Tab, at: int, **changed: Any) -> Brief:
    """Somebody else changes the statement at a place."""
    now = tab.stored
    lines = list(now.statements)
    lines[at] = replace(lines[at], **changed)
    title = now.title
    return tab.home.editing.save(now, title=title, lines=lines, actor=tab.home.actor)


@pytest.mark.parametrize(
    ("do", "given"),
    [
        (Do.DELETE, {}),
        (Do.KIND, {"kind": StatementKind.HEADING}),
        (Do.LENGTH, {"length": Length.DEEP}),
        (Do.SPLIT, {"text": "末句在此。", "at": 2, "made": "nab-9"}),
        (Do.DECIDE, {"text": "已核对"}),
    ],
)
def test_what_somebody_else_has_written_is_not_touched(
    tab: Tab, do: Do, given: dict[str, Any]
) -> None:
    after = _other(tab, LAST, text="别人刚刚写下的另一句很长的话。")
    tab.do(do, LAST, **given)
    assert tab.stored.statements == after.statements
    assert tab.stored.revision == after.revision
    assert "第 3 句" in tab.said
    # Having seen it, the person may.
    tab.brief = tab.stored
    if do is Do.DELETE:
        assert len(tab.do(do, LAST)) == 2


def test_a_cut_that_was_refused_is_taken_back_in_the_tab(tab: Tab) -> None:
    _other(tab, LAST, text="别人写的。")
    tab.do(Do.SPLIT, LAST, text="末句在此。", at=2, made="nab-9")
    key = f"s{tab.brief.statements[LAST].id}"
    assert tab.seat.refused == {"nab-9": {"of": key}}
    # What was typed into the half since then is not said to have been deleted.
    tab.do(Do.TEXT, key="nab-9", text="在此又写。")
    assert tab.seat.refused["nab-9"] == {"of": key}
    tab.do(Do.RESOLVE, key="nab-9")
    assert not tab.seat.refused


def test_nobody_decides_on_words_not_seen(tab: Tab) -> None:
    passage = tab.brief.statements[CITED].evidence
    tab.brief = _other(
        tab, LAST, kind=StatementKind.PARAPHRASE, text="反映良好。", evidence=passage
    )
    _other(tab, LAST, text="群众反映都非常好。")
    tab.do(Do.DECIDE, LAST, text="座谈会上听到的")
    checked = tab.home.gating.report(tab.stored).checked[LAST]
    assert checked.state is State.NEEDS_PERSON
    assert checked.decision is None
    tab.brief = tab.stored
    tab.do(Do.DECIDE, LAST, text="座谈会上听到的")
    assert tab.home.gating.report(tab.stored).checked[LAST].state is State.DECIDED


def test_a_source_is_taken_away_by_name(tab: Tab) -> None:
    first, second = tab.brief.statements[CITED].evidence
    href = page_href(first.version_id, first.spans)
    tab.do(Do.UNBIND, CITED, text=href)
    assert tab.stored.statements[CITED].evidence == (second,)
    # Pressed twice: what was to be kept stays.
    tab.do(Do.UNBIND, CITED, text=href)
    assert tab.stored.statements[CITED].evidence == (second,)


def test_a_title_that_somebody_else_gave_is_not_overwritten(tab: Tab) -> None:
    now = tab.stored
    tab.home.editing.save(now, title="别人的题", lines=now.statements, actor=tab.home.actor)
    tab.do(Do.TITLE, text="我的题", was="原题")
    assert tab.stored.title == "别人的题"
    assert tab.seat.refused == {"": {"clash": "both"}}
    tab.do(Do.TITLE, text="我的题", was="别人的题")
    assert tab.stored.title == "我的题"
    assert not tab.seat.refused
    # The next one begins from what was saved here, whatever the tab has heard of it.
    tab.do(Do.TITLE, text="我的另一题", was="别人的题")
    assert tab.stored.title == "我的另一题"


def test_a_title_is_let_stand_as_it_was_seen(tab: Tab) -> None:
    def save(title: str) -> Brief:
        now = tab.stored
        lines = now.statements
        return tab.home.editing.save(now, title=title, lines=lines, actor=tab.home.actor)

    def judged() -> dict[str, Any]:
        return titled(tab.home.gating.report(tab.stored).title)

    save("全县补助达到99万元")
    before = judged()
    assert before["can_decide"]
    save("全县补助达到98万元")
    tab.do(Do.DECIDE, text="另有统计", seen=before["mark"])
    assert judged()["can_decide"]
    assert "题名" in tab.said
    tab.do(Do.DECIDE, text="另有统计", seen=judged()["mark"])
    assert not judged()["can_decide"]
    assert "另有统计" in judged()["notes"][0]["what"]


def test_a_formula_begins_from_the_one_that_stood_there(tab: Tab) -> None:
    computed = {"kind": StatementKind.COMPUTED, "formula": "20万"}
    tab.brief = _other(tab, CITED, **computed)
    _other(tab, CITED, formula="20万 * 1")
    tab.do(Do.FORMULA, CITED, text="10万 + 10万", was="20万")
    assert tab.stored.statements[CITED].formula == "20万 * 1"
    tab.do(Do.FORMULA, CITED, text="10万 + 10万", was="20万 * 1")
    assert tab.stored.statements[CITED].formula == "10万 + 10万"


@pytest.mark.parametrize("changed", [OPINION, LAST])
def test_only_statements_that_were_seen_are_joined(tab: Tab, changed: int) -> None:
    now = tab.stored
    pair = [now.statements[OPINION], now.statements[LAST]]
    tab.brief = tab.home.editing.save(now, title="题", lines=pair, actor=tab.home.actor)
    _other(tab, min(changed, 1), text="别人写的。")
    other = tab.brief.statements[1]
    joining = {"other": f"s{other.id}", "seen_other": mark_of(other)}
    assert len(tab.do(Do.MERGE, 0, **joining)) == 2
    tab.brief = tab.stored
    joining["seen_other"] = mark_of(tab.brief.statements[1])
    assert len(tab.do(Do.MERGE, 0, **joining)) == 1


def test_own_deeds_follow_each_other_before_the_tab_hears_of_them(tab: Tab) -> None:
    tab.do(Do.TEXT, LAST, text="末句，改过。", was="末句在此。")
    tab.do(Do.KIND, LAST, kind=StatementKind.PARAPHRASE)
    tab.do(Do.LENGTH, LAST, length=Length.DEEP)
    tab.do(Do.SPLIT, LAST, text="末句，改过。", at=3, made="nab-1")
    assert tab.do(Do.DELETE, key="nab-1")[LAST:] == ["末句，"]
    assert tab.do(Do.DELETE, LAST)[LAST:] == []
    assert not tab.seat.refused


def test_what_was_saved_unseen_beside_the_words_is_not_known(tab: Tab) -> None:
    _other(tab, LAST, kind=StatementKind.BACKGROUND)
    assert tab.do(Do.TEXT, LAST, text="末句，改过。", was="末句在此。")[LAST] == "末句，改过。"
    tab.do(Do.DELETE, LAST)
    assert tab.stored.statements[LAST].kind is StatementKind.BACKGROUND


def test_a_text_is_pasted_behind_a_statement_that_is_another_one(tab: Tab) -> None:
    _other(tab, LAST, text="别人写的一句。")
    tab.do(Do.SPLIT, LAST, text="末句在此。", at=2, made="nab-1")
    texts = tab.do(Do.PASTE, LAST, text="甲。\n乙。")
    assert texts[LAST:] == ["别人写的一句。", "甲。", "乙。"]
    assert tab.seat.refused == {"nab-1": {"of": f"s{tab.brief.statements[LAST].id}"}}


def test_a_cut_that_would_leave_nothing_is_told_not_to_be_one(tab: Tab) -> None:
    assert tab.do(Do.SPLIT, LAST, text="  末句在此。", at=2, made="nab-1")[LAST:] == ["末句在此。"]
    assert "nab-1" in tab.seat.refused


def test_an_undo_that_is_refused_takes_nothing_older_back(tab: Tab) -> None:
    tab.do(Do.TEXT, OPINION, text="我的第一句。", was="可以再装一批。")
    tab.do(Do.TEXT, LAST, text="我的末句。", was="末句在此。")
    _other(tab, LAST, text="别人改的末句。")
    for _ in range(2):
        texts = tab.do(Do.UNDO)
        assert texts[OPINION] == "我的第一句。"
        assert texts[LAST] == "别人改的末句。"
        assert "不能撤销" in tab.said
    _other(tab, LAST, text="我的末句。")
    assert tab.do(Do.UNDO)[LAST] == "末句在此。"
    assert tab.do(Do.UNDO)[OPINION] == "可以再装一批。"


def test_taking_back_makes_nobody_elses_words_ones_own(tab: Tab) -> None:
    tab.do(Do.TEXT, OPINION, text="我的第一句。", was="可以再装一批。")
    _other(tab, LAST, text="别人改的末句。")
    tab.do(Do.UNDO)
    tab.do(Do.TEXT, LAST, text="我的末句。", was="末句在此。")
    assert tab.stored.statements[LAST].text == "别人改的末句。"


def test_a_save_between_reading_and_writing_is_not_overwritten(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, times = tab.home.editing.save, iter(range(9))

    def racing(*given: Any, **named: Any) -> Brief:
        if next(times) == 0:
            _other(tab, LAST, text="别人在两次读取之间保存。")
        return save(*given, **named)

    monkeypatch.setattr(type(tab.home.editing), "save", lambda _, *a, **b: racing(*a, **b))
    tab.do(Do.TEXT, LAST, text="我写。", was="末句在此。")
    assert tab.stored.statements[LAST].text == "别人在两次读取之间保存。"
    assert tab.seat.refused == {f"s{tab.brief.statements[LAST].id}": {"clash": "both"}}


def test_of_two_who_write_at_once_none_is_lost_silently(tab: Tab) -> None:
    for number in range(8):
        tab.brief = tab.stored
        was = tab.brief.statements[LAST].text
        tabs = [Tab(tab.home, tab.brief), Tab(tab.home, tab.brief)]
        start = Barrier(2)

        def write(own: Tab, text: str, was: str = was, start: Barrier = start) -> None:
            start.wait()
            own.do(Do.TEXT, LAST, text=text, was=was)

        texts = [f"{name}第{number}次写。" for name in "甲乙"]
        threads = [Thread(target=write, args=pair) for pair in zip(tabs, texts, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (winner,) = [at for at in (0, 1) if not tabs[at].seat.refused]
        assert tab.stored.statements[LAST].text == texts[winner]
        assert tabs[1 - winner].seat.refused == {
            f"s{tab.brief.statements[LAST].id}": {"clash": "both"}
        }


def test_what_is_too_long_is_refused_in_words(tab: Tab) -> None:
    most = "字" * LONGEST
    key = f"s{tab.brief.statements[LAST].id}"
    assert tab.do(Do.TEXT, LAST, text=f"{most}多", was="末句在此。")[LAST] == "末句在此。"
    assert "太长" in tab.seat.refused[key]["words"]
    tab.do(Do.INSERT, key="nab-1", after=key, text=f"{most}多")
    assert "太长" in tab.seat.refused["nab-1"]["words"]
    assert tab.do(Do.TEXT, LAST, text=most, was="末句在此。")[LAST] == most
    assert key not in tab.seat.refused
    tab.do(Do.MERGE, CITED, other=key, seen_other=mark_of(tab.stored.statements[LAST]))
    assert len(tab.stored.statements) == 3
    assert "太长" in tab.said
    rows = "表\n" + "\n".join("甲\t乙" for _ in range(LONGEST))
    tab.do(Do.PASTE, LAST, text=rows)
    table = tab.stored.statements[-1]
    assert table.kind is StatementKind.TABLE
    changed = table.text.replace("甲", "丙", 1)
    tab.do(Do.TEXT, key=f"s{table.id}", text=changed, was=table.text)
    assert tab.stored.statements[-1].text == changed


def test_what_was_said_while_typing_gives_way_to_what_is_said_of_the_stored_words(tab: Tab) -> None:
    tab.do(Do.CHECK, CITED, text="每台补助不超过30万元。", version=3)
    assert tab.seat.checked is not None
    tab.do(Do.TEXT, CITED, text="每台补助不超过30万元。", was="每台补助不超过20万元。")
    assert tab.seat.checked is None


def test_a_change_that_is_asked_again_is_asked_of_the_newest(tab: Tab) -> None:
    seen = []

    def change(brief: Brief) -> tuple[str, tuple[Statement, ...]]:
        seen.append(brief.revision)
        if len(seen) == 1:
            _other(tab, LAST, text="别人写的。")
        lines = brief.statements
        return brief.title, (*lines[:LAST], replace(lines[LAST], text="我写的。"))

    commit(tab.home, tab.seat, change)
    assert seen == [1, 2]
