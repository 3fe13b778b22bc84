"""Searching for a brief in the browser: noted once, with what was done; the trail and the folder."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from briefs.model import Citation, Reference
from briefs.trail.noted import ActKind, Ground
from briefs.workbench import pages
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from briefs.workbench.pages.cards import result_html
from briefs.workbench.pages.statement import _chip
from knowledge.accounts.roles import Permission
from knowledge.model import Span
from knowledge.synonyms import no_synonyms
from tests.unit.briefs.test_folder import brief, passage
from tests.unit.briefs.test_trail import LOST, QUERY, note


def _main() -> None:
    from briefs.workbench.pages import main

    main()


def _trail() -> None:
    from briefs.workbench.pages.common import keep_language
    from briefs.workbench.pages.trail import page

    keep_language()
    page()


def _asked(query: str, brief_id: int | None, **parameters: str) -> AppTest:
    test = AppTest.from_function(_main, default_timeout=60)
    test.query_params["q"] = query
    if brief_id is not None:
        test.query_params["for"] = str(brief_id)
    for name, value in parameters.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, [each.value for each in test.exception]
    return test


def _shown(brief_id: int, **parameters: str) -> AppTest:
    test = AppTest.from_function(_trail, default_timeout=60)
    test.query_params["brief"] = str(brief_id)
    for name, value in parameters.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, [each.value for each in test.exception]
    return test


def _html(test: AppTest) -> str:
    return "\n".join(str(getattr(each, "value", "")) for each in test.get("html"))


def test_a_search_for_a_brief_is_noted_once_however_often_it_is_drawn(home: Workbench) -> None:
    id_ = brief(home)
    test = _asked(QUERY, id_)
    test.run()
    assert test.selectbox(key="for").value == id_
    (search,) = home.trail.of(id_)
    assert (search.asked.query, search.answered) == (QUERY, True)
    assert search.asked.depth == 50
    test.text_input(key="q").set_value(LOST).run()
    assert [each.answered for each in home.trail.of(id_)] == [True, False]


def test_a_search_for_no_brief_leaves_no_trace(home: Workbench) -> None:
    id_ = brief(home)
    test = _asked(QUERY, None)
    assert test.selectbox(key="for").value == 0
    assert not [each for each in test.button if (each.key or "").startswith("keep-")]
    assert home.trail.of(id_) == ()
    with home.engine.connect() as connection:
        assert not connection.exec_driver_sql("SELECT count(*) FROM searches").scalar()


def test_the_words_typed_for_titles_are_noted_and_not_the_documents(home: Workbench) -> None:
    id_ = brief(home)
    _asked(QUERY, id_, document="电梯")
    (search,) = home.trail.of(id_)
    assert (search.asked.title, search.asked.selection.documents) == ("电梯", frozenset())
    assert search.collection.documents == 1


def test_a_result_is_kept_taken_out_and_rejected(home: Workbench) -> None:
    id_, lift = brief(home), passage(home)
    test = _asked(QUERY, id_)
    test.button(key=f"keep-{lift}").click().run()
    (item,) = home.folder.items(id_)
    assert item.evidence is not None
    assert item.evidence.passage_id == lift
    test.button(key=f"kept-{lift}").click().run()
    assert home.folder.items(id_) == ()
    assert test.button(key=f"rejected-{lift}").disabled
    test.radio(key=f"ground-{lift}").set_value(Ground.DEFINITION).run()
    test.text_input(key=f"reason-{lift}").set_value("只算财政补助")
    test.button(key=f"rejected-{lift}").click().run()
    acts = home.trail.of(id_)[0].acts
    assert [act.kind for act in acts] == [ActKind.KEPT, ActKind.REJECTED]
    assert (acts[1].ground, acts[1].reason) == (Ground.DEFINITION, "只算财政补助")


def test_another_reason_needs_words(home: Workbench) -> None:
    id_, lift = brief(home), passage(home)
    test = _asked(QUERY, id_)
    test.radio(key=f"ground-{lift}").set_value(Ground.OTHER).run()
    test.button(key=f"rejected-{lift}").click().run()
    assert test.error
    assert home.trail.of(id_)[0].acts == ()


def test_a_title_is_no_link_where_openings_are_noted(home: Workbench) -> None:
    result = home.retriever.search(QUERY)[0]
    linked, plain = (
        result_html(result, QUERY, synonyms=no_synonyms(), is_linked=each) for each in (True, False)
    )
    assert "<a href" in linked
    assert "<a href" not in plain
    id_ = brief(home)
    test = _asked(QUERY, id_)
    assert len(test.get("link_button")) == len(home.retriever.search(QUERY, 50))


def test_a_brief_of_somebody_else_is_no_choice(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = brief(home)
    reader = replace(home.actor, permissions=frozenset({Permission.SEARCH, Permission.READ_STAFF}))
    monkeypatch.setattr(common, "signed_in", lambda: reader)
    monkeypatch.setattr(pages, "signed_in", lambda: reader)
    test = _asked(QUERY, id_)
    assert not [each for each in test.selectbox if each.key == "for"]
    assert home.trail.of(id_) == ()


@pytest.mark.parametrize(("language", "said"), [("zh", "未检得"), ("en", "nothing found")])
def test_the_trail_shows_what_was_found_and_what_was_not(
    home: Workbench, language: str, said: str
) -> None:
    id_ = brief(home)
    first = note(home, id_)
    home.trail.reject(first, passage(home), ground=Ground.OUTDATED, actor=home.actor)
    note(home, id_, LOST)
    test = _shown(id_, lang=language)
    shown = _html(test)
    assert said in shown
    assert QUERY in shown
    assert home.documents.get(2).title in shown
    test.toggle(key="only-missing").set_value(True).run()
    assert QUERY not in _html(test)
    assert LOST in _html(test)


def test_a_search_is_struck_and_taken_back_on_the_page(home: Workbench) -> None:
    id_ = brief(home)
    search = note(home, id_)
    test = _shown(id_)
    test.button(key=f"struck-{search}").click().run()
    assert test.error
    test.text_input(key=f"strike-reason-{search}").set_value("误输")
    test.button(key=f"struck-{search}").click().run()
    assert home.trail.of(id_)[0].strike is not None
    assert "误输" in _html(test)
    test.button(key=f"restore-{search}").click().run()
    assert home.trail.of(id_)[0].strike is None


def test_the_folder_shows_notes_and_where_a_passage_is_cited(home: Workbench) -> None:
    id_ = brief(home)
    item = home.folder.keep(id_, passage(home), actor=home.actor)
    line = home.editing.quote(passage(home))
    home.editing.append(home.briefs.get(id_), [line], actor=home.actor)
    test = _shown(id_, lang="zh")
    test.button_group(key="part").set_value("folder").run()
    assert "已用于第 1 句" in _html(test)
    test.text_area(key=f"note-text-{item}").set_value("补助上限").run()
    assert home.folder.items(id_)[0].note == "补助上限"
    test.button(key=f"drop-{item}").click().run()
    assert home.folder.items(id_) == ()


def test_who_may_only_read_changes_nothing_on_the_page(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = brief(home)
    search = note(home, id_)
    reader = replace(home.actor, permissions=frozenset({Permission.SEARCH, Permission.READ_STAFF}))
    monkeypatch.setattr(common, "signed_in", lambda: reader)
    test = _shown(id_)
    assert QUERY in _html(test)
    assert f"struck-{search}" not in {each.key for each in test.button}


def test_evidence_goes_by_names_where_the_references_do() -> None:
    citation = Citation(1, 11, (Span(2, 0, 4),), "补助上限", 2, None)
    reference = Reference(1, 7, 11, "通知", "通知[A].", "0" * 64, access_is_open=True)
    assert "[1] " in _chip(citation, reference)["label"]
    named = replace(citation, words="（县政府，2023：2）")
    shown = _chip(named, reference)["label"]
    assert "（县政府，2023：2）" in shown
    assert "[1]" not in shown


def test_evidence_says_how_surely_its_words_were_recognised() -> None:
    citation = Citation(1, 11, (Span(2, 0, 4),), "补助上限", 2, None, confidence=0.867)
    reference = Reference(1, 7, 11, "通知", "通知[A].", "0" * 64, access_is_open=True)
    shown = _chip(citation, reference)
    assert shown["label"] == "[1] 第 2 页 86%"
    assert "可信度 86%" in shown["title"]
