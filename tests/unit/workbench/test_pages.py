"""The pages in Streamlit's own test bed, over a small home with an encoder that needs no model."""

import ast
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from briefs.model import Brief, BriefState, Statement, StatementKind
from briefs.workbench import pages, serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages import common
from briefs.workbench.settings import Settings
from briefs.workbench.wording import catalogue
from embeddings.hashing import HashingEncoder
from knowledge.readers.sandbox import InProcess
from tests.homes import fill, second_person

_HAN = re.compile("[\u4e00-\u9fff]")
_KEY = re.compile(r"pages\.(?:common|search|library|briefs|published)\.\w+")
_ENGLISH = {
    "reading.md": "# Reading rooms\n\nReading rooms stay open until nine in the evening.\n",
    "lending.txt": "Lending of books\n\nA reader may borrow ten books for thirty days.\n",
}
PAGES = ("search", "library", "briefs", "published")


_opened: list[Callable[[], None]] = []
"""The open dialog, if any: the test bed has no reruns of a part, so it is drawn at every run."""


def _dialog(_title: str, **_settings: object) -> Callable[..., Callable[..., None]]:
    return lambda body: lambda *given: _draw(lambda: body(*given))


def _draw(body: Callable[[], None]) -> None:
    _opened.clear()
    body()
    _opened.append(body)


def draw_again(page: Callable[[], None]) -> None:
    """Draw the page, and the dialog that the run before left open."""
    before = list(_opened)
    page()
    if before and _opened == before:
        _draw(before[0])


@pytest.fixture(autouse=True)
def plain_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    _opened.clear()
    monkeypatch.setattr(st, "dialog", _dialog)


@pytest.fixture
def brief(home: Workbench) -> Brief:
    passage = next(r.passage for r in home.retriever.search("加装电梯 补助", 1))
    quoted = home.editing.quote(passage.id, "加装电梯每台财政补助不超过20万元。")
    lines = [
        Statement(StatementKind.HEADING, "补助标准", level=1),
        quoted,
        Statement(StatementKind.PARAPHRASE, "各地做法不一。"),
    ]
    return home.editing.create("加装电梯简报", lines, actor=home.actor)


def _script(page: str) -> None:
    import importlib

    from briefs.workbench.pages.common import keep_language, show_said
    from tests.unit.workbench.test_pages import draw_again

    keep_language()
    draw_again(importlib.import_module(f"briefs.workbench.pages.{page}").page)
    show_said()


def _open(page: str, **parameters: str) -> AppTest:
    test = AppTest.from_function(_script, args=(page,), default_timeout=60)
    for name, value in parameters.items():
        test.query_params[name] = value
    return _ran(test)


def _main() -> None:
    from briefs.workbench import pages

    pages.main()


