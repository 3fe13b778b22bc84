"""The table of synonyms: on its page, on the command line, and in search."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli.context import Session
from briefs.workbench.cli.searching import search
from briefs.workbench.cli.synonyms import synonyms
from knowledge.errors import UnseparatedFormsError
from knowledge.model import Mode
from knowledge.synonyms import shipped

_TEXT = "synonyms-text"


def _page() -> None:
    from briefs.workbench.pages import synonyms
    from briefs.workbench.pages.common import keep_language, show_said

    keep_language()
    synonyms.page()
    show_said()


def _run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception, [each.value for each in test.exception]
    return test


def _open() -> AppTest:
    return _run(AppTest.from_function(_page, default_timeout=60))


def _save(test: AppTest, text: str) -> AppTest:
    test.text_area(key=_TEXT).set_value(text)
    test.button(key="synonyms-save").click()
    return _run(test)


def test_a_line_saved_on_the_page_counts_at_the_next_search(home: Workbench) -> None:
    before = home.retriever.search("升降机", mode=Mode.LEXICAL)
    assert not any("加装电梯" in each.passage.text for each in before)
    test = _save(_open(), "升降机 = 加装电梯\n")
    assert not test.error
    assert home.synonyms_file.path.read_text("utf-8") == "升降机 = 加装电梯\n"
    found = home.retriever.search("升降机", mode=Mode.LEXICAL)
    assert "加装电梯" in found[0].passage.text
    assert found[0].passage.id == home.lexical_retriever.search("加装电梯")[0].passage.id


def test_a_broken_line_is_named_and_what_was_typed_stays(home: Workbench) -> None:
    test = _save(_open(), "市馆 = 市图书馆\n区馆，区图书馆\n")
    assert "第 2 行" in test.error[0].value.replace("\\", "")
    assert test.text_area(key=_TEXT).value == "市馆 = 市图书馆\n区馆，区图书馆\n"
    assert not home.synonyms_file.path.exists()


def test_nobody_elses_change_is_overwritten(home: Workbench) -> None:
    test = _open()
    test.text_area(key=_TEXT).set_value("市馆 = 市图书馆\n")
    _run(test)
    home.synonyms_file.path.write_text("区馆 = 区图书馆\n", "utf-8")
    test.button(key="synonyms-save").click()
    assert "别人改过" in _run(test).error[0].value
    assert home.synonyms_file.text() == "区馆 = 区图书馆\n"
    test.button(key="synonyms-reload").click()
    assert _run(test).text_area(key=_TEXT).value == "区馆 = 区图书馆\n"


def test_what_others_saved_is_shown_where_nothing_was_typed(home: Workbench) -> None:
    test = _open()
    home.synonyms_file.write("区馆 = 区图书馆\n", before="", actor=home.actor)
    assert _run(test).text_area(key=_TEXT).value == "区馆 = 区图书馆\n"
    home.synonyms_file.path.write_bytes("区馆".encode("gb18030"))
    assert "读不出来" in _run(_open()).error[0].value


def test_a_word_is_looked_up(home: Workbench) -> None:
    test = _open()
    test.text_input(key="synonyms-word").set_value("人社局")
    shown = "".join(str(each.proto) for each in _run(test).get("html"))
    assert "人社局 = 人力资源社会保障局" in shown
    test.text_input(key="synonyms-word").set_value("喵喵")
    assert any("没有其他说法" in each.value for each in _run(test).caption)
    assert home.synonyms == shipped()


def _called(home: Path, *words: str) -> tuple[int, str]:
    with Session(home) as session:
        done = CliRunner().invoke(synonyms, words, obj=session)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_the_command_says_which_forms_a_word_has(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, said = _called(home, "民诉法", "喵喵")
    assert (code, said.splitlines()) == (0, ["民诉法 = 民事诉讼法", "“喵喵”没有其他说法。"])
    (home / "synonyms.txt").write_text("市馆 = 市图书馆\n", "utf-8")
    assert str(home / "synonyms.txt") in _called(home)[1]
    assert "市馆 = 市图书馆" in _called(home, "--all")[1]


def test_a_broken_table_is_named_by_the_command_and_search_goes_on(
    filled: Workbench, tmp_path: Path
) -> None:
    filled.synonyms_file.path.write_text("市馆，市图书馆", "utf-8")
    with pytest.raises(UnseparatedFormsError, match="line 1"):
        _called(filled.home)
    with Session(filled.home) as session:
        done = CliRunner().invoke(search, ["加装电梯", "--mode", "lexical"], obj=session)
    assert done.exit_code == 0
    assert "第 1 行" in done.stderr
    assert "加装电梯" in done.stdout
