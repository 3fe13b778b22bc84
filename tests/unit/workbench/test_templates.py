"""Templates and forms: on their pages, on the command line, and in a backup."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from streamlit.testing.v1 import AppTest

from briefs.errors import PartedStatementsError
from briefs.model import Brief, Length, Statement, StatementKind
from briefs.templates.errors import MalformedTemplateError, TemplateError, UnknownTemplateError
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli.briefing import brief as brief_command
from briefs.workbench.cli.context import Session
from briefs.workbench.cli.keeping import small_files
from briefs.workbench.cli.lengthening import COMMANDS
from briefs.workbench.cli.templating import templates as templates_command
from knowledge.accounts.audit import Search
from knowledge.backup import Backup

assert COMMANDS
OWN = 'title = "街道快讯"\nreaders = "街道"\n[[sections]]\nheading = "要点"\nguidance = "写什么"\n'


def _page() -> None:
    from briefs.workbench.pages import templates
    from briefs.workbench.pages.common import keep_language, show_said

    keep_language()
    templates.page()
    show_said()


def _creating() -> None:
    from briefs.workbench.pages import briefs

    briefs._creation()


def _run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception, [each.value for each in test.exception]
    return test


def _open() -> AppTest:
    return _run(AppTest.from_function(_page, default_timeout=60))


def _html(test: AppTest) -> str:
    return "".join(each.proto.body for each in test.get("html"))


def test_the_page_shows_a_template_as_an_outline(home: Workbench) -> None:
    test = _open()
    assert test.selectbox(key="template").value == "decision-brief"
    shown = _html(test)
    assert "检索范围" in shown
    assert "报送件" in shown
    assert "一页要报：200–448 字" in shown
    test.selectbox(key="template").set_value("consultation")
    assert "分歧与疑问" in _html(_run(test))
    assert test.text_area(key="template-text").value == home.templates.text("consultation")


def test_a_template_is_changed_on_the_page_and_restored(home: Workbench) -> None:
    test = _open()
    changed = home.templates.text("decision-brief").replace("决策参考", "决策内参")
    test.text_area(key="template-text").set_value(changed)
    test.button(key="template-save").click()
    assert not _run(test).error
    assert home.templates.get("decision-brief").title.zh == "决策内参"
    assert "template-reset" in {each.key for each in test.button}
    test.button(key="template-reset").click()
    _run(test)
    assert home.templates.get("decision-brief").title.zh == "决策参考"
    assert test.text_area(key="template-text").value == home.templates.text("decision-brief")
    deeds = home.audit.entries(Search(action="edit-template"), limit=9)
    assert [each.deed.details["template"] for each in deeds] == ["decision-brief"] * 2


def test_a_fault_is_named_and_what_was_typed_stays(home: Workbench) -> None:
    test = _open()
    test.text_area(key="template-text").set_value("title = \n")
    test.button(key="template-save").click()
    assert "第 1 行" in _run(test).error[0].value.replace("\\", "")
    assert test.text_area(key="template-text").value == "title = \n"
    assert not home.templates.is_own("decision-brief")


def test_a_template_is_saved_under_a_new_name_and_deleted(home: Workbench) -> None:
    test = _open()
    test.text_area(key="template-text").set_value(OWN)
    test.text_input(key="template-new").set_value("survey")
    _run(test)
    test.button(key="template-save-new").click()
    assert "已有" in _run(test).error[0].value
    test.text_input(key="template-new").set_value("快讯")
    _run(test)
    test.button(key="template-save-new").click()
    assert not _run(test).error
    assert test.selectbox(key="template").value == "快讯"
    test.button(key="template-reset").click()
    _run(test)
    with pytest.raises(UnknownTemplateError):
        home.templates.get("快讯")


def test_nobody_elses_change_is_overwritten(home: Workbench) -> None:
    test = _open()
    test.text_area(key="template-text").set_value(OWN)
    _run(test)
    before = home.templates.text("decision-brief")
    home.templates.write("decision-brief", before + "# \n", before=before, actor=home.actor)
    test.button(key="template-save").click()
    assert "别人改过" in _run(test).error[0].value
    test.button(key="template-load").click()
    assert _run(test).text_area(key="template-text").value == before + "# \n"


def test_a_brief_begins_with_a_template(home: Workbench) -> None:
    test = _run(AppTest.from_function(_creating, default_timeout=60))
    test.selectbox(key="creation_template").set_value("decision-brief")
    test.text_input(key="creation_title").set_value("加装电梯怎么补")
    assert "外地做法" in _html(_run(test))
    test.button(key="create").click()
    _run(test)
    (summary,) = home.briefs.all()
    made = home.briefs.get(summary.id)
    assert made.template == "decision-brief"
    assert [line.text for line in made.statements][:2] == ["要点", "背景与依据"]


def _called(home: Workbench, *words: str) -> Result:
    command = brief_command if words[0] == "brief" else templates_command
    with Session(home.home) as session:
        done = CliRunner().invoke(command, words[1:], obj=session, standalone_mode=False)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_the_commands_list_show_check_keep_and_restore(filled: Workbench, tmp_path: Path) -> None:
    listed = _called(filled, "templates").output
    assert all(name in listed for name in ("decision-brief", "意见征集汇总", "自带"))
    assert "要有表" in _called(filled, "templates", "show", "对标分析").output
    file = tmp_path / "快讯.toml"
    file.write_text(OWN, "utf-8")
    assert "可以用" in _called(filled, "templates", "check", str(file)).output
    _called(filled, "templates", "save", str(file))
    assert _called(filled, "templates", "show", "快讯", "--toml").output == OWN
    assert "已删去" in _called(filled, "templates", "reset", "快讯").output
    file.write_text(OWN + "[", "utf-8")
    with pytest.raises(MalformedTemplateError):
        _called(filled, "templates", "check", str(file))
    file.write_bytes("题".encode("gb18030"))
    with pytest.raises(TemplateError):
        _called(filled, "templates", "save", str(file))
    filled.templates.folder.mkdir(exist_ok=True)
    (filled.templates.folder / "坏.toml").write_text("x", "utf-8")
    assert _called(filled, "templates", "list").return_value == 1


def _quote(home: Workbench, words: str) -> Statement:
    every = home.passages.many(home.passages.ids().tolist())
    passage = next(p for p in every.values() if words in p.text)
    return home.editing.quote(passage.id, words)


def _brief(home: Workbench, *, second: Length = Length.ONE_PAGE) -> Brief:
    first = _quote(home, "加装电梯每台财政补助不超过20万元。")
    limit = Statement(StatementKind.JUDGEMENT, "但补助能否持续，尚待观察。", length=second)
    rest = _quote(home, "全县建成社区养老服务站35个。")
    lines = [replace(first, length=Length.ONE_PAGE), limit, rest]
    return home.editing.create("加装电梯", lines, actor=home.actor, template="digest")


def test_the_forms_of_a_brief_are_listed_with_their_proof(filled: Workbench) -> None:
    made = _brief(filled)
    done = _called(filled, "brief", "lengths", str(made.id))
    assert done.return_value == 0
    assert "一页要报：2 行" in done.output
    assert "PDF 1 页" in done.output
    assert "证明成立" in done.output
    assert "1 对不可分的句子" in done.output
    sections = _called(filled, "brief", "sections", str(made.id)).output
    assert "缺这一部分" in sections
    assert "信息摘编" in sections


def test_a_claim_is_not_published_without_its_limit(filled: Workbench) -> None:
    made = _brief(filled, second=Length.STANDARD)
    done = _called(filled, "brief", "lengths", str(made.id))
    assert done.return_value == 1
    assert "第 1 句和第 2 句" in done.output
    with pytest.raises(PartedStatementsError):
        filled.publishing.publish(made.id, actor=filled.actor)
    assert filled.briefs.editions() == []


def _with_a_no(home: Workbench) -> Brief:
    """A brief whose third statement, in the longer form alone, may limit the second."""
    made = _brief(home)
    said = Statement(StatementKind.JUDGEMENT, "各县补助的标准和进度没有一致。", length=Length.DEEP)
    lines = [*made.statements[:2], said, made.statements[2]]
    return home.editing.save(made, title=made.title, lines=lines, actor=home.actor)


def test_a_neighbour_that_may_limit_is_shown_and_not_refused(filled: Workbench) -> None:
    made = _with_a_no(filled)
    done = _called(filled, "brief", "lengths", str(made.id))
    assert done.return_value == 0
    assert "第 3 句含“没有”，篇幅与第 2 句不同" in done.output
    assert filled.publishing.publish(made.id, actor=filled.actor).number == 1


def test_a_form_is_set_and_exported_on_the_command_line(filled: Workbench, tmp_path: Path) -> None:
    made = _brief(filled)
    out = tmp_path / "brief.md"
    _called(filled, "brief", "set", str(made.id), "3", "--length", "deep")
    assert filled.briefs.get(made.id).statements[2].length is Length.DEEP
    _called(filled, "brief", "export", str(made.id), "--to", "md", str(out))
    assert "35个" in out.read_text("utf-8")
    _called(filled, "brief", "export", str(made.id), "--to", "md", "--length", "one-page", str(out))
    assert "35个" not in out.read_text("utf-8")
    assert "但补助能否持续" in out.read_text("utf-8")


def test_a_brief_begins_with_a_template_on_the_command_line(filled: Workbench) -> None:
    _called(filled, "brief", "new", "--title", "题", "--template", "环境扫描")
    (summary,) = filled.briefs.all()
    made = filled.briefs.get(summary.id)
    assert made.template == "scan"
    assert made.statements[0].text == "要点"
    with pytest.raises(UnknownTemplateError):
        _called(filled, "brief", "new", "--title", "题", "--template", "没有的")


def test_a_backup_holds_the_librarys_own_templates(filled: Workbench, tmp_path: Path) -> None:
    filled.templates.write("快讯", OWN, before="", actor=filled.actor)
    kept = Backup(tmp_path / "backup")
    kept.make(filled.home, small=small_files(filled), at=filled.clock())
    kept.restore(tmp_path / "again", state=kept.get())
    assert (tmp_path / "again" / "templates" / "快讯.toml").read_text("utf-8") == OWN


def _finishing() -> None:
    from briefs.audience import EVERYBODY
    from briefs.workbench import serving
    from briefs.workbench.pages import forms

    bench = serving.workbench()
    brief = bench.briefs.get(1)
    forms.warnings(bench, bench.publishing.preview(1))
    forms.progress(bench, brief)
    forms.for_whom(bench, brief, EVERYBODY)


def test_before_publishing_the_forms_are_proved_and_the_template_compared(
    home: Workbench,
) -> None:
    _brief(home, second=Length.STANDARD)
    test = _run(AppTest.from_function(_finishing, default_timeout=60))
    assert any("第 1 句和第 2 句" in each.value.replace("\\", "") for each in test.error)
    assert any("证明不成立" in each.value for each in test.caption)
    assert "信息摘编" in test.expander[0].label
    assert "本期要目" in _html(test)
    assert not test.warning


def test_before_publishing_a_neighbour_that_may_limit_is_shown(home: Workbench) -> None:
    _with_a_no(home)
    test = _run(AppTest.from_function(_finishing, default_timeout=60))
    assert not test.error
    (doubt,) = test.warning
    assert "第 3 句含“没有”" in doubt.value.replace("\\", "")


def test_what_is_sent_by_name_is_not_made_public_unawares(home: Workbench) -> None:
    lines = home.templates.begin("decision-brief", "题")
    home.editing.create("题", lines, actor=home.actor, template="decision-brief")
    test = _run(AppTest.from_function(_finishing, default_timeout=60))
    assert "报送件" in test.warning[0].value
