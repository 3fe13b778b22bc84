"""The dialog of publishing: how far a brief is through the gate, and the way to what is not."""

from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from briefs.model import Brief, Statement, StatementKind
from briefs.workbench import pages
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from briefs.workbench.pages.seat import Seat
from tests.unit.briefs.people import LIBRARIAN, PUBLISHER, Person
from tests.unit.workbench.test_pages import _dialog, _open, _opened, _ran, _shown

K = StatementKind
WORDS = "2023年全县计划加装电梯62台"


@pytest.fixture(autouse=True)
def plain_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    _opened.clear()
    monkeypatch.setattr(st, "dialog", _dialog)


@pytest.fixture
def brief(home: Workbench) -> Brief:
    document = next(d for d in home.documents.find() if "电梯" in d.title)
    evidence = (home.editing.evidence_on(document.id, WORDS),)
    good = Statement(K.PARAPHRASE, f"{WORDS}。", evidence)
    lines = [
        good,
        replace(good, text="2023年全县计划加装电梯64台。"),
        replace(good, text="电梯由乡镇管理。", evidence=()),
        Statement(K.JUDGEMENT, "三年内可以再装200台。"),
    ]
    return LIBRARIAN.bench(home).editing.create("电梯", lines, actor=LIBRARIAN.actor(home))


def _as(person: Person, home: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = person.actor(home)
    monkeypatch.setattr(common, "signed_in", lambda: actor)
    monkeypatch.setattr(pages, "signed_in", lambda: actor)


def _asked(brief: Brief) -> AppTest:
    test = _open("briefs", brief=str(brief.id))
    test.button(key="publish").click()
    return _ran(test)


def test_what_holds_a_brief_back_is_listed_and_leads_to_its_statement(
    home: Workbench, brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    led: list[int | None] = []
    monkeypatch.setattr(Seat, "go_to", lambda _, id_: led.append(id_))
    test = _asked(brief)
    shown = _shown(test)
    assert "4 句中 1 句已过关" in shown
    assert "本句：64台" in shown
    assert "来源：62台" in shown
    assert "还有 3 句没有过关" in shown
    assert test.button(key="publish-confirm").disabled
    test.button(key="go-2").click()
    _ran(test)
    assert led == [brief.statements[1].id]
    assert home.briefs.editions() == []


def test_who_may_only_publish_reads_it_and_is_not_sent_to_the_editor(
    home: Workbench, brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    _as(PUBLISHER, home, monkeypatch)
    test = _asked(brief)
    assert "来源：62台" in _shown(test)
    with pytest.raises(KeyError):
        test.button(key="go-2")
    assert test.button(key="publish-confirm").disabled


def test_what_persons_let_stand_is_shown_to_who_publishes(home: Workbench, brief: Brief) -> None:
    bench = LIBRARIAN.bench(home)
    lines = [brief.statements[0], brief.statements[3]]
    kept = bench.editing.save(brief, title="电梯", lines=lines, actor=bench.actor)
    id_ = kept.statements[1].id
    assert id_ is not None
    bench.gating.decide(kept, id_, reason="按产能测算", actor=bench.actor)
    test = _asked(kept)
    shown = _shown(test)
    assert "2 句中 2 句已过关" in shown
    assert f"{bench.actor.name}于" in shown
    assert "按产能测算" in shown
    test.button(key="publish-confirm").click()
    _ran(test)
    assert home.briefs.edition(kept.id).publication.gate is not None


def test_a_title_that_no_statement_bears_out_is_settled_in_the_dialog(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [Statement(K.JUDGEMENT, "应当加快。")]
    bench = LIBRARIAN.bench(home)
    brief = bench.editing.create("达标率100%", lines, actor=bench.actor)
    test = _asked(brief)
    assert "题目" in _shown(test)
    assert "本句：100%" in _shown(test)
    assert test.button(key="publish-confirm").disabled
    test.text_input(key="settle-reason").input("口径另附")
    (settle,) = [each for each in test.button if each.label == "认定题目"]
    settle.click()
    _ran(test)
    assert home.gating.report(home.briefs.get(brief.id)).is_clean
    assert "口径另附" in repr(home.gating.report(brief).title)
    _as(PUBLISHER, home, monkeypatch)
    other = bench.editing.create("达标率99%", lines, actor=bench.actor)
    reader = _asked(other)
    assert not [each for each in reader.text_input if each.key == "settle-reason"]