def _ran(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception, [each.value for each in test.exception]
    return test


def _texts(node: Element | Block) -> Iterator[str]:
    """Every word sent to the browser: labels, placeholders, help, content."""
    if node.proto is not None:
        yield str(node.proto)
        # What a component is given is JSON, its letters written as numbers.
        if node.type == "bidi_component":
            yield json.dumps(json.loads(node.proto.json), ensure_ascii=False)
    if isinstance(node, Block):
        for child in node.children.values():
            yield from _texts(child)


def _shown(test: AppTest) -> str:
    return "\n".join(text for root in test._tree.children.values() for text in _texts(root))


def _statement(home: Workbench, brief: Brief, index: int) -> Statement:
    return home.briefs.get(brief.id).statements[index]


def test_main_opens_on_search_and_says_what_is_held(home: Workbench) -> None:
    test = _ran(AppTest.from_function(_main, default_timeout=60))
    assert test.title[0].value == "检索"
    assert "3 种" in _shown(test)


def test_a_reranker_that_cannot_be_used_is_said_on_every_page(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", reranker=str(tmp_path / "no-model"))
    workbench = Workbench(settings, encoder=HashingEncoder(), files=InProcess())
    serving.share(workbench)
    try:
        test = _ran(AppTest.from_function(_main, default_timeout=60))
    finally:
        serving.share(None)
        workbench.close()
    assert "未经重排" in test.warning[0].value
    assert "RERANKER" in test.warning[0].value


def test_search_shows_the_passage_with_its_words_and_the_marked_page(home: Workbench) -> None:
    test = _open("search")
    test.text_input(key="q").set_value("加装电梯 补助")
    shown = _shown(_ran(test))
    assert "<mark>加装电梯</mark>" in shown
    assert re.search(r"/pages/\d+/1\?mark=1:\d+-\d+", shown)
    assert "河政办发〔2023〕12号" in shown


def test_search_by_address_with_a_filter_that_lets_nothing_through(home: Workbench) -> None:
    test = _open("search", q="加装电梯", type="book")
    assert "在当前筛选条件下没有找到" in _shown(test)
    assert test.query_params["type"] == "book"


def test_a_result_goes_into_a_new_brief(home: Workbench) -> None:
    test = _open("search", q="加装电梯 财政补助")
    next(b for b in test.button if (b.key or "").startswith("add-")).click()
    _ran(test)
    test.text_input(key="new_title").set_value("新简报")
    _ran(test)
    test.button(key="quote").click()
    _ran(test)
    made = home.briefs.get(home.briefs.all()[0].id)
    assert made.title == "新简报"
    assert made.statements
    assert all(x.kind is StatementKind.QUOTE and x.evidence for x in made.statements)
    assert "新简报" in test.toast[0].value


def test_publishing_shows_the_figures_and_makes_an_edition(home: Workbench, brief: Brief) -> None:
    test = _open("briefs", brief=str(brief.id))
    test.button(key="publish").click()
    _ran(test)
    assert [each.value for each in test.metric] == ["1 / 2", "0", "1", "0", "1"]
    assert test.button(key="publish-confirm").disabled
    _opened.clear()
    home.editing.save(brief, title=brief.title, lines=brief.statements[:2], actor=home.actor)
    test = _open("briefs", brief=str(brief.id))
    test.button(key="publish").click()
    _ran(test)
    test.button(key="publish-confirm").click()
    _ran(test)
    assert home.briefs.get(brief.id).state is BriefState.PUBLISHED
    assert f"/briefs/{brief.id}" in _shown(test)
    published = _shown(_open("published"))
    assert "第 1 版" in published
    assert f"/briefs/{brief.id}" in published


def test_a_brief_by_outline_quotes_the_collection(home: Workbench) -> None:
    test = _open("briefs")
    test.button(key="new").click()
    _ran(test)
    test.text_input(key="creation_title").set_value("电梯与养老")
    test.text_area(key="creation_outline").input("加装电梯补助\n养老助餐")
    _ran(test)
    test.button(key="create").click()
    _ran(test)
    made = home.briefs.get(home.briefs.all()[0].id)
    assert [x.text for x in made.statements if x.kind is StatementKind.HEADING] == [
        "加装电梯补助",
        "养老助餐",
    ]
    assert made.title == "电梯与养老"
    assert test.query_params["brief"] == str(made.id)


def test_uploading_twice_asks_and_makes_a_new_version(home: Workbench) -> None:
    test = _open("library")
    for number, text in enumerate(("阅览室开到晚上九点。", "阅览室开到晚上十点。")):
        test.file_uploader(key=f"upload-{number}").set_value(
            ("夜间开放.txt", text.encode(), "text/plain")
        )
        _ran(test)
        test.button(key="take-in").click()
        _ran(test)
    document = home.documents.by_source("upload:夜间开放.txt")
    assert document is not None
    assert [v.number for v in home.documents.versions(document.id)] == [2, 1]
    assert "已作为新版本收入" in _shown(test)
    assert home.retriever.search("阅览室 晚上", 1)[0].document.id == document.id


def test_a_file_that_failed_is_listed_with_its_reason_until_dismissed(home: Workbench) -> None:
    test = _open("library")
    test.file_uploader(key="upload-0").set_value(("空.txt", b"  ", "text/plain"))
    _ran(test)
    test.button(key="take-in").click()
    _ran(test)
    failure = home.failures.all()[0]
    assert "未能收入的文件（1）" in _shown(_ran(test))
    test.button(key=f"retry-{failure.id}").click()
    _ran(test)
    failure = home.failures.all()[0]
    test.button(key=f"forget-{failure.id}").click()
    _ran(test)
    assert not home.failures.all()


def test_a_document_is_described_and_removed(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = second_person(home)
    monkeypatch.setattr(common, "signed_in", lambda: person)
    document = home.documents.find(title="电梯")[0]
    test = _open("library", document=str(document.id))
    next(x for x in test.text_input if x.label == "发布机构").set_value("河湾县人民政府")
    test.button(key="save-description").click()
    _ran(test)
    assert home.documents.get(document.id).metadata.issuer == "河湾县人民政府"
    test.button(key="remove").click()
    _ran(test)
    test.button(key="proposal-ask").click()
    _ran(test)
    assert len(test.error) == 1
    test.text_area(key="proposal-reason").set_value("与另一份重复")
    test.button(key="proposal-ask").click()
    _ran(test)
    (matter,) = home.seconding.waiting(actor=home.actor)
    assert (matter.subject.id, matter.proposal.reason) == (document.id, "与另一份重复")
    assert document.id in home.documents.many([document.id])


@pytest.mark.parametrize(
    ("page", "parameter"), [("briefs", "brief"), ("library", "document"), ("briefs", "")]
)
def test_an_unknown_id_in_the_address_is_an_ordinary_message(
    home: Workbench, page: str, parameter: str
) -> None:
    test = _open(page, **({parameter: "9999"} if parameter else {"brief": "x"}))
    assert len(test.error) == (1 if parameter else 0)


@pytest.mark.parametrize("page", PAGES)
def test_english_pages_have_no_chinese_word_and_no_bare_key(
    workbench: Workbench, tmp_path: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(workbench, tmp_path, _ENGLISH)
    monkeypatch.setattr(serving, "_shared", [workbench])
    lines = [workbench.editing.quote(int(workbench.passages.ids()[0]))]
    brief = workbench.editing.create("Opening hours", lines, actor=workbench.actor)
    workbench.people.ensure("Ann", branch="Main", at=workbench.clock())
    parameters: dict[str, list[dict[str, str]]] = {
        "search": [{}, {"q": "reading rooms"}, {"q": "qqqq", "mode": "lexical"}],
        "library": [{}, {"document": str(workbench.documents.find()[0].id)}],
        "briefs": [{}, {"brief": str(brief.id)}],
        "published": [{}],
    }
    for given in parameters[page]:
        test = _open(page, lang="en", **given)
        assert test.button(key="language").label == "中文"
        shown = _shown(test).replace("中文", "")
        for name in workbench.people.branch_names():  # names are data
            shown = shown.replace(name, "")
        assert not _HAN.search(shown), _HAN.findall(shown)
        assert not _KEY.search(shown)
        test.button(key="language").click()
        switched = _ran(test)
        assert _HAN.search(_shown(switched).replace("中文", ""))
        assert not _KEY.search(_shown(switched))
        assert switched.query_params["lang"] == "zh"


def test_every_input_has_a_placeholder(home: Workbench, brief: Brief) -> None:
    for page, given in (("search", "q"), ("library", "none"), ("briefs", "brief")):
        test = _open(page, **{given: str(brief.id)})
        for each in (*test.text_input, *test.text_area, *test.multiselect, *test.number_input):
            assert each.label, each.key
            assert each.proto.placeholder, each.key


def _keys() -> Iterator[tuple[str, str]]:
    """Every key that the pages ask for, as a pattern: what is filled in stands for any words."""
    for path in sorted(Path(pages.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        joined: list[Sequence[ast.expr]] = [
            node.values for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
        ]
        inside = {id(part) for parts in joined for part in parts}
        bare: list[Sequence[ast.expr]] = [
            [node]
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in inside
        ]
        for parts in (*joined, *bare):
            pattern = "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
                for part in parts
            )
            if re.match(r"pages\\\.[a-z]+\\\.", pattern):
                yield path.name, pattern


def test_every_key_asked_for_has_words_and_every_word_is_asked_for() -> None:
    asked = list(_keys())
    known = [
        str(each.id) for each in catalogue("zh") if each.id and str(each.id).startswith("pages.")
    ]
    assert len(asked) > 150
    for name, pattern in asked:
        fitting = [key for key in known if re.fullmatch(pattern, key)]
        assert fitting, f"{name}: {pattern}"
    for key in known:
        assert any(re.fullmatch(pattern, key) for _, pattern in asked), key
