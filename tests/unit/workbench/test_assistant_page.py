"""“请助手拟句”: shown where an assistant is set, and only what a person ticks is added."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from briefs.assistant.model import Message
from briefs.model import Brief
from briefs.workbench import serving
from briefs.workbench.assisting import ChatClient
from briefs.workbench.bootstrap import Workbench

_QUOTE = "2023年全县计划加装电梯62台，比上年增长8%。"


def _reply(_self: ChatClient, messages: tuple[Message, ...]) -> str:
    prompt = messages[-1].text
    before = prompt[: prompt.index("62台")]
    number = int(before[before.rindex("<<<段落 ") + 6 :].split(">>>")[0])
    said = (_QUOTE, "加装电梯每台财政补助不超过20万元。", "2023年全县计划加装电梯64台。")
    items = [
        {
            "passage": number,
            "quote": words if words in prompt else _QUOTE,
            "statement": words,
            "kind": "paraphrase",
        }
        for words in said
    ]
    return json.dumps({"statements": items}, ensure_ascii=False)


@pytest.fixture
def home(filled: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    filled.house.settings = replace(
        filled.settings, assistant_address="http://127.0.0.1:9/v1", assistant_model="m"
    )
    monkeypatch.setattr(ChatClient, "reply", _reply)
    serving.share(filled)
    yield filled
    serving.share(None)


def _page(brief_id: int) -> None:
    from briefs.workbench.pages import assisting
    from briefs.workbench.pages.common import shared_workbench, show_said

    bench = shared_workbench()
    assisting.section(bench, bench.briefs.get(brief_id))
    show_said()


def _opened(brief: Brief) -> AppTest:
    page = AppTest.from_function(_page, kwargs={"brief_id": brief.id}, default_timeout=30).run()
    assert not page.exception
    return page


def test_only_what_is_ticked_is_added_with_its_evidence(home: Workbench) -> None:
    brief = home.editing.create("老旧小区加装电梯", actor=home.actor)
    page = _opened(brief)
    assert "127" in page.caption[0].value
    page.button(key="assistant-ask").click().run()
    assert not page.exception
    assert len(page.checkbox) == 2
    assert "64台" in page.expander[0].caption[0].value
    assert page.button(key="assistant-add").disabled
    assert home.briefs.get(brief.id).statements == ()
    page.checkbox(key="assistant-tick-1").check().run()
    page.button(key="assistant-add").click().run()
    assert not page.exception
    (line,) = home.briefs.get(brief.id).statements
    assert "20万元" in line.text
    assert line.evidence
    assert len(page.checkbox) == 0


def test_nothing_is_drawn_where_none_is_set(home: Workbench) -> None:
    brief = home.editing.create("题", actor=home.actor)
    home.house.settings = replace(home.settings, assistant_address="", assistant_model="")
    page = _opened(brief)
    assert not page.button
    assert not page.caption
