"""The search page: honest about what it did not find, and why it lists what it does."""

import pytest
from streamlit.testing.v1 import AppTest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.cards import reasons_html, result_html
from knowledge.synonyms import Synonyms, no_synonyms

LOST = "红烧排骨放多少冰糖"


def _page() -> None:
    from briefs.workbench.pages.common import keep_language
    from briefs.workbench.pages.search import page

    keep_language()
    page()


def _asked(query: str, **parameters: str) -> AppTest:
    test = AppTest.from_function(_page, default_timeout=60)
    for name, value in {"q": query, **parameters}.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, [each.value for each in test.exception]
    return test


def _captions(test: AppTest) -> str:
    return "\n".join(each.value for each in test.caption)


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "没有找到"), ("en", "Nothing found in these documents")]
)
def test_nothing_found_is_said_with_the_misses_folded_away(
    home: Workbench, language: str, said: str
) -> None:
    test = _asked(LOST, lang=language)
    assert any(said in each.value for each in test.markdown)
    assert "红烧排骨" in _captions(test)
    folded = test.expander[-1]
    nearest = home.retriever.ask(LOST).misses
    assert str(len(nearest)) in folded.label
    assert not folded.proto.expanded
    assert any((button.key or "").startswith("add-") for button in folded.button)


def test_what_was_found_says_how_sure_it_is(home: Workbench) -> None:
    test = _asked("加装电梯财政补助")
    assert "馆藏" in _captions(test)
    assert not any("没有找到" in each.value for each in test.markdown)


def test_a_name_that_is_not_held_is_named(home: Workbench) -> None:
    assert "馆藏没有“河湾县旅游条例”" in _captions(_asked("河湾县旅游条例"))


def test_a_filter_is_among_what_may_be_changed(home: Workbench) -> None:
    assert "筛选" not in _captions(_asked(LOST))
    assert "放宽筛选" in _captions(_asked(LOST, type="official"))


def test_the_querys_words_are_marked_in_title_headings_and_text(home: Workbench) -> None:
    result = home.retriever.search("公共圖書館 条例 第三条")[0]
    shown = result_html(result, "公共圖書館 条例", synonyms=no_synonyms())
    title = shown[: shown.index("</h3>")]
    assert "<mark>公共图书馆条例</mark>" in title
    assert "<mark>公共图书馆</mark>" in shown[shown.index("</h3>") :]
    assert result.passage.heading[-1] in shown


def test_a_word_in_another_form_is_marked_and_explained(home: Workbench) -> None:
    same = Synonyms((("升降机", "电梯"),))
    result = home.retriever.search("加装电梯")[0]
    assert "<mark>电梯</mark>" in result_html(result, "升降机", synonyms=same).replace("加装", "")
    said = reasons_html(result, "升降机", synonyms=same)
    assert "算作相同的：电梯" in said
    assert said.startswith("<details")


def test_a_heading_is_not_said_twice(home: Workbench) -> None:
    for result in home.retriever.search("公共图书馆"):
        shown = result_html(result, "", synonyms=no_synonyms())
        words = shown[shown.index("zk-words") :]
        assert all(f">{heading}\n" not in words for heading in result.passage.heading)


def test_a_query_in_the_field_is_no_longer_than_five_hundred_characters(home: Workbench) -> None:
    test = _asked("加装电梯" * 300)
    assert not test.exception
    assert test.text_input(key="q").proto.max_chars == 500
