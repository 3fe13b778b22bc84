"""The quarantine on the Library page."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli.context import Session
from briefs.workbench.cli.quarantine import quarantine
from knowledge.ingest import AddOutcome
from knowledge.store.quarantine import Decision


def _library() -> None:
    from briefs.workbench.pages import library
    from briefs.workbench.pages.common import keep_language, show_said

    keep_language()
    library.page()
    show_said()


@pytest.fixture
def home(filled: Workbench) -> Iterator[Workbench]:
    for name in ("水源.txt", "名单.txt"):
        data = f"机密★5年\n\n{name}的内容在这里。\n".encode()
        added = filled.ingest.upload(data, name, actor=filled.actor)
        assert added.outcome is AddOutcome.QUARANTINED
    serving.share(filled)
    yield filled
    serving.share(None)


def _ran(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception, [each.value for each in test.exception]
    return test


def _shown(test: AppTest) -> str:
    return "\n".join(str(each.proto) for each in (*test.markdown, *test.get("html"), *test.toast))


def test_a_file_is_released_or_discarded_for_a_reason(home: Workbench) -> None:
    test = _ran(AppTest.from_function(_library, default_timeout=60))
    assert "机密★5年" in _shown(test)
    test.button(key="release-1").click()
    _ran(test)
    assert len(home.quarantine.waiting()) == 2
    test.text_input(key="reason-1").set_value("已解密")
    test.button(key="release-1").click()
    _ran(test)
    assert [file.id for file in home.quarantine.waiting()] == [2]
    test.text_input(key="reason-2").set_value("误传")
    test.button(key="discard-2").click()
    _ran(test)
    decided = {file.id: (file.decision, file.reason) for file in home.quarantine.all()}
    assert decided == {1: (Decision.RELEASED, "已解密"), 2: (Decision.DISCARDED, "误传")}
    assert not [each for each in test.expander if "隔离" in each.label]


def test_the_briefs_that_cite_a_file_are_named(
    home: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    passage = home.retriever.search("高龄老人送餐")[0].passage
    brief = home.editing.create("养老", [home.editing.quote(passage.id)], actor=home.actor)
    file = home.quarantine.withdraw(passage.version_id, "秘密", actor=home.actor)
    test = _ran(AppTest.from_function(_library, default_timeout=60))
    (warning,) = test.warning
    assert f"简报 {brief.id}《养老》" in warning.value
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    monkeypatch.setattr(Session, "workbench", home)
    said = CliRunner().invoke(quarantine, ["list"], obj=Session(home.home))
    assert said.exit_code == 0, said.output
    assert f"隔离文件 {file.id} 已被简报 {brief.id}《养老》引用" in said.output


def test_english_has_every_word(home: Workbench) -> None:
    test = AppTest.from_function(_library, default_timeout=60)
    test.query_params["lang"] = "en"
    _ran(test)
    assert "Mark: " in _shown(test)
    assert len(home.quarantine.waiting()) == 2
